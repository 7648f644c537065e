"""What is wrong with sources, from their runs in the database: the same for daemon, hand and cron."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from jobs.lateness import is_late
from pipeline.records import CrawlReport, Source
from pipeline.store import Store
from pipeline.store.alerts import Kind, Trouble
from pipeline.store.runs import SKIPPED
from pipeline.text import one_line

_OF_CRAWLS: tuple[Kind, ...] = ("drift", "blocked", "failed")
_LOOKED_AT = 40


def note_crawl(store: Store, report: CrawlReport, failures: int, now: datetime) -> None:
    """Open, keep or close the alerts of a source after a crawl that ended; a good one closes them all.

    Raises:
        StoreError: the database cannot be written.
    """
    store.alerts.recover(report.source, ("missed",), now)
    if report.outcome == "ok":
        store.alerts.recover(report.source, _OF_CRAWLS, now)
    elif report.outcome in ("drift", "blocked"):
        store.alerts.note(_trouble(store, report, report.outcome, report.started_at), now)
    elif report.outcome == "failed":
        runs = store.runs.newest(report.source, _LOOKED_AT + 2 * failures)
        row = _failures_in_a_row(runs)
        if len(row) >= failures:
            since = datetime.fromisoformat(row[-1]["started_at"])
            many = f"{len(row)} failed runs in a row, the last: {report.detail}"
            store.alerts.note(_trouble(store, report, "failed", since, many), now)


def note_silence(store: Store, sources: Iterable[Source], failures: int, now: datetime) -> None:
    """Open an alert for each source whose schedule was not kept, whoever should have kept it.

    Raises:
        StoreError: the database cannot be written.
    """
    for source in sources:
        if source.enabled and (found := _silence(store, source, failures, now)):
            store.alerts.note(found, now)


def _silence(store: Store, source: Source, failures: int, now: datetime) -> Trouble | None:
    runs = store.runs.newest(source.name, _LOOKED_AT + failures)
    real = next((run for run in runs if run["outcome"] not in SKIPPED), None)
    unkept = runs[: runs.index(real)] if real else runs
    missed = [run for run in unkept if run["outcome"] == "missed"]
    overrun = [run for run in unkept if run["outcome"] == "overrun"]
    if missed:
        since, detail = missed[-1]["started_at"], f"{_times(missed)} times due and not run"
    elif _times(overrun) >= failures:
        since = overrun[-1]["started_at"]
        detail = f"{_times(overrun)} times due while its last crawl was still running"
    elif real and is_late(source, real["started_at"], now):
        since, detail = real["started_at"], "no run for three intervals"
    else:
        return None
    began = datetime.fromisoformat(since)
    return Trouble(source.name, "missed", began, detail, "", store.runs.last_ok(source.name))


def _times(skipped: Sequence[dict[str, Any]]) -> int:
    """One row may stand for many runs that did not run."""
    return sum(run["times"] for run in skipped)


def _failures_in_a_row(runs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the newest runs up to the last one that did not fail; what a signal stopped says nothing."""
    row = []
    for run in runs:
        if run["outcome"] in ("failed", "crashed"):
            if run["detail"] != "stopped by a signal":
                row.append(run)
        elif run["outcome"] not in (*SKIPPED, "running"):
            break
    return row


def _trouble(
    store: Store, report: CrawlReport, kind: Kind, since: datetime, detail: str | None = None
) -> Trouble:
    first = next(iter(report.problems), None)
    problem = f"{first.url} {first.reason}: {first.detail}" if first else ""
    said = report.detail if detail is None else detail
    return Trouble(
        report.source, kind, since, one_line(said), one_line(problem),
        store.runs.last_ok(report.source),
    )  # fmt: skip
