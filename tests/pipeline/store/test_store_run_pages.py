"""Runs, quarantine and backlog as pages show them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from pipeline.errors import LayoutChanged
from pipeline.records import CrawlReport, Entry, Page, Problem, Source
from pipeline.store import Store, runs
from pipeline.store.runs import Skip
from pipeline.store.visits import NEVER_SEEN

_MINUTE = timedelta(minutes=1)


def _ran(store: Store, source: str, at: datetime, outcome: str = "ok", *problems: Problem) -> int:
    run = store.runs.begin(source, at, "pid 1")
    report = CrawlReport(source, at, at + _MINUTE, outcome, problems=problems)  # type: ignore[arg-type]
    store.runs.finish(run, report)
    return run


def test_runs_of_a_source_are_paged_by_the_last_one_shown(store: Store, noon: datetime) -> None:
    made = [_ran(store, "politics", noon + n * _MINUTE) for n in range(4)]
    made.append(store.runs.note_skipped(Skip("politics", "missed", noon, 3), noon + 9 * _MINUTE))
    _ran(store, "society", noon + 20 * _MINUTE)
    first = store.runs.page("politics", 3)
    assert [row["id"] for row in first] == made[:1:-1]
    rest = store.runs.page("politics", 3, before=first[-1]["id"])
    assert [row["id"] for row in rest] == made[1::-1]
    assert store.runs.page("politics", 3, before=10**9) == [], "one that was pruned shows nothing"


def test_runs_at_one_time_are_neither_left_out_nor_shown_twice(
    store: Store, noon: datetime
) -> None:
    made = [_ran(store, "politics", noon) for _ in range(5)]
    first = store.runs.page("politics", 2)
    rest = store.runs.page("politics", 9, before=first[-1]["id"])
    assert [row["id"] for row in (*first, *rest)] == made[::-1]


def test_one_run_by_its_number(store: Store, noon: datetime) -> None:
    number = _ran(store, "politics", noon)
    found = store.runs.get(number)
    assert found
    assert (found["source"], found["outcome"]) == ("politics", "ok")
    assert store.runs.get(number + 1) is None


def test_errors_by_reason_name_the_last_of_each(store: Store, noon: datetime) -> None:
    slow, old = Problem("https://h/1", "timeout", "30 s"), Problem("https://h/2", "timeout", "31 s")
    gone = Problem("https://h/3", "gone", "404")
    _ran(store, "politics", noon - timedelta(days=8), "failed", slow)
    _ran(store, "politics", noon - 3 * _MINUTE, "failed", slow, slow, gone)
    last = _ran(store, "politics", noon, "failed", old)
    _ran(store, "society", noon, "failed", gone)
    found = store.runs.reasons("politics", noon - timedelta(days=7))
    assert [(row["reason"], row["times"]) for row in found] == [("timeout", 3), ("gone", 1)]
    assert {name: found[0][name] for name in ("url", "detail", "run", "last_at")} == {
        "url": "https://h/2", "detail": "31 s", "run": last, "last_at": "2026-09-27T03:00:00Z",
    }  # fmt: skip


def test_trouble_begins_after_the_last_good_run(store: Store, noon: datetime) -> None:
    assert store.runs.since_last_good("politics") is None
    _ran(store, "politics", noon, "failed")
    assert store.runs.since_last_good("politics") == "2026-09-27T03:00:00Z", "none was ever good"
    _ran(store, "politics", noon + _MINUTE)
    assert store.runs.since_last_good("politics") is None
    store.runs.note_skipped(Skip("politics", "missed", noon, 1), noon + 2 * _MINUTE)
    assert store.runs.since_last_good("politics") is None, "what did not run is no bad run"
    _ran(store, "politics", noon + 3 * _MINUTE, "blocked")
    _ran(store, "politics", noon + 4 * _MINUTE, "blocked")
    assert store.runs.since_last_good("politics") == "2026-09-27T03:03:00Z"


@pytest.mark.parametrize("newest", [0, 2, 5000])
def test_last_run_of_each_source_however_long_ago(
    store: Store, noon: datetime, monkeypatch: pytest.MonkeyPatch, newest: int
) -> None:
    monkeypatch.setattr(runs, "_NEWEST", newest)
    store.sources.remember(Source("culture", "daum", ("http://h/culture",)), noon)
    old = _ran(store, "society", noon)
    for n in range(4):
        last = _ran(store, "politics", noon + n * _MINUTE)
    store.runs.note_skipped(Skip("politics", "missed", noon, 1), noon + 9 * _MINUTE)
    found = store.runs.last_of_each()
    assert {name: row["id"] for name, row in found.items()} == {"society": old, "politics": last}


def test_quarantine_is_paged_and_asked_by_source(store: Store, noon: datetime) -> None:
    for n in range(5):
        url = f"https://h/{n}"
        page = Page(url, f"<p>{n}", noon + n * _MINUTE)
        source = "society" if n == 2 else "politics"
        store.quarantine.keep(page, source, LayoutChanged(url, "h3", expected="1", found=0))
    urls = [row["url"] for row in store.quarantine.all(2, 1, "politics")]
    assert urls == ["https://h/3", "https://h/1"]
    assert len(store.quarantine.all()) == 5
    number = store.quarantine.all(1)[0]["id"]
    kept = store.quarantine.get(number)
    assert kept
    assert (kept["size"], kept["reason"], "h3" in kept["detail"]) == (4, "layout_changed", True)
    assert store.quarantine.get(999) is None


def test_backlog_by_source_is_the_sum_of_what_is_open(
    store: Store, noon: datetime, entries: Callable[..., list[Entry]]
) -> None:
    assert (store.visits.open_by_source(), store.visits.count_open()) == ({}, 0)
    store.visits.discover("politics", "http://h/politics", entries(1, 2, 3), noon)
    store.visits.discover("society", "http://h/society", entries(4), noon)
    first, second, *_ = store.visits.due("politics", noon)
    store.visits.settle(first, "new", noon, again=noon + _MINUTE, seen=NEVER_SEEN)
    store.visits.postpone(second, "timeout", noon, again=noon + _MINUTE)
    assert store.visits.open_by_source() == {"politics": 2, "society": 1}
    assert store.visits.count_open() == 3
    assert store.visits.count_open("politics") == 2
