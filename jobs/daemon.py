"""The daemon: the schedule, the crawls under way, and what signals do to them."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from jobs import logs, terminal, wiring
from jobs.adapting import explained, plan_for
from jobs.crawl_source import crawl_source
from jobs.exposing import exposed
from jobs.lock import DAEMON, source_lock
from jobs.outfit import Outfit
from jobs.reloading import changes, check, refuse, timetable
from jobs.scheduler import TICK, Hooks, Schedule
from jobs.sd_notify import Notifier, status_line
from jobs.skips import Skips
from jobs.stopping import Stop, drain
from pipeline.config import Config
from pipeline.errors import ConfigError, StoreError
from pipeline.records import Source
from pipeline.store import Store
from pipeline.store.runs import Skip

log = logging.getLogger("gisa.daemon")

STOP_WITHIN = timedelta(seconds=6)
"""What crawls under way get to end by themselves, and to have told what came of them."""


async def run_daemon(config: Config, load: Callable[[], Config]) -> None:
    """Run until SIGTERM or SIGINT; SIGHUP takes over what `load` returns.

    Raises:
        ConfigError: no source has a schedule, or a schedule never comes due.
        LockHeld: another daemon works on this database.
    """
    check(config, wiring.now())
    stopped = asyncio.Event()
    Stop(code=0).listen(stopped.set)
    with (
        wiring.store(config, create=True) as store,
        source_lock(config.database, DAEMON, wiring.now()),
    ):
        daemon = Daemon(config, store)
        # a terminal that closes is no wish to stop either
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, daemon.reload, load)
        async with exposed(lambda: daemon.config, store):
            await daemon.serve(stopped)


class Daemon:
    """Crawls every source on its schedule. Make it within the event loop; `clock` gives aware times."""

    def __init__(
        self, config: Config, store: Store, clock: Callable[[], datetime] = wiring.now
    ) -> None:
        self._store, self._clock = store, clock
        self._outfit = Outfit.of(config, store, clock)
        self._skips = Skips(store, clock)
        self._notifier = Notifier()
        self.crawls: set[asyncio.Task[None]] = set()
        """Those under way and those that wait for their turn."""
        self._beside: set[asyncio.Task[None]] = set()
        self._waiting: set[str] = set()
        self._outcomes: dict[str, str] = {}
        self._intervals: dict[str, timedelta] = {}  # of adaptive sources, as they are now
        self._stopping = False
        self.schedule = Schedule(
            config.zone, Hooks(self._crawl, self._skipped, self._interval), clock
        )
        self._take_in(list(timetable(config)), self._in_force(config))

    @property
    def config(self) -> Config:
        """The configuration in force."""
        return self._outfit.config

    async def serve(self, stopped: asyncio.Event) -> None:
        """Work until `stopped` is set."""
        config = self._outfit.config
        self.schedule.start()
        file = config.database.resolve()
        log.info("%d sources scheduled; database %s", len(timetable(config)), file)
        self._notifier.ready()
        self._show_status()
        # what runs beside the crawls, and is stopped with them, is begun here
        self._begin(self._tick())
        if self._notifier.watchdog_seconds:
            self._begin(self._live(self._notifier.watchdog_seconds / 2))
        await stopped.wait()
        self._stopping = True
        log.info("stopping; %d crawls under way", len(self.crawls))
        self._notifier.stopping()
        self.schedule.stop()
        await drain(self.crawls, STOP_WITHIN)
        await drain(self._beside, timedelta(0))
        await self._outfit.shared.retire()
        log.info("stopped")

    def reload(self, load: Callable[[], Config]) -> None:
        """Take over the configuration as it is now; a bad one is refused, and nothing changes.

        Crawls under way end as they began.
        """
        if self._stopping:
            return
        self._notifier.reloading()
        try:
            config = load()
            check(config, self._clock())
            refuse(self._outfit.config, config)
        except ConfigError as error:
            for line in f"{error}".split("\n"):
                log.error("%s", line)
            log.error("SIGHUP: running on with the configuration as it was")
        else:
            self._change_to(config)
        self._notifier.ready()
        self._show_status()

    def _change_to(self, config: Config) -> None:
        before = self._outfit
        self._outfit = Outfit.of(config, self._store, self._clock, before)
        if self._outfit.shared is not before.shared:
            self._begin(before.shared.retire())
        if config.pipeline.log_format != before.config.pipeline.log_format:
            logs.start(config.pipeline.log_format, level=logging.getLogger("gisa").level)
        gone, new, kept = changes(before.config, config)
        for name in gone:
            self.schedule.drop(name)
            self._outcomes.pop(name, None)
            log.info("%s is not scheduled any more", name)
        self.schedule.zone = config.zone
        for name in kept:
            self.schedule.renew(config.sources[name])
        self._take_in(new, frozenset())
        log.info("SIGHUP: configuration read again; %d sources scheduled", len(timetable(config)))

    def _take_in(self, names: list[str], in_force: frozenset[str]) -> None:
        config = self._outfit.config
        known = self._store.runs.last_of_each()
        last = {name: known.get(name) for name in names}
        self._outcomes |= {name: run["outcome"] for name, run in last.items() if run}
        for name in names:
            self._adapt(config.sources[name])
        started = {
            name: datetime.fromisoformat(run["started_at"]) for name, run in last.items() if run
        }
        self.schedule.put([config.sources[name] for name in names], started, in_force)
        for name in names:
            source, due = config.sources[name], self.schedule.next_due(name)
            said = f"every {terminal.duration(source.every)}" if source.every else source.cron
            when = terminal.local(str(due) if due else None, config.zone)
            log.info("%s %s, next %s", name, said, when)

    def _in_force(self, config: Config) -> frozenset[str]:
        """The schedules that the last crawls had already: only these can have been missed."""
        known = self._store.sources.is_scheduled_as
        return frozenset(name for name in timetable(config) if known(config.sources[name]))

    async def _crawl(self, name: str) -> None:
        task = asyncio.create_task(self._crawl_in_turn(name))
        self.crawls.add(task)
        task.add_done_callback(self.crawls.discard)
        # shutting the scheduler down cancels what it awaits, and it would log that as a failure;
        # our task is drained by ourselves
        with suppress(asyncio.CancelledError):
            await asyncio.shield(task)

    async def _crawl_in_turn(self, name: str) -> None:
        self._waiting.add(name)
        async with self._outfit.slots:
            self._waiting.discard(name)
            outfit = self._outfit  # a reload may have come while we waited
            source = outfit.config.sources.get(name)
            if self._stopping or source is None or not source.enabled:
                return
            began = self._clock()
            try:
                async with outfit.used() as job:
                    report = await crawl_source(source, job)
                self._outcomes[name] = report.outcome
                if self._adapt(source):
                    self.schedule.ask_again(name, began + self._intervals[name])
            except StoreError as error:
                self._outcomes[name] = "failed"
                log.error("%s: %s", name, error, extra={"source": name})
            except Exception:
                self._outcomes[name] = "failed"
                log.exception("%s: the crawl failed", name, extra={"source": name})
        self._skips.ended(name)
        self._show_status()

    def _interval(self, source: Source, _at: datetime) -> timedelta:
        assert source.every
        return self._intervals.get(source.name, source.every)

    def _adapt(self, source: Source) -> bool:
        """Learn how often a source is to be asked now; return whether that is another interval than before."""
        before = self._intervals.pop(source.name, None)
        if not source.adaptive:
            return False
        it = plan_for(source, self._store, self._outfit.config.zone, self._clock())
        self._intervals[source.name] = it.interval
        if it.interval != before and (said := explained(source, it)):
            log.info("%s %s", source.name, said, extra={"source": source.name})
        return it.interval != before

    def _skipped(self, skip: Skip) -> None:
        config = self._outfit.config
        waits = skip.why == "overrun" and skip.source in self._waiting
        self._skips.note(config.sources[skip.source], skip, config.zone, waiting=waits)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK.total_seconds())
            try:
                set_back = self.schedule.tick()
                if set_back:
                    self._store.hosts.set_back(set_back, self._clock())
            except StoreError as error:
                log.error("%s", error)
            except Exception:
                log.exception("the schedule could not look at the clock")

    async def _live(self, seconds: float) -> None:
        while True:
            self._notifier.alive()
            await asyncio.sleep(seconds)

    def _show_status(self) -> None:
        config, outcomes = self._outfit.config, self._outcomes.values()
        self._notifier.status(
            status_line(len(timetable(config)), outcomes, self.schedule.next(), config.zone)
        )

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
