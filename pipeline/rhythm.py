"""The rhythm of a source: how many new entries each hour of the week brings, learned from its own hours.

Hours are those of the UTC week. Where there is little history, an hour borrows from the same hour of other
days, and that from all hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Tier = Literal["none", "overall", "hour of day", "hour of week"]

_DAY, _WEEK = 24, 168
_TIERS: tuple[tuple[int, Tier, float], ...] = (
    (14, "hour of week", 0.4), (3, "hour of day", 0.05), (1, "overall", 0.03),
)  # fmt: skip
"""Days of history, what is learned from them, and what share of a quiet day even a holiday brings."""
_BORROWED_OF_DAY, _BORROWED_OF_ALL = 0.5, 1.0
"""Hours of the neighbours' rate that stand for an hour's own where it has none."""
_SPREAD_LEAST, _SPREAD_MOST = 1.5, 30.0


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of a source: for how much of it (0 to 1) we know what appeared, and how many entries did."""

    at: datetime
    covered: float
    fresh: float
    drifted: bool = False

    @property
    def of_week(self) -> int:
        """From 0, Monday 00:00 UTC, to 167."""
        return self.at.weekday() * _DAY + self.at.hour


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Entries an hour, by hour of week: as usual, and as few as on a holiday. `spread` is variance by mean.

    `days` is how many days of history it was learned from.
    """

    tier: Tier
    usual: tuple[float, ...]
    quiet: tuple[float, ...]
    spread: float
    spread_of_days: float
    days: int

    def expected(self, hours: Iterable[Hour]) -> float:
        """Return how many entries these hours usually bring, for as much of them as is covered."""
        return sum(self.usual[hour.of_week] * hour.covered for hour in hours)

    def at_least(self, hours: Iterable[Hour]) -> float:
        """Return how many they bring even where every one of them belongs to a holiday."""
        return sum(self.quiet[hour.of_week] * hour.covered for hour in hours)


def usual_of(
    fresh: Sequence[float], covered: Sequence[float], days: int
) -> tuple[Tier, tuple[float, ...]]:
    """Return entries an hour as usual, by hour of week, and what that was learned from.

    Args:
        fresh: entries by hour of week, summed over all weeks.
        covered: hours of which that is known, by hour of week.
        days: on how many days that was.
    """
    tier, overall = _tier(days)[0], _overall(fresh, covered)
    if tier in ("none", "overall"):
        return tier, (overall,) * _WEEK
    of_day = [
        (sum(fresh[h::_DAY]) + _BORROWED_OF_ALL * overall)
        / (sum(covered[h::_DAY]) + _BORROWED_OF_ALL)
        for h in range(_DAY)
    ]
    return tier, tuple(
        (fresh[h] + _BORROWED_OF_DAY * of_day[h % _DAY]) / (covered[h] + _BORROWED_OF_DAY)
        for h in range(_WEEK)
    )


def learn(hours: Sequence[Hour]) -> Rhythm:
    """Return the rhythm of these hours; without any, one that expects nothing."""
    days = len({hour.at.date() for hour in hours})
    fresh, covered = [0.0] * _WEEK, [0.0] * _WEEK
    for hour in hours:
        fresh[hour.of_week] += hour.fresh
        covered[hour.of_week] += hour.covered
    tier, usual = usual_of(fresh, covered, days)
    share, overall = _tier(days)[1], _overall(fresh, covered)
    least = [share * rate for rate in _quietest(fresh, covered, overall)]
    quiet = tuple(least[h % _DAY] for h in range(_WEEK))
    spreads = _spread(hours, usual, 1), _spread(hours, usual, _DAY)
    return Rhythm(tier, usual, quiet, *spreads, days)


def _tier(days: int) -> tuple[Tier, float]:
    return next(((name, share) for least, name, share in _TIERS if days >= least), ("none", 0.0))


def _overall(fresh: Sequence[float], covered: Sequence[float]) -> float:
    return sum(fresh) / max(sum(covered), 1.0)


def _quietest(fresh: Sequence[float], covered: Sequence[float], overall: float) -> list[float]:
    """Return for every hour of the day the rate of that weekday on which it is lowest.

    An hour is taken with its neighbours: one of itself is too noisy for a minimum. A weekday that was never
    seen counts for nothing; until all were, `_TIERS` expects next to nothing of a quiet day.
    """
    least = []
    for h in range(_DAY):
        rates = []
        for day in range(0, _WEEK, _DAY):
            near = [(day + h + by) % _WEEK for by in (-1, 0, 1)]
            seen = sum(covered[n] for n in near)
            if seen >= 1:
                rates.append(sum(fresh[n] for n in near) / seen)
        least.append(min(rates, default=overall))
    return least


def _spread(hours: Sequence[Hour], usual: Sequence[float], together: int) -> float:
    """Return how much more the counts vary than dice do: of hours, or of days."""
    expected: dict[int, float] = {}
    found: dict[int, float] = {}
    for hour in hours:
        key = int(hour.at.timestamp()) // (3600 * together)
        expected[key] = expected.get(key, 0.0) + usual[hour.of_week] * hour.covered
        found[key] = found.get(key, 0.0) + hour.fresh
    pairs = [(found[key], mean) for key, mean in expected.items() if mean > 0]
    mean = sum(m for _, m in pairs)
    if mean <= 0:
        return _SPREAD_LEAST
    spread = sum((n - m) ** 2 for n, m in pairs) / mean
    return min(max(spread, _SPREAD_LEAST), _SPREAD_MOST)
