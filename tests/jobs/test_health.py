"""`gisa health`: healthy or not, by exit code and one line, whatever others are doing meanwhile."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.lock import DAEMON, is_running, source_lock
from jobs.sample_portal import Answer
from pipeline.config import load
from pipeline.records import CrawlReport
from pipeline.store import open_store
from tests.jobs.desk import ROOT, Desk


def told(desk: Desk, *args: str) -> tuple[int, str]:
    done = desk.gisa("health", *args)
    assert done.err == ""
    return done.code, done.out.strip()


def ran(desk: Desk, ago: timedelta, outcome: str = "ok", name: str = "politics") -> None:
    at = datetime.now(UTC) - ago
    with open_store(desk.database) as store:
        store.sources.remember(load(desk.config, {}).sources[name], at)
        number = store.runs.begin(name, at, "pid 1 on elsewhere")
        if outcome != "crashed":
            store.runs.finish(number, CrawlReport(name, at, at, outcome, "why"))  # type: ignore[arg-type]


def test_after_a_good_run_all_is_well(desk: Desk) -> None:
    desk.configure("politics", source='every = "10m"')
    desk.gisa("run")
    assert told(desk) == (0, "healthy")
    assert told(desk, "--quiet") == (0, "")
    assert desk.gisa("health", "--format", "json").json == {"healthy": True, "faults": []}


def test_without_a_database_nothing_is_well_and_none_is_made(desk: Desk) -> None:
    code, said = told(desk)
    assert code == 1
    assert said.startswith(f"unhealthy: {desk.database} does not exist yet")
    assert not desk.database.exists()
    desk.database.write_bytes(b"no database at all" * 1000)
    code, said = told(desk)
    assert (code, "not a database" in said) == (1, True)


@pytest.mark.parametrize(("minutes", "code"), [(29, 0), (31, 1)])
def test_a_source_is_late_after_three_intervals_without_success(
    desk: Desk, minutes: int, code: int
) -> None:
    desk.configure("politics", source='every = "10m"')
    ran(desk, timedelta(minutes=minutes))
    ran(desk, timedelta(minutes=1), "failed")
    assert told(desk)[0] == code
    assert told(desk, "--max-age", "30m")[0] == code
    assert told(desk, "--max-age", "1h")[0] == 0
    assert told(desk, "--fail-on", "none")[0] == 0


def test_a_crontab_expression_has_its_third_time_to_come(desk: Desk) -> None:
    desk.configure("politics", source='cron = "0 * * * *"')
    ran(desk, timedelta(hours=2))
    assert told(desk) == (0, "healthy")
    ran(desk, timedelta(hours=5), name="politics")
    desk.configure("politics", source='cron = "*/5 * * * *"')
    code, said = told(desk)
    assert code == 1
    assert said.startswith("unhealthy: politics ended well last ")


def test_a_source_without_a_schedule_is_late_by_max_age_only(desk: Desk) -> None:
    ran(desk, timedelta(days=40))
    assert told(desk)[0] == 0
    assert told(desk, "--max-age", "30d")[0] == 1


def test_one_that_never_ended_well_is_late(desk: Desk) -> None:
    desk.configure("politics", source='every = "10m"')
    ran(desk, timedelta(minutes=1), "drift")
    assert told(desk) == (1, "unhealthy: politics has never ended well")


@pytest.mark.parametrize("outcome", ["crashed", "failed", "drift", "blocked"])
def test_which_ends_count_is_the_callers_choice(desk: Desk, outcome: str) -> None:
    ran(desk, timedelta(minutes=2))
    ran(desk, timedelta(minutes=1), outcome)
    assert told(desk, "--fail-on", "none") == (0, "healthy")
    others = {"crashed", "failed", "drift", "blocked"} - {outcome}
    assert told(desk, "--fail-on", ",".join(others)) == (0, "healthy")
    done = desk.gisa("health", "--fail-on", f"late,{outcome}", "--format", "json")
    assert done.code == 1
    (fault,) = done.json["faults"]
    assert (fault["what"], fault["source"]) == (outcome, "politics")
    assert told(desk)[0] == (1 if outcome == "crashed" else 0)


def test_sources_that_are_off_or_gone_count_for_nothing(desk: Desk) -> None:
    desk.configure("politics", "society", source='every = "10m"')
    ran(desk, timedelta(hours=9), name="society")
    ran(desk, timedelta(minutes=1))
    assert told(desk)[0] == 1
    desk.configure("politics", source='every = "10m"')
    assert told(desk)[0] == 0


def test_a_wrong_state_is_refused(desk: Desk) -> None:
    done = desk.gisa("health", "--fail-on", "late,blokced")
    assert done.code == 2
    assert "no such state: blokced; there are late, crashed" in done.err


def test_the_daemon_must_live_if_asked_for(desk: Desk) -> None:
    desk.gisa("run")
    assert told(desk, "--daemon") == (1, "unhealthy: no daemon is running")
    with source_lock(desk.database, DAEMON, datetime.now(UTC)):
        assert told(desk, "--daemon") == (0, "healthy")
    assert told(desk, "--daemon")[0] == 1


def note_of(desk: Desk, born: str | None) -> None:
    note = Path(f"{desk.database}.locks") / f"{DAEMON}.json"
    note.parent.mkdir(exist_ok=True)
    said = {"holder": "me", "pid": os.getpid(), "host": socket.gethostname(), "born": born}
    note.write_text(json.dumps(said), encoding="utf-8")


def test_another_process_with_the_number_of_a_dead_one_is_not_it(desk: Desk) -> None:
    note_of(desk, "a boot of long ago 4711")
    assert not is_running(desk.database, DAEMON)
    note_of(desk, None)  # an older gisa wrote none
    assert is_running(desk.database, DAEMON)


@contextmanager
def writing(desk: Desk) -> Iterator[None]:
    with open_store(desk.database) as store, store.writing() as db:
        db.execute("UPDATE runs SET detail = 'under way'")
        yield


def test_it_neither_waits_for_a_writer_nor_writes(desk: Desk) -> None:
    desk.gisa("run")
    before = desk.dump()
    with writing(desk):
        began = datetime.now(UTC)
        assert told(desk) == (0, "healthy")
        assert datetime.now(UTC) - began < timedelta(seconds=5)
        assert desk.dump() == before
    names = {path.name for path in desk.folder.iterdir()}
    assert told(desk) == (0, "healthy")
    assert {path.name for path in desk.folder.iterdir()} <= names | {"gisa.db-wal", "gisa.db-shm"}


def test_what_a_server_said_cannot_steer_the_terminal(desk: Desk) -> None:
    desk.portal.answer("/politics", Answer(headers={"Content-Type": "x/\x1b]0;pwned\x07"}))
    desk.gisa("run")
    assert told(desk, "--fail-on", "all")[1].isprintable()


def test_it_loads_little(desk: Desk) -> None:
    desk.gisa("run")
    heavy = ("httpx", "aiohttp", "apscheduler", "prometheus_client")
    look = (
        "import sys; from jobs.__main__ import main;"
        f" code = main(['health', '--config', {str(desk.config)!r}]);"
        f" print(code, sorted(set({heavy!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == "healthy\n0 []\n"
