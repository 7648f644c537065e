"""What is told of crawls, as they end and around all of them: listeners of a Job, and pings of a monitor."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Sequence
from typing import TypeVar

from jobs import reporting, wiring
from jobs.alerting import outage, post, troubles, watching
from jobs.crawl_source import BUG
from pipeline.config import Config
from pipeline.errors import LockHeld, StoreError
from pipeline.fetch.pinging import Ping, ping
from pipeline.records import CrawlReport, Source
from pipeline.store import Store

log = logging.getLogger("gisa.alerts")
T = TypeVar("T")

_BETWEEN = 60.0
"""Seconds between two pings that say the same, and between two looks at sources that are silent."""


class Told:
    """A listener: notes troubles, looks for what is watched, and has both sent.

    With `crawls` it sends after so many of them, so that a pass over all sources is told in one message.
    """

    def __init__(self, config: Config, store: Store, crawls: int = 1) -> None:
        self._config, self._store, self._crawls = config, store, crawls
        self._watches = watching.matcher(config)
        self._ended = 0
        self._silence_at = 0.0
        self._sending = False

    async def __call__(self, source: Source, report: CrawlReport) -> None:
        """Take in how a crawl ended."""
        del source
        self._ended += 1
        try:
            await self._took_in(report)
        except StoreError as error:
            await outage.tell(self._config, str(error))

    async def _took_in(self, report: CrawlReport) -> None:
        failures, now = self._config.alerts.failures, wiring.now()
        if report.outcome != "locked":
            if report.run is None and report.outcome == "failed" and BUG not in report.detail:
                await outage.tell(self._config, report.detail)
                return
            troubles.note_crawl(self._store, report, failures, now)
            await watching.look(self._store, self._watches, report.started_at)
            await outage.over(self._config)
        if time.monotonic() - self._silence_at > _BETWEEN or not self._silence_at:
            self._silence_at = time.monotonic()
            troubles.note_silence(self._store, self._config.sources.values(), failures, now)
        if self._ended % self._crawls == 0 and not self._sending:
            self._sending = True  # who ends meanwhile is told of by whoever sends
            try:
                await post.deliver(self._config, self._store)
            finally:
                self._sending = False


class Pinged:
    """A listener for the daemon: the monitor is well while every source's last crawl was."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config, self._store = config, store
        self._said: tuple[Ping, float] = ("/start", 0.0)

    async def __call__(self, source: Source, report: CrawlReport) -> None:
        """Ping, at most once a minute unless something changed."""
        if report.outcome == "locked":
            return
        what: Ping = "/fail" if self._is_bad(source, report) else ""
        said, at = self._said
        if what != said or time.monotonic() - at > _BETWEEN:
            self._said = (what, time.monotonic())
            await pinged(self._config, what)

    def _is_bad(self, source: Source, report: CrawlReport) -> bool:
        """Did the last crawl of any source go wrong? The database knows it over restarts and reloads."""
        outcomes = {name: run["outcome"] for name, run in self._store.runs.last_of_each().items()}
        outcomes[source.name] = report.outcome
        enabled = (it.name for it in self._config.sources.values() if it.enabled)
        return any(outcomes.get(name, "ok") not in ("ok", "running") for name in enabled)


async def pinged(config: Config, what: Ping) -> None:
    """Ping the monitor, if there is one; one that does not answer is logged and costs nobody a crawl."""
    url = config.alerts.ping
    if url and not await ping(url.get_secret_value(), what, config.pipeline.contact):
        log.warning("the monitor of [alerts] ping did not take %s", what or "the success")


async def told(config: Config, work: Awaitable[T]) -> T:
    """Await a whole run or a daemon; its start, its end and a database that fails are told.

    Raises:
        Exception: whatever the work raises.
    """
    await pinged(config, "/start")
    try:
        result = await work
    except StoreError as error:
        await outage.tell(config, str(error))
        await pinged(config, "/fail")
        raise
    except LockHeld:  # the other one is well, and says so itself
        raise
    except Exception:
        await pinged(config, "/fail")
        raise
    if isinstance(result, Sequence):
        reports = [it for it in result if isinstance(it, CrawlReport) and it.outcome != "locked"]
        if reports:
            await pinged(config, "/fail" if reporting.exit_code(reports) else "")
    return result
