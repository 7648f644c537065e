"""What all pages share: the configuration, and reading the database in Datasette's threads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils import sqlite_timelimit

from jobs import wiring
from jobs.paces import Paces
from pipeline.config import Config
from pipeline.errors import StoreError
from pipeline.store import Store
from pipeline.store.opening import over

T = TypeVar("T")

DATABASE = "data"
"""The name of the database in addresses: `/data/articles` is Datasette's page of the table."""
PAGE_MS = 5000
"""Milliseconds of SQL that one of our pages may take; a page that needs more is refused with 503."""


class TooSlow(Exception):
    """The page would take longer than a page may."""


class Site:
    """One served database; a changed configuration is read with the next start."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.paces = Paces()

    def check(self) -> None:
        """Raise what is wrong with the database before anybody asks for a page.

        Raises:
            StoreError: missing, damaged or of another schema.
        """
        wiring.read_only(self.config).close()

    def now(self) -> datetime:
        """Return the current time, in the zone of the configuration."""
        return wiring.now().astimezone(self.config.zone)

    async def read(self, datasette: Datasette, look: Callable[[Store], T]) -> T:
        """Have `look` read the database in a thread of Datasette, within `PAGE_MS` and in one snapshot.

        Raises:
            TooSlow: it took longer.
            StoreError: the file is damaged, or cannot be read any more.
        """
        path = self.config.database

        def work(connection: Any) -> T:
            store = over(path, connection)
            with sqlite_timelimit(connection, PAGE_MS):
                try:
                    with store.reading():
                        return look(store)
                except StoreError as error:
                    raise (TooSlow() if "interrupted" in str(error) else error) from None

        try:
            done: T = await datasette.get_database(DATABASE).execute_fn(work)
        except QueryInterrupted:
            raise TooSlow from None
        return done


_SITES: WeakKeyDictionary[Datasette, Site] = WeakKeyDictionary()


def take_site(datasette: Datasette, site: Site) -> None:
    """Note which site a Datasette serves: its hooks are called for every Datasette of the process."""
    _SITES[datasette] = site


def is_ours(datasette: Datasette) -> bool:
    """Say whether a Datasette serves one of our sites."""
    return datasette in _SITES


def site_of(datasette: Datasette) -> Site:
    """Return the site of a Datasette of ours."""
    return _SITES[datasette]
