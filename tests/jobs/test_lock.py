"""The lock of a source: who holds it, and what becomes of it on file systems that have none."""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobs.lock import is_running, source_lock
from pipeline.errors import LockHeld, StoreError
from tests.jobs.desk import ROOT

AT = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)
HOLD = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from jobs.lock import source_lock
with source_lock(Path(sys.argv[1]), "politics", datetime.now(UTC)):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "gisa.db"


def test_the_holder_is_told_with_pid_host_and_start(database: Path) -> None:
    said = (
        rf"pid {os.getpid()} on {re.escape(socket.gethostname())} since 2026-09-27 03:00:00\+0000"
    )
    with source_lock(database, "politics", AT) as holder:
        assert re.fullmatch(said, holder)
        assert is_running(database, "politics")
        assert not is_running(database, "society")
        with source_lock(database, "society", AT):
            pass
        with pytest.raises(LockHeld, match=said), source_lock(database, "politics", AT):
            pass
    assert not is_running(database, "politics")
    with source_lock(database, "politics", AT):
        pass


def test_a_crashed_holder_blocks_nobody_and_is_not_running(database: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert is_running(database, "politics")
        held = pytest.raises(LockHeld, match=f"pid {process.pid} on ")
        with held, source_lock(database, "politics", AT):
            pass
        process.send_signal(signal.SIGKILL)
    assert not is_running(database, "politics")
    with source_lock(database, "politics", AT):
        pass


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK])
def test_without_locks_there_is_an_error_and_no_file_that_a_crash_would_leave(
    database: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fails(_fd: int, _operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", fails)
    for _ in range(2):
        refused = pytest.raises(StoreError, match="this file system has no locks")
        with refused, source_lock(database, "politics", AT):
            pass
    assert not is_running(database, "politics")
