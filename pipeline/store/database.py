"""The store: one connection, and a room for each subject of the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from pipeline.store.connection import through
from pipeline.store.faults import explained
from pipeline.store.filters import Only
from pipeline.store.rooms import Rooms
from pipeline.store.search import Hit, Search


class Store(Rooms):
    """The open database. Use it as a context manager."""

    def scratch_copy(self) -> Store:
        """Return a copy that is lost on close: what a dry run writes to.

        It is a file beside the database: with all its kept pages that may be larger than the memory there is,
        and builds of SQLite that keep temporary files in memory would put it there.

        Raises:
            StoreError: there is no room for it.
        """
        with explained(self.path):
            folder = TemporaryDirectory(prefix=".gisa-dry-run-", dir=self.path.parent)
        try:
            copy = sqlite3.connect(Path(folder.name) / self.path.name, isolation_level=None)
            with explained(self.path):
                self.db.conn.backup(copy)
        except BaseException:
            folder.cleanup()
            raise
        copy.execute("PRAGMA foreign_keys = ON")
        copy.execute("PRAGMA synchronous = OFF")
        scratch = _Scratch(self.path, through(copy), self.indexing)
        scratch.folder = folder
        return scratch

    def search(  # noqa: PLR0913 - what can be asked for, by name
        self,
        query: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        source: str | None = None,
        publisher: str | None = None,
        section: str | None = None,
        author: str | None = None,
        rights: Mapping[str, str] | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> list[Hit]:
        """Return the articles that answer a query, best first; docs/search.md tells what finds what.

        Args:
            query: whatever a person types; a text without a letter or digit finds nothing.
            since: only articles published from then on; where that is unknown, first seen.
            until: only articles published (or first seen) before.
            source: only articles that this source found first.
            publisher: only articles of this publisher; case, blanks and punctuation do not matter.
            section: only articles of this section, as it is written.
            author: only articles by this person, as the name is written.
            rights: only articles with these rights: for `redistribute`, `tdm` or `ai_train` the value.
            limit: how many at most.
            offset: how many of the best to leave out.

        Raises:
            StoreError: the file is damaged, or cannot be read any more.
            ValueError: `rights` names another use.
        """
        only = Only(
            since=since,
            until=until,
            source=source,
            publisher=publisher,
            section=section,
            author=author,
            rights=rights or {},
        )
        return Search(self).find(query, only, limit=limit, offset=offset)


class _Scratch(Store):
    """A copy that is lost on close, with the folder that it lies in."""

    folder: TemporaryDirectory[str]

    def close(self) -> None:
        super().close()
        self.folder.cleanup()
