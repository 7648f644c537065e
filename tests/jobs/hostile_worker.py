"""A worker that pages can kill, hold up or make late, to be started in place of the real one."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection

from jobs.importing import worker
from pipeline.importing import reading
from pipeline.importing.found import Found
from pipeline.importing.reading import Read, Reading


def main(line: Connection, how: Reading) -> None:
    """What a page does stands in its body."""
    worker.read = hostile  # type: ignore[attr-defined]
    worker.main(line, how)


def hostile(found: Found, how: Reading) -> Read:
    match found.body:
        case b"kills":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"kills once":
            try:
                os.close(os.open(found.url, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                return Read(None, "read again")
            os.kill(os.getpid(), signal.SIGKILL)
        case b"hangs":
            signal.pause()
        case b"breaks":
            raise RuntimeError("a bug")
    return Read(None, f"read {found.number}")


assert reading.read is worker.read


def dead(line: Connection, how: Reading) -> None:
    """One that never starts."""
    os._exit(3)
