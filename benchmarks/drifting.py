"""False alarms in ordinary life, and how soon drift is seen: simulated time through the pure functions.

python -m benchmarks.drifting [--days 30] [--seeds 20] [--year-seeds 2]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.drifting_life import FIELDS, KINDS, START, Kind, Life
from benchmarks.drifting_memory import Memory

HOUR = timedelta(hours=1)
LEARNED = 45
"""Days before a drift begins: what most sources have after some weeks."""
WATCHED = 40


@dataclass(frozen=True)
class Drift:
    """What goes wrong: the factor of the yield, or of a field, as a function of days since it began."""

    name: str
    field: str | None
    factor: Callable[[float], float]


DRIFTS = (
    Drift("no new entries", None, lambda _: 0.0),
    Drift("a fifth of the entries", None, lambda _: 0.2),
    Drift("half of the entries", None, lambda _: 0.5),
    Drift("field 100 -> 0 %", "always", lambda _: 0.0),
    Drift("field 100 -> 50 %", "always", lambda _: 0.5),
    Drift("field 100 -> 0 % within 10 days", "always", lambda days: max(0.0, 1 - days / 10)),
    Drift("field 85 -> 40 %", "mostly", lambda _: 0.47),
    Drift("field 60 -> 30 %", "varied", lambda _: 0.5),
    Drift("field 60 -> 0 %", "varied", lambda _: 0.0),
    Drift("field 30 -> 0 %", "seldom", lambda _: 0.0),
)


def lived(kind: Kind, seed: int, days: int, every: timedelta) -> list[tuple[datetime, str]]:
    """Live ordinary days and return the alarms: when each drift began."""
    life, memory, alarms = Life(kind, seed, days), Memory(), []
    now, end = START, START + timedelta(days=days)
    while now < end:
        now += every
        if (seen := life.look(now)) is None:
            continue  # the portal cannot be reached: that run fails, and is no drift
        began = memory.judge(*seen, now)
        alarms += [(now, name) for name in began]
        if began:  # an operator looks, finds nothing, and accepts
            memory.accept()
    return alarms


def noticed(kind: Kind, seed: int, drift: Drift, every: timedelta) -> tuple[float, int] | None:
    """Return after how many hours and articles a drift is seen; None within WATCHED days."""
    life, memory = Life(kind, seed, LEARNED + WATCHED), Memory()
    # mid-morning in Korea
    begin, now, articles = START + timedelta(days=LEARNED, hours=1), START, 0
    while now < begin + timedelta(days=WATCHED):
        now += every
        days = (now - begin) / timedelta(days=1)
        if days >= 0:
            if drift.field:
                life.field_factor[drift.field] = drift.factor(days)
            else:
                life.yield_factor = drift.factor(days)
        if (seen := life.look(now)) is None:
            continue
        began = memory.judge(*seen, now)
        if days >= 0:
            articles += seen[0].fresh
            wanted = f"field:{drift.field}" if drift.field else "yield:"
            if any(name.startswith(wanted) for name in began):
                return (now - begin) / HOUR, articles
        elif began:
            memory.accept()
    return None


def ordinary(days: int, seeds: int, every: timedelta) -> int:
    print(f"\nordinary life, {days} days, {seeds} seeds, a look every {every}")
    print(f"{'source':<22}{'articles a day':>15}{'alarms':>8}{'a source-year':>15}  which")
    all_alarms = 0
    for kind in KINDS:
        alarms = [a for seed in range(seeds) for a in lived(kind, seed, days, every)]
        years = seeds * days / 365
        which = Counter(name.partition(":")[0] + ":" + name.partition(":")[2] for _, name in alarms)
        said = ", ".join(f"{name} {n}" for name, n in which.most_common(4))
        print(
            f"{kind.name:<22}{kind.a_day:>15.0f}{len(alarms):>8}{len(alarms) / years:>15.2f}  {said}",
            flush=True,
        )
        all_alarms += len(alarms)
    return all_alarms


def delays(seeds: int, every: timedelta) -> None:
    print(
        f"\ndrift after {LEARNED} days, {seeds} seeds, a look every {every}: hours until it is seen,"
    )
    print(f"median (most) / articles, median; missed within {WATCHED} days")
    print(f"{'drift':<34}" + "".join(f"{kind.name:>24}" for kind in KINDS))
    for drift in DRIFTS:
        cells = []
        for kind in KINDS:
            found = [noticed(kind, 100 + seed, drift, every) for seed in range(seeds)]
            seen = [it for it in found if it]
            missed = len(found) - len(seen)
            cell = "never"
            if seen:
                hours, articles = zip(*seen, strict=True)
                cell = f"{statistics.median(hours):.0f} ({max(hours):.0f}) / {statistics.median(articles):.0f}"
                cell += f"; {missed} missed" if missed else ""
            cells.append(f"{cell:>24}")
        print(f"{drift.name:<34}" + "".join(cells), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--year-seeds", type=int, default=2)
    parser.add_argument("--drift-seeds", type=int, default=3)
    args = parser.parse_args()
    print(f"fields judged: {', '.join(f'{name} {it.share:.0%}' for name, it in FIELDS.items())}")
    started = time.process_time()
    if args.seeds:
        ordinary(args.days, args.seeds, timedelta(minutes=30))
    if args.year_seeds:
        ordinary(365, args.year_seeds, HOUR)
    if args.drift_seeds:
        delays(args.drift_seeds, HOUR)
    print(f"\n{time.process_time() - started:.0f} s of CPU")


if __name__ == "__main__":
    main()
