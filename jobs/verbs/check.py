"""One listing and one article of each source, fetched live and shown: is it recognised as it should be?

Nothing is stored but what is learned of hosts. It takes the named sources, or all enabled ones.
"""

from __future__ import annotations

import argparse
import asyncio
import logging

from jobs import logs, terminal, wiring
from jobs.checking import Checked, as_json, check, print_checked
from pipeline import portals
from pipeline.text import one_line

log = logging.getLogger("gisa.check")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("source", metavar="SOURCE", nargs="*")


def main(args: argparse.Namespace) -> int:
    """Check them; 1 where one of them gave no record."""
    logs.start(level=logs.level(args, logging.WARNING))
    config = wiring.configuration(args.config)
    for fault in portals.faults():
        log.warning(fault)
    sources = config.to_crawl(args.source)

    async def check_all() -> list[Checked]:
        keep_emails = config.pipeline.keep_emails
        with wiring.store(config, create=True) as store:
            async with wiring.fetcher(config, store.hosts) as fetcher:
                return [await check(it, fetcher, keep_emails=keep_emails) for it in sources]

    checked = asyncio.run(check_all())
    if args.format == "json":
        terminal.print_json([as_json(each) for each in checked])
    else:
        for each in checked:
            print(one_line(f"{each.source.name}: {each.source.kind} {each.listing}"))
            print_checked(each)
    return int(any(each.problem for each in checked))
