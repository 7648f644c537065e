"""Room on the disk: old rows go in short transactions, and what they leave is given back on request."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from pipeline.errors import StoreError
from pipeline.store.connection import Connection
from pipeline.store.faults import explained

BATCH = 200
"""Rows that one transaction deletes: some milliseconds."""
_LONGEST_PAUSE = 0.1
_CHECKPOINT_WAITS = 1000
"""Milliseconds. While a checkpoint waits for readers it keeps writers waiting."""
_MEMORY = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes: of the file, of its write-ahead log, and of pages in the file that hold nothing."""

    file: int
    log: int
    free: int


def space_of(store: Connection) -> Space:
    """Return how much room the database takes.

    Raises:
        StoreError: the file is damaged.
    """
    pragmas = ("page_size", "page_count", "freelist_count")
    size, pages, free = (int(*store.rows(f"PRAGMA {name}")[0].values()) for name in pragmas)
    log = store.path.with_name(store.path.name + "-wal")
    return Space(size * pages, log.stat().st_size if log.exists() else 0, size * free)


def delete_in_batches(store: Connection, delete: Callable[[Database], int]) -> int:
    """Call `delete` in transactions of its own until it finds nothing more; return how many rows went.

    Between two of them others get a turn that is as long as ours was: SQLite does not queue writers.

    Args:
        store: the open file.
        delete: deletes at most BATCH rows, and returns how many.
    """
    done = 0
    while True:
        start = time.perf_counter()
        with store.writing() as db:
            found = delete(db)
        done += found
        if found < BATCH:
            return done
        give_turn(start)


def give_turn(start: float) -> None:
    """Wait as long as a transaction took that began at `start` (time.perf_counter): others write meanwhile."""
    time.sleep(min(time.perf_counter() - start, _LONGEST_PAUSE))


def tidy(store: Connection) -> bool:
    """Let SQLite renew its statistics, fold the write-ahead log into the file and empty it.

    Returns:
        Whether the log could be emptied; a reader that has been at it for long prevents that.

    Raises:
        StoreError: the disk is full, or the file damaged.
    """
    with explained(store.path):
        store.db.conn.execute("PRAGMA optimize")
        (before,) = store.db.conn.execute("PRAGMA busy_timeout").fetchone()
        store.db.conn.execute(f"PRAGMA busy_timeout = {_CHECKPOINT_WAITS}")
        try:
            busy, _, _ = store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            store.db.conn.execute(f"PRAGMA busy_timeout = {before}")
    return not busy


def vacuum(store: Connection) -> None:
    """Write the file anew without its free pages. Others cannot write meanwhile.

    Raises:
        StoreError: too little room on the disk or in memory; the file is as it was.
    """
    used = space_of(store)
    needed = 2 * (used.file - used.free)  # the new pages go through the log into the file
    if (free := shutil.disk_usage(store.path.parent).free) < needed:
        raise StoreError(
            f"{store.path}: {needed / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB are free:"
            " free space on that disk first"
        )
    if _keeps_temporary_files_in_memory(store):
        _refuse_little_memory(store.path, used.file - used.free)
    with explained(store.path):
        store.db.conn.execute("VACUUM")
        store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _keeps_temporary_files_in_memory(store: Connection) -> bool:
    """A build with TEMP_STORE=3, as pysqlite3's wheels are, holds the whole copy in memory."""
    options = [row["compile_options"] for row in store.rows("PRAGMA compile_options")]
    return "TEMP_STORE=3" in options


def _refuse_little_memory(path: Path, needed: int) -> None:
    try:
        lines = _MEMORY.read_text(encoding="ascii").splitlines()
    except OSError:  # not Linux
        return
    available = next(int(line.split()[1]) * 1024 for line in lines if "MemAvailable" in line)
    if available < 2 * needed:
        raise StoreError(
            f"{path}: this SQLite copies {needed / 1e6:.0f} MB through memory, of which"
            f" {available / 1e6:.0f} MB are available: use the program sqlite3 for it, see docs/operations.md"
        )
