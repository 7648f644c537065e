"""The daemon: when each source is due. The only user of APScheduler.

Its defaults are not ours: a job late by over a second would be dropped silently, and `1` in the weekday
field of a crontab would mean Tuesday.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from jobs import wiring
from jobs.crawl_source import Job, crawl_source
from jobs.terminal import silent
from pipeline.config import Config
from pipeline.crawl import Tools
from pipeline.errors import ConfigError, StoreError
from pipeline.records import Source

log = logging.getLogger("gisa.daemon")

GRACE = timedelta(hours=1)
"""How late a crontab run may start (the machine slept); an interval source may be late by its interval."""

STOP_WITHIN = timedelta(seconds=8)
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


async def run_daemon(config: Config) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        ConfigError: no source has a schedule, or a schedule never comes due.
    """
    sources = [s for s in config.chosen([]) if s.every or s.cron]
    if not sources:
        raise ConfigError(f"{config.path}: no enabled source has `every` or `cron`")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    with wiring.store(config, create=True) as store:
        async with wiring.fetcher(config, store.hosts) as fetcher:
            job = Job(config.database, Tools(fetcher, store, wiring.now, silent))
            running: set[asyncio.Task[None]] = set()
            scheduler = _scheduler(sources, config.zone, job, running)
            scheduler.start()
            log.info("%d sources scheduled; database %s", len(sources), config.database)
            await stop.wait()
            log.info("stopping")
            scheduler.shutdown(wait=False)
            await _drain(running)


def trigger_for(source: Source, zone: ZoneInfo, now: datetime) -> BaseTrigger:
    """Return when a source is due.

    Raises:
        ConfigError: the crontab expression is wrong, or no time ever fits it.
    """
    if source.every:
        seconds = source.every.total_seconds()
        return IntervalTrigger(seconds=seconds, jitter=min(seconds * 0.1, 60), start_date=now)
    expression = (source.cron or "").strip()
    fields = _MACROS.get(expression.lower(), expression).split()
    where = f"source.{source.name}.cron: {expression!r}"
    if len(fields) != 5:
        raise ConfigError(f"{where} needs five fields: minute hour day month weekday")
    minute, hour, day, month, weekday = fields
    try:
        named = _named_weekdays(weekday)
        # cron joins day and weekday by "or" where both are given; APScheduler by "and"
        pairs = [(day, "*"), ("*", named)] if day != "*" and named != "*" else [(day, named)]
        triggers = [
            CronTrigger(
                minute=minute,
                hour=hour,
                day=d,
                month=month,
                day_of_week=w,
                timezone=zone,
                jitter=20,
            )
            for d, w in pairs
        ]
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None
    trigger = triggers[0] if len(triggers) == 1 else OrTrigger(triggers)
    if trigger.get_next_fire_time(None, now) is None:
        raise ConfigError(f"{where} never comes due")
    return trigger


def _scheduler(
    sources: list[Source], zone: ZoneInfo, job: Job, running: set[asyncio.Task[None]]
) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone=zone)
    scheduler.add_listener(_note, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_ERROR)
    for source in sources:

        async def crawl(source: Source = source) -> None:
            task = asyncio.create_task(_crawl(source, job))
            running.add(task)
            task.add_done_callback(running.discard)
            # shutting the scheduler down cancels what it awaits; our task is drained by ourselves
            await asyncio.shield(task)

        scheduler.add_job(
            crawl,
            trigger_for(source, zone, wiring.now()),
            id=source.name,
            name=source.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=int((source.every or GRACE).total_seconds()) or 1,
        )
    return scheduler


async def _crawl(source: Source, job: Job) -> None:
    try:
        await crawl_source(source, job)
    except StoreError as error:
        log.error("%s: %s", source.name, error)
    except Exception:
        log.exception("%s: the crawl failed", source.name)


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
    log.warning("%s %s", event.job_id, said.get(event.code, "had an event"))


def _named_weekdays(field: str) -> str:
    """Translate a crontab's weekdays (0 and 7 are Sunday) to names, which mean the same everywhere."""
    if field == "*":
        return field
    days: list[str] = []
    for part in field.lower().split(","):
        span, _, step = part.partition("/")
        first, _, last = ("0", "", "6") if span == "*" else span.partition("-")
        low, high = _weekday(first), _weekday(last or first)
        high += 7 if high < low else 0
        days += [_WEEKDAYS[day % 7] for day in range(low, high + 1, int(step or 1))]
    return ",".join(dict.fromkeys(days))


def _weekday(text: str) -> int:
    number = _WEEKDAYS.index(text) if text in _WEEKDAYS else int(text)
    if not 0 <= number <= 7:
        raise ValueError(f"weekday {text!r} is not in 0-7 or sun-sat")
    return number
