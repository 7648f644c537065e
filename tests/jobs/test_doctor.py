"""`gisa doctor`: what it finds, and that it finds it without breaking on it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from jobs.verbs.doctor import has_wal_reset_bug
from tests.jobs.desk import Desk


def findings(desk: Desk, code: int, **env: str) -> dict[str, tuple[str, str]]:
    done = desk.gisa("doctor", "--format", "json", env=env or None)
    assert (done.code, done.err) == (code, "")
    return {finding["what"]: (finding["state"], finding["said"]) for finding in done.json}


def test_all_is_well(desk: Desk) -> None:
    before = findings(desk, 0)["database"]
    assert before == ("ok", f"{desk.database} does not exist yet: the first run makes it")
    assert not desk.database.exists()
    desk.gisa("run")
    found = findings(desk, 0)
    articles = desk.rows("SELECT count(*) FROM articles")[0][0]
    assert found["database"][0] == "ok"
    assert found["database"][1].endswith(f"{articles} articles")
    assert {state for state, _ in found.values()} <= {"ok", "warning"}
    text = desk.gisa("doctor").out.splitlines()
    assert [line.split()[1] for line in text] == list(found)


def test_a_missing_contact_is_a_warning(desk: Desk) -> None:
    state, said = findings(desk, 0, GISA_CONTACT="")["contact"]
    assert state == "warning"
    assert "publishers cannot reach you" in said


def test_a_mistyped_variable_is_a_warning(desk: Desk) -> None:
    state, said = findings(desk, 0, GISA_CONTCT="x", GISA_SERVICE_HOST="10.0.0.1")["environment"]
    assert state == "warning"
    assert said == "GISA_CONTCT is no setting and has no effect; did you mean GISA_CONTACT?"


def test_every_fault_of_the_configuration_is_a_finding(desk: Desk) -> None:
    desk.config.write_text('[pipeline]\ncontct = ""\ndelay = 1\n')
    done = desk.gisa("doctor")
    faults = [line for line in done.out.splitlines() if line.startswith("fault")]
    assert done.code == 1
    assert [f"{desk.config}:{n}: " in line for n, line in enumerate(faults, 2)] == [True, True]


def test_a_schedule_that_never_comes_due_is_a_fault(desk: Desk) -> None:
    desk.configure("politics", source='cron = "0 0 30 2 *"')
    state, said = findings(desk, 1)["configuration"]
    assert state == "fault"
    assert said.endswith("source.politics.cron: '0 0 30 2 *' never comes due")


def test_a_missing_configuration_or_folder_is_a_fault(desk: Desk) -> None:
    found = findings(desk, 1, GISA_DATABASE="nowhere/gisa.db")
    assert found["database"][0] == "fault"
    assert "nowhere does not exist" in found["database"][1]
    desk.config.unlink()
    assert findings(desk, 1)["configuration"][0] == "fault"


def test_a_damaged_database_is_a_fault_with_advice(desk: Desk) -> None:
    desk.gisa("run")
    with closing(sqlite3.connect(desk.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'articles'"
        ).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    content = bytearray(desk.database.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    desk.database.write_bytes(content)
    state, said = findings(desk, 1)["database"]
    assert state == "fault"
    assert "restore a backup" in said
    for verb in ("status", "show x", "run"):
        assert "Traceback" not in desk.gisa(*verb.split()).err


def test_what_is_no_database_is_a_fault(desk: Desk) -> None:
    desk.database.write_bytes(b"SQLite format 4, which does not exist" * 100)
    assert findings(desk, 1)["database"][0] == "fault"


def test_broken_references_are_a_fault(desk: Desk) -> None:
    desk.gisa("run", "--limit", "1")
    with closing(sqlite3.connect(desk.database, isolation_level=None)) as db:
        db.execute("DELETE FROM sources")
    state, said = findings(desk, 1)["database"]
    assert (state, "broken references" in said) == ("fault", True)


def test_a_database_of_a_newer_gisa_is_a_fault(desk: Desk) -> None:
    desk.gisa("run", "--limit", "1")
    with closing(sqlite3.connect(desk.database, isolation_level=None)) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('gisa', 'step_999_future', '2030-01-01')"
        )
    state, said = findings(desk, 1)["database"]
    assert state == "fault"
    assert "written by a newer gisa" in said
    done = desk.gisa("run")
    assert (done.code, done.out) == (1, "")


@pytest.mark.parametrize(
    ("release", "has_it"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((3, 6, 23), False),
    ],
)
def test_releases_with_the_wal_reset_bug(release: tuple[int, int, int], has_it: bool) -> None:
    assert has_wal_reset_bug(release) is has_it
