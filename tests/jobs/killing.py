"""A process that starts runs and kills them.

It has imported everything, so that a run costs a fork; it has neither threads nor an event loop, so that it
may fork. A line on stdin orders a run: after how many milliseconds to kill it (-1: never), and how many hours
its clock is ahead. A line of JSON on stdout tells how it ended, and what it was at.
"""

from __future__ import annotations

import asyncio
import json
import mmap
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from jobs import reporting, terminal, wiring
from jobs.crawl_source import Job, crawl_sources
from pipeline.config import Config, load
from pipeline.crawl import Tools
from pipeline.fetch import Fetcher
from pipeline.portals import daum
from pipeline.store import open_store
from pipeline.store.connection import Connection
from pipeline.store.visits import Visits

STAGES = ("start", "opening", "listing", "fetch", "parse", "transaction", "commit", "end")
_PAGES_OF_LOG = 16
"""So few, that the log is folded into the file all the time, and kills meet that too."""

stage = mmap.mmap(-1, 1)
"""What a run is at: shared with the process that kills it."""


def at(name: str) -> None:
    stage[0] = STAGES.index(name)


def noted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*args: Any, **named: Any) -> Any:
        before = stage[0]
        at(name)
        try:
            return function(*args, **named)
        finally:
            stage[0] = before

    return call


def watch() -> None:
    """Have the parts of a run say when they are at work."""
    fetch, transaction = Fetcher.page, Connection._transaction

    async def page(*args: Any, **named: Any) -> Any:
        at("fetch")
        return await fetch(*args, **named)

    @contextmanager
    def whole(it: Connection) -> Iterator[Any]:
        yield from transaction(it)

    def noted_transaction(it: Connection) -> Iterator[Any]:
        before = stage[0]
        at("transaction")
        try:
            with whole(it) as db:
                yield db
                at("commit")
        finally:
            stage[0] = before

    Fetcher.page = page  # type: ignore[method-assign]
    Connection._transaction = noted_transaction  # type: ignore[method-assign]
    daum.parse_article = noted("parse", daum.parse_article)
    daum.parse_listing = noted("parse", daum.parse_listing)
    Visits.discover = noted("listing", Visits.discover)  # type: ignore[method-assign]


async def crawl(config: Config, hours: int) -> int:
    ahead = timedelta(hours=hours)
    with open_store(config.database) as store:
        store.db.conn.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_OF_LOG}")
        clock = lambda: wiring.now() + ahead  # noqa: E731
        async with wiring.fetcher(config, store.hosts, clock) as fetcher:
            job = Job(config.database, Tools(fetcher, store, clock, terminal.silent))
            reports = await crawl_sources(config.chosen([]), job)
    at("end")
    return reporting.exit_code(reports)


def run(config: Config, hours: int) -> None:
    """The life of a child."""
    code = 99
    try:
        at("opening")
        code = asyncio.run(crawl(config, hours))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def ended(config: Config, wait: float, hours: int) -> dict[str, Any]:
    at("start")
    child = os.fork()
    if child == 0:
        run(config, hours)
    if wait >= 0:
        time.sleep(wait / 1000)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return {"killed": code == -signal.SIGKILL, "code": code, "at": STAGES[stage[0]]}


def main() -> None:
    config = load(Path(sys.argv[1]), environ={})
    watch()
    for order in sys.stdin:
        wait, hours = order.split()
        print(json.dumps(ended(config, float(wait), int(hours))), flush=True)


if __name__ == "__main__":
    main()
