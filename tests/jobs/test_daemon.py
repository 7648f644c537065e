"""`gisa daemon` as a process of its own, on the sample portal."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import threading
from contextlib import closing

import pytest

from jobs.sample_portal import Answer
from tests.jobs.desk import Desk

EVERY_HOUR = 'every = "1h"'


def lines_until(process: subprocess.Popen[str], wanted: str) -> list[str]:
    """Read the log up to a line that matches."""
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if re.search(wanted, line):
            return lines
    raise AssertionError(f"the daemon ended without {wanted!r}: {''.join(lines)}")


def stop(process: subprocess.Popen[str], signum: int = signal.SIGTERM) -> str:
    process.send_signal(signum)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in err
    assert out == ""
    return err


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_due_source_is_crawled_at_once_and_a_signal_ends_it_well(desk: Desk, signum: int) -> None:
    desk.configure("politics", source=EVERY_HOUR)
    daemon = desk.start("daemon")
    log = lines_until(daemon, r"politics ok in ")
    assert any("politics every 1h, next " in line for line in log)
    assert stop(daemon, signum).splitlines()[-1].endswith("stopped")
    assert desk.rows("SELECT outcome FROM runs") == [("ok",)]


def test_it_goes_on_by_the_interval_and_a_failing_crawl_stops_nothing(desk: Desk) -> None:
    desk.configure("politics", pipeline='log_format = "json"', source='every = "1s"')
    desk.portal.answer("/politics", Answer(status=500, times=1))
    daemon = desk.start("daemon")
    events = [json.loads(line) for line in lines_until(daemon, r"politics ok in ")]
    outcomes = [event["outcome"] for event in events if "outcome" in event]
    assert outcomes == ["failed", "ok"]
    assert all({"at", "level", "logger", "message"} <= event.keys() for event in events)
    (problem,) = [event for event in events if event.get("reason")]
    assert (problem["reason"], problem["source"]) == ("server_error", "politics")
    for line in stop(daemon).splitlines():
        json.loads(line)


def test_a_restart_does_not_crawl_again_what_ran_just_now(desk: Desk) -> None:
    desk.gisa("run")
    desk.portal.forget_requests()
    desk.configure("politics", source=EVERY_HOUR)
    daemon = desk.start("daemon")
    lines_until(daemon, r"1 sources scheduled")
    stop(daemon)
    assert desk.portal.requests == []


def test_a_day_off_is_made_up_for_once_and_is_a_row_of_its_own(desk: Desk) -> None:
    desk.configure("politics", source=EVERY_HOUR)
    desk.gisa("run")
    with closing(sqlite3.connect(desk.database)) as db:
        db.execute("UPDATE runs SET started_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 day')")
        db.commit()
    daemon = desk.start("daemon")
    log = lines_until(daemon, r"politics ok in ")
    stop(daemon)
    assert any(
        "politics missed: due " in it and " and 23 times more, the daemon" in it for it in log
    )
    runs = desk.rows("SELECT outcome, times, due_at IS NULL FROM runs ORDER BY id")
    assert runs == [("ok", 1, 1), ("missed", 24, 0), ("ok", 1, 1)]
    (source,) = desk.gisa("status", "--format", "json").json["sources"]
    assert (source["outcome"], source["late"]) == ("ok", False)
    assert source["skipped"]["times"] == 24
    assert "24 runs missed in the last day: due " in desk.gisa("status").out
    assert desk.gisa("status", "--exit-code").code == 0


def test_a_dripping_answer_is_cut_in_time(desk: Desk) -> None:
    desk.configure("politics", source=EVERY_HOUR)
    release = threading.Event()
    article = desk.portal.newsroom.ids("politics")[-2]
    desk.portal.answer(f"/v/{article}", Answer(stall=release))
    asked = desk.first_request(f"/v/{article}")
    daemon = desk.start("daemon")
    assert asked.wait(20)
    # during a reload, too: the fetcher of this crawl is retired already
    desk.configure("politics", "society", source=EVERY_HOUR, pipeline='delay = "10ms"')
    daemon.send_signal(signal.SIGHUP)
    lines_until(daemon, "configuration read again")
    stop(daemon)
    release.set()
    mine = "SELECT article_id FROM visits WHERE source = 'politics'"
    known = {row[0] for row in desk.rows(mine)}
    assert known == {f"daum:{number}" for number in desk.portal.newsroom.ids("politics")}
    said = "SELECT outcome, finished_at FROM runs WHERE source = 'politics'"
    ((outcome, finished_at),) = desk.rows(said)
    assert outcome == "failed"
    assert finished_at


def test_a_second_signal_does_not_wait(desk: Desk) -> None:
    desk.configure("politics", source=EVERY_HOUR)
    release = threading.Event()
    desk.portal.answer("/politics", Answer(stall=release))
    asked = desk.first_request("/politics")
    daemon = desk.start("daemon")
    assert asked.wait(20)
    daemon.send_signal(signal.SIGTERM)
    lines_until(daemon, "stopping; 1 crawls under way")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(5) == -signal.SIGTERM
    release.set()


def test_a_second_daemon_is_shut_out(desk: Desk) -> None:
    desk.configure("politics", source=EVERY_HOUR)
    daemon = desk.start("daemon")
    lines_until(daemon, r"politics ok in ")
    second = desk.gisa("daemon")
    assert second.code == 75
    assert f"daemon: another run holds the lock (pid {daemon.pid} on " in second.err
    stop(daemon)


def test_a_hand_may_work_beside_the_daemon(desk: Desk) -> None:
    desk.configure("politics", "society", source=EVERY_HOUR)
    daemon = desk.start("daemon")
    for line in lines_until(daemon, r"(politics|society) ok in "):
        assert "error" not in line
    lines_until(daemon, r"(politics|society) ok in ")
    assert desk.gisa("run").code == 0
    stop(daemon)


def test_without_any_schedule_it_refuses_to_start(desk: Desk) -> None:
    done = desk.gisa("daemon")
    assert done.code == 2
    assert "no enabled source has `every` or `cron`" in done.err


@pytest.mark.parametrize("verb", ["daemon", "config"])
def test_every_wrong_schedule_is_told_with_file_and_line(desk: Desk, verb: str) -> None:
    text = "\n".join(
        f'[source.{name}]\nportal = "daum"\nlistings = ["http://news.example/x"]\ncron = "{cron}"'
        for name, cron in (("a", "0 0 31 2 *"), ("b", "*/5 * * * *"), ("'c.d'", "61 * * * *"))
    )
    desk.config.write_text(text)
    done = desk.gisa(verb)
    assert (done.code, done.out) == (2, "")
    first, second = done.err.splitlines()
    assert first == f"gisa: {desk.config}:4: source.a.cron: '0 0 31 2 *' never comes due"
    assert second.startswith(f"{desk.config}:12: source.c.d.cron: '61 * * * *': ")


def test_an_overrun_is_one_line_and_one_row_and_nothing_runs_twice(desk: Desk) -> None:
    desk.configure("politics", source='every = "1s"')
    release = threading.Event()
    desk.portal.answer("/politics", Answer(stall=release, times=1))
    daemon = desk.start("daemon")
    (line,) = lines_until(daemon, "politics overrun: due ")[-1:]
    assert line.endswith(", the last crawl was still running\n")
    assert [r.path for r in desk.portal.requests].count("/politics") == 1
    release.set()
    log = lines_until(daemon, r"politics ok in ")
    assert not any("apscheduler" in line or "maximum number" in line for line in log)
    stop(daemon)
    ok, overrun = desk.rows("SELECT outcome, due_at, times FROM runs WHERE id < 3 ORDER BY id")
    assert ok == ("ok", None, 1)
    assert overrun[0] == "overrun"
    assert overrun[1]
