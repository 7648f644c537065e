"""One run a source at a time, across daemon, cron and hand. The kernel frees the lock of a dead process."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import LockHeld


def holder(at: datetime) -> str:
    """Return who we are, for the lock and for the run's row."""
    return f"pid {os.getpid()} on {socket.gethostname()} since {at:%F %T%z}"


@contextmanager
def source_lock(database: Path, source: str, at: datetime) -> Iterator[str]:
    """Hold the lock of a source; yields the description of the holder.

    Raises:
        LockHeld: another process holds it; says which one.
    """
    folder = database.with_name(database.name + ".locks")
    folder.mkdir(exist_ok=True)
    note = folder / f"{source}.json"
    lock = FileLock(folder / f"{source}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LockHeld(source, _read(note)) from None
    try:
        me = holder(at)
        note.write_text(json.dumps({"holder": me}), encoding="utf-8")
        yield me
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _read(note: Path) -> str:
    try:
        return str(json.loads(note.read_text(encoding="utf-8"))["holder"])
    except (OSError, ValueError, KeyError, TypeError):
        return "its holder left no note"
