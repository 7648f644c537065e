"""What goes over the line between a crawl and a worker process: pickles, each behind its length."""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from datetime import datetime
from logging import LogRecord
from typing import Any

from pipeline.reading import Reader
from pipeline.records import Article, Page

HEAD = struct.Struct(">I")
"""The length of a message in bytes, before it."""


@dataclass(frozen=True, slots=True)
class Task:
    """A page to read; the arguments of `Reader.found`."""

    reader: Reader
    page: Page
    listed_url: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it: the article or what was raised, `Page.matches`, and what parsers logged meanwhile."""

    result: Article | Exception
    matches: dict[str, int]
    logged: tuple[LogRecord, ...] = ()


READY = "ready"
"""What a worker says first, when all parsers are loaded."""


def framed(message: Any) -> bytes:
    """Return a message as it goes over the line.

    Raises:
        Exception: it holds what cannot be pickled.
    """
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return HEAD.pack(len(body)) + body
