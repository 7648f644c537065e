"""Is this what the source usually gives? A pure decision: its own history in, what is missing out.

Three things are compared, each with a bound on false alarms (docs/drift.md has the rules and the figures):
how many entries a listing shows, how many new ones come, and how many of the articles have which field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.history import (
    FIELD,
    LISTING,
    SELECTOR,
    UNLIKELY,
    Day,
    History,
    Sign,
    Standing,
)
from pipeline.lulls import silence
from pipeline.measures import Count, Look
from pipeline.odds import Groups, at_most_of, favours, group, total
from pipeline.pauses import HOUR, whole

# fields
_PAGES_LEAST = 10
_CORRELATION = ((14, 0.01), (3, 0.02), (0, 0.05))
"""Days of history, and how alike the pages of a run are taken to be at least."""
_CORRELATION_MOST = 0.5
_HOURS = 6
_NEARLY_ALL = 0.95
_DROP, _SLOW_DROP = 0.6, 0.75
"""A share is drift below so much of the expected one: in a run or some hours, in days."""

# listings
_HALF, _QUARTER = 0.5, 0.25
_FEW_ENTRIES, _LISTING_HOURS, _WEEK_DAYS = 4, 24, 8
_LOWEST = 0.005
"""Share of the hours whose least is left out: a listing may be cut short now and then."""


def signs(
    history: History, looks: Sequence[Look], counts: Mapping[str, Count], now: datetime
) -> tuple[Sign, ...]:
    """Return what this run says of the source: nothing where all is as usual."""
    found: list[Sign | None] = []
    for look in looks:
        found.append(_listing(history, look))
        if look.is_whole:
            found.append(silence(history, look.listing, now))
    names = sorted(n for n in {*counts, *history.standing} if n.startswith((FIELD, SELECTOR)))
    found += [_share(history, name, counts.get(name), now) for name in names]
    return tuple(filter(None, found))


def _listing(history: History, look: Look) -> Sign | None:
    """A list of which half is gone: its selector finds some of the entries only."""
    name = f"{LISTING}{look.listing}"
    this_hour = whole(look.at)
    known = [it for it in history.least.get(look.listing, ()) if it[0] < this_hour]
    before, days = sorted(entries for _, entries in known), len({at.date() for at, _ in known})
    if len(before) < _LISTING_HOURS:
        return None
    least = before[int(len(before) * _LOWEST)]
    share = _HALF if days >= _WEEK_DAYS else _QUARTER
    few = look.entries < share * least or (name in history.standing and look.entries < least)
    return Sign(name, least, look.entries, 0) if few and least >= _FEW_ENTRIES else None


def _share(history: History, name: str, now_: Count | None, now: datetime) -> Sign | None:
    """Too few articles have a field: in this run, with the runs of some hours, or over days.

    Of selectors those are judged that matched nearly always: one that is gone altogether is the first sign of
    a new layout, whatever other witness still gives the field.
    """
    standing = history.standing.get(name)
    if standing:
        return _still(standing, now_)
    assert now_ is not None
    known = total(day.counted for day in history.days.get(name, ()))
    if known.of < _PAGES_LEAST:
        return None
    for hours, counted in _pools(history.recent, name, now_, now):
        days = _before(history.days[name], now - hours * HOUR) if hours else history.days[name]
        others = total(day.counted for day in days)
        if others.of < _PAGES_LEAST:  # the first day: what is pooled is all in it
            days, others = history.days[name], _without(known, counted, now_)
        sign = _short(name, days, others, counted, hours)
        if sign:
            return sign
    return None if name.startswith(SELECTOR) else _slow(history, name, now)


def _before(days: Sequence[Day], at: datetime) -> list[Day]:
    """The days before a time: what is judged must not teach how much days differ."""
    return [day for day in days if day.day < at.toordinal()]


def _without(known: Groups, pool: Count, run: Count) -> Groups:
    return replace(
        known, matched=known.matched - pool.matched + run.matched, of=known.of - pool.of + run.of
    )


def _still(standing: Standing, now_: Count | None) -> Sign | None:
    """A drift ends with articles that rather belong to the time before it."""
    if now_ and now_.of:
        share = standing.found / standing.of if standing.of else 0.0
        if favours(now_.matched, now_.of, first=standing.expected, second=share):
            return None
        return Sign(standing.name, standing.expected, now_.matched, now_.of)
    return Sign(standing.name, standing.expected, standing.found, standing.of)


def _pools(
    recent: Sequence[tuple[datetime, Mapping[str, Count]]], name: str, run: Count, now: datetime
) -> Iterable[tuple[float, Count]]:
    """Yield this run, and it together with the runs of 6 and of 48 hours before."""
    yield 0, run
    for hours in (_HOURS, 48):
        pool = Count(run.matched, run.of)
        for at, counts in recent:
            if at < now - hours * HOUR:
                break
            if name in counts:
                pool.matched += counts[name].matched
                pool.of += counts[name].of
        if pool.of > run.of:
            yield hours, pool


def _short(
    name: str, days: Sequence[Day], known: Groups, counted: Count, hours: float
) -> Sign | None:
    drop = _DROP if hours <= _HOURS else _SLOW_DROP
    share = known.share
    if name.startswith(SELECTOR) and (share < _NEARLY_ALL or counted.matched):
        return None
    if known.of < _PAGES_LEAST or counted.matched > drop * share * counted.of:
        return None
    # within some hours it counts how alike the pages of a run are, beyond that how alike those of a day
    certainty = _certainty(known, days, by_run=hours <= _HOURS)
    odds = at_most_of(counted.matched, counted.of, share=share, certainty=certainty)
    return Sign(name, share, counted.matched, counted.of, hours) if odds < UNLIKELY else None


def _slow(history: History, name: str, now: datetime) -> Sign | None:
    """A week beside the weeks before it: what goes away little by little."""
    days = history.days.get(name, ())
    border = (now - timedelta(days=7)).toordinal()
    before = [day for day in days if day.day <= border]
    week = total(day.counted for day in days if day.day > border)
    known = total(day.counted for day in before)
    if len(before) < 7 or week.of < _PAGES_LEAST or week.share > _SLOW_DROP * known.share:
        return None
    odds = at_most_of(
        int(week.matched),
        int(week.of),
        share=known.share,
        certainty=_certainty(known, before, by_run=False),
    )
    return Sign(name, known.share, week.matched, week.of, 168) if odds < UNLIKELY else None


def _certainty(known: Groups, days: Sequence[Day], *, by_run: bool) -> float:
    """How many pages the known share is worth: few where days or runs differ, never more than were seen."""
    by_day = total(group(day.counted.matched, day.counted.of) for day in days)
    floor = next(least for seen, least in _CORRELATION if len(days) >= seen)
    of_runs = known.correlation if by_run else 0.0
    alike = min(max(of_runs, by_day.correlation, floor), _CORRELATION_MOST)
    return max(1.0, min(1 / alike - 1, known.of + 1))
