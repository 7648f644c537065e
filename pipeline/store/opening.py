"""Opening the file: what we do not understand is refused unchanged, what is ours is brought up to date."""

from __future__ import annotations

import time
from pathlib import Path

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from pipeline.errors import StoreError
from pipeline.store.connection import through
from pipeline.store.database import Store
from pipeline.store.faults import NO_ACCESS, explained
from pipeline.store.migrating import pending, take_steps

BUSY_SECONDS = 30.0
"""How long a writer waits for another one. Transactions here take milliseconds."""
_STATEMENTS = 512
"""Statements kept ready, more than there are. Of the usual 128 the steps of a new schema take all: what comes
later is used once, so it is dropped first, and each statement of a crawl is prepared anew every time."""
_LOOK_SECONDS = 0.1
"""How long a look waits: in WAL mode readers wait only for the one who mends a log after a crash."""


def open_store(
    path: Path, *, create: bool = True, migrate: bool = True, index: bool = True
) -> Store:
    """Open the database, bring its schema up to date, and refuse what we do not understand.

    Args:
        path: the SQLite file.
        create: make the file (not its folder) where it does not exist.
        migrate: take the schema steps that are missing; without, an older schema is left as it is.
        index: put what is written into the search index, too; `Store.search_index` completes it later.

    Raises:
        StoreError: missing, not a database, damaged, of a newer gisa, read-only or locked.
    """
    _refuse_missing(path, create=create)
    with explained(path):
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=_STATEMENTS
        )
        try:
            store = Store(path, through(connection), index)
            missing = pending(store)
            _use_wal(connection)
            if missing and migrate:
                take_steps(store)
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
    return store


def open_read_only(path: Path, *, wait: float = _LOOK_SECONDS) -> Store:
    """Open the database for a quick look: nothing is written, and hardly anybody is waited for.

    Args:
        path: the SQLite file.
        wait: seconds for the one who mends a log after a crash.

    Raises:
        StoreError: missing, not a database, damaged, or with a schema that is not of this gisa.
    """
    return Store(path, through(read_only_connection(path, wait=wait)))


def read_only_connection(path: Path, *, wait: float = _LOOK_SECONDS) -> sqlite3.Connection:
    """Return a connection of its own to a database of this gisa, as `open_read_only` opens it.

    Raises:
        StoreError: missing, not a database, damaged, or with a schema that is not of this gisa.
    """
    _refuse_missing(path, create=False)
    with explained(path):
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro",
            uri=True,
            timeout=wait,
            isolation_level=None,
        )
        try:
            if missing := pending(Store(path, through(connection))):
                raise StoreError(
                    f"{path}: its schema is older than this gisa ({', '.join(missing)} to come):"
                    " `gisa migrate`, or the next run brings it up to date"
                )
        except BaseException:
            connection.close()
            raise
    return connection


def over(path: Path, connection: sqlite3.Connection) -> Store:
    """Return a store over a connection that somebody else opened and closes; from now on it only reads."""
    connection.execute("PRAGMA query_only = ON")
    return Store(path, through(connection))


def _refuse_missing(path: Path, *, create: bool) -> None:
    try:
        if not create and not path.exists():
            raise StoreError(f"{path} does not exist yet: `gisa run` makes it")
        if not path.parent.is_dir():
            raise StoreError(
                f"the folder {path.parent} does not exist: make it or set [pipeline] database"
            )
    except PermissionError as error:
        raise StoreError(f"{path}: {error.strerror}: {NO_ACCESS}") from error


def _use_wal(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
    give_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # Unlike everything else, the change to WAL does not wait for a neighbour that is at it.
            if "is locked" not in str(error) or time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)
