"""`gisa backup` and `gisa migrate`: what they print, where they refuse, and that a backup restores."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs.desk import Desk
from tests.pipeline.store.test_store_migrations import NAMES, fill, older


@pytest.fixture
def ran(desk: Desk) -> Desk:
    desk.gisa("run", "--limit", "4")
    return desk


def test_a_backup_is_made_told_and_restored(ran: Desk) -> None:
    (articles,) = ran.rows("SELECT count(*) FROM articles")[0]
    done = ran.gisa("backup", "copy.db")
    copy = ran.folder / "copy.db"
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{copy}: {copy.stat().st_size / 1e6:.1f} MB, {articles} articles\n"
    before = ran.dump()
    ran.gisa("run")
    assert ran.dump() != before
    copy.replace(ran.database)  # as docs/operations.md has it: nobody has the database open
    assert ran.dump() == before
    assert ran.gisa("run").code == 0
    assert ran.gisa("doctor", "--full").code == 0


def test_json_and_force(ran: Desk) -> None:
    copy = ran.folder / "copy.db"
    said = ran.gisa("backup", "copy.db", "--format", "json").json
    assert said == {"file": str(copy), "bytes": copy.stat().st_size, "articles": said["articles"]}
    refused = ran.gisa("backup", "copy.db")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == f"gisa: {copy} exists: name another file, or replace it with --force\n"
    assert ran.gisa("backup", "copy.db", "--force").code == 0


def test_there_must_be_something_to_copy(desk: Desk) -> None:
    done = desk.gisa("backup", "copy.db")
    assert done.code == 1
    assert "does not exist yet" in done.err
    assert not (desk.folder / "copy.db").exists()
    desk.database.write_text("no database at all" * 300)
    assert "no SQLite database" in desk.gisa("backup", "copy.db").err


@pytest.fixture
def old(desk: Desk) -> Path:
    with older(desk.database, 2) as db:
        fill(db)
    return desk.database


def test_migrate_tells_what_it_would_do_and_does_it(desk: Desk, old: Path) -> None:
    steps = ", ".join(NAMES[2:])
    dry = desk.gisa("migrate", "--dry-run")
    assert dry.out.startswith(f"to take: {steps}; needs up to ")
    assert desk.rows("SELECT count(*) FROM _sqlite_migrations") == [(2,)]
    done = desk.gisa("migrate")
    copy = old.with_name(f"gisa.db.before-{NAMES[2]}")
    assert (done.code, done.out) == (0, f"taken: {steps}\nas it was before: {copy}\n")
    assert copy.exists()
    again = desk.gisa("migrate")
    assert (again.code, again.out) == (0, f"{old} is up to date\n")


def test_migrate_without_backup_in_json(desk: Desk, old: Path) -> None:
    said = desk.gisa("migrate", "--no-backup", "--format", "json").json
    assert said == {"database": str(old), "steps": NAMES[2:], "backup": None, "dry_run": False}
    assert [it.name for it in desk.folder.iterdir() if "before" in it.name] == []
    assert desk.gisa("migrate", "--format", "json").json["steps"] == []


def test_migrate_makes_no_database(desk: Desk) -> None:
    assert "does not exist yet" in desk.gisa("migrate").err
    assert not desk.database.exists()
