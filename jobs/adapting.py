"""Adaptive intervals: the history of a source, as the store has it, for `pipeline/polling.py` to decide on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from jobs import terminal
from pipeline.polling import DAYS, Hour, Plan, plan
from pipeline.records import Source
from pipeline.store import Store
from pipeline.store.times import moment


def plan_for(source: Source, store: Store, zone: ZoneInfo, now: datetime) -> Plan:
    """Return how long to wait from a look at `now` until the next one, for a source with `adaptive`."""
    assert source.every
    assert source.at_most
    rows = store.runs.found_by_hour(source.name, now - timedelta(days=DAYS + 1))
    hours = [
        Hour(
            datetime.fromisoformat(f"{row['hour']}:00").replace(tzinfo=UTC).astimezone(zone),
            row["new"],
        )
        for row in rows
    ]
    found = [row["found_at"] for row in rows if row["found_at"]]
    found_at = moment(found[-1]) if found else None
    return plan(hours, source.every, source.at_most, now.astimezone(zone), found_at)


def explained(source: Source, it: Plan) -> str | None:
    """Return a sentence on an interval that is not as configured, None for one that is."""
    if not it.why or source.every is None:
        return None
    return (
        f"asked every {terminal.duration(it.interval)} now instead of"
        f" {terminal.duration(source.every)}: {it.why}"
    )
