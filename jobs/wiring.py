"""The one place that constructs fetcher and store from the configuration."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:  # what a verb does not use it should not wait for
    from jobs.crawl_source import Listener
    from jobs.parsing.pool import ParserPool
    from pipeline.config import Config
    from pipeline.fetch import Fetcher, HostMemory, Limits, NaverKeys
    from pipeline.store import Store
    from pipeline.store.archive import Retention

T = TypeVar("T")
Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def configuration(path: str) -> Config:
    """Return the configuration of a command.

    Raises:
        ConfigError: it cannot be used.
    """
    from pipeline.config import load

    return load(Path(path))


def store(config: Config, *, create: bool = False, migrate: bool = True) -> Store:
    """Open the database of a configuration; without `migrate` an older schema is left as it is.

    Raises:
        StoreError: it cannot be used.
    """
    from pipeline.store import open_store

    return open_store(config.database, create=create, migrate=migrate)


def read_only(config: Config) -> Store:
    """Open the database of a configuration to look only, without waiting for anybody.

    Raises:
        StoreError: it cannot be read, or its schema is not of this gisa.
    """
    from pipeline.store.opening import open_read_only

    return open_read_only(config.database)


def warn_of_sqlite(*, quiet: bool = False) -> None:
    """Log once what is wrong with the SQLite in use; unless quiet, also where only errors are logged."""
    from pipeline.store import sqlite_build

    log = logging.getLogger("gisa.store")
    log.setLevel(logging.NOTSET if quiet else logging.WARNING)
    if said := sqlite_build.advice():
        log.warning(said)


def retention(config: Config) -> Retention:
    """Return whether and how long pages are kept."""
    from pipeline.store.archive import Retention

    bounds = config.archive
    return Retention(bounds.enabled, bounds.keep, bounds.budget)


def limits(config: Config) -> Limits:
    """Return the bounds of fetching that the configuration sets."""
    from pipeline.fetch import Limits

    settings = config.pipeline
    return Limits(
        deadline=settings.deadline,
        max_bytes=settings.max_bytes,
        patience=settings.patience,
        delay=settings.delay,
        concurrency=settings.concurrency,
        hosts={name: (own.delay, own.concurrency) for name, own in config.hosts.items()},
        private=frozenset(name for name, own in config.hosts.items() if own.private),
    )


def naver_keys(config: Config) -> NaverKeys | None:
    """Return where Naver's search is asked, and with which keys; None where they are not set."""
    from pipeline.fetch import NaverKeys

    own = config.naver
    headers = own.headers()
    return NaverKeys(own.address, headers, own.daily_calls) if headers else None


def fetcher(config: Config, memory: HostMemory, clock: Clock = now) -> Fetcher:
    """Return a fetcher that keeps to the configuration's limits."""
    from pipeline.fetch import Fetcher

    contact, naver = config.pipeline.contact, naver_keys(config)
    return Fetcher(limits(config), memory, contact=contact, clock=clock, naver=naver)


def parsers(config: Config) -> ParserPool:
    """Return what reads the pages of crawls: in the event loop, and while there are many on the other cores."""
    from jobs.cores import usable_cores
    from jobs.parsing.pool import ParserPool

    processes = config.pipeline.processes
    return ParserPool((usable_cores() if processes == "auto" else processes) - 1)


def listeners(config: Config, store: Store, crawls: int | None = None) -> tuple[Listener, ...]:
    """Return who is told how each crawl ended; of a pass over so many `crawls`, or of a daemon's.

    A pass sends its messages at its end, and `told` pings for it.
    """
    from jobs.alerting.listening import Pinged, Told

    if crawls is not None:
        return (Told(config, store, crawls),)
    return (Told(config, store), Pinged(config, store))


async def told(config: Config, work: Awaitable[T]) -> T:
    """Await a whole run, or a daemon, with what is told of its start and its end.

    Raises:
        Exception: whatever the work raises.
    """
    from jobs.alerting import listening

    return await listening.told(config, work)
