"""One request for one page: turn, robots, deadline, redirects, bounds, then text."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType

import httpx

from pipeline import __version__
from pipeline.encoding import decode
from pipeline.errors import BadAnswer, PageError, RateLimited, Unreachable
from pipeline.fetch.answers import (
    Answer,
    claims_missing_body,
    conditions,
    explained,
    redirect_of,
    refuse_failure,
    refuse_no_url,
    validator_of,
)
from pipeline.fetch.bodies import ACCEPTED, read_body, refuse_long, skip_body
from pipeline.fetch.politeness import HostMemory, Limits, Turns
from pipeline.fetch.robots import MAX_BYTES, PRODUCT, Robots
from pipeline.records import Page
from pipeline.urls import authority

MAX_REDIRECTS = 10
_ROBOTS_REDIRECTS = 5
_CONNECT_SECONDS = 15.0


class Fetcher:
    """Fetches pages. Use it as an async context manager; one per event loop."""

    def __init__(
        self,
        limits: Limits,
        memory: HostMemory,
        *,
        contact: str,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.limits = limits
        self._clock = clock
        self._turns = Turns(limits, memory, clock, sleep)
        self._robots = Robots(memory, clock, self._robots_txt)
        self._headers = {
            "User-Agent": f"{PRODUCT}/{__version__}" + (f" (+{contact})" if contact else ""),
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
            "Accept-Language": "ko,en;q=0.5",
            "Accept-Encoding": ACCEPTED,
        }
        seconds = limits.deadline.total_seconds()
        self._timeouts = dict.fromkeys(("read", "write", "pool"), seconds)
        self._timeouts["connect"] = min(seconds, _CONNECT_SECONDS)
        # The transport and not the client: no cookies, no redirect that was not checked here, and
        # neither a proxy nor .netrc behind the operator's back.
        self._transport = httpx.AsyncHTTPTransport(
            trust_env=False,
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=20),
        )

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._transport.aclose()

    async def page(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Page | None:
        """Fetch a page; None when the server says that it did not change since these validators.

        Raises:
            PageError: one of Unreachable, RateLimited, Blocked, Gone, BadAnswer.
        """
        asked = conditions(etag, last_modified)
        at = url
        for _ in range(MAX_REDIRECTS + 1):
            refuse_no_url(at)
            rule = await self._robots.rule_for(at)
            async with self._turns.turn(at, rule.crawl_delay):
                answer = await self._request(at, asked, self.limits.max_bytes)
            target = redirect_of(answer, at)
            if target is None:
                return self._read(answer, at, conditional=bool(asked))
            at = target
        raise BadAnswer(url, "redirect_loop", f"more than {MAX_REDIRECTS} redirects")

    def concurrency(self, url: str) -> int:
        """Return how many requests to the URL's host may be under way at once."""
        return self.limits.concurrency_of(authority(url))

    async def _robots_txt(self, url: str) -> tuple[int, bytes]:
        """RFC 9309, 2.3.1.2: at least five redirects are followed, also to other hosts."""
        try:
            for _ in range(_ROBOTS_REDIRECTS + 1):
                refuse_no_url(url)
                async with self._turns.turn(url):
                    answer = await self._request(url, {}, MAX_BYTES, cut=True)
                if answer.status in (429, 503):
                    self._turns.told_to_wait(url, answer.headers.get("Retry-After"))
                target = redirect_of(answer, url)
                if target is None:
                    return answer.status, answer.body
                url = target
        except BadAnswer as error:
            if error.reason == "bad_encoding":  # there is one, and it may forbid everything
                raise Unreachable(url, "robots", error.detail) from error
        return 404, b""

    async def _request(
        self, url: str, headers: dict[str, str], most: int, *, cut: bool = False
    ) -> Answer:
        try:
            answer = await self._answer(url, headers, most, cut=cut)
        except Unreachable as error:
            self._turns.unanswered(url, error)
            raise
        self._turns.answered(url)
        return answer

    async def _answer(self, url: str, headers: dict[str, str], most: int, *, cut: bool) -> Answer:
        seen: Answer | None = None
        deadline = self.limits.deadline.total_seconds()
        try:
            async with asyncio.timeout(deadline):
                response = await self._transport.handle_async_request(self._asking(url, headers))
                async with aclosing(response):
                    seen = Answer(response.status_code, response.headers, b"")
                    if seen.status != 200:
                        if not claims_missing_body(seen):
                            await skip_body(response.aiter_raw())
                        return seen
                    encoding = seen.headers.get("Content-Encoding", "")
                    if not cut:
                        refuse_long(seen.headers.get("Content-Length", ""), url, most)
                    body = await read_body(response.aiter_raw(), encoding, url, most, cut=cut)
                    return replace(seen, body=body)
        except PageError:
            raise
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            if seen is not None and seen.status != 200:
                return seen  # what matters of an error was said before its body broke off
            if isinstance(error, TimeoutError):
                detail = f"{authority(url)} did not answer in full within {deadline:g} s"
                raise Unreachable(url, "timeout", detail) from None
            raise explained(url, error) from error

    def _asking(self, url: str, headers: dict[str, str]) -> httpx.Request:
        return httpx.Request(
            "GET", url, headers={**self._headers, **headers}, extensions={"timeout": self._timeouts}
        )

    def _read(self, answer: Answer, url: str, *, conditional: bool) -> Page | None:
        if answer.status in (429, 503):
            until = self._turns.told_to_wait(url, answer.headers.get("Retry-After"))
            when = f"{until.astimezone(UTC):%F %T}Z"
            raise RateLimited(url, f"answered {answer.status}, ask again after {when}", until)
        if answer.status == 304 and conditional:
            self._turns.answered_well(url)
            return None
        refuse_failure(answer, url)
        self._turns.answered_well(url)
        decoded = decode(answer.body, answer.headers.get("Content-Type"))
        return Page(
            url=url,
            html=decoded.text,
            fetched_at=self._clock(),
            robots_tags=tuple(answer.headers.get_list("X-Robots-Tag")),
            etag=validator_of(answer.headers.get("ETag")),
            last_modified=validator_of(answer.headers.get("Last-Modified")),
            warnings=decoded.warnings,
        )
