"""Which crawl the code at hand works for, so that every line of the log can say so, wherever it comes from."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pipeline.urls import redacted

log = logging.getLogger("gisa.crawl")

_CRAWL: ContextVar[tuple[str, int | None] | None] = ContextVar("crawl", default=None)


@contextmanager
def crawl_of(source: str, run: int | None) -> Iterator[None]:
    """Let what is logged inside, also by tasks begun there, belong to a crawl: source and row of `runs`.

    `run` is None for what is no row of `runs`.
    """
    token = _CRAWL.set((source, run))
    try:
        yield
    finally:
        _CRAWL.reset(token)


def crawl_at_hand() -> dict[str, str | int]:
    """Return `source` and `run` of the crawl that the caller works for; nothing outside of crawls."""
    at_hand = _CRAWL.get()
    if at_hand is None:
        return {}
    source, run = at_hand
    return {"source": source} if run is None else {"source": source, "run": run}


@dataclass
class PageLine:
    """What is to be said of a page when it is done with."""

    outcome: str = "stopped"


@contextmanager
def page_line(source: str, url: str) -> Iterator[PageLine]:
    """Log a line when a page is done with: what became of it, and how long it took with waits for a turn."""
    line, began = PageLine(), time.monotonic()
    try:
        yield line
    finally:
        if log.isEnabledFor(logging.DEBUG):
            seconds, at = round(time.monotonic() - began, 3), redacted(url)
            said = {"source": source, "url": at, "outcome": line.outcome, "seconds": seconds}
            log.debug("%s %s in %.2f s: %s", source, line.outcome, seconds, at, extra=said)
