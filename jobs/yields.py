"""What sources brought lately beside what they usually bring: by the hour, in sum and in a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from jobs.paces import Paces
from pipeline.pauses import HOUR, whole
from pipeline.rhythm import Tier
from pipeline.store import Store

DAY = timedelta(days=1)
_LITTLE, _MUCH = 0.5, 2.0

Word = Literal["drift", "learning", "low", "usual", "high"]


@dataclass(slots=True)
class Bar:
    """An hour of a source: new entries of its listings, and how many are usual. `known` is how much of the
    hour we looked at: 0 where nobody can tell what appeared.
    """

    at: datetime
    found: float = 0.0
    usual: float = 0.0
    known: float = 0.0


@dataclass(frozen=True, slots=True)
class Yield:
    """What a source brought since a time. `learned_by` is "none" as long as nothing is expected."""

    bars: tuple[Bar, ...]
    learned_by: Tier

    @property
    def found(self) -> float:
        """Return new entries."""
        return sum(bar.found for bar in self.bars)

    @property
    def usual(self) -> float:
        """Return how many are usual for as much of these hours as we looked at."""
        return sum(bar.usual for bar in self.bars)

    @property
    def looked(self) -> bool:
        """Did anybody look in these hours?"""
        return any(bar.known for bar in self.bars)

    def word(self, drifts: int) -> Word:
        """Return it in a word, for a source with so many drifts."""
        if drifts or self.learned_by == "none":
            return "drift" if drifts else "learning"
        if self.found < _LITTLE * self.usual:
            return "low"
        return "high" if self.found > _MUCH * self.usual + 1 else "usual"


def yields(
    store: Store, source: str, now: datetime, span: timedelta = DAY, paces: Paces | None = None
) -> Yield:
    """Return what a source brought in a time that ends now, beside what the weeks before it brought.

    Args:
        store: the database.
        source: its name, whether or not anything is known of it.
        now: end of that time.
        span: its length, whole hours.
        paces: what was learned for earlier pages, if anything.
    """
    begin = now - span
    first = whole(begin) if begin == whole(begin) else whole(begin) + HOUR
    bars = _empty(first, now)
    paces = paces or Paces()
    tier: Tier = "none"
    for listing in store.usual.listings(source):
        pace = paces.of(store, source, listing, first)
        hours = [hour for hour in store.usual.hours(source, listing, begin) if hour.at in bars]
        tier = pace.tier if hours else tier
        for hour in hours:
            bar = bars[hour.at]
            bar.found += hour.fresh
            bar.known = max(bar.known, hour.covered)
            bar.usual += pace.usual[hour.of_week] * hour.covered
    return Yield(tuple(bars.values()), tier)


def yield_of(store: Store, source: str, now: datetime) -> dict[str, Any]:
    """Return new entries of the last 24 hours beside what these hours usually bring, and both in a word."""
    it = yields(store, source, now)
    drifts = len(store.drifts.all(source))
    return {
        "word": it.word(drifts),
        "found": round(it.found, 1),
        "usual": round(it.usual, 1),
        "learned_by": it.learned_by,
        "drifts": drifts,
    }


def _empty(first: datetime, now: datetime) -> dict[datetime, Bar]:
    count = max(0, int((now - first) / HOUR) + 1)
    return {at: Bar(at) for at in (first + n * HOUR for n in range(count))}
