"""Opening the file: what we do not understand is refused unchanged, what is ours is brought up to date."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from pipeline.errors import StoreError
from pipeline.store.connection import through
from pipeline.store.database import Store
from pipeline.store.faults import NO_ACCESS, explained
from pipeline.store.schema import STEPS

BUSY_SECONDS = 30.0
"""How long a writer waits for another one. Transactions here take milliseconds."""


def open_store(path: Path, *, create: bool = True, index: bool = True) -> Store:
    """Open the database, bring its schema up to date, and refuse what we do not understand.

    Args:
        path: the SQLite file.
        create: make the file (not its folder) where it does not exist.
        index: put what is written into the search index, too; `Store.search_index` completes it later.

    Raises:
        StoreError: missing, not a database, damaged, of a newer gisa, read-only or locked.
    """
    _refuse_missing(path, create=create)
    with explained(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            store = Store(path, through(connection), index)
            pending = _pending(store)
            _use_wal(connection)
            if pending:
                _take_steps(store)
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
    return store


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


def _take_steps(store: Store) -> None:
    """Bring the schema up to date, all or nothing.

    Foreign keys are not enforced meanwhile, so that a step may make a table anew; they are checked at the end.
    """
    with store.writing() as db:
        STEPS.apply(db)
        broken = db.conn.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            raise StoreError(
                f"{store.path}: a row of {broken[0]} refers to one of {broken[2]} that is not there: "
                "restore a backup, or ask the maintainers; nothing was changed"
            )


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


def _pending(store: Store) -> set[str]:
    """Return the schema steps to take, from a look that changes nothing."""
    # The tables first: a neighbour may take its first steps between the two looks.
    tables = store.db.table_names()
    applied = {step.name for step in STEPS.applied(store.db)}
    with closing(Database(memory=True, execute_plugins=False)) as nothing:
        known = {step.name for step in STEPS.pending(nothing)}
    if applied - known:
        raise StoreError(
            f"{store.path} was written by a newer gisa (it knows {max(applied - known)}): "
            "update gisa, or point [pipeline] database at another file"
        )
    if tables and not applied:
        raise StoreError(f"{store.path} is a database of another program: choose another file")
    return known - applied
