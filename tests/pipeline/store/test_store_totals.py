"""Totals of runs: what they came to, prune or not, whoever wrote the rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.records import CrawlReport, Problem
from pipeline.store import Store, open_store
from pipeline.store.schema import STEPS
from pipeline.tally import Meter
from tests.pipeline.store.test_store_migrations import NAMES, older


def run(
    store: Store, source: str, at: datetime, seconds: float, outcome: str = "ok", **counts: int
) -> None:
    problems = tuple(
        Problem("http://h/v/1", reason, "") for reason in ["dns"] * counts.get("errors", 0)
    )
    number = store.runs.begin(source, at, "test")
    end = at + timedelta(seconds=seconds)
    report = CrawlReport(source, at, end, outcome, problems=problems, **counts)  # type: ignore[arg-type]
    store.runs.finish(number, report, Meter(3, 4000, 0.5))


def test_every_run_is_counted_once_as_it_ends(store: Store, noon: datetime) -> None:
    run(store, "politics", noon, 4, new=7, listed=30, open=2)
    run(store, "politics", noon + timedelta(hours=1), 5, new=1, open=1)
    run(store, "politics", noon + timedelta(hours=2), 4000, "failed", errors=2)
    store.runs.begin("society", noon, "a process that died")
    assert [row["source"] for row in store.totals.runs()] == ["politics", "politics"]
    run(store, "society", noon + timedelta(hours=1), 0)
    found = {(row["source"], row["outcome"]): row for row in store.totals.runs()}
    good = found["politics", "ok"]
    assert (good["runs"], good["new"], good["listed"], good["seconds"]) == (2, 8, 30, 9)
    assert (good["requests"], good["bytes"], good["fetch_seconds"]) == (6, 8000, 1.0)
    assert good["last_started_at"] == "2026-09-27T04:00:00Z"
    assert (good["last_finished_at"], good["last_open"]) == ("2026-09-27T04:00:05Z", 1)
    assert found["society", "crashed"]["runs"] == 1
    assert found["society", "crashed"]["seconds"] == 0
    durations = {(row["source"], row["within"]): row["runs"] for row in store.totals.durations()}
    assert durations == {("politics", 5): 2, ("politics", 0): 1, ("society", 1): 1}
    assert store.totals.problems() == [{"source": "politics", "reason": "dns", "times": 2}]


def test_a_row_that_is_written_whole_is_counted_too(store: Store, noon: datetime) -> None:
    with store.writing() as db:
        db.execute(
            "INSERT INTO runs (source, started_at, outcome) VALUES ('politics', '2026', 'crashed'),"
            " ('politics', '2027', 'missed')"
        )
    ((source, outcome, runs),) = [
        (row["source"], row["outcome"], row["runs"]) for row in store.totals.runs()
    ]
    assert (source, outcome, runs) == ("politics", "crashed", 1)  # what did not run is no crawl
    assert store.totals.durations() == []


def test_what_prune_deletes_stays_counted(store: Store, noon: datetime) -> None:
    for day in range(5):
        run(store, "politics", noon + timedelta(days=day), 3, new=1, errors=1)
    before = store.totals.runs(), store.totals.durations(), store.totals.problems()
    assert store.runs.prune(noon + timedelta(days=9)) == 4
    assert (store.totals.runs(), store.totals.durations(), store.totals.problems()) == before


def test_a_clock_that_went_back_takes_nothing_off(store: Store, noon: datetime) -> None:
    run(store, "politics", noon, 60)
    run(store, "politics", noon - timedelta(hours=1), -30)
    (found,) = store.totals.runs()
    assert (found["runs"], found["seconds"]) == (2, 60)
    assert found["last_started_at"] == "2026-09-27T03:00:00Z"


def test_the_migration_counts_the_runs_that_are_there(path: Path) -> None:
    with older(path, NAMES.index("step_012_totals")) as db:
        db.execute("INSERT INTO sources VALUES ('politics', 'daum', '[]', NULL, 1, NULL, '2026')")
        for number, outcome in enumerate(["ok", "failed", "ok", "running"]):
            db.execute(
                "INSERT INTO runs (source, started_at, finished_at, outcome, new, problems) VALUES"
                " ('politics', ?, ?, ?, 2, '[{\"reason\": \"dns\"}]')",
                [f"2026-09-27T0{number}:00:00Z", f"2026-09-27T0{number}:00:07Z", outcome],
            )
    with open_store(path) as store:
        found = {row["outcome"]: (row["runs"], row["new"]) for row in store.totals.runs()}
        assert found == {"ok": (2, 4), "failed": (1, 2)}
        assert store.totals.durations() == [{"source": "politics", "within": 10, "runs": 3}]
        assert store.totals.problems() == [{"source": "politics", "reason": "dns", "times": 3}]


@pytest.mark.parametrize("name", ["runs_written_ended", "runs_ended"])
def test_the_triggers_are_there(store: Store, name: str) -> None:
    assert STEPS.applied(store.db)
    assert store.rows("SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = ?", [name])
