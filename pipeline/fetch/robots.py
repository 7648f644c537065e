"""robots.txt by RFC 9309: asked before the first page of an origin, kept a day, obeyed always."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from pipeline.encoding import decode
from pipeline.errors import Blocked, Unreachable
from pipeline.fetch.outages import LEFT_ALONE
from pipeline.fetch.politeness import HostMemory
from pipeline.fetch.robots_text import PRODUCT, Rule, is_error, rule_of
from pipeline.urls import origin

MAX_BYTES = 500 * 1024
LONGEST_DELAY = 300.0
"""Seconds. A longer Crawl-delay is not hurried past but read as a disallow, and said so."""

_KEPT = timedelta(hours=24)
_ERROR_KEPT = timedelta(minutes=10)


class Robots:
    """The rules of every origin met, in memory and, beyond this process, in `HostMemory`."""

    def __init__(
        self,
        memory: HostMemory,
        clock: Callable[[], datetime],
        fetch: Callable[[str], Awaitable[tuple[int, bytes]]],
    ) -> None:
        self._memory, self._clock, self._fetch = memory, clock, fetch
        self._rules: dict[str, tuple[datetime, Rule]] = {}
        self._failures: dict[str, tuple[datetime, Unreachable]] = {}
        self._loading: dict[str, asyncio.Lock] = {}

    async def rule_for(self, url: str) -> Rule:
        """Return the rule for the URL's origin, and refuse the URL if it is disallowed.

        Raises:
            Blocked: robots.txt disallows this URL for us, or wants us slower than we can be.
            Unreachable: the origin cannot be reached, or its robots.txt answers 5xx or 429, which
                RFC 9309 (2.3.1.4) reads as a complete disallow until it answers again.
        """
        site = origin(url)
        rule = self._known(site)
        if rule is None:
            # One asks, and the sources that need the answer at the same time wait for it.
            async with self._loading.setdefault(site, asyncio.Lock()):
                rule = self._known(site) or await self._load(site)
        if rule.crawl_delay > LONGEST_DELAY:
            seconds = f"Crawl-delay of {rule.crawl_delay:.4g} s"
            raise Blocked(url, f"robots.txt of {site} has a {seconds}: too slow for us", "robots")
        if not rule.allows(url):
            raise Blocked(
                url,
                f"robots.txt of {site} disallows it for {PRODUCT} (docs/sources.md says what else there is)",
                "robots",
            )
        return rule

    def _known(self, site: str) -> Rule | None:
        fetched_at, rule = self._rules.get(site) or (None, None)
        return rule if fetched_at and self._clock() - fetched_at <= _KEPT else None

    async def _load(self, site: str) -> Rule:
        now = self._clock()
        kept = self._memory.robots(site)
        if kept is None or now - kept[2] > (_ERROR_KEPT if is_error(kept[0]) else _KEPT):
            status, body = await self._fetched(site)
            text = decode(body[:MAX_BYTES]).text if 200 <= status < 300 else ""
            kept = (status, text, now)
            self._memory.keep_robots(site, status, text, now)
        status, text, fetched_at = kept
        if is_error(status):
            raise Unreachable(
                f"{site}/robots.txt", "robots", f"answered {status}: nothing is fetched from there"
            )
        rule = rule_of(text)
        self._rules[site] = (fetched_at, rule)
        return rule

    async def _fetched(self, site: str) -> tuple[int, bytes]:
        """A site that cannot be reached makes us wait once, not once for each of its sources."""
        failed_at, failure = self._failures.get(site) or (None, None)
        if failed_at and failure and timedelta(0) <= self._clock() - failed_at < LEFT_ALONE:
            raise Unreachable(failure.url, failure.reason, failure.detail)
        try:
            return await self._fetch(f"{site}/robots.txt")
        except Unreachable as error:
            self._failures[site] = (self._clock(), error)
            raise
