"""What each source should have brought by the hour, what it did, and where articles are missing.

An hour's expectation is the source's own history: the same hour of the week in up to eight weeks before, or of
days of its kind. An article counts for the hour in which it was published. A source that has run for less than
some days is not judged. Below the table stand the commands that fetch what is missing, if it can be had.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jobs import terminal, wiring
from jobs.arguments import moment, resolved
from jobs.coverage import Examined, Examiner
from pipeline.gaps import Gap, Hour
from pipeline.pauses import whole
from pipeline.text import one_line


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("sources", metavar="SOURCE", nargs="*", help="names from the configuration")
    parser.add_argument(
        "--since",
        type=moment,
        default=timedelta(days=7),
        metavar="WHEN",
        help="a date, a time, or how long ago (default: 7d)",
    )
    parser.add_argument("--hours", action="store_true", help="print every hour, not gaps alone")


def main(args: argparse.Namespace) -> int:
    """Tell it."""
    config = wiring.configuration(args.config)
    chosen, now = config.chosen(args.sources), wiring.now()
    since = whole(resolved(args.since, now, config.zone) or now)
    with wiring.store(config) as store, store.reading():
        examiner = Examiner.at(store, config.zone, since, now)
        found = [examiner.examine(source, since) for source in chosen]
    if args.format == "json":
        terminal.print_json([_as_json(it, config.zone) for it in found])
    else:
        _print(found, config.zone, hours=args.hours)
    return 0


def _print(found: Sequence[Examined], zone: ZoneInfo, *, hours: bool) -> None:
    for it in found:
        print(_summary(it))
    if hours:
        print()
        terminal.print_table(
            ("source", "hour", "expected", "usual", "seen", "missing"),
            [_hour_row(it.source, hour, zone) for it in found for hour in it.hours],
        )
    gaps = [(it.source, gap) for it in found for gap in it.gaps]
    if not gaps:
        return
    print()
    terminal.print_table(
        ("source", "from", "to", "expected", "seen", "missing", "why"),
        [_gap_row(source, gap, zone) for source, gap in gaps],
    )
    commands = dict.fromkeys(_command(source, gap, zone) for source, gap in gaps if not gap.filled)
    if commands:
        print()
        print(*commands, sep="\n")


def _summary(it: Examined) -> str:
    if it.first_look is None:
        return f"{it.source}: no listing was read yet"
    judged = sum(hour.expected is not None for hour in it.hours)
    said = f"{it.source}: {len(it.gaps)} gaps in {len(it.hours)} hours"
    if judged == len(it.hours):
        return said
    return f"{said}; too little history to judge {len(it.hours) - judged} of them"


def _command(source: str, gap: Gap, zone: ZoneInfo) -> str:
    first, last = gap.start.astimezone(zone), (gap.end - timedelta(seconds=1)).astimezone(zone)
    return f"gisa backfill {source} --from {first:%F} --to {last:%F}"


def _span(gap: Gap) -> tuple[datetime, datetime]:
    return gap.start, gap.end


def _gap_row(source: str, gap: Gap, zone: ZoneInfo) -> tuple[Any, ...]:
    start, end = (f"{at.astimezone(zone):%F %H:%M}" for at in _span(gap))
    why = "; ".join(one_line(said, 300) for said in gap.said)
    return source, start, end, _number(gap.expected), gap.seen, _number(gap.missing), why


def _hour_row(source: str, hour: Hour, zone: ZoneInfo) -> tuple[Any, ...]:
    band = f"{hour.expected.low:.0f}-{hour.expected.high:.0f}" if hour.expected else ""
    articles = hour.expected.articles if hour.expected else None
    at = f"{hour.start.astimezone(zone):%F %H:%M}"
    return source, at, _number(articles), band, hour.seen, _number(hour.missing)


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def _as_json(it: Examined, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "source": it.source,
        "first_look_at": it.first_look.astimezone(zone) if it.first_look else None,
        "watched_hours": it.watched_hours,
        "gaps": [
            {
                "from": gap.start.astimezone(zone),
                "to": gap.end.astimezone(zone),
                "expected": _rounded(gap.expected),
                "seen": gap.seen,
                "missing": _rounded(gap.missing),
                "kinds": gap.kinds,
                "filled": gap.filled,
                "why": gap.said,
            }
            for gap in it.gaps
        ],
        "hours": [_hour_json(hour, zone) for hour in it.hours],
    }


def _hour_json(hour: Hour, zone: ZoneInfo) -> dict[str, Any]:
    by = hour.expected
    return {
        "hour": hour.start.astimezone(zone),
        "expected": _rounded(by.articles) if by else None,
        "low": _rounded(by.low) if by else None,
        "high": _rounded(by.high) if by else None,
        "by": by.by if by else None,
        "samples": by.samples if by else 0,
        "seen": hour.seen,
        "missing": _rounded(hour.missing),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
