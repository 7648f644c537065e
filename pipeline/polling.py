"""How long to wait before a source is asked again, learned from what looks at that hour found before.

A source that publishes nothing at night is asked less often then, never less often than `at_most`, and as often
as ever once a look finds something. Little evidence moves little: an hour is quiet when many days agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.pauses import HOUR, whole

DAYS = 14
"""Days of history that are looked at; older ones say how the source was, not how it is."""

WANTED = 0.1
"""New articles that are to be expected of a look; where `every` expects fewer, it is waited for longer."""

AWAKE = timedelta(hours=1)
"""So long after a look that found something, the source is asked as often as configured."""

_DOUBT = 0.5
"""Articles that are added to what an hour was seen to bring: one quiet night is no rule."""
_SAME_KIND_LEAST = 4
"""Days off (or working days) from which on only days of the same kind count."""
_STEP = timedelta(minutes=5)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Hour:
    """What good looks found in one hour; `start` is aware and of the zone that the source lives by."""

    start: datetime
    new: int


@dataclass(frozen=True, slots=True)
class Plan:
    """When to ask again, and why; `why` is empty where that is as configured."""

    interval: timedelta
    why: str = ""


def plan(
    hours: Sequence[Hour],
    every: timedelta,
    at_most: timedelta,
    now: datetime,
    found_at: datetime | None,
) -> Plan:
    """Return how long to wait from now.

    The expected number of new articles is summed up over the hours ahead, so that a long wait ends where a busy
    hour begins.

    Args:
        hours: the history, oldest first, at most one entry an hour; the hour of now may be the last.
        every: the shortest wait, which is the configured one.
        at_most: the longest wait.
        now: the time of the last look, aware, of the zone of `hours`.
        found_at: when a look found something last.
    """
    if found_at is not None and now - found_at < AWAKE:
        return Plan(every)
    known = _Known(hours, every, at_most, now)
    expected, wait = 0.0, timedelta(0)
    while wait < at_most:
        expected += known.rate(now + wait) * (_STEP / HOUR)
        if expected > WANTED:
            break
        wait += _STEP
    interval = max(every, min(wait, at_most))
    if interval <= every:
        return Plan(every)
    return Plan(interval, known.said(now))


class _Known:
    """The history by day and hour. An hour without a look is known if one soon after told of it."""

    def __init__(
        self, hours: Sequence[Hour], every: timedelta, at_most: timedelta, now: datetime
    ) -> None:
        today = now.date()
        self._every = every
        self._found: dict[int, dict[date, int]] = {}
        before: datetime | None = None
        for hour in hours:
            day = hour.start.date()
            if 0 <= (today - day).days <= DAYS and hour.start + HOUR <= now:
                self._note(hour.start, hour.new)
                self._fill(before, hour.start, at_most)
            before = hour.start

    def _note(self, start: datetime, new: int) -> None:
        days = self._found.setdefault(start.hour, {})
        days[start.date()] = days.get(start.date(), 0) + new

    def _fill(self, before: datetime | None, start: datetime, at_most: timedelta) -> None:
        if before is None or not HOUR < start - before <= at_most + HOUR:
            return
        between = before + HOUR
        while between < start:
            self._note(between, 0)
            between += HOUR

    def _days(self, at: datetime) -> dict[date, int]:
        """What this hour brought on days like this one: a working day or a week-end, once enough are known."""
        days = self._found.get(at.hour, {})
        off = at.weekday() >= _SATURDAY
        same = {day: new for day, new in days.items() if (day.weekday() >= _SATURDAY) is off}
        return same if len(same) >= _SAME_KIND_LEAST else days

    def rate(self, at: datetime) -> float:
        """Return the new articles to expect in an hour; of an hour that was never seen, many."""
        days = self._days(at)
        return (sum(days.values()) + _DOUBT) / len(days) if days else 1 / WANTED

    def _is_quiet(self, at: datetime) -> bool:
        return self.rate(at) * (self._every / HOUR) <= WANTED

    def said(self, now: datetime) -> str:
        """Return since and until when it is quiet at this time of day, and on how many days that was so."""
        first = last = whole(now)
        while self._is_quiet(first - HOUR) and last - first < 22 * HOUR:
            first -= HOUR
        while self._is_quiet(last + HOUR) and last - first < 22 * HOUR:
            last += HOUR
        found: dict[date, int] = {}
        at = first
        while at <= last:
            for day, new in self._days(at).items():
                night = day - (at.date() - first.date())  # what crosses midnight is one night
                found[night] = found.get(night, 0) + new
            at += HOUR
        quiet = sum(not new for new in found.values())
        when = f"between {first:%H:%M} and {last + HOUR:%H:%M}"
        when = "at any hour" if last - first >= 22 * HOUR else when
        return f"nothing new {when} on {quiet} of {len(found)} days"
