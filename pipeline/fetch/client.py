"""One page, politely: turn, robots.txt, request, redirects, then text. The wire itself is `wire.py`'s."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType

from pipeline.encoding import NO_TEXT, decode
from pipeline.errors import BadAnswer, Blocked, RateLimited, Unreachable
from pipeline.fetch.answers import (
    Answer,
    conditions,
    fetchable,
    header_signals,
    redirect_of,
    refuse_binary,
    refuse_failure,
    validator_of,
)
from pipeline.fetch.bodies import unpacked
from pipeline.fetch.media import PAGE, Media
from pipeline.fetch.naver import NaverKeys, NaverSearch
from pipeline.fetch.politeness import HostMemory, Limits, Turns
from pipeline.fetch.robots import MAX_BYTES, Robots
from pipeline.fetch.wire import Ask, Wire
from pipeline.records import Page
from pipeline.tally import Meter
from pipeline.urls import authority, redacted

log = logging.getLogger("gisa.fetch")

MAX_REDIRECTS = 10
_ROBOTS_REDIRECTS = 5


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
        naver: NaverKeys | None = None,
    ) -> None:
        self.limits = limits
        self._clock = clock
        self._turns = Turns(limits, memory, clock, sleep)
        self._robots = Robots(memory, clock, self._robots_txt)
        self._wire = Wire(limits, contact)
        self._naver = NaverSearch(naver, limits, self._turns, memory, clock) if naver else None

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._wire.aclose()

    async def page(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        meter: Meter | None = None,
        media: Media = PAGE,
    ) -> Page | None:
        """Fetch a page; None when the server says that it did not change since these validators.

        All of its requests together, redirects included, have the deadline of the limits; waits for a
        turn do not count. The meter is told of every answer. Of a sitemap only the bytes are returned, in
        `raw`: its `html` is empty.

        Raises:
            PageError: one of Unreachable, RateLimited, Blocked, Gone, BadAnswer.
        """
        asked = conditions(etag, last_modified)
        headers = {"Accept": media.accept, **asked}
        most = max(self.limits.max_bytes, media.least)
        at, warnings = url, list[str]()
        left = self.limits.deadline.total_seconds()
        for _ in range(MAX_REDIRECTS + 1):
            target = fetchable(at)
            rule = await self._robots.rule_for(at)
            async with self._turns.turn(at, rule.crawl_delay):
                answer = await self._answer(Ask(at, target, left, most, headers))
            left -= answer.seconds
            if meter:
                _note(meter, at, answer)
            further = redirect_of(answer, at)
            if further is None:
                page = self._read(answer, at, media, conditional=bool(asked))
                return page and replace(
                    page,
                    warnings=(*warnings, *page.warnings),
                    site_signals=(*rule.signals(at), *page.site_signals),
                )
            if at.startswith("https:") and further.startswith("http:"):
                warnings.append(f"redirected from https to {further:.200}")
            at = further
        raise BadAnswer(url, "redirect_loop", f"more than {MAX_REDIRECTS} redirects")

    async def naver_search(self, url: str, *, meter: Meter | None = None) -> Page:
        """Call Naver's search API; the meter is told of every answer.

        Raises:
            PageError: one of Unreachable, RateLimited, Blocked, BadAnswer; Blocked too where there are no keys.
        """
        if self._naver is None:
            raise Blocked(url, "Naver's search needs keys: see docs/sources.md")

        async def answer(ask: Ask) -> Answer:
            came = await self._answer(ask)
            if meter:
                _note(meter, url, came)
            return came

        return await self._naver.page(url, answer)

    def concurrency(self, url: str) -> int:
        """Return how many requests to the URL's host may be under way at once."""
        return self.limits.concurrency_of(authority(url))

    async def _robots_txt(self, url: str) -> tuple[int, bytes]:
        """RFC 9309, 2.3.1.2: at least five redirects are followed, also to other hosts."""
        at, has_answered = url, False
        left = self.limits.deadline.total_seconds()
        try:
            for _ in range(_ROBOTS_REDIRECTS + 1):
                target = fetchable(at)
                async with self._turns.turn(at):
                    answer = await self._answer(Ask(at, target, left, MAX_BYTES, cut=True))
                has_answered = True
                left -= answer.seconds
                if answer.status in (429, 503):
                    self._turns.told_to_wait(at, answer.headers.get("Retry-After"))
                further = redirect_of(answer, at)
                if further is None:
                    return answer.status, answer.body
                at = further
        except BadAnswer as error:
            if error.reason == "bad_encoding":  # there is one, and it may forbid everything
                raise Unreachable(at, "robots", error.detail) from error
            if not has_answered:  # the site is out of bounds; only to be sent astray means "none"
                raise
        return 404, b""

    async def _answer(self, ask: Ask) -> Answer:
        try:
            answer = await self._wire.answer(ask)
        except Unreachable as error:
            self._turns.unanswered(ask.url, error)
            raise
        self._turns.answered(ask.url)
        return answer

    def _read(self, answer: Answer, url: str, media: Media, *, conditional: bool) -> Page | None:
        self._refuse_impatience(answer, url)
        if answer.status == 304 and conditional:
            self._turns.answered_well(url)
            return None
        refuse_failure(answer, url, media)
        self._turns.answered_well(url)
        if media.is_packed(answer.body):
            most = max(self.limits.max_bytes, media.least)
            answer = replace(answer, body=unpacked(answer.body, url, most))
        refuse_binary(answer, url)
        content_type = answer.headers.get("Content-Type")
        decoded = NO_TEXT if media.raw else decode(answer.body, content_type)
        return Page(
            url=url,
            html=decoded.text,
            fetched_at=self._clock(),
            robots_tags=tuple(answer.headers.get_list("X-Robots-Tag")),
            etag=validator_of(answer.headers.get("ETag")),
            last_modified=validator_of(answer.headers.get("Last-Modified")),
            body_hash=answer.hash or None,
            site_signals=header_signals(answer),
            warnings=decoded.warnings,
            raw=answer.body,
            content_type=content_type,
        )

    def _refuse_impatience(self, answer: Answer, url: str) -> None:
        if answer.status not in (429, 503):
            return
        until = self._turns.told_to_wait(url, answer.headers.get("Retry-After"))
        when = f"{until.astimezone(UTC):%F %T}Z"
        raise RateLimited(url, f"answered {answer.status}, ask again after {when}", until)


def _note(meter: Meter, url: str, answer: Answer) -> None:
    """Count an answer, and log it for who follows every page."""
    meter.add(len(answer.body), answer.seconds)
    log.debug(
        "%s answered %d in %.2f s", redacted(url), answer.status, answer.seconds,
        extra={
            "url": redacted(url), "status": answer.status, "seconds": round(answer.seconds, 4),
            "bytes": len(answer.body),
        },
    )  # fmt: skip
