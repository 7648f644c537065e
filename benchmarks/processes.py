"""What a whole process uses, with all that it starts: CPU time, wall time, memory."""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
_PROC = Path("/proc")
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds of CPU (user and system, of the process and all it started) and of the clock; the most memory."""

    cpu: float
    wall: float
    peak_megabytes: float
    said: str


def environ() -> dict[str, str]:
    """Return the environment of what is measured: no settings of gisa's, nor of the interpreter's."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GISA_", "PYTHON"))
    }


@cache
def _compile() -> None:
    """Have the bytecode of gisa's modules on disk, as an installation has it, and as its peers have theirs."""
    for name in ("pipeline", "jobs", "benchmarks"):
        compileall.compile_dir(ROOT / name, quiet=1)


def measured(command: Sequence[str], *, within: float = 1800, cores: int | None = None) -> Used:
    """Run a command to its end, on so many of the cores that there are.

    `peak_megabytes` is the sum of the peaks (VmHWM) of the processes that lived at once, looked at every
    twentieth of a second; without /proc the largest process's own peak.

    Raises:
        SystemExit: it failed; what it said on stderr was printed.
    """
    _compile()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        began = time.perf_counter()
        child = subprocess.Popen(command, cwd=ROOT, stdout=said, env=environ())
        if cores:  # it has started nothing yet
            os.sched_setaffinity(child.pid, sorted(os.sched_getaffinity(0))[:cores])
        watch = _Watch(child.pid)
        killer = threading.Timer(within, child.kill)
        killer.start()
        watch.start()
        try:
            _, status, used = os.wait4(child.pid, 0)
        finally:
            killer.cancel()
            watch.over.set()
        wall = time.perf_counter() - began
        watch.join()
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
        said.seek(0)
        unit = 1024 if sys.platform == "darwin" else 1
        peak = watch.kilobytes or used.ru_maxrss / unit
        return Used(used.ru_utime + used.ru_stime, wall, peak / 1024, said.read())


class _Watch(threading.Thread):
    """Looks at a process and those below it until told that it is over."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.kilobytes, self.over = 0, threading.Event()
        self._pid = pid

    def run(self) -> None:
        while not self.over.wait(_LOOK_SECONDS):
            self.kilobytes = max(self.kilobytes, sum(map(_peak, _tree(self._pid))))


def _tree(pid: int) -> list[int]:
    found = [pid]
    with suppress(OSError):
        for task in (_PROC / str(pid) / "task").iterdir():
            for child in (task / "children").read_text().split():
                found += _tree(int(child))
    return found


def _peak(pid: int) -> int:
    with suppress(OSError):
        for line in (_PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0
