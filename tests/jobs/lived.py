"""What sources lived through, written as crawls write it, at times that a test says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pipeline.history import Sign
from pipeline.measures import Look
from pipeline.records import CrawlReport, Outcome, Source
from pipeline.store import Store

HOUR = timedelta(hours=1)


def ran(
    store: Store,
    source: Source,
    at: datetime,
    outcome: Outcome = "ok",
    detail: str = "",
    **counts: Any,
) -> int:
    """A run of half a minute that ended so; returns its number."""
    store.sources.remember(source, at)
    run = store.runs.begin(source.name, at, "pid 1 on desk")
    end = at + timedelta(seconds=30)
    report = CrawlReport(source.name, at, end, outcome, detail, **counts)
    store.runs.finish(run, report)
    return run


def brought(
    store: Store, source: Source, until: datetime, days: int, an_hour: int, last_day: int
) -> None:
    """Looks at a listing, one an hour: as many new entries an hour, and on the last day so many."""
    store.sources.remember(source, until)
    begin = until - timedelta(days=days)
    looks = []
    for n in range(1, days * 24 + 1):
        at = begin + n * HOUR
        fresh = last_day if at > until - timedelta(days=1) else an_hour
        looks.append(Look(source.listings[0], at, 20, fresh, at - HOUR))
    store.health.note_looks(source.name, looks)


def drifted(store: Store, source: Source, at: datetime, *signs: Sign) -> None:
    """A run that found less of something."""
    run = ran(store, source, at, "drift", "; ".join(sign.detail for sign in signs))
    with store.writing():
        store.drifts.note(source.name, run, signs, at)
