"""Two writers and a reader on one database, each a process: no error, no lost write, no half article."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipeline.store import checks, open_store
from tests.pipeline.store.neighbours import SHARED, SIZE

ROOT = Path(__file__).parents[3]


def start(path: Path, *args: object) -> subprocess.Popen[str]:
    role, *rest = map(str, args)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.pipeline.store.neighbours", role, str(path), *rest],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    said: dict[str, Any] = json.loads(out)
    return said


def live_together(path: Path, *, batches: int, seconds: float) -> dict[str, Any]:
    """Let them work, and check what they saw and left; return the figures."""
    with open_store(path):
        pass
    reader = start(path, "reader")
    writers = [start(path, "writer", name, batches, seconds) for name in ("one", "two")]
    done = [ended(writer) for writer in writers]
    saw = ended(reader)
    assert saw["torn"] == []
    written = sum(it["batches"] for it in done)
    results = Counter(result for it in done for result in it["results"])
    # each batch revises the shared article, but for the first of all, which makes it
    assert results == {"new": written * SIZE + 1, "revised": written - 1}
    with open_store(path) as store:
        assert checks.damage(store, full=True) == []
        assert checks.broken(store) == []
        assert store.articles.count() == written * SIZE + 1
        assert len(store.articles.revisions(SHARED)) == written
        assert store.visits.count_open() == 0
    waited = max(it["longest_wait"] for it in done)
    return {
        "batches": written, "looks": saw["looks"], "longest_wait": round(waited, 3),
        "longest_look": round(saw["longest_look"], 3),
    }  # fmt: skip


def test_two_writers_and_a_reader(path: Path, record_property: Any) -> None:
    figures = live_together(path, batches=60, seconds=0)
    record_property("figures", figures)
    assert figures["looks"] > 0


@pytest.mark.long
@pytest.mark.timeout(180)
def test_two_writers_and_a_reader_for_a_minute(path: Path) -> None:
    figures = live_together(path, batches=0, seconds=60)
    print(figures)  # `make test-long` shows it
    assert figures["longest_wait"] < 30
