"""`gisa run` on a disk that is full: exit 1, one line that says what to do, and the next run completes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pipeline.store import checks, open_store
from tests.jobs.desk import ROOT, Desk

_LIMITED = """
import resource, sys
from jobs.__main__ import main
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("limit", [50_000, 300_000])
def test_a_full_disk_ends_a_run_with_what_to_do(desk: Desk, limit: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(limit), "run", "--config", str(desk.config), "-q"],
        cwd=desk.folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(f"gisa: {desk.database}: ")
    assert "disk" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    with open_store(desk.database) as store:
        assert checks.damage(store, full=True) == []
        assert checks.broken(store) == []
    assert desk.gisa("run").code == 0
    truth = [a for a in desk.portal.newsroom.articles("politics") if a.kind == "article"]
    assert desk.rows("SELECT count(*) FROM articles") == [(len(truth),)]
    assert desk.rows("SELECT count(*) FROM visits WHERE state <> 'settled'") == [(0,)]
