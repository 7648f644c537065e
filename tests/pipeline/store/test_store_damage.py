"""Files that a disk, a careless copy or a killed machine left: refused with what to do, or found by checks."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import StoreError
from pipeline.store import Store, checks, open_store

ROOT = Path(__file__).parents[3]
PAGE = 4096


@pytest.fixture
def whole(store: Store, later) -> Path:
    """A closed database of some dozen pages, without a log."""
    for number in range(12):
        store.articles.save(later(0, id=f"daum:{number}", text=f"본문 {number} " * 300), "politics")
    store.close()
    assert not store.path.with_name("gisa.db-wal").exists()
    return store.path


def found(path: Path) -> str:
    """What opening and examining the file say; empty where they find nothing."""
    try:
        with open_store(path) as store:
            return "; ".join([*checks.damage(store, full=True), *checks.broken(store)])
    except StoreError as error:
        return f"refused: {error}"


def overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def test_a_whole_file_has_no_fault(whole: Path) -> None:
    assert found(whole) == ""


@pytest.mark.parametrize("length", [16, 100, PAGE])
def test_a_zeroed_header_is_refused_with_what_to_do(whole: Path, length: int) -> None:
    overwrite(whole, 0, bytes(length))
    before = whole.read_bytes()
    assert found(whole).startswith("refused: ")
    assert "restore a backup" in found(whole)
    assert whole.read_bytes() == before


def test_every_page_that_is_overwritten_is_found(whole: Path, tmp_path: Path) -> None:
    pages = whole.stat().st_size // PAGE
    assert pages > 40
    for page in range(pages):
        broken = shutil.copy(whole, tmp_path / "broken.db")
        overwrite(broken, page * PAGE, b"\xff" * PAGE)
        assert found(broken), f"page {page + 1} of {pages}"


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_never_rise_as_a_bug(whole: Path, seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        overwrite(
            whole, rng.randrange(100, whole.stat().st_size), rng.randbytes(rng.randint(1, 200))
        )
        found(whole)  # a StoreError or a finding, or the bytes hit what nothing refers to


@pytest.mark.parametrize("kept", [0.05, 0.3, 0.6, 0.95])
def test_a_truncated_file_is_found(whole: Path, kept: float) -> None:
    with whole.open("r+b") as file:
        file.truncate(int(whole.stat().st_size * kept))
    assert found(whole)


_KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.records import Source
from pipeline.store import open_store
from tests.pipeline.store.neighbours import article
store = open_store(Path(sys.argv[1]))
store.sources.remember(Source("s", "daum", ("http://h",)), datetime.now(UTC))
for number in range(int(sys.argv[2])):
    store.articles.save(article(f"daum:in-log-{number}", str(number), 0), "s")
os._exit(0)  # as if it was killed: the log is not folded into the file
"""


@pytest.fixture
def logged(whole: Path) -> Path:
    """The database with 30 more articles that stand in its log alone."""
    subprocess.run([sys.executable, "-c", _KILLED, str(whole), "30"], cwd=ROOT, check=True)
    assert whole.with_name("gisa.db-wal").stat().st_size > 30 * PAGE
    return whole


def count(path: Path) -> int:
    with open_store(path) as store:
        return store.articles.count()


def test_what_stands_in_the_log_is_there(logged: Path) -> None:
    assert count(logged) == 12 + 30
    assert found(logged) == ""


def test_a_file_without_its_log_is_an_older_state_and_no_broken_one(logged: Path) -> None:
    """SQLite cannot know that there was a log: nothing can be refused, see docs/operations.md."""
    logged.with_name("gisa.db-wal").unlink()
    assert found(logged) == ""
    assert count(logged) == 12


@pytest.mark.parametrize("how", ["cut", "overwritten"])
def test_a_torn_log_counts_up_to_its_last_whole_transaction(
    logged: Path, tmp_path: Path, how: str
) -> None:
    log = logged.with_name("gisa.db-wal").read_bytes()
    counts = []
    for number, kept in enumerate((0.0, 0.2, 0.5, 0.9)):
        path = tmp_path / f"{number}.db"
        shutil.copy(logged, path)
        torn = log[: int(len(log) * kept)]
        if how == "overwritten":
            torn += random.Random(0).randbytes(len(log) - len(torn))
        path.with_name(f"{path.name}-wal").write_bytes(torn)
        assert found(path) == ""
        counts.append(count(path))
    assert counts[0] == 12 < counts[1] < counts[2] < counts[3] < 42
