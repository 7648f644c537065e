"""The frontier, hosts, runs, sources and the quarantine."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import LayoutChanged
from pipeline.records import CrawlReport, Page, Problem, Source
from pipeline.store import Store, open_store
from pipeline.store.visits import MAX_TRIES, NEVER_SEEN, Seen, Visit

ROOT = Path(__file__).parents[3]


def due(store: Store, at: datetime, limit: int | None = None) -> list[str]:
    return [visit.article_id for visit in store.visits.due("politics", at, limit)]


def only(store: Store, at: datetime) -> Visit:
    (visit,) = store.visits.due("politics", at)
    return visit


def test_discover_opens_each_article_once_and_notes_every_sight(store, entries, noon) -> None:
    assert store.visits.discover("politics", "http://h/politics", entries(3, 2, 1), noon) == 3
    later = noon + timedelta(minutes=10)
    assert store.visits.discover("politics", "http://h/politics", entries(4, 3, 2), later) == 1
    assert store.visits.discover("society", "http://h/society", entries(4, 1), later) == 0
    assert due(store, later) == ["daum:1", "daum:2", "daum:3", "daum:4"]
    seen = store.db.conn.execute(
        "SELECT source, rank FROM sightings WHERE article_id = 'daum:4' ORDER BY seen_at, source"
    )
    assert [tuple(row) for row in seen] == [("politics", 1), ("society", 1)]
    assert store.visits.count_open() == store.visits.count_open("politics") == 4
    assert store.visits.count_open("society") == 0


def test_discover_is_one_transaction(store, entries, noon, dump) -> None:
    before = dump(store)

    def broken():
        yield from entries(1, 2)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.visits.discover("politics", "l", broken(), noon)

    def followed_by_a_bug() -> None:
        with store.writing():
            store.visits.discover("politics", "l", entries(1, 2), noon)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        followed_by_a_bug()
    assert dump(store) == before


def test_a_listing_with_half_a_character_is_kept(store, entries, noon) -> None:
    from dataclasses import replace

    odd = [
        replace(entry, headline="\ud83d 속보", listed_url="http://h/\udfff") for entry in entries(1)
    ]
    assert store.visits.discover("politics", "l", odd, noon) == 1
    assert only(store, noon).listed_url == "http://h/\ufffd"


def test_due_has_unvisited_articles_first_and_keeps_to_the_limit(store, entries, noon) -> None:
    store.visits.discover("politics", "l", entries(3, 2, 1), noon)
    first = store.visits.due("politics", noon)[0]
    store.visits.settle(first, "new", noon, again=noon + timedelta(hours=1), seen=Seen('"e"'))
    assert due(store, noon) == ["daum:2", "daum:3"]
    later = noon + timedelta(hours=1)
    assert due(store, later) == ["daum:2", "daum:3", "daum:1"]
    assert due(store, later, 1) == ["daum:2"]
    assert due(store, later, 0) == []
    again = store.visits.due("politics", later)[2]
    assert (again.state, again.seen) == ("settled", Seen('"e"'))
    store.visits.settle(again, "unchanged", later, again=None, seen=NEVER_SEEN)
    assert due(store, later + timedelta(days=900)) == ["daum:2", "daum:3"]


def test_failures_are_put_off_and_at_last_given_up(store, entries, noon) -> None:
    store.visits.discover("politics", "l", entries(1), noon)
    at = noon
    for tries in range(1, MAX_TRIES + 1):
        visit = only(store, at)
        assert visit.tries == tries - 1
        store.visits.postpone(visit, "server_error", at, again=at + timedelta(hours=1))
        assert due(store, at) == []
        at += timedelta(hours=1)
    assert due(store, at + timedelta(days=900)) == []
    row = store.db.conn.execute("SELECT state, reason, tries FROM visits").fetchone()
    assert tuple(row) == ("given_up", "server_error", MAX_TRIES)
    assert store.visits.count_open() == 0


def test_success_forgets_failures(store, entries, noon) -> None:
    store.visits.discover("politics", "l", entries(1), noon)
    for _ in range(MAX_TRIES - 1):
        store.visits.postpone(only(store, noon), "truncated", noon, again=noon)
    store.visits.settle(only(store, noon), "new", noon, again=noon, seen=NEVER_SEEN)
    assert only(store, noon).tries == 0


def test_what_is_no_fault_of_the_article_is_never_given_up(store, entries, noon) -> None:
    """A host that is down for days, or too busy for us, must not cost us its articles."""
    store.visits.discover("politics", "l", entries(2, 1), noon)
    for _ in range(3 * MAX_TRIES):
        down, busy = store.visits.due("politics", noon)
        store.visits.postpone(down, "connect", noon, again=noon, counts=False)
        store.visits.postpone(busy, "rate_limited", noon, again=noon, counts=False)
    down, busy = store.visits.due("politics", noon)
    assert down.tries == busy.tries == 0
    store.visits.postpone(busy, "server_error", noon, again=noon)
    assert due(store, noon) == ["daum:1", "daum:2"]


@pytest.mark.parametrize("how", ["given_up", "removed"])
def test_an_article_that_a_listing_shows_again_is_looked_at_again(
    store, entries, noon, how
) -> None:
    store.visits.discover("politics", "l", entries(1), noon)
    if how == "removed":
        store.visits.settle(only(store, noon), "removed", noon, again=None, seen=NEVER_SEEN)
    else:
        for _ in range(MAX_TRIES):
            store.visits.postpone(only(store, noon), "truncated", noon, again=noon)
    soon, later = noon + timedelta(minutes=10), noon + timedelta(days=1)
    assert store.visits.discover("politics", "l", entries(1), soon) == 0
    assert (
        due(store, soon) == []
    )  # listings lag behind: a removed article stays on them for a while
    assert store.visits.discover("society", "m", entries(1), later) == 0
    assert only(store, later).tries == 0
    assert only(store, later).state == "open"


def test_what_is_not_for_us_stays_settled(store, entries, noon) -> None:
    store.visits.discover("politics", "l", entries(1), noon)
    store.visits.settle(only(store, noon), "not_an_article", noon, again=None, seen=NEVER_SEEN)
    later = noon + timedelta(days=9)
    store.visits.discover("politics", "l", entries(1), later)
    assert due(store, later) == []


def test_turns_keep_the_gap_and_impatience_takes_none(store) -> None:
    reserve = store.hosts.reserve
    assert reserve("h", 1000.0, 2.0, 60.0) == 1000.0
    assert reserve("h", 1000.0, 2.0, 60.0) == 1002.0
    assert reserve("other", 1000.0, 2.0, 60.0) == 1000.0
    assert reserve("h", 1000.0, 2.0, 3.0) == 1004.0
    assert reserve("h", 1000.5, 2.0, 60.0) == 1004.0
    assert reserve("h", 2000.0, 2.0, 60.0) == 2000.0


def test_what_was_asked_of_a_host_is_counted_by_day(store) -> None:
    day = 86_400.0
    for at, url in ((0.0, "a"), (10.0, "b"), (day + 1, "c")):
        store.hosts.reserve("h", at, 1.0, 60.0, url=url)
    (host,) = store.hosts.all()
    assert (host["requests"], host["day"], host["requests_that_day"]) == (3, "1970-01-02", 1)
    assert (host["last_url"], host["last_request_at"]) == ("c", "1970-01-02T00:00:01Z")


def test_a_wait_that_the_host_asked_for(store) -> None:
    store.hosts.wait_until("h", 1500.0)
    store.hosts.wait_until("h", 1400.0)
    assert store.hosts.failures("h") == 2
    assert store.hosts.reserve("h", 1000.0, 1.0, 60.0) == 1500.0
    assert store.hosts.reserve("h", 1450.0, 1.0, 60.0) == 1500.0
    store.hosts.answered_well("h")
    store.hosts.answered_well("unknown")
    assert store.hosts.failures("h") == store.hosts.failures("unknown") == 0


def test_a_clock_that_was_far_ahead_does_not_close_a_host_for_years(store) -> None:
    now = 1_800_000_000.0
    store.hosts.reserve("h", now + 10 * 365 * 86400, 1.0, 60.0)
    store.hosts.wait_until("h", now + 10 * 365 * 86400)
    assert store.hosts.reserve("h", now, 1.0, 60.0) == now
    assert store.hosts.reserve("h", now, 1.0, 60.0) == now + 1.0
    store.hosts.wait_until("h", now + 600)
    assert store.hosts.reserve("h", now, 1.0, 60.0) == now + 600


_RESERVER = """
import sys
from pathlib import Path
from pipeline.store import open_store
with open_store(Path(sys.argv[1])) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    print(*[store.hosts.reserve("h", 1000.0, 2.0, 1e6) for _ in range(40)])
"""


def test_two_processes_share_one_gap(store) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _RESERVER, str(store.path)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) for _ in range(2)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    turns = sorted(
        float(t) for process in processes for t in process.communicate(timeout=30)[0].split()
    )
    assert turns == [1000.0 + 2.0 * n for n in range(80)]


def test_robots_are_kept_and_replaced(store, noon) -> None:
    assert store.hosts.robots("http://h") is None
    store.hosts.keep_robots("http://h", 200, "User-agent: *\0\ufeff\ud800", noon)
    assert store.hosts.robots("http://h") == (200, "User-agent: *\ufeff\ufffd", noon)
    store.hosts.keep_robots("http://h", 503, "", noon + timedelta(hours=1))
    assert store.hosts.robots("http://h") == (503, "", noon + timedelta(hours=1))
    store.hosts.reserve("h", 1.0, 1.0, 1.0)
    assert [row["authority"] for row in store.hosts.all()] == ["h"]


@pytest.mark.parametrize("html", ["", "<p>바뀐 면</p>" * 500, "반쪽 \ud800"])
def test_quarantine_keeps_a_page_once_and_counts(store, noon, html: str) -> None:
    error = LayoutChanged("http://h/v/1", "h3.tit_view", expected=1, found=0)
    for minutes in (0, 10):
        page = Page("http://h/v/1", html, noon + timedelta(minutes=minutes))
        store.quarantine.keep(page, "politics", error)
    (row,) = store.quarantine.all()
    assert (row["times"], row["reason"], row["url"]) == (2, "layout_changed", "http://h/v/1")
    assert row["last_seen_at"] > row["first_seen_at"]
    assert store.quarantine.html(row["id"]) == html.encode("utf-8", "replace").decode()
    assert store.quarantine.html(999) is None
    other = Page("http://h/v/2", html, noon)
    store.quarantine.keep(other, "society", error)
    assert store.quarantine.count() == 2
    assert store.quarantine.count("society") == 1
    assert store.db.conn.execute("SELECT count(*) FROM pages").fetchone()[0] == 1


def test_runs_from_start_to_end(store, noon) -> None:
    crashed = store.runs.begin("politics", noon, "hand")
    run = store.runs.begin("politics", noon + timedelta(hours=1), "cron")
    other = store.runs.begin("society", noon, "hand")
    assert len({crashed, run, other}) == 3
    problem = Problem("http://h/\udfff", "timeout", "늦다 \ud800")
    end = noon + timedelta(hours=2)
    report = CrawlReport("politics", noon, end, "ok", "끝", listed=3, new=2, problems=(problem,))
    store.runs.finish(run, report)
    last = store.runs.last("politics")
    assert last is not None
    assert (last["outcome"], last["listed"], last["new"], last["holder"]) == ("ok", 3, 2, "cron")
    assert json.loads(last["problems"])[0]["reason"] == "timeout"
    assert store.runs.last_ok("politics") == "2026-09-27T05:00:00Z"
    assert store.runs.last_ok("society") is None
    assert store.runs.last("nobody") is None
    assert [row["outcome"] for row in store.runs.recent(9)] == ["running", "ok", "crashed"]


def test_sources_are_remembered_and_unchanged_ones_cost_no_write(store, noon) -> None:
    source = Source("politics", "daum", ("http://h/1",), every=timedelta(minutes=10))
    store.sources.remember(source, noon)
    with open_store(store.path) as other, other.writing():  # a write would now have to wait
        store.sources.remember(source, noon + timedelta(days=1))
    row = store.db.conn.execute("SELECT * FROM sources WHERE name = 'politics'").fetchone()
    assert row["updated_at"] == noon.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert json.loads(row["listings"]) == ["http://h/1"]
