"""One pass over the named sources (default: all enabled ones), for hands and for cron.

The last line on stdout is a summary such as
  sources=4 ok=3 drift=1 new=120 revised=6 unchanged=310 removed=1 errors=0
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from contextlib import ExitStack

from jobs import logs, reporting, terminal, wiring
from jobs.arguments import positive
from jobs.crawl_source import Job, crawl_sources
from jobs.exposing import write_after_run
from jobs.stopping import Stop
from pipeline.config import Config
from pipeline.crawl import Tools
from pipeline.records import CrawlReport, Source


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("sources", metavar="SOURCE", nargs="*", help="names from the configuration")
    parser.add_argument(
        "--limit", type=positive, metavar="N", help="fetch at most N articles a source"
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="fetch and parse; store no article (hosts are remembered)",
    )
    parser.add_argument(
        "--quiet-if-locked", action="store_true", help="print nothing if another run is at it"
    )


def main(args: argparse.Namespace) -> int:
    """Run it."""
    config = wiring.configuration(args.config)
    # what went wrong is told at the end, a line a source; -v logs it as it happens
    logs.start(config.pipeline.log_format, level=logs.level(args, logging.ERROR))
    wiring.warn_of_sqlite(quiet=args.quiet)
    chosen = config.to_crawl(args.sources)
    stop = Stop()
    try:
        work = _run(config, chosen, args, stop)
        reports = asyncio.run(work if args.dry_run else wiring.told(config, work))
    except asyncio.CancelledError:
        if stop.signal is None:
            raise
        said = (
            f"stopped by {stop.signal.name}; what was found is kept, the next run goes on from here"
        )
        print(f"gisa: {said}", file=sys.stderr)
        return stop.exit_code
    _tell(reports, args)
    return reporting.exit_code(reports)


async def _run(
    config: Config, sources: list[Source], args: argparse.Namespace, stop: Stop
) -> list[CrawlReport]:
    task = asyncio.current_task()
    assert task is not None
    stop.listen(task.cancel)
    # JSON, on stdout or as log format, is for machines: no bare lines between
    for_machines = args.format == "json" or config.pipeline.log_format == "json"
    with ExitStack() as stack:
        real = stack.enter_context(wiring.store(config, create=True))
        store = stack.enter_context(real.scratch_copy()) if args.dry_run else real
        told = stack.enter_context(
            terminal.progress(quiet=args.quiet or for_machines, verbose=args.verbose)
        )
        # also a dry run waits its turn at the hosts: their memory is the real one
        async with wiring.fetcher(config, real.hosts) as fetcher, wiring.parsers(config) as parsers:
            keep = config.pipeline.keep_emails
            kept = wiring.retention(config)
            tools = Tools(fetcher, store, wiring.now, told, args.limit, keep, kept, parsers.found)
            told_of = () if args.dry_run else wiring.listeners(config, real, len(sources))
            job = Job(config.database, tools, told_of)
            reports = await crawl_sources(sources, job, config.pipeline.parallel)
        if not args.dry_run:
            write_after_run(config, real)
        return reports


def _tell(reports: list[CrawlReport], args: argparse.Namespace) -> None:
    if args.quiet_if_locked and all(report.outcome == "locked" for report in reports):
        return
    if args.format == "json":
        terminal.print_json(reporting.as_json(reports) | {"dry_run": args.dry_run})
        return
    width = max(len(report.source) for report in reports)
    for report in reports:
        if not args.quiet or report.outcome != "ok":
            print(reporting.source_line(report, width))
    print(reporting.summary(reports) + (" dry_run=1" if args.dry_run else ""))
