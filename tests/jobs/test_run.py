"""`gisa run`: what it says, what it stores and which code it ends with."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing

import pytest

from jobs.sample_portal import Answer
from tests.jobs.desk import ROOT, Desk

SUMMARY = re.compile(
    r"sources=\d+ ok=\d+( (failed|drift|blocked|locked)=\d+)*"
    r" new=\d+ revised=\d+ unchanged=\d+ removed=\d+ errors=\d+"
    r"( (skipped|quarantined|open)=\d+)*( dry_run=1)?"
)


def test_a_first_run_stores_every_article_and_says_so(desk: Desk) -> None:
    truth = [a for a in desk.portal.newsroom.articles("politics") if a.kind == "article"]
    done = desk.gisa("run")
    assert (done.code, done.summary["new"], done.summary["ok"]) == (0, len(truth), 1)
    assert SUMMARY.fullmatch(done.out.splitlines()[-1])
    assert re.search(rf"^politics  ok +\d+ listed, {len(truth)} new", done.out)
    assert desk.rows("SELECT count(*) FROM articles") == [(len(truth),)]
    again = desk.gisa("run")
    assert (again.code, again.summary["new"], again.summary["revised"]) == (0, 0, 0)


def test_json_is_one_document_and_stderr_is_silent(desk: Desk) -> None:
    done = desk.gisa("run", "--format", "json")
    assert done.err == ""
    assert done.json["exit_code"] == 0
    assert done.json["dry_run"] is False
    (source,) = done.json["sources"]
    assert source["source"] == "politics"
    assert source["new"] == done.json["totals"]["new"] > 0


def test_failed_exits_1_with_a_reason(desk: Desk) -> None:
    desk.portal.answer("/politics", Answer(status=500))
    done = desk.gisa("run")
    assert (done.code, done.summary["failed"]) == (1, 1)
    assert "answered 500" in done.out


def test_an_unknown_source_exits_2_and_names_the_nearest(desk: Desk) -> None:
    done = desk.gisa("run", "politcs")
    assert (done.code, done.out) == (2, "")
    assert done.err == (f"gisa: no source 'politcs' in {desk.config}; did you mean 'politics'?\n")


def test_partial_exits_3(desk: Desk) -> None:
    desk.configure("politics", "society")
    desk.portal.answer("/society", Answer(status=500))
    done = desk.gisa("run")
    assert (done.code, done.summary["ok"], done.summary["failed"]) == (3, 1, 1)


def test_drift_exits_4(desk: Desk) -> None:
    desk.portal.break_layout("listing")
    done = desk.gisa("run")
    assert (done.code, done.summary["drift"]) == (4, 1)
    assert "layout_changed" in done.out
    assert desk.rows("SELECT count(*) FROM quarantine") == [(1,)]


def test_blocked_exits_5(desk: Desk) -> None:
    desk.portal.robots = "User-agent: *\nDisallow: /\n"
    done = desk.gisa("run")
    assert (done.code, done.summary["blocked"]) == (5, 1)
    assert "robots.txt" in done.out
    assert {request.path for request in desk.portal.requests} == {"/robots.txt"}


def test_several_sources_run_in_one_pass_and_named_ones_alone(desk: Desk) -> None:
    desk.configure("politics", "society", "culture")
    done = desk.gisa("run", "culture", "politics", "culture")
    assert (done.code, done.summary["sources"]) == (0, 2)
    assert [line.split()[0] for line in done.out.splitlines()[:2]] == ["culture", "politics"]
    assert desk.rows("SELECT DISTINCT source FROM articles ORDER BY 1") == [
        ("culture",), ("politics",),
    ]  # fmt: skip


def test_a_dry_run_reports_and_stores_no_article(desk: Desk) -> None:
    desk.gisa("run", "--limit", "2")
    before = desk.dump()
    done = desk.gisa("run", "--dry-run")
    assert done.code == 0
    assert done.out.endswith(" dry_run=1\n")
    assert done.summary["new"] > 0
    assert desk.dump() == before
    assert desk.gisa("run", "--dry-run", "--format", "json").json["dry_run"] is True


def test_limit_bounds_the_articles_of_a_source(desk: Desk) -> None:
    done = desk.gisa("run", "--limit", "3")
    asked = [r for r in desk.portal.requests if r.path.startswith("/v/")]
    assert len(asked) == 3
    assert done.summary["open"] == len(desk.portal.newsroom.ids("politics")) - 3


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "²"])
def test_a_wrong_limit_is_a_usage_error(desk: Desk, limit: str) -> None:
    done = desk.gisa("run", f"--limit={limit}")
    assert done.code == 2
    assert f"--limit: should be a whole number from 1 on, not '{limit}'" in done.err


def test_quiet_leaves_the_summary_and_what_did_not_go_well(desk: Desk) -> None:
    desk.configure("politics", "society")
    done = desk.gisa("run", "-q")
    assert SUMMARY.fullmatch(done.out.strip())
    assert done.err == ""
    desk.portal.answer("/society", Answer(status=500))
    lines = desk.gisa("run", "-q").out.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == ["society"]


def test_verbose_logs_every_page_and_problem(desk: Desk) -> None:
    bad = desk.portal.newsroom.ids("politics")[0]
    desk.portal.answer(f"/v/{bad}", Answer(status=500))
    done = desk.gisa("run", "-v")
    assert done.code == 0
    for number in desk.portal.newsroom.ids("politics"):
        assert f"/v/{number}" in done.err
    assert re.search(r"warning politics server_error answered 500", done.err)
    assert re.search(rf"debug   politics server_error in \d\.\d\d s: http://.*/v/{bad}\n", done.err)


def test_every_line_of_a_crawl_names_run_source_url_and_duration(desk: Desk) -> None:
    desk.configure("politics", pipeline='log_format = "json"')
    desk.gisa("run", "--limit", "1")
    ids = desk.portal.newsroom.ids("politics")
    desk.portal.answer(f"/v/{ids[0]}", Answer(status=404))
    done = desk.gisa("run", "-v")
    events = [json.loads(line) for line in done.err.splitlines()]
    assert {(event["source"], event["run"]) for event in events} == {("politics", 2)}
    events = [event for event in events if event["logger"] != "gisa.fetch"]  # a line a request
    pages = {event["url"]: event for event in events if "url" in event}
    listing = pages[desk.portal.listing_url("politics")]
    assert (listing["outcome"], listing["level"]) == ("listed", "debug")
    assert pages[f"{desk.portal.base_url}/v/{ids[0]}"]["outcome"] == "gone"
    assert all(0 <= event["seconds"] < 60 for event in events)
    outcomes = [event["outcome"] for event in events]
    assert outcomes.count("new") == desk.rows("SELECT new FROM runs WHERE id = 2")[0][0]
    assert outcomes[-1] == "ok"


def test_one_unreadable_page_is_told_though_the_run_went_well(desk: Desk) -> None:
    bad = desk.portal.newsroom.ids("politics")[0]
    desk.portal.answer(f"/v/{bad}", Answer(status=500))
    done = desk.gisa("run")
    assert (done.code, done.summary["errors"]) == (0, 1)
    assert "server_error: answered 500" in done.out


def test_an_unresolvable_host_is_told_for_each_source(desk: Desk) -> None:
    desk.gisa("run")
    before = desk.rows("SELECT * FROM articles")
    with desk.config.open("a") as config:
        for section in ("politics", "society"):
            config.write(f'[source.x-{section}]\nportal = "daum"\n')
            config.write(f'listings = ["http://news.invalid/{section}"]\n')
    done = desk.gisa("run", "x-politics", "x-society")
    assert (done.code, done.summary["failed"]) == (1, 2)
    for line in done.out.splitlines()[:2]:
        assert re.match(r"x-\w+ +failed +news\.invalid cannot be reached: name not found", line)
    assert "Traceback" not in done.err
    assert desk.rows("SELECT * FROM articles") == before
    with closing(sqlite3.connect(desk.database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_bug_in_one_source_does_not_end_the_others(desk: Desk) -> None:
    desk.configure("politics", "society")
    sabotage = desk.folder / "sitecustomize.py"
    sabotage.write_text(
        "from pipeline.portals import daum\n"
        "whole = daum.parse_listing\n"
        "def parse_listing(page):\n"
        "    if 'politics' in page.url:\n"
        "        raise ZeroDivisionError('\\x1b]0;pwned\\x07 on purpose')\n"
        "    return whole(page)\n"
        "daum.parse_listing = parse_listing\n"
    )
    path = f"{desk.folder}:{sabotage.parent}"
    done = desk.process("run", env={"PYTHONPATH": f"{path}:{ROOT}"})
    assert (done.code, done.summary["ok"], done.summary["failed"]) == (3, 1, 1)
    assert "a bug, see the log: ZeroDivisionError" in done.out
    assert "Traceback" in done.err
    assert "\x1b" not in done.err + done.out
    assert desk.rows("SELECT outcome FROM runs ORDER BY source") == [("failed",), ("ok",)]


def test_the_configuration_decides_the_log_format(desk: Desk) -> None:
    desk.configure("politics", pipeline='log_format = "json"')
    bad = desk.portal.newsroom.ids("politics")[0]
    desk.portal.answer(f"/v/{bad}", Answer(status=500))
    assert desk.gisa("run").err == ""
    desk.portal.answer("/politics", Answer(status=500))
    events = [json.loads(line) for line in desk.gisa("run", "-v").err.splitlines()]
    (problem,) = [event for event in events if event.get("reason")]
    assert (problem["source"], problem["reason"], problem["level"]) == (
        "politics", "server_error", "warning",
    )  # fmt: skip
    assert problem["url"] == desk.portal.listing_url("politics")


def test_nothing_enabled_is_a_configuration_error(desk: Desk) -> None:
    desk.configure("politics", source="enabled = false")
    done = desk.gisa("run")
    assert (done.code, done.out) == (2, "")
    assert "no source is enabled" in done.err
    assert desk.gisa("run", "politics").code == 0


def test_a_database_that_cannot_be_used_exits_1_with_advice(desk: Desk) -> None:
    desk.database.write_bytes(b"this is no database, but it is long enough to look at" * 100)
    done = desk.gisa("run")
    assert (done.code, done.out) == (1, "")
    assert "not a database" in done.err
    desk.configure("politics", pipeline='database = "nowhere/gisa.db"')
    done = desk.gisa("run")
    assert done.code == 1
    assert "nowhere does not exist: make it or set [pipeline] database" in done.err


def test_lock_files_that_cannot_be_made_are_an_error_message(desk: Desk) -> None:
    desk.database.with_name("gisa.db.locks").write_text("in the way")
    done = desk.gisa("run")
    assert done.code == 1
    assert "gisa.db.locks" in done.err
    assert "Traceback" not in done.err
