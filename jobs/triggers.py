"""When a source is due: intervals and crontab expressions as triggers of APScheduler, our rules in them.

Its own triggers list every time that passed while the machine slept, one by one. These skip the past: after any
pause there is one time that is due, the first that was missed, and the next one lies ahead.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from jobs import crontab
from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.records import Source

JITTER = timedelta(seconds=20)
"""Most that a start is put off by chance; for an interval at most a tenth of it."""

MOST_COUNTED = 100
"""Missed times that are counted; beyond, "many" is as good."""

_STORED_TO = timedelta(seconds=1)
_INSTANT = timedelta(microseconds=1)

Interval = Callable[[datetime], timedelta]


def check_schedules(config: Config, now: datetime) -> None:
    """Refuse schedules that cannot be kept.

    Raises:
        ConfigError: a line for every crontab expression that is wrong or that no time ever fits.
    """
    faults = []
    for source in config.sources.values():
        try:
            trigger_for(source, config.zone, now)
        except ConfigError as error:
            where = config.path.with_name(config.origins[f"source.{source.name}.cron"])
            faults.append(f"{where}: {error}")
    if faults:
        raise ConfigError("\n".join(faults))


def trigger_for(
    source: Source,
    zone: ZoneInfo,
    now: datetime,
    *,
    jitter: bool = False,
    interval: Interval | None = None,
) -> BaseTrigger | None:
    """Return when a source is due; None where it has no schedule.

    Args:
        source: with `every` or `cron`.
        zone: of crontab expressions.
        now: from when on a crontab expression must come due.
        jitter: put each time off by chance, so that sources do not start all at once.
        interval: what to take in place of `every`, asked anew for each time.

    Raises:
        ConfigError: the crontab expression is wrong, or no time ever fits it.
    """
    if source.every:
        every = source.every
        return _Every(interval or (lambda _: every), min(every * 0.1, JITTER) * jitter)
    if source.cron is None:
        return None
    where = f"source.{source.name}.cron: {source.cron!r}"
    try:
        trigger = _WallClock(crontab.alternatives(source.cron), zone, JITTER * jitter)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None
    if trigger.get_next_fire_time(None, now) is None:
        raise ConfigError(f"{where} never comes due")
    return trigger


class _Every(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """An interval, counted from the last start: what is late is made up for once and moves the rest."""

    def __init__(self, interval: Interval, jitter: timedelta) -> None:
        self._interval, self._jitter = interval, jitter

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Return a time in UTC: in a zone, sums and comparisons go by its wall."""
        start = _later(previous, now) if previous else now.astimezone(UTC)
        return start + self._interval(now) + _some_of(self._jitter)


class _WallClock(BaseTrigger):  # type: ignore[misc]
    """Crontab times as a clock on the wall of the zone shows them, calculated without the zone.

    In the zone itself APScheduler 3.11 leaves out the midnight after clocks go forward, and with jitter
    never gets beyond the hour that comes twice. Here a time in the skipped hour comes due an hour later
    by the clock, and one in the repeated hour once.
    """

    def __init__(self, alternatives: list[list[str]], zone: ZoneInfo, jitter: timedelta) -> None:
        names = ("minute", "hour", "day", "month", "day_of_week")
        given = [dict(zip(names, each, strict=True)) for each in alternatives]
        self._times = OrTrigger([CronTrigger(**each, timezone=UTC) for each in given])
        self._zone, self._jitter = zone, jitter

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """Return the first time after both `previous` and now, or, without `previous`, from now on."""
        start = _later(previous, now) + _INSTANT if previous else now
        wall = start.astimezone(self._zone).replace(tzinfo=UTC, fold=0)
        while (wall := self._times.get_next_fire_time(None, wall)) is not None:
            for fold in (0, 1):
                at: datetime = wall.replace(tzinfo=self._zone, fold=fold).astimezone(UTC)
                if at >= start:
                    return (at + _some_of(self._jitter)).astimezone(self._zone)
            wall += _INSTANT
        return None


def _later(one: datetime, other: datetime) -> datetime:
    return max(one.astimezone(UTC), other.astimezone(UTC))


def _some_of(most: timedelta) -> timedelta:
    return most * random.random()  # noqa: S311 - spreads load, guards nothing


def next_runs(source: Source, zone: ZoneInfo, now: datetime, most: int) -> list[datetime]:
    """Return the next times at which a source is due, without jitter, for people to look at."""
    trigger = trigger_for(source, zone, now)
    times: list[datetime] = []
    while trigger and len(times) < most:
        at = trigger.get_next_fire_time(times[-1] if times else None, times[-1] if times else now)
        if at is None:
            break
        times.append(at)
    return times


def first_due(
    source: Source, trigger: BaseTrigger, last: datetime | None, now: datetime
) -> datetime | None:
    """Return when a source is due first after the start of the daemon; a past time is a run that was missed.

    A restart neither delays what is due nor repeats what was done: an interval counts from the last crawl, and
    a crontab time that fell into the pause is made up for, however long that was.

    Args:
        source: with a schedule.
        trigger: of that schedule, without jitter.
        last: start of the last crawl, in whole seconds as it is stored; None if there was none.
        now: the time.
    """
    if last is not None and last > now:  # the clock was wrong once
        last = None if source.every else now
    if source.every:
        due = now if last is None else trigger.get_next_fire_time(None, last)
    else:
        # a crawl that began in the second of its time has had that time
        due = trigger.get_next_fire_time(None, last + _STORED_TO if last else now)
    return due.astimezone(UTC) if due else None


def times_due(source: Source, zone: ZoneInfo, first: datetime, until: datetime) -> int:
    """Return how often a source was due from `first` to `until`, both included; MOST_COUNTED at most."""
    if interval := source.at_most or source.every:
        return max(1, min(MOST_COUNTED, int((until - first) / interval) + 1))
    trigger = trigger_for(source, zone, first)
    times, at = 1, first
    while trigger and times < MOST_COUNTED:
        at = trigger.get_next_fire_time(at, at)
        if at is None or at > until:
            break
        times += 1
    return times
