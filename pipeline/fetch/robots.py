"""robots.txt by RFC 9309: asked before the first page of an origin, kept a day, obeyed always."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from pipeline.encoding import decode
from pipeline.errors import Blocked, Unreachable
from pipeline.fetch.politeness import HostMemory
from pipeline.urls import origin

PRODUCT = "gisa"
"""Our product token, by which a publisher addresses us in robots.txt."""

MAX_BYTES = 500 * 1024
_KEPT = timedelta(hours=24)
_ERROR_KEPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rule:
    """What an origin's robots.txt says about us."""

    allows: Callable[[str], bool]
    crawl_delay: float


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

    async def rule_for(self, url: str) -> Rule:
        """Return the rule for the URL's origin, and refuse the URL if it is disallowed.

        Raises:
            Blocked: robots.txt disallows this URL for us.
            Unreachable: the origin cannot be reached, or its robots.txt answers 5xx or 429, which
                RFC 9309 (2.3.1.4) reads as a complete disallow until it answers again.
        """
        site = origin(url)
        fetched_at, rule = self._rules.get(site) or (None, None)
        if rule is None or fetched_at is None or self._clock() - fetched_at > _KEPT:
            rule = await self._load(site)
        if not rule.allows(url):
            raise Blocked(url, f"robots.txt of {site} disallows it for {PRODUCT}", "robots")
        return rule

    async def _load(self, site: str) -> Rule:
        now = self._clock()
        kept = self._memory.robots(site)
        if kept is None or now - kept[2] > (_ERROR_KEPT if _is_error(kept[0]) else _KEPT):
            status, body = await self._fetch(f"{site}/robots.txt")
            text = decode(body[:MAX_BYTES]).text if 200 <= status < 300 else ""
            kept = (status, text, now)
            self._memory.keep_robots(site, status, text, now)
        status, text, fetched_at = kept
        if _is_error(status):
            raise Unreachable(
                f"{site}/robots.txt", "robots", f"answered {status}: nothing is fetched from there"
            )
        rule = _parse(text)
        self._rules[site] = (fetched_at, rule)
        return rule


def _is_error(status: int) -> bool:
    return status == 429 or status >= 500


def _parse(text: str) -> Rule:
    rules = Protego.parse(text)
    delay = rules.crawl_delay(PRODUCT)
    return Rule(lambda url: bool(rules.can_fetch(url, PRODUCT)), max(float(delay or 0), 0.0))
