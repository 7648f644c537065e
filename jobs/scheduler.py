"""The daemon: when each source is due. The only user of APScheduler.

Its defaults are not ours: a job late by over a second would be dropped silently, and `1` in the weekday
field of a crontab would mean Tuesday.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from jobs import crontab, terminal, wiring
from jobs.crawl_source import Job, crawl_source
from jobs.exposing import exposed
from jobs.lock import DAEMON, source_lock
from jobs.stopping import Stop
from pipeline.config import Config
from pipeline.crawl import Tools
from pipeline.errors import ConfigError, StoreError
from pipeline.records import Source
from pipeline.store import Store

log = logging.getLogger("gisa.daemon")

GRACE = timedelta(hours=1)
"""How late a crontab run may start (the machine slept); an interval source may be late by its interval."""

STOP_WITHIN = timedelta(seconds=6)
_JITTER = timedelta(seconds=20)
_INSTANT = timedelta(microseconds=1)


async def run_daemon(config: Config) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        ConfigError: no source has a schedule, or a schedule never comes due.
        LockHeld: another daemon works on this database.
    """
    check_schedules(config)
    sources = [s for s in config.chosen([]) if s.every or s.cron]
    if not sources:
        raise ConfigError(f"{config.path}: no enabled source has `every` or `cron`")
    stop = asyncio.Event()
    Stop().listen(stop.set)
    # a terminal that closes is no wish to stop; changed settings are read by a restart
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, _note_hang_up)
    with (
        wiring.store(config, create=True) as store,
        source_lock(config.database, DAEMON, wiring.now()),
    ):
        async with exposed(config, store), wiring.fetcher(config, store.hosts) as fetcher:
            keep = config.pipeline.keep_emails
            kept = wiring.retention(config)
            tools = Tools(fetcher, store, wiring.now, terminal.every_page, None, keep, kept)
            await _serve(sources, config, Job(config.database, tools), stop)


async def _serve(sources: list[Source], config: Config, job: Job, stop: asyncio.Event) -> None:
    running: set[asyncio.Task[None]] = set()
    scheduler = _scheduler(sources, config.zone, job, running)
    scheduler.start()
    log.info("%d sources scheduled; database %s", len(sources), config.database.resolve())
    await stop.wait()
    log.info("stopping; %d crawls under way", len(running))
    scheduler.shutdown(wait=False)
    await _drain(running)
    log.info("stopped")


def check_schedules(config: Config) -> None:
    """Refuse schedules that cannot be kept.

    Raises:
        ConfigError: a line for every crontab expression that is wrong or that no time ever fits.
    """
    faults = []
    for source in config.sources.values():
        try:
            trigger_for(source, config.zone, wiring.now())
        except ConfigError as error:
            where = config.path.with_name(config.origins[f"source.{source.name}.cron"])
            faults.append(f"{where}: {error}")
    if faults:
        raise ConfigError("\n".join(faults))


def trigger_for(source: Source, zone: ZoneInfo, now: datetime) -> BaseTrigger | None:
    """Return when a source is due; None where it has no schedule.

    Raises:
        ConfigError: the crontab expression is wrong, or no time ever fits it.
    """
    if source.every:
        seconds = source.every.total_seconds()
        jitter = min(seconds * 0.1, _JITTER.total_seconds())
        return IntervalTrigger(seconds=seconds, jitter=jitter, start_date=now)
    if source.cron is None:
        return None
    where = f"source.{source.name}.cron: {source.cron!r}"
    try:
        trigger = _WallClock(crontab.alternatives(source.cron), zone)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None
    if trigger.get_next_fire_time(None, now) is None:
        raise ConfigError(f"{where} never comes due")
    return trigger


class _WallClock(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Crontab times as a clock on the wall of the zone shows them, calculated without the zone.

    In the zone itself APScheduler 3.11 leaves out the midnight after clocks go forward, and with jitter
    never gets beyond the hour that comes twice. Here a time in the skipped hour comes due an hour later
    by the clock, and one in the repeated hour once.
    """

    def __init__(self, alternatives: list[list[str]], zone: ZoneInfo) -> None:
        names = ("minute", "hour", "day", "month", "day_of_week")
        given = [dict(zip(names, each, strict=True)) for each in alternatives]
        self._times = OrTrigger([CronTrigger(**each, timezone=UTC) for each in given])
        self._zone = zone

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """Return the first time after `previous`, or from `now` on."""
        start = min(now, previous + _INSTANT) if previous else now
        start += _INSTANT if start == previous else timedelta(0)
        wall = start.astimezone(self._zone).replace(tzinfo=UTC, fold=0)
        while (wall := self._times.get_next_fire_time(None, wall)) is not None:
            for fold in (0, 1):
                at: datetime = wall.replace(tzinfo=self._zone, fold=fold).astimezone(UTC)
                if at >= start:
                    return at.astimezone(self._zone)
            wall += _INSTANT
        return None


def next_runs(source: Source, zone: ZoneInfo, now: datetime, most: int) -> list[datetime]:
    """Return the next times at which a crontab expression is due, for people to look at."""
    trigger = trigger_for(source, zone, now)
    times: list[datetime] = []
    at: datetime | None = now
    while trigger and at and len(times) < most:
        at = trigger.get_next_fire_time(times[-1] if times else None, at)
        if at:
            times.append(at)
    return times


def first_run(
    source: Source, trigger: BaseTrigger, last: datetime | None, now: datetime
) -> datetime | None:
    """Return when a source is due first after the start of the daemon.

    A restart neither delays what is due nor repeats what was done: an interval counts from the last run,
    and a crontab run that fell into the pause is made up for within GRACE.
    """
    if source.every:
        due = now if last is None or last > now else max(now, last + source.every)
        return due.astimezone(now.tzinfo)
    missed = trigger.get_next_fire_time(None, max(last, now - GRACE)) if last else None
    return now if missed and missed <= now else trigger.get_next_fire_time(None, now)


def _scheduler(
    sources: list[Source], zone: ZoneInfo, job: Job, running: set[asyncio.Task[None]]
) -> AsyncIOScheduler:
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # _note says the same in our words
    scheduler = AsyncIOScheduler(timezone=zone)
    scheduler.add_listener(_note, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_ERROR)
    now = wiring.now()
    for source in sources:

        async def crawl(source: Source = source) -> None:
            task = asyncio.create_task(_crawl(source, job))
            running.add(task)
            task.add_done_callback(running.discard)
            # shutting the scheduler down cancels what it awaits, and it would log that as a failure;
            # our task is drained by ourselves
            with suppress(asyncio.CancelledError):
                await asyncio.shield(task)

        trigger = trigger_for(source, zone, now)
        due = first_run(source, trigger, _last_run(job.tools.store, source), now)
        schedule = f"every {terminal.duration(source.every)}" if source.every else source.cron
        log.info("%s %s, next %s", source.name, schedule, terminal.local(str(due), zone))
        scheduler.add_job(
            crawl,
            trigger,
            id=source.name,
            name=source.name,
            next_run_time=due,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=int((source.every or GRACE).total_seconds()) or 1,
        )
    return scheduler


def _last_run(store: Store, source: Source) -> datetime | None:
    last: Mapping[str, str] | None = store.runs.last(source.name)
    return datetime.fromisoformat(last["started_at"]) if last else None


async def _crawl(source: Source, job: Job) -> None:
    try:
        await crawl_source(source, job)
    except StoreError as error:
        log.error("%s: %s", source.name, error, extra={"source": source.name})
    except Exception:
        log.exception("%s: the crawl failed", source.name, extra={"source": source.name})


async def _drain(running: set[asyncio.Task[None]]) -> None:
    """Let crawls end; cut those that take too long. What was discovered is in the database."""
    if not running:
        return
    _, late = await asyncio.wait(running, timeout=STOP_WITHIN.total_seconds())
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


def _note(event: JobEvent) -> None:
    said = {
        EVENT_JOB_MISSED: "missed its time",
        EVENT_JOB_MAX_INSTANCES: "was due while its last crawl was still running",
        EVENT_JOB_ERROR: "failed",
    }
    log.warning(
        "%s %s", event.job_id, said.get(event.code, "had an event"), extra={"source": event.job_id}
    )


def _note_hang_up() -> None:
    log.warning("SIGHUP: running on; restart to read a changed configuration")
