"""A stream of pages, a line each, to an answer a line each: in order, at once, whatever a line holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from math import isfinite
from typing import Any, BinaryIO, NoReturn

from jobs import terminal, wiring
from pipeline.errors import GisaError, PageError
from pipeline.records import Page
from pipeline.urls import absolute

log = logging.getLogger("gisa.parse")

LINE_MOST = 64 * 1024**2
"""Bytes; a longer line is answered with an error instead of being read into memory."""
_YEARS = range(1990, 2200)


class _Unfit(Exception):
    """A line that is no page; `page_id` is echoed where the line has one."""

    def __init__(self, said: str, page_id: str | float | None = None) -> None:
        super().__init__(said)
        self.page_id = page_id


def answer_all(source: BinaryIO, parse_page: Callable[[Page], dict[str, Any]]) -> int:
    """Answer every line on stdout; return the exit code: 1 if a parser broke."""
    code = 0
    for line in _lines(source):
        page_id = None
        try:
            page_id, page = _page(line)
            answer = {"page_id": page_id, **parse_page(page)}
        except _Unfit as unfit:
            answer = {"page_id": unfit.page_id, "error": str(unfit)}
        except PageError as error:
            answer = {"page_id": page_id, "error": f"{error.reason}: {error.detail}"}
        except GisaError as error:
            answer = {"page_id": page_id, "error": str(error)}
        except Exception as error:  # the edge of the stream: a bug costs one page
            log.exception("page %r", page_id)
            answer = {"page_id": page_id, "error": f"a bug: {type(error).__name__}: {error}"}
            code = 1
        terminal.print_json(answer, indent=None)
    return code


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines that are not blank; None stands for one that is too long."""
    while line := source.readline(LINE_MOST + 1):
        if len(line) <= LINE_MOST:
            if line.strip():
                yield line
            continue
        while line and not line.endswith(b"\n"):
            line = source.readline(LINE_MOST)
        yield None


def _page(line: bytes | None) -> tuple[str | float | None, Page]:
    if line is None:
        raise _Unfit(f"a line of more than {LINE_MOST // 1024**2} MiB")
    try:
        given = json.loads(line, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise _Unfit(f"not JSON: {error}") from None
    if not isinstance(given, dict):
        raise _Unfit("not a page: needs an object with html")
    page_id = given.get("id")
    if isinstance(page_id, (list, dict)):
        raise _Unfit("id should be a text or a number")
    html, url = given.get("html"), given.get("url") or ""
    if not isinstance(html, str):
        raise _Unfit("not a page: needs html, a text", page_id)
    if not isinstance(url, str) or (url and absolute("", url) is None):
        raise _Unfit("url should be an http(s) URL", page_id)
    # JSON can hold half a surrogate pair, which is no character; browsers show U+FFFD for it
    try:
        html.encode()
    except UnicodeEncodeError:
        html = html.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return page_id, Page(url, html, _fetched_at(given.get("fetched_at"), page_id))


def _fetched_at(said: Any, page_id: Any) -> datetime:
    if said is None or said == "":
        return wiring.now()
    try:
        at = datetime.fromisoformat(said)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, TypeError):
        raise _Unfit("fetched_at should be ISO 8601", page_id) from None
    if at.year not in _YEARS:
        raise _Unfit(f"fetched_at: the year {at.year} cannot be", page_id)
    return at


def _finite(number: str) -> float:
    return float(number) if isfinite(float(number)) else _refuse(number)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
