"""What an error of SQLite means for the operator, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from pipeline.errors import StoreError


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the operator can mend into a StoreError; anything else is a bug and rises as it is."""
    try:
        yield
    except UnicodeDecodeError as error:  # a name in the schema, or a message that quotes the file
        raise StoreError(f"{path}: holds what is no text: {_DAMAGED}") from error
    except sqlite3.DatabaseError as error:
        said = str(error)
        advice = next((hint for words, hint in _ADVICE if words in said), None)
        if advice is None:
            raise
        raise StoreError(f"{path}: {said}: {advice}") from error


NO_ACCESS = "the file or its folder cannot be read or written by this user"
_DAMAGED = "the file is damaged: restore a backup, and keep this file for a look"
_ADVICE = (
    ("disk is full", "free space on that disk and run again; nothing stored so far is lost"),
    (
        "disk I/O error",
        "look at the disk (full? failing? a network file system?); run `gisa doctor`",
    ),
    ("readonly", "this user may not write there"),
    ("unable to open", NO_ACCESS),
    ("is locked", "another process has been writing for too long; see `gisa status`"),
    ("malformed", _DAMAGED),
    ("vtable constructor failed", _DAMAGED),
    ("Could not decode", _DAMAGED),
    ("not a database", "the file is no SQLite database: choose another or restore a backup"),
)
