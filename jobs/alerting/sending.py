"""Sending: receivers by labels that hold no secret, and a process that is killed when it takes too long."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from jobs.alerting import sender
from pipeline.config import Config
from pipeline.text import one_line

SECONDS = 20.0
"""Longest that one process may send. Two of them fit into what a listener has."""

_HOST_IS_NO_SECRET = frozenset(
    {"mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms", "http", "https"}
)
Outcome = Literal["sent", "failed", "unknown"]
_OUTCOMES: dict[str, Outcome] = {"sent": "sent", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where messages go. The label says place in the list and kind: `1 mailto://mail.example`."""

    label: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """One message for one URL."""

    url: str = field(repr=False)
    subject: str
    body: str


def redacted(url: str) -> str:
    """Return of a URL what is no secret: its scheme, and the host where the host is one."""
    scheme = url.partition("://")[0].lower()
    host = ""
    if scheme in _HOST_IS_NO_SECRET:
        with suppress(ValueError):
            host = urlsplit(url).hostname or ""
    return f"{one_line(scheme, 20)}://{one_line(host, 80) or '…'}"


def receivers(config: Config, watch: str | None = None) -> list[Receiver]:
    """Return who is told of alerts, or of what a watch finds."""
    own = config.watches[watch].urls if watch is not None else []
    prefix = f"{watch} " if own else ""
    urls = [url.get_secret_value() for url in own or config.alerts.urls]
    return [Receiver(f"{prefix}{n} {redacted(url)}", url) for n, url in enumerate(urls, 1)]


def every_receiver(config: Config) -> dict[str, Receiver]:
    """Return all receivers by label."""
    lists = [receivers(config), *(receivers(config, name) for name in config.watches)]
    return {it.label: it for some in lists for it in some}


async def send(letters: Sequence[Letter]) -> list[Outcome]:
    """Send letters side by side; return what became of each. What takes longer than SECONDS has failed."""
    outcomes: list[Outcome] = ["failed"] * len(letters)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-P", sender.__file__,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    given = [{"url": it.url, "subject": it.subject, "body": it.body} for it in letters]
    try:
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(SECONDS):
                child.stdin.write(json.dumps(given).encode())
                await child.stdin.drain()
                child.stdin.close()
                async for line in child.stdout:
                    index, outcome = line.decode().split()
                    outcomes[int(index)] = _OUTCOMES.get(outcome, "failed")
                await child.wait()
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    return outcomes
