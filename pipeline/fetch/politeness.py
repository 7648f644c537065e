"""Whose turn it is at a host: a least gap between requests, shared by all processes through the database."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from pipeline.errors import RateLimited, Unreachable
from pipeline.fetch.outages import LEFT_ALONE, LONGEST_LEFT_ALONE, Outages
from pipeline.urls import authority

LONGEST_WAIT = timedelta(days=1)
"""Retry-After is honoured up to this."""

_FIRST_BACK_OFF = timedelta(minutes=1)
_JITTER = 0.3
_NOTED_EVERY = timedelta(minutes=1)


class HostMemory(Protocol):
    """What must be known of hosts beyond this process; the store implements it."""

    def reserve(
        self, authority: str, now: float, gap: float, patience: float, *, url: str | None = None
    ) -> float:
        """Take the next turn at a host and return its Unix time; beyond `patience` none is taken."""
        ...

    def wait_until(self, authority: str, retry_at: float) -> None:
        """Note that the host is to be left alone until this Unix time."""
        ...

    def waits_until(self, authority: str, now: float) -> float:
        """Return the Unix time until which the host is to be left alone, 0 for no such time."""
        ...

    def failures(self, authority: str) -> int:
        """Return how often in a row the host answered with a failure."""
        ...

    def answered_well(self, authority: str) -> None:
        """Forget earlier failures."""
        ...

    def take_call(self, authority: str, day: str, most: int) -> bool:
        """Count a call of an API; False, and nothing is counted, where that day's `most` are made already."""
        ...

    def robots(self, origin: str) -> tuple[int, str, datetime] | None:
        """Return the kept robots.txt: status, text, when it was fetched."""
        ...

    def keep_robots(self, origin: str, status: int, text: str, at: datetime) -> None:
        """Keep a robots.txt answer."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of fetching; `hosts` overrides (delay, concurrency) by authority.

    `private` are the authorities that may have an address inside our own network.
    """

    deadline: timedelta = timedelta(seconds=45)
    max_bytes: int = 15 * 10**6
    patience: timedelta = timedelta(minutes=1)
    delay: timedelta = timedelta(seconds=1)
    concurrency: int = 1
    hosts: Mapping[str, tuple[timedelta | None, int | None]] = field(default_factory=dict)
    private: Container[str] = frozenset()

    def delay_of(self, host: str) -> timedelta:
        """Return the least time between two requests to this authority."""
        own = self.hosts.get(host, (None, None))[0]
        return self.delay if own is None else own

    def concurrency_of(self, host: str) -> int:
        """Return how many requests to this authority may be under way at once."""
        return self.hosts.get(host, (None, None))[1] or self.concurrency


class Turns:
    """Hands out turns at hosts."""

    def __init__(
        self,
        limits: Limits,
        memory: HostMemory,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits, self._memory, self._clock, self._sleep = limits, memory, clock, sleep
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._outages = Outages(clock)
        self._well: dict[str, datetime] = {}  # hosts that answered well, and when that was noted

    @asynccontextmanager
    async def turn(self, url: str, crawl_delay: float = 0) -> AsyncIterator[None]:
        """Wait for our turn at the URL's host.

        Args:
            url: what will be requested.
            crawl_delay: seconds that the host's robots.txt asks for.

        Raises:
            RateLimited: the turn is further away than our patience; nothing was reserved.
            Unreachable: the host was found to be down a moment ago.
        """
        host = authority(url)
        gate = self._gates.setdefault(host, asyncio.Semaphore(self._limits.concurrency_of(host)))
        least = max(self._limits.delay_of(host).total_seconds(), crawl_delay)
        gap = least * (1 + random.uniform(0, _JITTER))  # noqa: S311 - spreads load, guards nothing
        # The turn before ours may have drawn the longest gap; that alone must not end a crawl.
        patience = max(self._limits.patience.total_seconds(), least * (1 + _JITTER))
        async with gate:
            self._outages.refuse(url)
            now = self._clock().timestamp()
            at = self._memory.reserve(host, now, gap, patience, url=url)
            if at - now > patience:
                raise _left_alone(url, at)
            if at > now:
                await self._sleep(at - now)
                until = self._memory.waits_until(host, self._clock().timestamp())
                if until:  # another process was told so meanwhile
                    raise _left_alone(url, until)
            yield

    def told_to_wait(self, url: str, retry_after: str | None) -> datetime:
        """Note a 429 or 503; return when the host may be asked again."""
        host, now = authority(url), self._clock()
        wait = parse_retry_after(retry_after, now)
        if wait is None:
            wait = _FIRST_BACK_OFF * 2 ** min(self._memory.failures(host), 10)
        until = now + min(wait, LONGEST_WAIT)
        self._well.pop(host, None)
        self._memory.wait_until(host, until.timestamp())
        return until

    def answered(self, url: str) -> None:
        """Note an answer of whatever kind: the host is there."""
        self._outages.answered(url)

    def unanswered(self, url: str, error: Unreachable) -> None:
        """Note a request that got no whole answer.

        A host that seems to be down is spared by every process, longer each time. Our own name server or
        network being down (dns) says nothing about the host.
        """
        if self._outages.failed(url, error) and error.reason != "dns":
            host = authority(url)
            self._well.pop(host, None)
            wait = LEFT_ALONE * 2 ** min(self._memory.failures(host), 10)
            until = self._clock() + min(wait, LONGEST_LEFT_ALONE)
            self._memory.wait_until(host, until.timestamp())

    def answered_well(self, url: str) -> None:
        """Note that the host answers again; once a minute is enough to forget what others noted."""
        host, now = authority(url), self._clock()
        noted = self._well.get(host)
        if noted is None or not timedelta(0) <= now - noted < _NOTED_EVERY:
            self._memory.answered_well(host)
            self._well[host] = now


def _left_alone(url: str, until: float) -> RateLimited:
    when = datetime.fromtimestamp(until, UTC)
    return RateLimited(url, f"{authority(url)} is to be left alone until {when:%F %T}Z", when)


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read Retry-After: whole seconds or an HTTP date (RFC 9110, section 10.2.3); None for anything else."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 10**8)) if len(text) < 10 else LONGEST_WAIT
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(at - now, timedelta(0))
