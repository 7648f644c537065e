"""Is gisa well? One line and exit code 0 or 1, within a second: for containers and monitors.

Asked are the database, with --daemon a living daemon, and of each enabled source what --fail-on names:
  late     no run ended well for three of its intervals, or for --max-age
  crashed  its last run ended without a report
  failed, drift, blocked  its last run ended so
Nothing is written and no lock is waited for.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime, timedelta

from jobs import terminal, wiring
from jobs.arguments import length
from jobs.lock import DAEMON, is_running
from jobs.source_state import is_overdue, outcome_of
from pipeline.config import Config
from pipeline.errors import StoreError
from pipeline.records import Source
from pipeline.store import Store
from pipeline.text import one_line

KINDS = ("late", "crashed", "failed", "drift", "blocked")
_USUAL = "late,crashed"
_SAID = 5
"""Faults that the line names; the others are counted."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("--daemon", action="store_true", help="a daemon must be alive, too")
    parser.add_argument(
        "--max-age",
        type=length,
        metavar="AGE",
        help="how old the last success of every source may be, such as 30m (default: 3 intervals)",
    )
    parser.add_argument(
        "--fail-on",
        type=kinds,
        default=kinds(_USUAL),
        metavar="WHAT,…",
        help=f"any of {', '.join(KINDS)}, all, or none (default: {_USUAL})",
    )


def main(args: argparse.Namespace) -> int:
    """Look, and say it."""
    config = wiring.configuration(args.config)
    faults = [*_faults(config, args)]
    if args.format == "json":
        terminal.print_json({"healthy": not faults, "faults": faults})
    elif faults:
        shown = "; ".join(one_line(it["detail"], 200) for it in faults[:_SAID])
        more = f"; and {len(faults) - _SAID} more" if len(faults) > _SAID else ""
        print(f"unhealthy: {shown}{more}")
    elif not args.quiet:
        print("healthy")
    return int(bool(faults))


def kinds(text: str) -> frozenset[str]:
    """Return which of KINDS are named, for argparse."""
    if text in ("all", "none"):
        return frozenset(KINDS if text == "all" else ())
    named = frozenset(text.split(","))
    if unknown := named - set(KINDS):
        raise argparse.ArgumentTypeError(
            f"no such state: {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}, all, none"
        )
    return named


def _faults(config: Config, args: argparse.Namespace) -> Iterator[dict[str, str]]:
    if args.daemon and not is_running(config.database, DAEMON):
        yield {"what": "daemon", "detail": "no daemon is running"}
    try:
        with wiring.read_only(config) as store:
            states = [*_states(config, store, args.max_age)]
    except StoreError as error:
        yield {"what": "database", "detail": str(error)}
        return
    for source, kind, detail in states:
        if kind in args.fail_on:
            yield {"what": kind, "source": source.name, "detail": f"{source.name} {detail}"}


def _states(
    config: Config, store: Store, max_age: timedelta | None
) -> Iterator[tuple[Source, str, str]]:
    last, good, now = store.runs.last_of_each(), store.totals.last_good(), wiring.now()
    for source in config.sources.values():
        if not source.enabled:
            continue
        outcome, detail = outcome_of(config, source.name, last.get(source.name) or {})
        if outcome:
            yield source, outcome, f"{outcome}: {detail}" if detail else outcome
        if said := _late(source, good.get(source.name), now, max_age, config):
            yield source, "late", said


def _late(
    source: Source,
    good: datetime | None,
    now: datetime,
    max_age: timedelta | None,
    config: Config,
) -> str | None:
    """Say since when a source is late; one without a schedule is so by --max-age alone."""
    if not is_overdue(source, good, config.zone, now, max_age):
        return None
    if good is None:
        return "has never ended well"
    return f"ended well last {terminal.local(good.isoformat(), config.zone)}"
