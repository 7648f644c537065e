"""The short lines that stand under a headline: bylines and times of pages that mark them by no name."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from pipeline.text import clean

_HEADING = re.compile(r"<h([1-3])\b[^<>]{0,500}>", re.IGNORECASE)
_HEADING_END = re.compile(r"</h[1-3]\s*>", re.IGNORECASE)
_UNSEEN = re.compile(
    r"<!--.*?-->|<(script|style|noscript|svg|template|select|button)\b.*?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_BREAK = re.compile(
    r"</?(?:p|div|section|article|aside|ul|ol|li|dl|dt|dd|table|tr|td|th|h[1-6]|figure|figcaption|blockquote|br|hr|header|footer|main|nav"
    r"|time|address|form)\b[^<>]{0,1000}>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_NO_WORD = re.compile(r"[\W_]+")
_AHEAD, _LINES_MOST, _LONG, _HEADINGS_MOST = 12_000, 30, 200, 40
_SHORTEST, _HEADING_LONGEST = 6, 3000


class Nearby:
    """The lines below the headline of a page, read once and only when somebody asks."""

    def __init__(self, page: str, headlines: Sequence[str]) -> None:
        self._page, self._headlines = page, headlines

    @cached_property
    def lines(self) -> list[str]:
        """Return the short lines that stand there."""
        return lines_below(self._page, self._headlines)


def lines_below(page: str, headlines: Sequence[str]) -> list[str]:
    """Return the short lines between the headline as shown and the text; none where it is not shown."""
    start = _end_of_heading(page, headlines)
    if start is None:
        return []
    lines: list[str] = []
    for line in text_lines(page[start : start + _AHEAD]):
        if len(line) > _LONG:
            if lines:
                break
            continue
        lines.append(line)
        if len(lines) == _LINES_MOST:
            break
    return lines


def text_lines(markup: str) -> Iterator[str]:
    """Return the lines of a piece of markup, cut anywhere, without a parser."""
    markup = _BREAK.sub("\n", _UNSEEN.sub(" ", markup))
    markup = html.unescape(_TAG.sub("", markup.rpartition("<")[0] or markup))
    for said in markup.split("\n"):
        if (bare := said.strip()) and (line := clean(bare)):  # most are empty
            yield line


def _end_of_heading(page: str, headlines: Sequence[str]) -> int | None:
    wanted = [key for said in headlines if len(key := _key(said)) >= _SHORTEST]
    if not wanted:
        return None
    body = page.find("<body")
    body = max(page.find("<BODY"), 0) if body < 0 else body
    found: list[tuple[str, int]] = []
    for start in islice(_HEADING.finditer(page, body), _HEADINGS_MOST):
        end = _HEADING_END.search(page, start.end(), start.end() + _HEADING_LONGEST)
        key = _key(html.unescape(_TAG.sub("", page[start.end() : end.start()]))) if end else ""
        if end and key and any(_is_same(key, one) for one in wanted):
            found.append((start.group(1), end.end()))
            if start.group(1) == "1":
                break
    if found:
        return min(found)[1]  # a copy in a bar of the page has a lower rank
    printed = re.compile(r">\s*" + re.escape(html.escape(headlines[0], quote=False)[:60]))
    shown = printed.search(page, body) if len(page) < 4_000_000 else None
    return shown.end() if shown else None


def _is_same(key: str, wanted: str) -> bool:
    return wanted in key or (key in wanted and len(key) * 2 >= len(wanted))


def _key(text: str) -> str:
    return _NO_WORD.sub("", clean(text).casefold())
