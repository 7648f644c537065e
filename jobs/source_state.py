"""How a source is doing, by its last runs: what `gisa status`, `gisa health` and the metrics say of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jobs.lateness import AT_LEAST, INTERVALS, is_late, patience
from jobs.lock import is_running
from pipeline.config import Config
from pipeline.records import Source
from pipeline.store import Store

_SKIPS_SHOWN = timedelta(days=1)


def source_state(config: Config, store: Store, source: Source, now: datetime) -> dict[str, Any]:
    """Return how a source is doing, as `gisa status --format json` prints it."""
    name, last = source.name, store.runs.last(source.name) or {}
    outcome, detail = outcome_of(config, name, last)
    return {
        "name": name,
        "kind": source.kind,
        "enabled": source.enabled,
        "outcome": outcome,
        "detail": detail,
        "late": is_late(source, last.get("started_at"), now),
        "polling": _polling(config, store, source, now),
        "last_run_at": last.get("started_at"),
        "last_ok_at": store.runs.last_ok(name),
        "skipped": store.runs.skipped(name, now - _SKIPS_SHOWN),
        "new": last.get("new", 0),
        "open": store.visits.count_open(name),
        "quarantined": store.quarantine.count(name),
    }


def outcome_of(config: Config, name: str, last: dict[str, Any]) -> tuple[str | None, str]:
    """Return the outcome of a source's last row of `runs` and its detail; "crashed" where nobody is at it."""
    outcome, detail = last.get("outcome"), last.get("detail") or ""
    if outcome == "running" and not is_running(config.database, name):
        return "crashed", f"ended without a report ({last['holder']})"
    return outcome, detail


def is_overdue(
    source: Source,
    good: datetime | None,
    zone: ZoneInfo,
    now: datetime,
    max_age: timedelta | None = None,
) -> bool:
    """Did the last good run end too long ago for `max_age`, or else for the source's schedule?"""
    if good is None:
        return bool(max_age or source.every or source.cron)
    due = good + max_age if max_age else due_by(source, good, zone)
    return due is not None and now > due


def due_by(source: Source, at: datetime, zone: ZoneInfo) -> datetime | None:
    """Return when silence since `at` becomes suspicious, None for a source without a schedule.

    For an interval that is `patience`; for a crontab expression its third time after `at`, and a grace.
    """
    if source.every:
        return at + patience(source.every, source.at_most)
    if source.cron is None:
        return None
    from jobs.triggers import (
        next_runs,
    )  # only where there is an expression: APScheduler loads slowly

    times = next_runs(source, zone, at.astimezone(zone), INTERVALS)
    return times[-1] + AT_LEAST if times else None


def _polling(config: Config, store: Store, source: Source, now: datetime) -> str | None:
    """How often an adaptive source is asked now, if that is not as configured."""
    if not (source.enabled and source.adaptive):
        return None
    from jobs.adapting import explained, plan_for  # only where there is something to explain

    return explained(source, plan_for(source, store, config.zone, now))
