"""How long may a source be silent? Judged by its own rhythm, and by what a holiday would bring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from pipeline.history import LEARNED_FROM, STILL_UNLIKELY, UNLIKELY, YIELD, History, Sign
from pipeline.odds import at_most
from pipeline.pauses import HOUR
from pipeline.rhythm import Hour, learn

_SILENCES = (2, 4, 8, 16, 32, 72)
"""Hours; each is compared with what a holiday would bring."""
_UNLIKELY_LULL = 1e-5
_NO_LULL = 0.9


class _Lull(NamedTuple):
    """Days that are longer than any holiday, the share of the usual that is drift, days of history before."""

    days: int
    share: float
    learned: int


_LULLS = (_Lull(10, 0.2, 14), _Lull(28, 0.6, 14))


def silence(history: History, listing: str, now: datetime) -> Sign | None:
    """Return the shortest time up to now that brought a listing too few new entries; None without one."""
    name = f"{YIELD}{listing}"
    stands, hours = name in history.standing, history.hours.get(listing, ())
    bound = STILL_UNLIKELY if stands else UNLIKELY
    # the time that is judged teaches nothing, or a silence would soon be what is usual
    rhythm = learn(_learned(hours, now - _SILENCES[-1] * HOUR))
    for length in _SILENCES:
        these = [h for h in hours if h.at > now - (length + 1) * HOUR]
        fresh, least = sum(h.fresh for h in these), rhythm.at_least(these)
        if fresh < least and at_most(fresh, mean=least, spread=rhythm.spread) < bound:
            return Sign(name, rhythm.expected(these), fresh, 0, length)
    return next(
        filter(None, (_lull(hours, name, now, lull, stands=stands) for lull in _LULLS)), None
    )


def _lull(
    hours: Sequence[Hour], name: str, now: datetime, lull: _Lull, *, stands: bool
) -> Sign | None:
    """Too few for longer than any holiday lasts, beside the weeks before."""
    begin = now - timedelta(days=lull.days)
    these, before = [h for h in hours if h.at >= begin], _learned(hours, begin)
    if _pace(these) > _NO_LULL * _pace(before):
        return None  # most runs end here: to learn a rhythm takes a millisecond
    rhythm = learn(before)
    if rhythm.days < lull.learned:
        return None
    fresh, covered = sum(h.fresh for h in these), sum(h.covered for h in these)
    # in young histories hours borrow from others: over whole weeks the plain pace is the better guess
    usual = min(rhythm.expected(these), _pace(before) * covered)
    if fresh >= (0.5 + lull.share / 2 if stands else lull.share) * usual:
        return None
    middle = now - timedelta(days=lull.days) / 2
    halves = ([h for h in these if h.at < middle], [h for h in these if h.at >= middle])
    if not stands and max(map(_pace, halves)) >= lull.share * _pace(before):
        return None  # a week of holidays lowers one half
    # what a lull may be is no matter of chance: the share bounds it, this only guards small numbers
    odds = at_most(fresh, mean=usual, spread=rhythm.spread_of_days)
    return Sign(name, usual, fresh, 0, lull.days * 24) if odds < _UNLIKELY_LULL else None


def _pace(hours: Sequence[Hour]) -> float:
    return sum(h.fresh for h in hours) / max(sum(h.covered for h in hours), 1.0)


def _learned(hours: Sequence[Hour], until: datetime) -> list[Hour]:
    return [h for h in hours if until - LEARNED_FROM <= h.at < until and not h.drifted]
