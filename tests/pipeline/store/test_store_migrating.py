"""The schema brought up to date on request: with a copy before, all or nothing, and no step left unsaid."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from sqlite_utils import Database

from pipeline.errors import StoreError
from pipeline.store import open_store
from pipeline.store.migrating import known_steps, migrate, pending, room_needed
from pipeline.store.schema import STEPS
from tests.pipeline.store.test_store_migrations import NAMES, fill, older


def tables(path: Path) -> list[tuple[object, ...]]:
    with open_store(path, migrate=False) as store:
        return [tuple(row) for row in store.db.conn.execute("SELECT name, sql FROM sqlite_schema")]


@pytest.fixture
def old(path: Path) -> Path:
    """A database of two steps with two articles in it."""
    with older(path, 2) as db:
        fill(db)
    return path


def test_opening_without_migrating_leaves_an_older_schema(old: Path) -> None:
    before = tables(old)
    with open_store(old, migrate=False) as store:
        assert pending(store) == NAMES[2:]
        assert store.articles.count() == 2
    assert tables(old) == before


def test_the_steps_are_taken_and_the_copy_is_as_it_was(old: Path) -> None:
    before = tables(old)
    with open_store(old, migrate=False) as store:
        made = migrate(store)
        assert made is not None
        assert pending(store) == []
        assert store.db.conn.execute("PRAGMA foreign_keys").fetchone()[0] == 1
        assert len(store.articles.revisions("daum:1")) == 2
        assert migrate(store) is None
    assert made.path == old.with_name(f"gisa.db.before-{NAMES[2]}")
    assert made.articles == 2
    assert tables(made.path) == before
    with open_store(made.path) as again:  # a downgrade, and another upgrade
        assert [step.name for step in STEPS.applied(again.db)] == NAMES == known_steps()


def test_an_earlier_copy_is_not_replaced(old: Path) -> None:
    taken = old.with_name(f"gisa.db.before-{NAMES[2]}")
    taken.write_text("an earlier one")
    with open_store(old, migrate=False) as store:
        made = migrate(store)
    assert made is not None
    assert made.path.name == f"gisa.db.before-{NAMES[2]}-2"
    assert taken.read_text() == "an earlier one"


def test_an_empty_file_and_one_without_backup_are_not_copied(old: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    for path, backup in ((tmp_path / "empty.db", True), (old, False)):
        with open_store(path, migrate=False) as store:
            assert migrate(store, backup=backup) is None
            assert pending(store) == []
    assert [it.name for it in tmp_path.iterdir() if "before" in it.name] == []


def test_steps_that_fail_change_nothing_and_leave_the_copy(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, apply = tables(old), STEPS.apply

    def fails_at_last(db: Database) -> None:
        apply(db)
        db.execute("DROP TABLE nothing")

    monkeypatch.setattr(STEPS, "apply", fails_at_last)
    with open_store(old, migrate=False) as store:
        with pytest.raises(Exception, match="nothing"):
            migrate(store)
        assert store.db.conn.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert tables(old) == before == tables(old.with_name(f"gisa.db.before-{NAMES[2]}"))


def test_too_little_room_is_told_before_anything_is_done(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = room_needed(old, backup=True)
    assert needed == 3 * old.stat().st_size
    usage = shutil.disk_usage(old.parent)._replace(free=needed - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    before = tables(old)
    with open_store(old, migrate=False) as store:
        with pytest.raises(StoreError, match="--no-backup"):
            migrate(store)
        assert tables(old) == before
        assert [it.name for it in old.parent.iterdir() if "before" in it.name] == []
        assert migrate(store, backup=False) is None
        assert pending(store) == []


def test_nobody_writes_between_the_copy_and_the_steps(old: Path) -> None:
    """What a neighbour commits is either in the copy, or came after the steps."""
    waits, done = threading.Event(), threading.Event()

    def neighbour() -> None:
        with open_store(old, migrate=False) as store:
            waits.wait(20)
            with store.writing() as db:
                db.execute("INSERT INTO hosts (authority) VALUES ('neighbour')")
        done.set()

    thread = threading.Thread(target=neighbour)
    thread.start()
    with open_store(old, migrate=False) as store:

        def told(_left: int, _total: int) -> None:
            waits.set()
            assert not done.is_set()

        made = migrate(store, told=told)
        thread.join(20)
        assert done.is_set()
        assert [row["authority"] for row in store.rows("SELECT * FROM hosts")] == ["neighbour"]
    assert made is not None
    with open_store(made.path, migrate=False) as copy:
        assert copy.rows("SELECT * FROM hosts") == []


def test_a_newer_schema_is_refused(path: Path) -> None:
    with open_store(path) as store:
        store.db.table("_sqlite_migrations").insert(
            {"migration_set": "gisa", "name": "step_999_future", "applied_at": "2030"}
        )
    with pytest.raises(StoreError, match="newer gisa"):
        open_store(path, migrate=False)
