"""A copy of the database as it is at one moment, while others go on writing to it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from pipeline.errors import StoreError
from pipeline.store.faults import explained

Told: TypeAlias = Callable[[int, int], None]
"""Told how far a copy is: pages still to come, pages in all."""

_PAGES_A_STEP = 1024
_BUSY_SECONDS = 30.0
_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished copy."""

    path: Path
    size: int
    articles: int


def back_up(
    database: Path, target: Path, *, overwrite: bool = False, told: Told | None = None
) -> Backup:
    """Copy a database to a file that appears only once it is whole, checked and on the disk.

    The copy is made page by page under one read transaction: writers do not wait for it, nor does it start
    anew when they write. Meanwhile SQLite cannot shorten the write-ahead log.

    Args:
        database: the file to copy; its schema may be an older one.
        target: the file to make, with the permissions of the database.
        overwrite: replace a file that is there.
        told: how far it is, after every 4 MB.

    Raises:
        StoreError: the target cannot be written or is taken, its disk is full, or the database is damaged.
            Then there is no new file, and one that was there is as it was.
    """
    real = database.resolve()
    target = target.resolve()  # a link is written through, not replaced
    with _writable(target):
        _refuse(real, target, overwrite=overwrite)
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            _make_like(part, real)
            articles = _copy(real, part, target, told)
            _check(part, target, articles)
            _flush(part)
            part.replace(target)
        finally:
            for end in ("", *_BESIDE):
                part.with_name(part.name + end).unlink(missing_ok=True)
        _flush(target.parent)
        return Backup(target, target.stat().st_size, articles)


@contextmanager
def _writable(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{target}: {error.strerror}: choose a place that this user may write, with room for a copy"
        ) from error


def _refuse(database: Path, target: Path, *, overwrite: bool) -> None:
    if not database.exists():
        raise StoreError(f"{database} does not exist yet: there is nothing to copy")
    if not target.parent.is_dir():
        raise StoreError(f"the folder {target.parent} does not exist: make it first")
    own = [database.with_name(database.name + end) for end in ("", *_BESIDE)]
    if target in own or (target.exists() and target.samefile(database)):
        raise StoreError(f"{target} belongs to the database itself: name another file")
    if target.exists() and not target.is_file():
        raise StoreError(f"{target} is no file: name a file")
    if target.exists() and not overwrite:
        raise StoreError(f"{target} exists: name another file, or replace it with --force")
    for end in _BESIDE:
        if (beside := target.with_name(target.name + end)).exists():
            raise StoreError(
                f"{beside.name} lies beside {target}: a program has that database open, or was killed"
                " there; name another file, for SQLite would mix the two"
            )
    free = shutil.disk_usage(target.parent).free
    if free < (size := database.stat().st_size):
        raise StoreError(
            f"{target}: {size / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB are free: choose another disk"
        )


def _make_like(part: Path, database: Path) -> None:
    """Make an empty file that those may read who may read the database, before anything is in it."""
    like = database.stat()
    mode = stat.S_IMODE(like.st_mode)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if os.geteuid() == 0:
        os.chown(part, like.st_uid, like.st_gid)
    part.chmod(mode)


def _copy(database: Path, part: Path, target: Path, told: Told | None) -> int:
    def progress(_status: int, left: int, total: int) -> None:
        if told:
            told(left, total)

    with (
        explained(database),
        closing(_connect(database)) as source,
        closing(_connect(part)) as copy,
    ):
        # a copy that is cut short is thrown away: it needs no journal, and one fsync at its end
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        source.execute("BEGIN")
        articles = _count_articles(source)
        try:
            source.backup(copy, pages=_PAGES_A_STEP, progress=progress)
        except sqlite3.OperationalError as error:
            if "malformed" in str(error):
                raise
            raise StoreError(
                f"{target}: {error}: free space on that disk or choose another; the database is as it was"
            ) from error
        source.execute("ROLLBACK")
    return articles


def _check(part: Path, target: Path, articles: int) -> None:
    """Read the whole copy as it is on the disk, without the files that SQLite makes beside an open one."""
    with explained(target), closing(_connect(part, "?immutable=1")) as copy:
        said = [row[0] for row in copy.execute("PRAGMA quick_check(3)")]
        if said != ["ok"]:
            raise StoreError(
                f"{target}: the copy is damaged ({'; '.join(said)}), as the database may be:"
                " run `gisa doctor --full`"
            )
        if (found := _count_articles(copy)) != articles:
            raise StoreError(
                f"{target}: the copy has {found} of {articles} articles: look at that disk"
            )


def _connect(path: Path, how: str = "?mode=rw") -> sqlite3.Connection:
    return sqlite3.connect(
        path.as_uri() + how, uri=True, timeout=_BUSY_SECONDS, isolation_level=None
    )


def _count_articles(connection: sqlite3.Connection) -> int:
    made = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'articles'").fetchone()
    return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0]) if made else 0


def _flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with (
            suppress(OSError) if path.is_dir() else nullcontext()
        ):  # some file systems cannot, for a folder
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
