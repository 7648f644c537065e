"""The store: one connection, and a room for each subject of the database."""

from __future__ import annotations

from functools import cached_property

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from pipeline.store.archive import Archive
from pipeline.store.articles import Articles
from pipeline.store.connection import Connection, through
from pipeline.store.drifts import Drifts
from pipeline.store.faults import explained
from pipeline.store.health import Health
from pipeline.store.hosts import Hosts
from pipeline.store.pages import Pages
from pipeline.store.quarantine import Quarantine
from pipeline.store.runs import Runs
from pipeline.store.sightings import Sightings
from pipeline.store.sources import Sources
from pipeline.store.visits import Visits


class Store(Connection):
    """The open database. Use it as a context manager."""

    def scratch_copy(self) -> Store:
        """Return a copy that is lost on close: what a dry run writes to.

        SQLite keeps it in memory while it is small, else in a file without a name: with all its kept pages a
        database may be larger than the memory there is.
        """
        copy = sqlite3.connect("", isolation_level=None)
        try:
            with explained(self.path):
                self.db.conn.backup(copy)
        except BaseException:
            copy.close()
            raise
        copy.execute("PRAGMA foreign_keys = ON")
        return Store(self.path, through(copy))

    @cached_property
    def articles(self) -> Articles:
        """Articles, their revisions, authors, images and links."""
        return Articles(self)

    @cached_property
    def visits(self) -> Visits:
        """The frontier."""
        return Visits(self)

    @cached_property
    def sightings(self) -> Sightings:
        """What listings showed, where and when."""
        return Sightings(self)

    @cached_property
    def hosts(self) -> Hosts:
        """What every process must know of a host: robots.txt, its turn, its waits."""
        return Hosts(self)

    @cached_property
    def runs(self) -> Runs:
        """The history of crawls."""
        return Runs(self)

    @cached_property
    def health(self) -> Health:
        """What runs measured, and what sources usually give."""
        return Health(self)

    @cached_property
    def drifts(self) -> Drifts:
        """What was missing, since when and until when."""
        return Drifts(self)

    @cached_property
    def quarantine(self) -> Quarantine:
        """Pages that our parsers could not read."""
        return Quarantine(self, self._pages)

    @cached_property
    def archive(self) -> Archive:
        """The pages that articles were read from."""
        return Archive(self, self._pages)

    @cached_property
    def _pages(self) -> Pages:
        return Pages(self)

    @cached_property
    def sources(self) -> Sources:
        """The sources as they were configured at their last run."""
        return Sources(self)
