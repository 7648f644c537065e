"""The schedule: which source comes due when, kept by APScheduler; its defaults are not ours.

A job late by over a second would be dropped silently, and its timer stops while the machine sleeps.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.events import (
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    EVENT_JOB_SUBMITTED,
    JobSubmissionEvent,
)
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from jobs.triggers import Interval, first_due, times_due, trigger_for
from pipeline.records import Source
from pipeline.store.runs import Skip

log = logging.getLogger("gisa.daemon")

TICK = timedelta(seconds=30)
"""How often the schedule looks at the clock: timers do not run while a machine sleeps."""

LATE = timedelta(minutes=1)
"""A run that starts later than this missed its time; what starts is the one that makes up for it."""

_SPREAD = timedelta(seconds=0.25)
"""Between the starts of sources that are due at the start of the daemon."""
_SET_BACK = timedelta(seconds=5)
_CORRECTED = timedelta(hours=3)
"""A clock set back further than this was wrong before; crontab times are then read anew, as cron(8) does it."""


@dataclass(frozen=True)
class Hooks:
    """What the schedule calls.

    `crawl` is given the name of a source that is due. `skipped` is told of runs that did not run. `interval` is
    what is taken in place of `every` at a time.
    """

    crawl: Callable[[str], Awaitable[None]]
    skipped: Callable[[Skip], None]
    interval: Callable[[Source, datetime], timedelta] | None = None


class Schedule:
    """Sources and when they come due. Make it within the event loop; `clock` gives aware times."""

    def __init__(
        self,
        zone: ZoneInfo,
        hooks: Hooks,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # we say the same in our words
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_listener(
            self._heard, EVENT_JOB_SUBMITTED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_MISSED
        )
        self.zone = zone
        """Of crontab expressions that are put in from now on."""
        self._hooks, self._clock, self._monotonic = hooks, clock, monotonic
        self._sources: dict[str, Source] = {}
        self._overdue: dict[str, datetime] = {}
        self._looked = (clock(), monotonic())

    def start(self) -> None:
        """Begin; sources may be put in before and after."""
        self._scheduler.start()

    def stop(self) -> None:
        """Start no further crawl; those under way are the caller's."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def put(
        self, sources: Sequence[Source], last: Mapping[str, datetime], in_force: Container[str]
    ) -> None:
        """Take sources in, or give known ones a new schedule.

        Those that are due already start one after the other, the longest overdue first.

        Args:
            sources: each with `every` or `cron`.
            last: when which of them was crawled last.
            in_force: names of those that had this schedule since then; what they missed is told.
        """
        now = self._clock()
        due = {s.name: first_due(s, self._trigger(s, now), last.get(s.name), now) for s in sources}
        started = 0
        for source in sorted(sources, key=lambda s: due[s.name] or now):
            at = due[source.name]
            self._sources[source.name] = source
            self._overdue.pop(source.name, None)
            if at and at <= now:
                if source.name in last and source.name in in_force:
                    self._overdue[source.name] = at
                at = now + started * _SPREAD
                started += 1
            self._add(source, now, at)

    def renew(self, source: Source) -> None:
        """Take over what changed of a source but for its schedule."""
        self._sources[source.name] = source

    def drop(self, name: str) -> None:
        """Take a source out; a crawl of it that is under way is left alone."""
        if self._sources.pop(name, None):
            self._overdue.pop(name, None)
            if self._scheduler.get_job(name):
                self._scheduler.remove_job(name)

    def ask_again(self, name: str, at: datetime) -> None:
        """Set when a source with an interval is due next."""
        if self._scheduler.get_job(name):
            self._scheduler.modify_job(name, next_run_time=at.astimezone(UTC))

    def next_due(self, name: str) -> datetime | None:
        """Return when a source is due next."""
        job = self._scheduler.get_job(name)
        return job.next_run_time if job else None

    def next(self) -> tuple[datetime, str] | None:
        """Return when the next source is due, and which."""
        jobs = [job for job in self._scheduler.get_jobs() if job.next_run_time]
        due = [(job.next_run_time.astimezone(UTC), job.id) for job in jobs]
        return min(due) if due else None

    def wake(self) -> None:
        """Start what is due by the clock, without waiting for the timer."""
        if self._scheduler.running:
            self._scheduler.wakeup()

    def tick(self) -> timedelta:
        """Look at the clock: start what came due while the machine slept, keep to a clock that was set back.

        Returns:
            How far the clock was set back since the last look; nothing, usually.
        """
        (wall, mono), here = self._looked, (self._clock(), self._monotonic())
        self._looked = here
        ahead = here[0] - wall - timedelta(seconds=here[1] - mono)
        if ahead < -_SET_BACK:
            log.warning("the clock was set back by %s; intervals go on as before", -ahead)
            self._move(ahead, here[0])
        elif ahead > LATE:
            log.info("the clock is %s ahead: the machine slept, or the clock was set", ahead)
        self.wake()
        return max(-ahead, timedelta(0)) if ahead < -_SET_BACK else timedelta(0)

    def _move(self, by: timedelta, now: datetime) -> None:
        """Intervals keep their distance from now; crontab times that were had already do not come again."""
        for job in self._scheduler.get_jobs():
            source = self._sources[job.id]
            if job.next_run_time is None:
                continue
            if source.every:
                job.modify(next_run_time=job.next_run_time.astimezone(UTC) + by)
            elif -by > _CORRECTED:
                job.modify(next_run_time=job.trigger.get_next_fire_time(None, now))

    def _trigger(self, source: Source, now: datetime, *, jitter: bool = False) -> BaseTrigger:
        return trigger_for(
            source, self.zone, now, jitter=jitter, interval=self._interval_of(source)
        )

    def _interval_of(self, source: Source) -> Interval | None:
        asked = self._hooks.interval
        return (lambda at: asked(source, at)) if asked else None

    def _add(self, source: Source, now: datetime, due: datetime | None) -> None:
        self._scheduler.add_job(
            self._hooks.crawl,
            self._trigger(source, now, jitter=True),
            args=[source.name],
            id=source.name,
            name=source.name,
            next_run_time=due,
            coalesce=True,
            max_instances=1,
            # whatever is late runs once: the trigger has nothing else to offer before the next time
            misfire_grace_time=None,
            replace_existing=True,
        )

    def _heard(self, event: JobSubmissionEvent) -> None:
        name, now = event.job_id, self._clock()
        source = self._sources.get(name)
        if source is None:
            return
        due = self._overdue.pop(name, None) or event.scheduled_run_times[0]
        overrun = event.code == EVENT_JOB_MAX_INSTANCES
        if overrun or now - due > LATE:
            times = times_due(source, self.zone, due, now)
            self._hooks.skipped(Skip(name, "overrun" if overrun else "missed", due, times))
