"""One request for one page: turn, robots, deadline, redirects, bounds, then text. The only user of httpx."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

import httpx

from pipeline import __version__
from pipeline.encoding import decode
from pipeline.errors import BadAnswer, Blocked, Gone, PageError, RateLimited, Reason, Unreachable
from pipeline.fetch.bodies import ACCEPTED, read_body
from pipeline.fetch.politeness import HostMemory, Limits, Turns
from pipeline.fetch.robots import MAX_BYTES, PRODUCT, Robots
from pipeline.records import Page
from pipeline.urls import absolute, authority

MAX_REDIRECTS = 10
_ROBOTS_REDIRECTS = 5
_READABLE = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes


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
        self._client = httpx.AsyncClient(
            headers={
                "User-Agent": f"{PRODUCT}/{__version__}" + (f" (+{contact})" if contact else ""),
                "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
                "Accept-Language": "ko,en;q=0.5",
                "Accept-Encoding": ACCEPTED,
            },
            follow_redirects=False,  # every hop is checked here
            trust_env=False,  # no proxy, no .netrc behind the operator's back
            timeout=limits.deadline.total_seconds(),
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
        await self._client.aclose()

    async def page(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Page | None:
        """Fetch a page; None when the server says that it did not change since these validators.

        Raises:
            PageError: one of Unreachable, RateLimited, Blocked, Gone, BadAnswer.
        """
        conditions = _conditions(etag, last_modified)
        at = url
        for _ in range(MAX_REDIRECTS + 1):
            rule = await self._robots.rule_for(at)
            async with self._turns.turn(at, rule.crawl_delay):
                answer = await self._request(at, conditions, self.limits.max_bytes)
            target = _redirect(answer, at)
            if target is None:
                return self._read(answer, at, conditional=bool(conditions))
            at = target
        raise BadAnswer(url, "redirect_loop", f"more than {MAX_REDIRECTS} redirects")

    def concurrency(self, url: str) -> int:
        """Return how many requests to the URL's host may be under way at once."""
        return self.limits.concurrency_of(authority(url))

    async def _robots_txt(self, url: str) -> tuple[int, bytes]:
        """RFC 9309, 2.3.1.2: at least five redirects are followed, also to other hosts."""
        for _ in range(_ROBOTS_REDIRECTS + 1):
            async with self._turns.turn(url):
                try:
                    answer = await self._request(url, {}, MAX_BYTES, cut=True)
                except BadAnswer:
                    return 404, b""
            target = _redirect(answer, url)
            if target is None:
                return answer.status, answer.body
            url = target
        return 404, b""

    async def _request(
        self, url: str, headers: dict[str, str], most: int, *, cut: bool = False
    ) -> _Answer:
        try:
            async with asyncio.timeout(self.limits.deadline.total_seconds()):
                async with self._client.stream("GET", url, headers=headers) as response:
                    encoding = response.headers.get("Content-Encoding", "")
                    if response.status_code != 200:
                        most = min(most, 256 * 1024)  # nobody reads the body of an error
                        body = b""
                    try:
                        body = await read_body(response.aiter_raw(), encoding, url, most)
                    except (BadAnswer, Unreachable):
                        if response.status_code == 200 and not cut:
                            raise
                        body = b""
                    return _Answer(response.status_code, response.headers, body)
        except PageError:
            raise
        except TimeoutError:
            seconds = self.limits.deadline.total_seconds()
            raise Unreachable(
                url, "timeout", f"not answered in full within {seconds:g} s"
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            raise _explained(url, error) from error

    def _read(self, answer: _Answer, url: str, *, conditional: bool) -> Page | None:
        status = answer.status
        if status == 304 and conditional:
            self._turns.answered_well(url)
            return None
        if status in (429, 503):
            until = self._turns.told_to_wait(url, answer.headers.get("Retry-After"))
            raise RateLimited(url, f"answered {status}, ask again after {until:%F %T}Z", until)
        if status in (404, 410):
            raise Gone(url, f"answered {status}")
        if status in (401, 403, 451):
            raise Blocked(url, f"answered {status}")
        if status >= 500:
            raise Unreachable(url, "server_error", f"answered {status}")
        if status != 200:
            raise BadAnswer(url, "server_error", f"answered {status}")
        kind = answer.headers.get("Content-Type", "text/html").split(";")[0].strip().lower()
        if kind not in _READABLE:
            raise BadAnswer(url, "not_html", f"is {kind[:60]}, not a page")
        self._turns.answered_well(url)
        decoded = decode(answer.body, answer.headers.get("Content-Type"))
        return Page(
            url=url,
            html=decoded.text,
            fetched_at=self._clock(),
            robots_tags=tuple(answer.headers.get_list("X-Robots-Tag")),
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
            warnings=decoded.warnings,
        )


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in given.items() if value}


def _redirect(answer: _Answer, url: str) -> str | None:
    if answer.status not in (301, 302, 303, 307, 308):
        return None
    location = answer.headers.get("Location")
    target = absolute(url, location)
    if target is None:
        raise BadAnswer(url, "redirect_loop", f"redirects to {location!r:.200}")
    return target


def _explained(url: str, error: Exception) -> PageError:
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError)):
        return BadAnswer(url, "forbidden_address", f"not a URL to fetch: {error}")
    reason: Reason = "connect"
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return Unreachable(url, "dns", f"{authority(url)} cannot be reached: name not found")
        if isinstance(cause, ssl.SSLError):
            return Unreachable(url, "tls", f"{authority(url)}: {cause.reason or cause}")
    if isinstance(error, httpx.TimeoutException):
        reason = "timeout"
    elif isinstance(error, (httpx.ReadError, httpx.RemoteProtocolError)):
        reason = "truncated"
    words = str(error) or type(error).__name__
    return Unreachable(url, reason, f"{authority(url)} cannot be reached: {words}")


def _causes(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain
