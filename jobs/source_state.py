"""How a source is doing, by its last runs: what `gisa status`, `gisa health` and the metrics say of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jobs.lock import is_running
from pipeline.config import Config
from pipeline.records import Source
from pipeline.store import Store

_LATE_INTERVALS = 3
_LATE_AT_LEAST = timedelta(minutes=10)


def source_state(config: Config, store: Store, source: Source, now: datetime) -> dict[str, Any]:
    """Return how a source is doing, as `gisa status --format json` prints it."""
    name, last = source.name, store.runs.last(source.name) or {}
    outcome, detail = outcome_of(config, name, last)
    return {
        "name": name,
        "enabled": source.enabled,
        "outcome": outcome,
        "detail": detail,
        "late": _is_late(source, last, now),
        "last_run_at": last.get("started_at"),
        "last_ok_at": store.runs.last_ok(name),
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


def patience(every: timedelta) -> timedelta:
    """Return the silence after which a source with an interval is late."""
    return max(_LATE_INTERVALS * every, _LATE_AT_LEAST)


def due_by(source: Source, at: datetime, zone: ZoneInfo) -> datetime | None:
    """Return when silence since `at` becomes suspicious, None for a source without a schedule.

    For an interval that is `patience`; for a crontab expression its third time after `at`, and a grace.
    """
    if source.every:
        return at + patience(source.every)
    if source.cron is None:
        return None
    from jobs.scheduler import (
        next_runs,
    )  # only where there is an expression: APScheduler loads slowly

    times = next_runs(source, zone, at.astimezone(zone), _LATE_INTERVALS)
    return times[-1] + _LATE_AT_LEAST if times else None


def _is_late(source: Source, last: dict[str, Any], now: datetime) -> bool:
    """A dead daemon or a lost crontab leaves no failed run behind: only the silence tells."""
    if not (source.enabled and source.every and last):
        return False
    return now - datetime.fromisoformat(last["started_at"]) > patience(source.every)
