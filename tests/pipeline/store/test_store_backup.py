"""A copy while others write: whole, of one moment, and there only once it is."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.errors import StoreError
from pipeline.store import Store, backup, checks, open_store
from pipeline.store.backup import back_up

ROOT = Path(__file__).parents[3]


@pytest.fixture
def filled(store: Store, later) -> Store:
    for number in range(30):
        store.articles.save(later(0, id=f"daum:{number}", text=f"본문 {number} " * 200), "politics")
    return store


def names(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.iterdir())


def test_the_copy_is_a_database_of_ours_with_every_row(filled: Store, tmp_path: Path, dump) -> None:
    steps: list[tuple[int, int]] = []
    made = back_up(filled.path, tmp_path / "copy.db", told=lambda *said: steps.append(said))
    assert (made.articles, made.size) == (30, (tmp_path / "copy.db").stat().st_size)
    assert steps[-1][0] == 0 < steps[-1][1]
    with open_store(made.path) as copy:
        assert dump(copy) == dump(filled)
        assert checks.damage(copy, full=True) == checks.broken(copy) == []
    assert [n for n in names(tmp_path) if "part" in n or n.startswith("copy.db-")] == []


def test_a_copy_while_a_process_writes_is_of_one_moment(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_PAGES_A_STEP", 4)
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.pipeline.store.neighbours", "writer", str(filled.path),
         "one", "50000", "0"], cwd=ROOT,
    )  # fmt: skip
    try:
        seen: list[int] = []

        def told(left: int, total: int) -> None:
            """Between two steps of the copy let the writer commit."""
            with filled.reading():
                before = filled.articles.count()
            while filled.articles.count() == before and len(seen) < 20:
                assert writer.poll() is None
                os.sched_yield()
            seen.append(filled.articles.count())

        while filled.articles.count() < 40:
            assert writer.poll() is None
            os.sched_yield()
        made = back_up(filled.path, tmp_path / "copy.db", told=told)
    finally:
        writer.kill()
        writer.wait(10)
    assert made.articles < seen[0] < seen[-1]  # it was written to all the time
    with open_store(made.path) as copy:
        assert checks.damage(copy, full=True) == checks.broken(copy) == []
        assert copy.articles.count() == made.articles
        # the other writer's transactions came over whole: four articles of their own each
        ids = [row["id"] for row in copy.rows("SELECT id FROM articles WHERE id LIKE 'daum:one-%'")]
        assert set(Counter(i.rsplit("-", 1)[0] for i in ids).values()) == {4}


def test_what_is_there_is_replaced_on_request_only(filled: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with pytest.raises(StoreError, match=r"copy\.db exists: .*--force"):
        back_up(filled.path, target)
    assert target.read_text() == "mine"
    assert back_up(filled.path, target, overwrite=True).articles == 30
    with open_store(target, create=False) as copy:
        assert copy.articles.count() == 30


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
def test_the_database_itself_is_no_target(filled: Store, end: str) -> None:
    with pytest.raises(StoreError, match="belongs to the database itself"):
        back_up(filled.path, Path(f"{filled.path}{end}"), overwrite=True)
    assert filled.articles.count() == 30


def test_the_database_under_another_name_is_no_target(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "soft").symlink_to(filled.path)
    (tmp_path / "hard").hardlink_to(filled.path)
    for name in ("soft", "hard"):
        with pytest.raises(StoreError, match="belongs to the database itself"):
            back_up(filled.path, tmp_path / name, overwrite=True)


def test_a_missing_folder_a_folder_and_a_database_in_use_are_no_targets(
    filled: Store, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="nowhere does not exist: make it"):
        back_up(filled.path, tmp_path / "nowhere" / "copy.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError, match="is no file"):
        back_up(filled.path, tmp_path / "folder", overwrite=True)
    with open_store(tmp_path / "other.db") as other:
        other.hosts.answered_well("h")
        with pytest.raises(StoreError, match=r"other\.db-wal lies beside"):
            back_up(filled.path, tmp_path / "other.db", overwrite=True)


def test_a_missing_database_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist yet"):
        back_up(tmp_path / "gisa.db", tmp_path / "copy.db")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_who_may_read_the_database_may_read_the_copy(
    filled: Store, tmp_path: Path, mode: int
) -> None:
    filled.path.chmod(mode)
    made = back_up(filled.path, tmp_path / "copy.db")
    assert stat.S_IMODE(made.path.stat().st_mode) == mode


def test_an_older_schema_is_copied_as_it_is(tmp_path: Path) -> None:
    from tests.pipeline.store.test_store_migrations import older

    with older(tmp_path / "old.db", 2):
        pass
    with open_store(tmp_path / "old.db", migrate=False) as store:
        back_up(store.path, tmp_path / "copy.db")
        schema = "SELECT name, sql FROM sqlite_schema ORDER BY name"
        with open_store(tmp_path / "copy.db", migrate=False) as copy:
            assert copy.rows(schema) == store.rows(schema)


def test_too_little_room_is_told_before_anything_is_written(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    before = names(tmp_path)
    with pytest.raises(StoreError, match="MB are needed and 0 MB are free"):
        back_up(filled.path, tmp_path / "copy.db")
    assert names(tmp_path) == before


_LIMITED = """
import resource, sys
from pathlib import Path
from pipeline.errors import StoreError
from pipeline.store.backup import back_up
path, target, limits = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
for limit in map(int, limits):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        back_up(path, target, overwrite=True)
        print("made")
    except StoreError as error:
        print(error)
"""


def test_a_disk_that_fills_up_leaves_no_half_copy(filled: Store, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "copy.db"
    target.parent.mkdir()
    target.write_text("the copy of yesterday")
    size = filled.path.stat().st_size
    limits = [0, 1, 4096, 5000, *range(10_000, size, size // 8)]
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(filled.path), str(target), *map(str, limits)],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == len(limits)
    for line in lines:
        assert line.startswith(f"{target}: ")
        assert "free space on that disk" in line
    assert names(target.parent) == ["copy.db"]
    assert target.read_text() == "the copy of yesterday"
    assert checks.damage(filled, full=True) == []


def test_a_damaged_database_makes_no_copy(filled: Store, tmp_path: Path) -> None:
    filled.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (page,) = filled.db.conn.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'revisions'"
    ).fetchone()
    filled.close()
    with filled.path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    before = names(tmp_path)
    with pytest.raises(StoreError, match="damaged"):
        back_up(filled.path, tmp_path / "copy.db")
    assert names(tmp_path) == before


def test_a_stop_in_the_middle_leaves_nothing(filled: Store, tmp_path: Path) -> None:
    def stop(*_said: int) -> None:
        raise KeyboardInterrupt

    before = names(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        back_up(filled.path, tmp_path / "copy.db", told=stop)
    assert names(tmp_path) == before
