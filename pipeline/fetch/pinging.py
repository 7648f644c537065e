"""Pings of a dead-man monitor, as healthchecks.io has them: the one request of ours that asks for no page."""

from __future__ import annotations

from typing import Literal

import httpx

from pipeline.errors import PageError
from pipeline.fetch.politeness import Limits
from pipeline.fetch.wire import Ask, Wire
from pipeline.urls import authority

Ping = Literal["", "/start", "/fail"]
_SECONDS = 10.0
_MOST_BYTES = 10_000


async def ping(url: str, what: Ping, contact: str = "") -> bool:
    """Ask a monitor's URL: as it is after success, else with `/start` or `/fail` at the end of its path.

    It takes ten seconds at most, follows no redirect, and may be inside the operator's network.

    Returns:
        Whether the monitor took it. Nothing is raised or logged, for the URL is a secret.
    """
    path, mark, query = url.partition("?")
    asked = path.rstrip("/") + what + mark + query if what else url
    try:
        private = frozenset({authority(asked)})
        wire = Wire(Limits(private=private), contact)
        try:
            target = httpx.URL(asked)
            answer = await wire.answer(Ask(asked, target, _SECONDS, _MOST_BYTES, cut=True))
        finally:
            await wire.aclose()
    except (PageError, httpx.InvalidURL, ValueError):
        return False
    return 200 <= answer.status < 300
