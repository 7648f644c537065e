"""Runs that are killed, stopped or shut out: nothing discovered is lost, and the next run completes."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import threading
from contextlib import closing

import pytest

from jobs.sample_portal import Answer, SeenRequest
from tests.jobs.desk import Desk


def listed(desk: Desk) -> set[str]:
    return {f"daum:{number}" for number in desk.portal.newsroom.ids("politics")}


def assert_sound(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def run_killed_at(desk: Desk, article: int) -> None:
    """Kill -9 the run as its n-th article request arrives; 0 is robots.txt, before anything is known."""
    asked: list[str] = []
    process = desk.start("run", stdin=None)

    def kill(request: SeenRequest) -> None:
        asked.append(request.path)
        if sum(path.startswith("/v/") for path in asked) == article:
            process.kill()

    desk.portal.on_request = kill
    assert process.wait(20) == -signal.SIGKILL
    desk.portal.on_request = None


@pytest.mark.parametrize("article", [1, 2, 5, 9])
def test_kill_9_loses_no_discovered_article(desk: Desk, article: int) -> None:
    run_killed_at(desk, article)
    assert_sound(desk)
    # at 1 the listing is read and no article is fetched: the frontier alone must hold them all
    assert {row[0] for row in desk.rows("SELECT article_id FROM visits")} == listed(desk)
    stored = desk.rows("SELECT count(*) FROM articles")[0][0]
    assert stored <= article - 1
    done = desk.gisa("run")
    assert done.code == 0
    truth = [a for a in desk.portal.newsroom.articles("politics") if a.kind == "article"]
    assert desk.rows("SELECT count(*) FROM articles") == [(len(truth),)]
    assert desk.rows("SELECT outcome FROM runs ORDER BY id") == [("crashed",), ("ok",)]


def test_kill_9_again_and_again_ends_with_every_article_once(desk: Desk) -> None:
    for _ in range(3):
        run_killed_at(desk, 2)
    done = desk.gisa("run")
    assert done.code == 0
    truth = [a for a in desk.portal.newsroom.articles("politics") if a.kind == "article"]
    assert desk.rows("SELECT count(*), max(revision) FROM articles") == [(len(truth), 1)]
    assert {r[0] for r in desk.rows("SELECT state FROM visits")} == {"settled"}
    assert_sound(desk)


def test_kill_9_before_the_listing_leaves_a_run_that_status_calls_crashed(desk: Desk) -> None:
    run_killed_at(desk, 0)
    assert desk.rows("SELECT outcome FROM runs") == [("running",)]
    (source,) = desk.gisa("status", "--format", "json").json["sources"]
    assert source["outcome"] == "crashed"
    assert re.match(r"ended without a report \(pid \d+ on ", source["detail"])
    assert desk.gisa("status", "--exit-code").code == 1


def stalled(desk: Desk, *args: str) -> tuple[subprocess.Popen[str], threading.Event]:
    """Start a command and return once it waits for an article whose answer does not come."""
    article = desk.portal.newsroom.ids("politics")[-3]
    release = threading.Event()
    desk.portal.answer(f"/v/{article}", Answer(stall=release))
    asked = desk.first_request(f"/v/{article}")
    process = desk.start(*args)
    assert asked.wait(20)
    return process, release


def test_a_second_run_is_locked_out_and_told_by_whom(desk: Desk) -> None:
    process, release = stalled(desk, "run", "-q")
    second = desk.gisa("run")
    assert (second.code, second.summary["locked"]) == (75, 1)
    assert f"another run holds the lock (pid {process.pid} on " in second.out
    (source,) = desk.gisa("status", "--format", "json").json["sources"]
    assert source["outcome"] == "running"
    silent = desk.gisa("run", "--quiet-if-locked")
    assert (silent.code, silent.out, silent.err) == (75, "", "")
    assert desk.gisa("run", "--format", "json").json["exit_code"] == 75
    release.set()
    assert process.wait(20) == 0
    assert desk.gisa("run").code == 0


def test_the_same_database_under_another_name_is_locked_too(desk: Desk) -> None:
    (desk.folder / "link").symlink_to(desk.folder)
    desk.configure("politics", pipeline='database = "link/gisa.db"')
    _, release = stalled(desk, "run", "-q")
    desk.configure("politics")
    assert desk.gisa("run").code == 75
    release.set()


def test_other_sources_are_not_locked_out(desk: Desk) -> None:
    desk.configure("politics", "society", pipeline="concurrency = 4")
    _, release = stalled(desk, "run", "politics", "-q")
    assert desk.gisa("run", "society").code == 0
    both = desk.gisa("run")
    assert (both.code, both.summary["locked"], both.summary["ok"]) == (75, 1, 1)
    assert "society" in both.out
    release.set()


def test_a_killed_holder_does_not_block(desk: Desk) -> None:
    process, release = stalled(desk, "run", "-q")
    process.kill()
    process.wait(10)
    release.set()
    desk.portal.heal()
    assert desk.gisa("run").code == 0


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_stops_a_run_in_order(desk: Desk, signum: int, code: int) -> None:
    process, release = stalled(desk, "run")
    process.send_signal(signum)
    _, err = process.communicate(timeout=5)
    release.set()
    assert process.returncode == code
    assert "Traceback" not in err
    assert err.endswith(
        f"gisa: stopped by {signal.Signals(signum).name}; what was found is kept,"
        " the next run goes on from here\n"
    )
    ((outcome, finished_at),) = desk.rows("SELECT outcome, finished_at FROM runs")
    assert outcome == "failed"
    assert finished_at
    assert {row[0] for row in desk.rows("SELECT article_id FROM visits")} == listed(desk)
    assert_sound(desk)
    desk.portal.heal()
    assert desk.gisa("run").code == 0


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_a_run_at_once(desk: Desk, signum: int) -> None:
    desk.gisa("run", "--limit", "1")
    process, release = stalled(desk, "run", "-q")
    # stopping means a last write: another writer keeps it waiting
    with closing(sqlite3.connect(desk.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        process.send_signal(signum)
        # a signal that is not caught any more proves that the first one was taken
        status = f"/proc/{process.pid}/status"
        while caught(status) & (1 << (signum - 1)):
            os.sched_yield()
        process.send_signal(signum)
        assert process.wait(5) == -signum
        other.execute("ROLLBACK")
    release.set()
    desk.portal.heal()
    assert desk.gisa("run").code == 0
    assert_sound(desk)


def caught(status: str) -> int:
    with open(status) as lines:  # noqa: PTH123
        return next(int(line.split()[1], 16) for line in lines if line.startswith("SigCgt"))
