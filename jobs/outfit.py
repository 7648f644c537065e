"""What the crawls of a daemon work with under one configuration; a reload puts the next one beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from jobs import terminal, wiring
from jobs.crawl_source import Job
from jobs.parsing.pool import ParserPool
from pipeline.config import Config
from pipeline.crawl import Tools
from pipeline.fetch import Fetcher
from pipeline.store import Store


@dataclass(eq=False)
class Shared:
    """Fetcher and parsers, and how many use them; closed when the last is done and no other is to come."""

    fetcher: Fetcher
    parsers: ParserPool
    users: int = 0
    retired: bool = False

    async def retire(self) -> None:
        """Close them now, or when the last user is done."""
        self.retired = True
        await self.release()

    async def release(self) -> None:
        """Close them if nobody needs them any more."""
        if self.retired and not self.users:
            await self.parsers.close()
            await self.fetcher.__aexit__(None, None, None)


@dataclass(eq=False)
class Outfit:
    """Configuration, job, fetcher and parsers that belong together."""

    config: Config
    job: Job
    shared: Shared
    slots: asyncio.Semaphore = field(repr=False)

    @classmethod
    def of(
        cls,
        config: Config,
        store: Store,
        clock: Callable[[], datetime],
        before: Outfit | None = None,
    ) -> Outfit:
        """Return the outfit of a configuration; what did not change is taken over from the one before."""
        same = before and _wire(before.config) == _wire(config)
        shared = before.shared if before and same else None
        shared = shared or Shared(
            wiring.fetcher(config, store.hosts, clock), wiring.parsers(config)
        )
        parallel = config.pipeline.parallel
        slots = before.slots if before and before.config.pipeline.parallel == parallel else None
        tools = Tools(
            shared.fetcher,
            store,
            clock,
            terminal.silent,
            keep_emails=config.pipeline.keep_emails,
            archive=wiring.retention(config),
            reading=shared.parsers.found,
        )
        job = Job(config.database, tools, wiring.listeners(config, store))
        return cls(config, job, shared, slots or asyncio.Semaphore(parallel))

    @asynccontextmanager
    async def used(self) -> AsyncIterator[Job]:
        """Keep fetcher and parsers open for a crawl."""
        self.shared.users += 1
        try:
            yield self.job
        finally:
            self.shared.users -= 1
            await self.shared.release()


def _wire(config: Config) -> tuple[object, ...]:
    own = config.pipeline
    return wiring.limits(config), own.contact, own.processes, wiring.naver_keys(config)
