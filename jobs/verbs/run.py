"""One pass over the named sources (default: all enabled ones), for hands and for cron.

The last line on stdout is a summary such as
  sources=4 ok=3 drift=1 new=120 revised=6 unchanged=310 removed=1 errors=0
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from contextlib import ExitStack

from jobs import logs, reporting, terminal, wiring
from jobs.crawl_source import Job, crawl_sources
from pipeline.config import Config
from pipeline.crawl import Tools
from pipeline.records import CrawlReport, Source


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("sources", metavar="SOURCE", nargs="*", help="names from the configuration")
    parser.add_argument(
        "--limit", type=_positive, metavar="N", help="fetch at most N articles a source"
    )
    parser.add_argument("--dry-run", action="store_true", help="fetch and parse, but store nothing")
    parser.add_argument(
        "--quiet-if-locked", action="store_true", help="print nothing if another run is at it"
    )


def main(args: argparse.Namespace) -> int:
    """Run it."""
    config = wiring.configuration(args.config)
    logs.start(config.pipeline.log_format, verbose=args.verbose, quiet=True)
    chosen = config.chosen(args.sources)
    reports = asyncio.run(_run(config, chosen, args))
    _tell(reports, args)
    return reporting.exit_code(reports)


async def _run(
    config: Config, sources: list[Source], args: argparse.Namespace
) -> list[CrawlReport]:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with ExitStack() as stack:
        real = stack.enter_context(wiring.store(config, create=True))
        store = stack.enter_context(real.scratch_copy()) if args.dry_run else real
        told = stack.enter_context(terminal.progress(quiet=args.quiet or args.format == "json"))
        # also a dry run waits its turn at the hosts: their memory is the real one
        async with wiring.fetcher(config, real.hosts) as fetcher:
            tools = Tools(fetcher, store, wiring.now, told, args.limit)
            return await crawl_sources(sources, Job(config.database, tools))


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


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
