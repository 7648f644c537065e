"""A disk that is full at any moment: a clear error, a sound database, work that goes on where it stopped."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from pipeline.store import checks, open_store
from tests.pipeline.store.filling import BATCH, MOST, save_batch

ROOT = Path(__file__).parents[3]
LIMITS = [0, 100, 4096, 20_000, 32_768, 40_000, *range(60_000, 900_000, 56_789)]


def test_a_disk_that_is_full_at_many_points(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.pipeline.store.filling", str(tmp_path), *map(str, LIMITS)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [it["limit"] for it in results] == LIMITS
    stopped_at = set()
    for it in results:
        path, saved = tmp_path / f"{it['limit']}.db", it["saved"]
        assert saved < MOST, it
        assert it["said"].startswith(f"{path}: "), it
        assert "disk" in it["said"], it
        assert "free space" in it["said"] or "full?" in it["said"], it
        stopped_at.add(saved)
        with open_store(path) as store:
            assert checks.damage(store, full=True) == [], it
            assert checks.broken(store) == [], it
            assert store.articles.count() == saved * BATCH, it  # no half batch
            save_batch(store, saved)  # there is room again: it goes on where it stopped
            assert store.articles.count() == (saved + 1) * BATCH
            assert store.visits.count_open() == 0
            assert checks.broken(store) == []
    assert len(stopped_at) > 6
