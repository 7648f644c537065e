"""A page as a line of JSON: {"id", "url", "html", "fetched_at"}; and lines of files, packed or not."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any, BinaryIO, NoReturn, cast

from pipeline.importing.found import Found, Item, Passed, Start
from pipeline.records import Page
from pipeline.urls import absolute

LINE_MOST = 64 * 1024**2
"""Bytes; a longer line is passed over instead of being read into memory."""
_YEARS = range(1990, 2200)


class Unfit(Exception):
    """A line that is no page; `page_id` is echoed where the line has one."""

    def __init__(self, said: str, page_id: str | float | None = None) -> None:
        super().__init__(said)
        self.page_id = page_id


def lines(source: BinaryIO, most: int) -> Iterator[bytes | None]:
    """Yield the lines that are not blank; None stands for one of more than `most` bytes."""
    while line := source.readline(most + 1):
        if len(line) <= most:
            if line.strip():
                yield line
            continue
        while line and not line.endswith(b"\n"):
            line = source.readline(most)
        yield None


def page_of_line(line: bytes, otherwise: datetime) -> tuple[str | float | None, Page]:
    """Return the id and the page of a line; `otherwise` is when it was fetched where the line does not say.

    Raises:
        Unfit: it is no page.
    """
    try:
        given = json.loads(line, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Unfit(f"not JSON: {error}") from None
    if not isinstance(given, dict):
        raise Unfit("not a page: needs an object with html")
    page_id = given.get("id")
    if isinstance(page_id, (list, dict)):
        raise Unfit("id should be a text or a number")
    html, url = given.get("html"), given.get("url") or ""
    if not isinstance(html, str):
        raise Unfit("not a page: needs html, a text", page_id)
    if not isinstance(url, str) or (url and absolute("", url) is None):
        raise Unfit("url should be an http(s) URL", page_id)
    # JSON can hold half a surrogate pair, which is no character; browsers show U+FFFD for it
    try:
        html.encode()
    except UnicodeEncodeError:
        html = html.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return page_id, Page(url, html, _fetched_at(given.get("fetched_at"), page_id, otherwise))


def _fetched_at(said: Any, page_id: Any, otherwise: datetime) -> datetime:
    if said is None or said == "":
        return otherwise
    try:
        at = datetime.fromisoformat(said)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, TypeError):
        raise Unfit("fetched_at should be ISO 8601", page_id) from None
    if at.year not in _YEARS:
        raise Unfit(f"fetched_at: the year {at.year} cannot be", page_id)
    return at


def _finite(number: str) -> float:
    return float(number) if isfinite(float(number)) else _refuse(number)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


@dataclass(frozen=True, slots=True)
class PageLines:
    """A file of pages, a line each. `file` is it as it lies on the disk, `name` tells how it is packed,
    `saved_at` when pages were fetched that do not say it.
    """

    file: BinaryIO
    name: str
    saved_at: datetime

    def pages(self, start: Start) -> Iterator[Item]:
        """Yield the lines that are not blank; a packed file is unpacked again up to where it begins."""
        source, number, position = self._opened(), 0, 0
        is_plain = source is self.file
        if is_plain and start.number:
            source.seek(start.position)
            number = start.number - 1
        position = source.tell() if is_plain else 0
        try:
            for line in lines(source, LINE_MOST):
                number += 1
                if number > start.number:
                    yield (
                        Passed("too_large", position, number)
                        if line is None
                        else Found("line", position, number, line, self.saved_at)
                    )
                position = self.file.tell()
        except (EOFError, OSError, zlib.error, ValueError) as error:
            said = f"{self.name}: damaged behind line {number} ({error})"
            yield Passed("damaged", position, number + 1, said)

    def _opened(self) -> BinaryIO:
        if self.name.endswith(".gz"):
            return cast("BinaryIO", gzip.GzipFile(fileobj=self.file))
        if self.name.endswith((".zst", ".zstd")):
            from pipeline.fetch.decoders import zstd_file  # `gisa parse` needs nothing of fetching

            return zstd_file(self.file)
        return self.file
