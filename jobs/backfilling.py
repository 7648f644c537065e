"""The job: backfill one source under a lock of its own, behind every crawl that wants the same hosts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from jobs.crawl_source import BUG
from jobs.lock import is_running, source_lock
from pipeline.backfilling.flow import Done, archives_of, backfill
from pipeline.backfilling.work import Order
from pipeline.config import Config
from pipeline.errors import GisaError, LockHeld
from pipeline.records import CrawlReport, Source
from pipeline.store import Store
from pipeline.urls import site_of
from pipeline.visiting import Tools

log = logging.getLogger("gisa.backfill")

_LOOK_EVERY = 0.5
"""Seconds between two looks whether the crawl that we wait for has ended."""
_AT_ONCE = 50  # articles grouped into stories at a time


@dataclass
class GiveWay:
    """Lets crawls go first: those of the source itself, and those of others at the same sites.

    A crawl that begins while our request is under way waits for one turn at the host, no longer. One that seems
    to go on for ever, as one of a machine that is gone does, is not waited for until it has ended.
    """

    database: Path
    rivals: tuple[str, ...]
    told: Callable[[str], None]
    patience: float = 1800.0
    """Seconds that one crawl is waited for."""
    _waited: dict[str, float] = field(default_factory=dict)

    async def __call__(self) -> None:
        """Return as soon as none of the crawls is under way."""
        while busy := next(filter(self._goes_first, self.rivals), None):
            self.told(busy)
            self._waited[busy] = self._waited.get(busy, 0.0) + _LOOK_EVERY
            await asyncio.sleep(_LOOK_EVERY)

    def _goes_first(self, rival: str) -> bool:
        if not is_running(self.database, rival):
            self._waited.pop(rival, None)
            return False
        return self._waited.get(rival, 0.0) < self.patience


def lock_of(source: str) -> str:
    """Return the name of the lock of a source's backfills; no source can have it."""
    return f"_backfill-{source}"


def rivals_of(source: Source, config: Config) -> tuple[str, ...]:
    """Return the names of the sources whose crawls go before the backfill of this one."""
    own = _sites(source)
    others = (
        it.name for it in config.sources.values() if it.name != source.name and own & _sites(it)
    )
    return (source.name, *others)


def _sites(source: Source) -> set[str]:
    hosts = (urlsplit(url).hostname or "" for url in (*source.listings, *archives_of(source)))
    return {site_of(host) for host in hosts}


async def backfill_source(order: Order, tools: Tools, database: Path) -> Done:
    """Backfill a source, or report that another backfill of it is under way.

    Raises:
        ConfigError: nothing is known of its past.
        StoreError: the database failed.
    """
    name, now = order.source.name, tools.clock()
    try:
        with source_lock(database, lock_of(name), now):
            done = await _guarded(order, tools)
    except LockHeld as error:
        locked = CrawlReport(
            name, now, tools.clock(), "locked", f"another backfill is at it: {error}"
        )
        return Done(locked, finished=False)
    if not done.before:
        await _group(tools.store)
    return done


async def _guarded(order: Order, tools: Tools) -> Done:
    """A bug ends the backfill with a traceback in the log; the next one goes on behind that page."""
    name, now = order.source.name, tools.clock()
    try:
        return await backfill(order, tools)
    except GisaError:
        raise
    except Exception as error:
        log.exception(
            "%s: a bug ended this backfill", name, extra={"source": name, "reason": "bug"}
        )
        detail = f"{BUG}: {type(error).__name__}: {error}"
        return Done(CrawlReport(name, now, tools.clock(), "failed", detail), finished=False)


async def _group(store: Store) -> None:
    """Put what came in into stories; a signal may stop it, crawls go on with what is left."""
    while store.stories.group(_AT_ONCE).looked_at:
        await asyncio.sleep(0)
