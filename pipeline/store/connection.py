"""An open file, and the one way to write to it: BEGIN IMMEDIATE, short, never across a fetch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from pipeline.store.faults import explained


@dataclass(eq=False)
class Connection:
    """One open SQLite file; it belongs to the thread that opened it."""

    path: Path
    db: Database
    indexing: bool = True
    """Does what is written go into the search index, too?"""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; SQLite folds the write-ahead log into the file."""
        self.db.conn.close()

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One write transaction. BEGIN IMMEDIATE waits its turn, a plain BEGIN would fail at once.

        Raises:
            StoreError: the disk is full, the file is read-only, damaged or locked for too long.
        """
        with explained(self.path):
            if self.db.conn.in_transaction:
                yield self.db
            else:
                yield from self._transaction()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Have several queries see one and the same state; without it a writer may come between them.

        Nothing is written inside, and nothing is waited for: while it lasts, the log cannot be emptied.

        Raises:
            StoreError: the file is damaged, or cannot be read any more.
        """
        with explained(self.path):
            if self.db.conn.in_transaction:
                yield
            else:
                yield from self._snapshot()

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of a write transaction that may fail alone: what it wrote is undone, the rest stays."""
        self.db.conn.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            if self.db.conn.in_transaction:  # a full disk may have ended the whole transaction
                self.db.conn.execute("ROLLBACK TO attempt")
                self.db.conn.execute("RELEASE attempt")
            raise
        self.db.conn.execute("RELEASE attempt")

    def rows(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[dict[str, Any]]:
        """Return all rows of a query.

        Not by `Database.query`: where a read fails it leaves a transaction open, and with that every
        later write would wait for a COMMIT that never comes.

        Raises:
            StoreError: the file is damaged, or cannot be read any more.
        """
        with explained(self.path):
            return [dict(row) for row in self.db.conn.execute(sql, parameters)]

    def _snapshot(self) -> Iterator[None]:
        self.db.conn.execute("BEGIN")
        try:
            yield
        finally:
            if self.db.conn.in_transaction:
                self.db.conn.execute("ROLLBACK")

    def _transaction(self) -> Iterator[Database]:
        self.db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
            self.db.conn.execute("COMMIT")
        except BaseException:
            if self.db.conn.in_transaction:
                with suppress(sqlite3.DatabaseError):  # what went wrong first is what is told
                    self.db.conn.execute("ROLLBACK")
            raise


def through(connection: sqlite3.Connection) -> Database:
    """Return the connection as sqlite-utils has it: strict tables, and no plugins of other programs."""
    connection.row_factory = sqlite3.Row
    return Database(connection, strict=True, execute_plugins=False)
