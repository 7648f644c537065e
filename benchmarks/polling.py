"""What adaptive polling saves, and what it costs: simulated sources, asked every ten minutes and adaptively.

python -m benchmarks.polling [--weeks 4] [--seeds 5]

Articles come at random at the rates of their hour. Two weeks go by for learning with both ways of asking, then
requests are counted, and how long articles wait for the look that finds them. Nothing is asked of anyone.
"""

from __future__ import annotations

import argparse
import random
import statistics
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.polling import DAYS, Hour, plan

SEOUL = ZoneInfo("Asia/Seoul")
START = datetime(2026, 9, 7, 0, 0, tzinfo=SEOUL)  # a Monday
EVERY, AT_MOST = timedelta(minutes=10), timedelta(hours=1)
HOUR = timedelta(hours=1)

Rate = Callable[[datetime], float]
"""New articles an hour at a time."""


def section(at: datetime) -> float:
    """A section of a portal: hundreds a day, a handful at night."""
    by_hour = (
        2,
        0.4,
        0.1,
        0.05,
        0.1,
        1,
        6,
        14,
        22,
        28,
        30,
        30,
        24,
        28,
        30,
        30,
        30,
        28,
        20,
        14,
        10,
        8,
        6,
        4,
    )
    return by_hour[at.hour] * (0.5 if at.weekday() >= 5 else 1)


def local_paper(at: datetime) -> float:
    """A local paper: some twenty on a working day, nothing at night, two at a week-end."""
    if at.weekday() >= 5:
        return 0.25 if 9 <= at.hour < 17 else 0.0
    return 2.2 if 8 <= at.hour < 18 else 0.05 if 18 <= at.hour < 22 else 0.0


def ministry(at: datetime) -> float:
    """Releases of an office: three a day, in office hours."""
    return 0.4 if at.weekday() < 5 and 9 <= at.hour < 18 else 0.0


def agency(at: datetime) -> float:
    """A news agency: never quiet."""
    return 12.0 if 6 <= at.hour < 23 else 4.0


@dataclass
class Outcome:
    looks: int
    waits: list[float]


def published(rate: Rate, weeks: int, seed: int) -> list[datetime]:
    chance = random.Random(seed)
    times = []
    for minute in range(weeks * 7 * 24 * 60):
        at = START + timedelta(minutes=minute)
        if chance.random() < rate(at) / 60:
            times.append(at + timedelta(seconds=chance.uniform(0, 60)))
    return times


def asked(articles: list[datetime], weeks: int, *, adaptive: bool) -> Outcome:
    """Ask a source for some weeks; what is counted begins after the two weeks of learning."""
    counted = START + timedelta(days=DAYS)
    found: dict[datetime, int] = {}
    at, seen, found_at = START, 0, None
    outcome = Outcome(0, [])
    while at < START + timedelta(weeks=weeks):
        up_to = bisect_right(articles, at)
        new = articles[seen:up_to]
        seen = up_to
        hour = at.replace(minute=0, second=0, microsecond=0)
        found[hour] = found.get(hour, 0) + len(new)
        found_at = at if new else found_at
        if at >= counted:
            outcome.looks += 1
            outcome.waits += [(at - it) / timedelta(minutes=1) for it in new if it >= counted]
        since = at - timedelta(days=DAYS + 1)
        hours = [Hour(start, many) for start, many in found.items() if start >= since]
        at += plan(hours, EVERY, AT_MOST, at, found_at).interval if adaptive else EVERY
    return outcome


def compare(rate: Rate, weeks: int, seeds: int) -> dict[str, float]:
    """Return the figures of a source: `saved` of the requests, and waits in minutes, fixed and adaptive."""
    fixed, adaptive = Outcome(0, []), Outcome(0, [])
    for seed in range(seeds):
        articles = published(rate, weeks, seed)
        for total, way in ((fixed, False), (adaptive, True)):
            one = asked(articles, weeks, adaptive=way)
            total.looks += one.looks
            total.waits += one.waits
    late = sum(wait > EVERY / timedelta(minutes=1) for wait in adaptive.waits)
    return {
        "requests a day": fixed.looks / seeds / (weeks * 7 - DAYS),
        "saved": 1 - adaptive.looks / fixed.looks,
        "mean": statistics.mean(fixed.waits),
        "mean adaptive": statistics.mean(adaptive.waits),
        "p95": statistics.quantiles(fixed.waits, n=20)[-1],
        "p95 adaptive": statistics.quantiles(adaptive.waits, n=20)[-1],
        "longest adaptive": max(adaptive.waits),
        "late": late / len(adaptive.waits),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=4)
    parser.add_argument("--seeds", type=int, default=5)
    args = parser.parse_args()
    print(
        "| source | requests a day | saved | mean wait, min | p95, min | longest, min | later than 10 min |"
    )
    print("|---|---|---|---|---|---|---|")
    for rate in (section, local_paper, ministry, agency):
        it = compare(rate, args.weeks, args.seeds)
        print(
            f"| {rate.__name__.replace('_', ' ')} | {it['requests a day']:.0f} | {it['saved']:.0%}"
            f" | {it['mean']:.1f} → {it['mean adaptive']:.1f} | {it['p95']:.1f} → {it['p95 adaptive']:.1f}"
            f" | {it['longest adaptive']:.0f} | {it['late']:.1%} |"
        )


if __name__ == "__main__":
    main()
