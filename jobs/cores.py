"""How many cores this process may use: by affinity, and by the quota of its control group."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_CGROUP = Path("/proc/self/cgroup")
_ROOT = Path("/sys/fs/cgroup")


def usable_cores(cgroup: Path = _CGROUP, root: Path = _ROOT) -> int:
    """Return how many, at least 1. A quota of one and a half (`CPUQuota=150%`, `--cpus 1.5`) is one core."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(cores, int(_quota(cgroup, root))))


def _quota(cgroup: Path, root: Path) -> float:
    """Return the least quota of the control groups (version 2) that we are in, in cores."""
    least = float(1_000_000)
    with suppress(OSError, ValueError):
        own = cgroup.read_text(encoding="utf-8").partition("0::/")[2].partition("\n")[0]
        folder = root / own
        for each in (folder, *folder.parents):
            if not each.is_relative_to(root):
                break
            with suppress(OSError, ValueError):
                quota, period = (each / "cpu.max").read_text(encoding="ascii").split()
                least = min(least, int(quota) / int(period))  # "max" is no number
    return least
