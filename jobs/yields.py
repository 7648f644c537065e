"""What a source brought lately beside what it usually brings, in a word."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pipeline.lulls import rhythm_of
from pipeline.store import Store

_LITTLE, _MUCH = 0.5, 2.0


def yield_of(store: Store, source: str, now: datetime) -> dict[str, Any]:
    """Return new entries of the last 24 hours beside what these hours usually bring, and both in a word."""
    day, tier, found, usual = timedelta(days=1), "none", 0.0, 0.0
    for hours in store.health.hours(source, now).values():
        rhythm = rhythm_of(hours, now - day)
        last = [hour for hour in hours if hour.at >= now - day]
        tier = rhythm.tier
        found, usual = found + sum(h.fresh for h in last), usual + rhythm.expected(last)
    drifts = len(store.drifts.all(source))
    word = "drift" if drifts else "learning" if tier == "none" else _word(found, usual)
    return {
        "word": word,
        "found": round(found, 1),
        "usual": round(usual, 1),
        "learned_by": tier,
        "drifts": drifts,
    }


def _word(found: float, usual: float) -> str:
    if found < _LITTLE * usual:
        return "low"
    return "high" if found > _MUCH * usual + 1 else "usual"
