"""Run every enabled source on its schedule until SIGTERM or SIGINT; SIGHUP reads the configuration again.

A crawl under way is given some seconds to end; then it is cut, and its open visits wait for the next one.
"""

from __future__ import annotations

import argparse
import asyncio
import logging

from jobs import logs, wiring


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb has no arguments of its own."""
    del parser


def main(args: argparse.Namespace) -> int:
    """Run it."""
    from jobs.daemon import run_daemon  # the scheduler and the fetcher take half a second

    config = wiring.configuration(args.config)
    logs.start(config.pipeline.log_format, level=logs.level(args, logging.INFO))
    wiring.warn_of_sqlite(quiet=args.quiet)
    daemon = run_daemon(config, lambda: wiring.configuration(args.config))
    asyncio.run(wiring.told(config, daemon))
    return 0
