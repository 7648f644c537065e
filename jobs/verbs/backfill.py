"""The past of a source: what it published from one day to another, by its listings by date or its sitemaps.

  gisa backfill hanbit --from 2026-01-01 --to 2026-01-31

Articles that are stored are not fetched again. It may be stopped or killed at any time: the same command
goes on from there, and does nothing once it is done. Crawls go first: while one wants the same host, a backfill
waits. Without a source, what was asked for so far and how far it is. The last line on stdout is a summary:
  sources=1 ok=1 new=120 revised=0 unchanged=3 removed=1 errors=0
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import re
import sys
from contextlib import ExitStack
from datetime import date
from typing import Any

from jobs import logs, reporting, terminal, wiring
from jobs.arguments import positive
from jobs.backfill_progress import shown
from jobs.backfilling import GiveWay, backfill_source, lock_of, rivals_of
from jobs.lock import is_running
from jobs.stopping import Stop
from pipeline.backfilling.flow import Done
from pipeline.backfilling.work import Order
from pipeline.config import Config
from pipeline.discover.archives import Days
from pipeline.errors import ConfigError
from pipeline.records import Source
from pipeline.text import one_line
from pipeline.visiting import Tools

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    add = parser.add_argument
    add("source", metavar="SOURCE", nargs="?", help="name from the configuration")
    add("--from", dest="first", type=_day, metavar="DAY", help="first day, such as 2026-01-01")
    add("--to", dest="last", type=_day, metavar="DAY", help="last day, included")
    add(
        "--limit", type=positive, metavar="N", help="fetch at most N articles; a second run goes on"
    )
    add("--again", action="store_true", help="read the listings of these days anew")


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{one_line(text, 60)!r} is no day: write 2026-01-31")


def main(args: argparse.Namespace) -> int:
    """Run it."""
    config = wiring.configuration(args.config)
    if args.source is None:
        return _list(config, args)
    logs.start(config.pipeline.log_format, level=logs.level(args, logging.WARNING))
    wiring.warn_of_sqlite(quiet=args.quiet)
    (source,) = config.chosen([args.source])
    days = _days(args, config)
    stop = Stop()
    try:
        done = asyncio.run(_run(config, source, days, args, stop))
    except asyncio.CancelledError:
        if stop.signal is None:
            raise
        said = f"stopped by {stop.signal.name}; the same command goes on from here"
        print(f"gisa: {said}", file=sys.stderr)
        return stop.exit_code
    _tell(done, days, args)
    return exit_code(done)


def _days(args: argparse.Namespace, config: Config) -> Days:
    if args.first is None or args.last is None:
        raise ConfigError("say which days: --from 2026-01-01 --to 2026-01-31")
    today = wiring.now().astimezone(config.zone).date()
    if args.first > args.last:
        raise ConfigError(f"--from {args.first} is after --to {args.last}")
    if args.first > today:
        raise ConfigError(f"--from {args.first} is in the future")
    return Days(args.first, min(args.last, today))


async def _run(
    config: Config, source: Source, days: Days, args: argparse.Namespace, stop: Stop
) -> Done:
    task = asyncio.current_task()
    assert task is not None
    stop.listen(task.cancel)
    # JSON, on stdout or as log format, is for machines: no bare lines between
    quiet = args.quiet or args.format == "json" or config.pipeline.log_format == "json"
    with ExitStack() as stack:
        store = stack.enter_context(wiring.store(config, create=True))
        shows = stack.enter_context(shown(quiet=quiet or args.verbose))
        async with (
            wiring.fetcher(config, store.hosts) as fetcher,
            wiring.parsers(config) as parsers,
        ):
            keep, kept = config.pipeline.keep_emails, wiring.retention(config)
            tools = Tools(
                fetcher, store, wiring.now, terminal.silent, args.limit, keep, kept, parsers.found
            )
            aside = GiveWay(config.database, rivals_of(source, config), shows.waiting)
            order = Order(source, days, config.zone, aside, shows.progress, args.again)
            return await backfill_source(order, tools, config.database)


def exit_code(done: Done) -> int:
    """Return 0 if all went well, 3 if a part could not be had and is still to come, else as `run`."""
    code = reporting.exit_code([done.report])
    report = done.report
    got = report.new + report.revised + report.unchanged
    if code == 1 and got:
        return reporting.PARTIAL
    if code == 0 and report.errors and not done.finished:
        return reporting.PARTIAL
    return code


def _tell(done: Done, days: Days, args: argparse.Namespace) -> None:
    if args.format == "json":
        report = reporting.as_json([done.report])
        terminal.print_json(
            {
                **report,
                "exit_code": exit_code(done),
                "from": days.first,
                "to": days.last,
                "finished": done.finished,
                "done_before": done.before,
                "outside": done.outside,
                "notes": done.notes,
            }
        )
        return
    for line in _lines(done, days):
        print(one_line(line, 500))
    print(reporting.summary([done.report]))


def _lines(done: Done, days: Days) -> list[str]:
    name, span = done.report.source, f"{days.first} to {days.last}"
    lines = [reporting.source_line(done.report, len(name))]
    lines += [f"{name}: {note}" for note in done.notes]
    if done.outside:
        lines.append(f"{name}: {done.outside} of its articles were published on other days")
    if done.before:
        lines.append(f"{name}: {span} is done; --again reads its listings anew")
    elif done.finished:
        lines.append(f"{name}: {span} is done")
    elif done.report.outcome != "locked":
        waiting = f", {done.report.open} articles wait" if done.report.open else ""
        lines.append(f"{name}: {span} is not done{waiting}; the same command goes on from here")
    return lines


def _list(config: Config, args: argparse.Namespace) -> int:
    if args.first or args.last or args.limit or args.again:
        raise ConfigError(
            "name the source whose past is wanted: gisa backfill SOURCE --from … --to …"
        )
    with wiring.store(config) as store:
        rows = [row | {"state": _state(row, config)} for row in store.backfills.all()]
    if args.format == "json":
        terminal.print_json(rows)
        return 0
    if not rows:
        print("no backfill yet: gisa backfill SOURCE --from 2026-01-01 --to 2026-01-31")
        return 0
    terminal.print_table(
        (
            "source",
            "from",
            "to",
            "state",
            "listings",
            "found",
            "fetched",
            "given up",
            "waiting",
            "at",
            "",
        ),
        [_row(row, config) for row in rows],
    )
    return 0


def _state(row: dict[str, Any], config: Config) -> str:
    """Return `done`, `running`, `stopped` where it was killed, else how its last command ended."""
    if row["finished_at"]:
        return "done"
    if row["outcome"] == "running" and not is_running(config.database, lock_of(row["source"])):
        return "stopped"
    return str(row["outcome"])


def _row(row: dict[str, Any], config: Config) -> tuple[Any, ...]:
    if row["sitemaps"]:
        listings = f"{row['sitemaps_done']} of {row['sitemaps']} sitemaps"
    else:
        days = (date.fromisoformat(row["to_day"]) - date.fromisoformat(row["from_day"])).days + 1
        listings = f"{row['days_done']} of {days * max(1, row['archives'])} days"
    return (
        row["source"], row["from_day"], row["to_day"], row["state"], listings, row["found"], row["done"],
        row["given_up"], row["waiting"], terminal.local(row["updated_at"], config.zone), row["detail"],
    )  # fmt: skip
