"""`gisa doctor`: what it finds, and that it finds it without breaking on it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from jobs.verbs import doctor_database
from pipeline.store import sqlite_build
from pipeline.store.space import Space
from tests.jobs.desk import Desk
from tests.pipeline.store.test_store_migrations import NAMES, fill, older


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


def test_a_sqlite_with_the_wal_reset_bug_is_a_warning(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert findings(desk, 0)["sqlite"] == ("ok", "3.51.3")
    monkeypatch.setattr(sqlite_build, "RELEASE", (3, 40, 1))
    state, said = findings(desk, 0)["sqlite"]
    assert state == "warning"
    assert "pip install --only-binary=:all: pysqlite3" in said


def test_an_older_schema_is_a_warning_and_left_alone(desk: Desk) -> None:
    with older(desk.database, 2) as db:
        fill(db)
    found = findings(desk, 0)
    assert found["schema"][0] == "warning"
    assert "gisa migrate" in found["schema"][1]
    assert found["database"][0] == "ok"
    assert desk.rows("SELECT count(*) FROM _sqlite_migrations") == [(2,)]
    desk.gisa("migrate")
    assert findings(desk, 0)["schema"] == ("ok", f"{NAMES[-1]} is the newest step")


def test_rows_that_do_not_agree_are_a_fault(desk: Desk) -> None:
    desk.gisa("run", "--limit", "2")
    assert findings(desk, 0)["rows"] == ("ok", "articles, revisions and visits agree")
    with closing(sqlite3.connect(desk.database, isolation_level=None)) as db:
        db.execute("DELETE FROM revisions")
    state, said = findings(desk, 1)["rows"]
    assert state == "fault"
    assert "do not have the revisions 1 to articles.revision: daum:" in said


def test_an_index_that_lost_a_row_is_found_by_a_full_look_only(desk: Desk) -> None:
    desk.gisa("run", "--limit", "3")
    with closing(sqlite3.connect(desk.database, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        swap = "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = ?)"
        db.execute(f"{swap} WHERE name = 'articles_source'", ["articles_first_seen_at"])
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    done = desk.gisa("doctor", "--full")
    assert done.code == 1
    assert "restore a backup" in done.out


def test_a_long_log_and_free_pages_are_warnings(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.gisa("run", "--limit", "1")
    found = findings(desk, 0)
    assert (found["log"][0], found["space"][0]) == ("ok", "ok")

    def told(*sizes: int) -> tuple[str, str]:
        monkeypatch.setattr(doctor_database, "space_of", lambda _: Space(*sizes))
        found = findings(desk, 0)
        return found["log"][0], found["space"][0]

    mb = 10**6
    assert told(1 * mb, 5 * mb, 0) == ("ok", "ok")  # a new database: its log is of the usual size
    assert told(10 * mb, 11 * mb, 0) == ("warning", "ok")
    assert told(100 * mb, 60 * mb, 0) == ("ok", "ok")
    assert told(1000 * mb, 70 * mb, 0) == ("warning", "ok")
    assert told(1000 * mb, 0, 240 * mb) == ("ok", "ok")
    assert told(1000 * mb, 0, 260 * mb) == ("ok", "warning")
    assert told(10 * mb, 0, 9 * mb) == ("ok", "ok")


def test_a_network_file_system_is_a_warning(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "file system" not in findings(desk, 0)
    monkeypatch.setattr(doctor_database, "network_file_system", lambda _: "nfs4")
    state, said = findings(desk, 0)["file system"]
    assert state == "warning"
    assert "on a network (nfs4)" in said


def test_run_and_daemon_say_it_once_in_their_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> None:
        return

    monkeypatch.setattr("jobs.daemon.run_daemon", nothing)
    commands = (("run", "--limit", "1"), ("daemon",))
    assert [desk.gisa(*command).err.count("WAL-reset") for command in commands] == [0, 0]
    monkeypatch.setattr(sqlite_build, "RELEASE", (3, 50, 6))
    for command in commands:
        assert desk.gisa(*command).err.count("warning SQLite 3.50.6 has the WAL-reset bug") == 1
        assert desk.gisa(*command, "-q").err == ""
