"""Runs that did not run: rows of `runs` that nobody takes for a crawl."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pipeline.records import CrawlReport, Source
from pipeline.store import Store
from pipeline.store.checks import broken
from pipeline.store.runs import Skip

HOUR = timedelta(hours=1)


@pytest.fixture
def crawled(store: Store, noon: datetime) -> Store:
    """A source whose last crawl went well; later ones were missed, and one was overrun."""
    run = store.runs.begin("politics", noon, "we")
    store.runs.finish(run, CrawlReport("politics", noon, noon, "ok", new=3))
    missed = Skip("politics", "missed", noon + HOUR, 5, "due 13:00 and 4 times more, …")
    store.runs.note_skipped(missed, noon + 6 * HOUR)
    overrun = Skip("politics", "overrun", noon + 7 * HOUR, 1, "due 19:00, …")
    row = store.runs.note_skipped(overrun, noon + 7 * HOUR)
    again = Skip("politics", "overrun", noon + 7 * HOUR, 2, "due 19:00 and 1 time more, …")
    assert store.runs.note_skipped(again, noon + 8 * HOUR, row) == row
    return store


def test_a_run_that_did_not_run_is_a_row(crawled: Store) -> None:
    rows = crawled.rows("SELECT outcome, due_at, times, started_at, finished_at FROM runs")
    assert [tuple(row.values()) for row in rows] == [
        ("ok", None, 1, "2026-09-27T03:00:00Z", "2026-09-27T03:00:00Z"),
        ("missed", "2026-09-27T04:00:00Z", 5, "2026-09-27T09:00:00Z", "2026-09-27T09:00:00Z"),
        ("overrun", "2026-09-27T10:00:00Z", 2, "2026-09-27T10:00:00Z", "2026-09-27T11:00:00Z"),
    ]
    assert broken(crawled) == []


def test_and_no_crawl(crawled: Store, noon: datetime) -> None:
    last = crawled.runs.last("politics")
    assert last is not None
    assert (last["outcome"], last["new"]) == ("ok", 3)
    assert crawled.runs.last_ok("politics") == "2026-09-27T03:00:00Z"
    assert [run["outcome"] for run in crawled.runs.recent(20)] == ["ok"]
    assert crawled.runs.found_by_hour("politics", noon) == [
        {"hour": "2026-09-27T03", "new": 3, "found_at": "2026-09-27T03:00:00Z"}
    ]


def test_the_newest_is_told_with_the_number_of_all(crawled: Store, noon: datetime) -> None:
    said = crawled.runs.skipped("politics", noon)
    assert said is not None
    assert (said["outcome"], said["times"], said["due_at"]) == (
        "overrun",
        7,
        "2026-09-27T10:00:00Z",
    )
    assert crawled.runs.skipped("politics", noon + 9 * HOUR) is None
    assert crawled.runs.skipped("society", noon) is None


def test_prune_keeps_the_last_crawl_and_none_of_these(crawled: Store, noon: datetime) -> None:
    assert crawled.runs.count_old(noon + 24 * HOUR) == 2
    assert crawled.runs.prune(noon + 24 * HOUR) == 2
    last = crawled.runs.last("politics")
    assert last is not None
    assert last["outcome"] == "ok"


def test_which_schedule_the_last_crawl_had(store: Store, noon: datetime) -> None:
    hourly = Source("hourly", "daum", ("http://h/x",), every=HOUR)
    assert not store.sources.is_scheduled_as(hourly)
    store.sources.remember(hourly, noon)
    assert store.sources.is_scheduled_as(hourly)
    assert not store.sources.is_scheduled_as(Source("hourly", "daum", (), cron="0 * * * *"))


def test_a_clock_that_was_set_back_leaves_the_distances_as_they_were(
    store: Store, noon: datetime
) -> None:
    now = noon.timestamp()
    store.hosts.reserve("h", now, 5, 60)
    store.hosts.wait_until("h", now + 3600)
    store.hosts.reserve("quiet", now - 8 * 3600, 5, 60)
    day = timedelta(days=1)
    store.hosts.set_back(day, noon - day)
    assert store.hosts.reserve("h", now - 86400 + 1, 5, 60) == now - 86400 + 3600
    assert store.hosts.waits_until("h", now - 86400) == now - 86400 + 3600
