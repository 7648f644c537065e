"""What should have been published by the source's own history, what we have of it, and where it lacks.

An hour's expectation comes from the same hour of the week in the weeks before it; with too little of that, from
the same hour of days of its kind; with too little of that there is none, and it is not judged.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from math import sqrt
from typing import Literal, TypeAlias

from pipeline.pauses import HOUR, whole

WEEKS = 8
"""How far back an expectation looks."""
_DAYS = 28
_LEAST_SAMPLES = 4
_LIKELY = 4.0
"""Standard deviations that a stretch must lie below its expectation to be called a gap."""
_SATURDAY = 5

Kind: TypeAlias = Literal["few", "rolled_over", "not_read_since"]


@dataclass(frozen=True, slots=True)
class Expected:
    """What an hour should bring: the mean of the middle half of `samples` earlier ones, and the band in which
    eight of ten of them lie.
    """

    articles: float
    low: float
    high: float
    samples: int
    by: Literal["hour of week", "hour of day"]


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of one source; `expected` is None where too little is known."""

    start: datetime
    seen: int
    expected: Expected | None

    @property
    def missing(self) -> float | None:
        """How many articles lack, None where nobody can tell."""
        return None if self.expected is None else max(0.0, self.expected.articles - self.seen)


@dataclass(frozen=True, slots=True)
class Hole:
    """A time of which something says that we did not see all of it."""

    start: datetime
    end: datetime
    kind: Kind
    said: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours in a row in which articles lack. `expected` and `missing` are None where too little is known.

    `filled`: since then all was fetched that there was.
    """

    start: datetime
    end: datetime
    seen: int
    expected: float | None
    kinds: tuple[Kind, ...]
    said: tuple[str, ...] = ()
    filled: bool = False

    @property
    def missing(self) -> float | None:
        """How many articles lack, None where nobody can tell."""
        return None if self.expected is None else max(0.0, self.expected - self.seen)


@dataclass
class History:
    """What a source brought, by the hour in which it was published; hours are aware and whole, in UTC.

    `watched` are the hours that count as samples: of the others nobody knows what was published.
    """

    counts: Mapping[datetime, int]
    watched: Iterable[datetime]
    zone: tzinfo
    _weekly: dict[tuple[int, int], list[datetime]] = field(init=False, default_factory=dict)
    _daily: dict[tuple[bool, int], list[datetime]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for hour in sorted(self.watched):
            weekday, of_day = self._place(hour)
            self._weekly.setdefault((weekday, of_day), []).append(hour)
            self._daily.setdefault((weekday >= _SATURDAY, of_day), []).append(hour)

    def expected(self, hour: datetime) -> Expected | None:
        """Return what an hour should bring, by watched hours before it; None with fewer than four of them."""
        weekday, of_day = self._place(hour)
        known = self._before(self._weekly.get((weekday, of_day), ()), hour, timedelta(weeks=WEEKS))
        by: Literal["hour of week", "hour of day"] = "hour of week"
        if len(known) < _LEAST_SAMPLES:
            by, weekend = "hour of day", weekday >= _SATURDAY
            known = self._before(
                self._daily.get((weekend, of_day), ()), hour, timedelta(days=_DAYS)
            )
        if len(known) < _LEAST_SAMPLES:
            return None
        tenths = statistics.quantiles(known, n=10, method="inclusive")
        return Expected(_middle(known), tenths[0], tenths[-1], len(known), by)

    def hours(self, start: datetime, end: datetime) -> Iterator[Hour]:
        """Yield the whole hours from `start` (rounded down) to `end`."""
        hour = whole(start)
        while hour + HOUR <= end:
            yield Hour(hour, self.counts.get(hour, 0), self.expected(hour))
            hour += HOUR

    def spread(self) -> float:
        """Return the variance of an hour's articles over its mean: 1 as by chance, more where weeks differ."""
        squares = means = 0.0
        for hours in self._weekly.values():
            known = [self.counts.get(hour, 0) for hour in hours[-WEEKS:]]
            if len(known) >= _LEAST_SAMPLES:
                squares += statistics.variance(known)
                means += statistics.fmean(known)
        return max(1.0, squares / means) if means else 1.0

    def _place(self, hour: datetime) -> tuple[int, int]:
        local = hour.astimezone(self.zone)
        return local.weekday(), local.hour

    def _before(self, hours: Sequence[datetime], hour: datetime, back: timedelta) -> list[int]:
        return [self.counts.get(it, 0) for it in hours if hour - back <= it < hour]


def find(hours: Sequence[Hour], holes: Sequence[Hole], spread: float) -> list[Gap]:
    """Return the gaps: holes, and stretches that brought less than half and far less than chance allows.

    Args:
        hours: of one source, in order, without a gap between them.
        holes: what is known to have been missed; they may reach beyond the hours.
        spread: see `History.spread`.
    """
    known = {hour.start: hour for hour in hours}
    why: dict[datetime, set[Kind]] = {}
    said: dict[datetime, list[str]] = {}
    for stretch in _stretches(hours, spread):
        for hour in stretch:
            why.setdefault(hour.start, set()).add("few")
    for hole in holes:
        at = whole(hole.start)
        while at < hole.end:
            if at in known:
                why.setdefault(at, set()).add(hole.kind)
                said.setdefault(at, []).append(hole.said)
            at += HOUR
    return [_gap(group, known, why, said) for group in _in_a_row(sorted(why))]


def unfilled(hole: Hole, filled: Sequence[tuple[datetime, datetime]]) -> Iterator[Hole]:
    """Yield what is left of a hole outside of the times that were filled since, which are in order."""
    start = hole.start
    for first, last in filled:
        if start < min(first, hole.end):
            yield replace(hole, start=start, end=min(first, hole.end))
        start = max(start, last)
    if start < hole.end:
        yield replace(hole, start=start)


def _middle(known: Sequence[int]) -> float:
    """The mean of the middle half: big news moves it little, and it tells 0.3 from 0 as no median does."""
    cut = len(known) // 4
    return statistics.fmean(sorted(known)[cut : len(known) - cut])


def _stretches(hours: Sequence[Hour], spread: float) -> Iterator[list[Hour]]:
    stretch: list[Hour] = []
    for hour in (*hours, None):
        if hour and hour.expected and _is_poor(hour, hour.expected, within=bool(stretch)):
            stretch.append(hour)
            continue
        while stretch and not stretch[-1].missing:
            stretch.pop()
        if stretch and _is_unlikely(stretch, spread):
            yield stretch
        stretch = []


def _is_poor(hour: Hour, expected: Expected, *, within: bool) -> bool:
    """Fewer than half. Within a stretch an hour that should bring nothing does not end it."""
    return 2 * hour.seen < expected.articles or (within and not hour.seen)


def _is_unlikely(stretch: Sequence[Hour], spread: float) -> bool:
    seen = sum(hour.seen for hour in stretch)
    means = [(it.articles, it.samples) for hour in stretch if (it := hour.expected)]
    expected = sum(mean for mean, _ in means)
    # of the hours themselves, and of the expectation, which comes from few samples
    variance = spread * sum(mean * (1 + 1 / samples) for mean, samples in means)
    return expected - seen > _LIKELY * sqrt(variance)


def _in_a_row(hours: Sequence[datetime]) -> Iterator[list[datetime]]:
    group: list[datetime] = []
    for hour in hours:
        if group and hour != group[-1] + HOUR:
            yield group
            group = []
        group.append(hour)
    if group:
        yield group


def _gap(
    group: Sequence[datetime],
    known: Mapping[datetime, Hour],
    why: Mapping[datetime, set[Kind]],
    said: Mapping[datetime, list[str]],
) -> Gap:
    hours = [known[at] for at in group]
    told = [it.expected.articles for it in hours if it.expected]
    return Gap(
        group[0],
        group[-1] + HOUR,
        sum(it.seen for it in hours),
        sum(told) if len(told) == len(hours) else None,
        tuple(sorted(set[Kind]().union(*(why[at] for at in group)))),
        tuple(dict.fromkeys(text for at in group for text in said.get(at, ()))),
    )
