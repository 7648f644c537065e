"""Opening the file safely, and the one way to write: BEGIN IMMEDIATE, short, never across a fetch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from pipeline.errors import StoreError
from pipeline.store.schema import STEPS

if TYPE_CHECKING:
    from pipeline.store.articles import Articles
    from pipeline.store.hosts import Hosts
    from pipeline.store.quarantine import Quarantine
    from pipeline.store.runs import Runs
    from pipeline.store.sources import Sources
    from pipeline.store.visits import Visits

BUSY_SECONDS = 30.0
"""How long a writer waits for another one. Transactions here take milliseconds."""


@dataclass(eq=False)
class Store:
    """The open database. Use it as a context manager; it belongs to the thread that opened it."""

    path: Path
    db: Database

    def __enter__(self) -> Store:
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
        with _explained(self.path):
            if self.db.conn.in_transaction:
                yield self.db
            else:
                yield from self._transaction()

    def _transaction(self) -> Iterator[Database]:
        self.db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
            self.db.conn.execute("COMMIT")
        except BaseException:
            if self.db.conn.in_transaction:
                self.db.conn.execute("ROLLBACK")
            raise

    def scratch_copy(self) -> Store:
        """Return a copy that lives in memory and is lost on close: what a dry run writes to."""
        copy = sqlite3.connect(":memory:", isolation_level=None)
        self.db.conn.backup(copy)
        return Store(self.path, _configured(copy))

    @cached_property
    def articles(self) -> Articles:
        """Articles, their revisions, authors, images and links."""
        from pipeline.store.articles import Articles

        return Articles(self)

    @cached_property
    def visits(self) -> Visits:
        """The frontier and what listings showed."""
        from pipeline.store.visits import Visits

        return Visits(self)

    @cached_property
    def hosts(self) -> Hosts:
        """What every process must know of a host: robots.txt, its turn, its waits."""
        from pipeline.store.hosts import Hosts

        return Hosts(self)

    @cached_property
    def runs(self) -> Runs:
        """The history of crawls."""
        from pipeline.store.runs import Runs

        return Runs(self)

    @cached_property
    def quarantine(self) -> Quarantine:
        """Pages that our parsers could not read."""
        from pipeline.store.quarantine import Quarantine

        return Quarantine(self)

    @cached_property
    def sources(self) -> Sources:
        """The sources as they were configured at their last run."""
        from pipeline.store.sources import Sources

        return Sources(self)


def open_store(path: Path, *, create: bool = True) -> Store:
    """Open the database, bring its schema up to date, and refuse what we do not understand.

    Args:
        path: the SQLite file.
        create: make the file (not its folder) where it does not exist.

    Raises:
        StoreError: missing, not a database, damaged, of a newer gisa, read-only or locked.
    """
    if not create and not path.exists():
        raise StoreError(f"{path} does not exist yet: `gisa run` makes it")
    if not path.parent.is_dir():
        raise StoreError(
            f"the folder {path.parent} does not exist: make it or set [pipeline] database"
        )
    with _explained(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            store = Store(path, _configured(connection))
            _migrate(store)
        except BaseException:
            connection.close()
            raise
    return store


def _configured(connection: sqlite3.Connection) -> Database:
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.row_factory = sqlite3.Row
    return Database(connection)


def _migrate(store: Store) -> None:
    known = {step.name for step in STEPS.pending(Database(memory=True))}
    applied = {step.name for step in STEPS.applied(store.db)}
    if applied - known:
        raise StoreError(
            f"{store.path} was written by a newer gisa (it knows {max(applied - known)}): "
            "update gisa, or point [pipeline] database at another file"
        )
    tables = set(store.db.table_names())
    if not applied and tables:
        raise StoreError(f"{store.path} is a database of another program: choose another file")
    if known - applied:
        with store.writing() as db:
            STEPS.apply(db)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say what a SQLite error means for the operator, and what to do about it."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        said = str(error)
        advice = next((hint for words, hint in _ADVICE if words in said), None)
        if advice is None:
            raise
        raise StoreError(f"{path}: {said}: {advice}") from error


_ADVICE = (
    ("disk is full", "free space on that disk and run again; nothing stored so far is lost"),
    (
        "disk I/O error",
        "look at the disk (full? failing? a network file system?); run `gisa doctor`",
    ),
    ("readonly", "this user may not write there"),
    ("unable to open", "the file or its folder cannot be read or written by this user"),
    (
        "is locked",
        f"another process has been writing for over {BUSY_SECONDS:.0f} s; see `gisa status`",
    ),
    ("malformed", "the file is damaged: restore a backup, and keep this file for a look"),
    ("not a database", "the file is no SQLite database: choose another or restore a backup"),
)
