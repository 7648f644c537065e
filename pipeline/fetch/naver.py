"""Calls of Naver's search API: its keys, its daily quota, and what its refusals mean.

It is no page: its operator gives out keys to programs, and counts what they ask. So no robots.txt is asked for
it; turns at its host are taken as at any other (decision 0029).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from pipeline.dates import KST
from pipeline.encoding import decode
from pipeline.errors import BadAnswer, Blocked, PageError, RateLimited, Unreachable
from pipeline.fetch.answers import Answer, fetchable, refuse_binary
from pipeline.fetch.politeness import HostMemory, Limits, Turns
from pipeline.fetch.wire import Ask
from pipeline.records import Page
from pipeline.urls import authority

_REFUSAL_MOST = 16_384  # bytes
_CODE = re.compile(rb'"errorCode"\s*:\s*"?([A-Z0-9]{1,8})\b')
_DAY_IS_OVER = ("010", "400")
"""Codes of a 429 by which the Developers Center and the hub say that the day's quota is used up. Others stand
for calls that come too fast."""
_DOCUMENTED = "see docs/sources.md"


@dataclass(frozen=True, slots=True)
class NaverKeys:
    """Where the API is, the headers with its keys, and how many calls they are good for in a day.

    `headers` go to this address alone, and into no message.
    """

    api: str
    headers: Mapping[str, str] = field(repr=False)
    daily_calls: int


def korean_day(now: datetime) -> str:
    """Return the date in Korea, for which calls are counted: `2026-09-27`."""
    return f"{now.astimezone(KST):%F}"


class NaverSearch:
    """Calls the API, one host and one quota for all processes."""

    def __init__(
        self,
        keys: NaverKeys,
        limits: Limits,
        turns: Turns,
        memory: HostMemory,
        clock: Callable[[], datetime],
    ) -> None:
        self._keys, self._limits, self._turns = keys, limits, turns
        self._memory, self._clock = memory, clock

    async def page(self, url: str, answer: Callable[[Ask], Awaitable[Answer]]) -> Page:
        """Call it; return the answer as a page that repeats none of the keys.

        Raises:
            PageError: Unreachable, RateLimited, Blocked or BadAnswer.
        """
        target = fetchable(url)
        if url.partition("?")[0] != self._keys.api:
            raise BadAnswer(url, "forbidden_address", "is not the address that the keys are for")
        seconds = self._limits.deadline.total_seconds()
        headers = {"Accept": "application/json", **self._keys.headers}
        async with self._turns.turn(url):
            self._count(url)
            came = await answer(
                Ask(url, target, seconds, self._limits.max_bytes, headers, refusals=_REFUSAL_MOST)
            )
        if came.status != 200:
            raise self._refusal(came, url)
        self._turns.answered_well(url)
        refuse_binary(came, url)
        raw, content_type = self._without_keys(came.body), came.headers.get("Content-Type")
        decoded = decode(raw, content_type)
        return Page(
            url, decoded.text, self._clock(), warnings=decoded.warnings, body_hash=came.hash or None,
            raw=raw, content_type=content_type,
        )  # fmt: skip

    def _count(self, url: str) -> None:
        now, most = self._clock(), self._keys.daily_calls
        if not self._memory.take_call(authority(url), korean_day(now), most):
            until = _next_day(now)
            raise RateLimited(
                url, f"the {most} calls of today are used up until {until:%F %R} KST", until
            )

    def _without_keys(self, body: bytes) -> bytes:
        """An answer may be kept for a look; should it repeat the keys, they are not kept."""
        for key in self._keys.headers.values():
            body = body.replace(key.encode(), b"***")
        return body

    def _refusal(self, came: Answer, url: str) -> PageError:
        found = _CODE.search(self._without_keys(came.body))
        code = found[1].decode() if found else ""
        said = f"answered {came.status}" + (f", code {code}" if code else "")
        status = came.status
        if status in (429, 503):
            return self._too_much(came, url, said, code)
        if status in (401, 403):
            advice = (
                "are the keys right, are they of this [naver] platform, may they use the search?"
            )
            return Blocked(url, f"Naver's search {said}: {advice} ({_DOCUMENTED})")
        if status >= 500:
            return Unreachable(url, "server_error", f"Naver's search {said}")
        if 300 <= status < 400:
            return BadAnswer(url, "forbidden_address", f"{said}: keys are not sent where it leads")
        if status == 404:
            return BadAnswer(
                url, "server_error", f"{said}: there is no search here; is [naver] api right?"
            )
        return BadAnswer(url, "server_error", f"Naver's search {said}: it does not take this query")

    def _too_much(self, came: Answer, url: str, said: str, code: str) -> RateLimited:
        wait = came.headers.get("Retry-After")
        if came.status == 429 and code in _DAY_IS_OVER:
            now = self._clock()
            wait = wait or str(int((_next_day(now) - now).total_seconds()) + 1)
        until = self._turns.told_to_wait(url, wait)
        return RateLimited(url, f"{said}, ask again after {until.astimezone(KST):%F %R} KST", until)


def _next_day(now: datetime) -> datetime:
    """The quota is of a day; that it ends at midnight in Korea is our reading of it."""
    day = now.astimezone(KST).date() + timedelta(days=1)
    return datetime.combine(day, time(), KST)
