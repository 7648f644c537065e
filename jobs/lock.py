"""One run a source at a time, across daemon, cron and hand. The kernel frees the lock of a dead process."""

from __future__ import annotations

import errno
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipeline.errors import LockHeld, StoreError

_NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP)

DAEMON = "_daemon"
"""The lock of the daemon itself; no source can have this name."""


def holder(at: datetime) -> str:
    """Return who we are, for the lock and for the run's row."""
    return f"pid {os.getpid()} on {socket.gethostname()} since {at:%F %T%z}"


@contextmanager
def source_lock(database: Path, source: str, at: datetime) -> Iterator[str]:
    """Hold the lock of a source; yields the description of the holder.

    Raises:
        LockHeld: another process holds it; says which one.
        StoreError: the lock files cannot be written.
    """
    note = _note(database, source)
    # the library would take a mere file for a lock where there is no flock, and a crashed holder would leave it
    lock = FileLock(note.with_suffix(".lock"), fallback_to_soft=False)
    try:
        note.parent.mkdir(exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise LockHeld(source.lstrip("_"), _read(note).get("holder", "it left no note")) from None
    except OSError as error:
        where = f"{error.filename or note.parent}: {error.strerror}"
        if error.errno in _NO_LOCKS:
            said = "this file system has no locks; keep the database on a local disk"
        else:
            said = "the lock files beside the database cannot be written by this user"
        raise StoreError(f"{where}: {said}") from None
    me = holder(at)
    try:
        _write(note, me)
        yield me
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def is_running(database: Path, source: str) -> bool:
    """Is a process at this source? Looks without taking the lock, so that a look disturbs no run."""
    said = _read(_note(database, source))
    if not said:
        return False
    if said.get("host") != socket.gethostname():
        return True  # another machine's processes cannot be seen from here
    try:
        pid = int(said["pid"])
        os.kill(pid, 0)
    except PermissionError:  # it lives, and is another user's
        pass
    except (OSError, ValueError, KeyError, OverflowError):
        return False
    born = _born(pid)
    return born is None or said.get("born") in (None, born)


def _born(pid: int) -> str | None:
    """Return what no other process of that number has: when it began, by the kernel's own count since the boot.

    In a container that matters: its first process is number 1 each time. None where /proc does not tell.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return f"{boot} {int(stat.rpartition(')')[2].split()[19])}"  # field 22
    except (OSError, ValueError, IndexError):
        return None


def _note(database: Path, source: str) -> Path:
    # resolved: two names of one database must not be two locks
    real = database.resolve()
    return real.with_name(real.name + ".locks") / f"{source}.json"


def _write(note: Path, me: str) -> None:
    pid = os.getpid()
    said = {"holder": me, "pid": pid, "host": socket.gethostname(), "born": _born(pid)}
    try:
        note.write_text(json.dumps(said), encoding="utf-8")
    except (
        OSError
    ) as error:  # the kernel's lock is what counts, but a full disk stops a crawl anyway
        raise StoreError(f"{note}: {error.strerror}") from None


def _read(note: Path) -> dict[str, Any]:
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
