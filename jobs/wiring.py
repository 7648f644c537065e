"""The one place that constructs fetcher and store from the configuration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import Config, load
from pipeline.store import Store, open_store

if TYPE_CHECKING:
    from pipeline.fetch import Fetcher, HostMemory

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return datetime.now(UTC)


def configuration(path: str) -> Config:
    """Return the configuration of a command.

    Raises:
        ConfigError: it cannot be used.
    """
    return load(Path(path))


def store(config: Config, *, create: bool = False) -> Store:
    """Open the database of a configuration.

    Raises:
        StoreError: it cannot be used.
    """
    return open_store(config.database, create=create)


def fetcher(config: Config, memory: HostMemory, clock: Clock = now) -> Fetcher:
    """Return a fetcher that keeps to the configuration's limits."""
    from pipeline.fetch import Fetcher, Limits  # httpx doubles the start-up of verbs that only look

    settings = config.pipeline
    return Fetcher(
        Limits(
            deadline=settings.deadline,
            max_bytes=settings.max_bytes,
            patience=settings.patience,
            delay=settings.delay,
            concurrency=settings.concurrency,
            hosts={name: (own.delay, own.concurrency) for name, own in config.hosts.items()},
        ),
        memory,
        contact=settings.contact,
        clock=clock,
    )
