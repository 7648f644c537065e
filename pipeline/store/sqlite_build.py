"""Which SQLite the store works with, and what is wrong with some releases of it."""

from __future__ import annotations

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

RELEASE: tuple[int, ...] = sqlite3.sqlite_version_info
"""Of the library that the store works with, which need not be the one of Python's own `sqlite3`."""

_FIRST_WITH_WAL = (3, 7, 0)
_FIXED_IN = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The WAL-reset bug, https://sqlite.org/wal.html: first the release that fixed it, then its back-ports."""


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Does this release (major, minor, patch) carry the WAL-reset bug?

    With it, two connections that write or checkpoint at the same instant may damage a database in WAL mode.
    """
    if version >= _FIXED_IN[0] or version < _FIRST_WITH_WAL:
        return False
    return not any(version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED_IN)


def advice() -> str | None:
    """Return what is wrong with the SQLite in use and what to do, None where nothing is."""
    if not has_wal_reset_bug(RELEASE):
        return None
    release = ".".join(map(str, RELEASE))
    return (
        f"SQLite {release} has the WAL-reset bug: processes that write at the same instant may, rarely,"
        " damage the database. `pip install --only-binary=:all: pysqlite3`, or use a Python with SQLite 3.51.3,"
        " or run one process at a time; and keep backups"
    )
