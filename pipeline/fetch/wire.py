"""One request and its answer: who we are, a deadline, bounds. Turns, robots.txt, redirects: `client.py`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field

import httpx

from pipeline import __version__
from pipeline.errors import PageError, Unreachable
from pipeline.fetch.answers import Answer, claims_missing_body, explained
from pipeline.fetch.bodies import ACCEPTED, Body, read_body, refuse_long, skip_body
from pipeline.fetch.media import PAGE
from pipeline.fetch.politeness import Limits
from pipeline.fetch.robots_text import PRODUCT
from pipeline.fetch.transport import Transport
from pipeline.urls import authority

_CONNECT_SECONDS = 15.0
_NONE = Body(b"", "")
_FAULTS = (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Ask:
    """What to request: `seconds` are left for it, `most` bytes are read of its body.

    `conditions` are headers of its own. With `cut` the first `most` bytes of a longer body are as good as the
    whole. Of an answer other than 200 so many bytes are read as `refusals` says.
    """

    url: str
    target: httpx.URL
    seconds: float
    most: int
    conditions: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    refusals: int = 0


class Wire:
    """Sends requests and reads answers."""

    def __init__(self, limits: Limits, contact: str) -> None:
        self._headers = {
            "User-Agent": f"{PRODUCT}/{__version__}" + (f" (+{contact})" if contact else ""),
            "Accept": PAGE.accept,
            "Accept-Language": "ko,en;q=0.5",
            "Accept-Encoding": ACCEPTED,
        }
        deadline = limits.deadline.total_seconds()
        self._transport = Transport(limits.private, connect_seconds=min(deadline, _CONNECT_SECONDS))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def answer(self, ask: Ask) -> Answer:
        """Send a request and read the answer, its body decompressed.

        Raises:
            Unreachable: no whole answer in time.
            BadAnswer: one that is too large, in an encoding nobody asked for, or at a forbidden address.
        """
        seen: Answer | None = None
        began = time.monotonic()
        try:
            async with asyncio.timeout(ask.seconds):
                response = await self._transport.handle_async_request(self._request(ask))
                async with aclosing(response):
                    seen = Answer(response.status_code, response.headers)
                    body = await _body(response, ask)
        except PageError:
            raise
        except _FAULTS as error:
            # what matters of a failure was said before its body broke off
            if seen is None or seen.status == 200:
                raise _explained(ask, error) from error
            body = _NONE
        seconds = time.monotonic() - began
        return Answer(seen.status, seen.headers, body.data, body.hash, seconds)

    def _request(self, ask: Ask) -> httpx.Request:
        return httpx.Request("GET", ask.target, headers={**self._headers, **ask.conditions})


async def _body(response: httpx.Response, ask: Ask) -> Body:
    headers, chunks = response.headers, response.stream
    assert isinstance(chunks, httpx.AsyncByteStream)
    encoding = headers.get("Content-Encoding", "")
    if response.status_code != 200:
        if claims_missing_body(response.status_code, headers):
            return _NONE
        if ask.refusals:
            return await read_body(chunks, encoding, ask.url, ask.refusals, cut=True)
        await skip_body(chunks)
        return _NONE
    if not ask.cut:
        refuse_long(headers.get("Content-Length", ""), ask.url, ask.most)
    return await read_body(chunks, encoding, ask.url, ask.most, cut=ask.cut)


def _explained(ask: Ask, error: Exception) -> PageError:
    if isinstance(error, TimeoutError):
        detail = f"{authority(ask.url)} did not answer in full within {max(ask.seconds, 0):.3g} s"
        return Unreachable(ask.url, "timeout", detail)
    return explained(ask.url, error)
