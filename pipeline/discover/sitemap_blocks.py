"""A sitemap piece by piece: its kind, and the few elements of each entry.

It is read by these and by no XML parser: there are no entities to expand, and a fault in the middle costs one
address (decision 0025).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from pipeline.discover.feed_text import ENTITY, without_comments
from pipeline.encoding import decode
from pipeline.errors import BadAnswer, LayoutChanged
from pipeline.records import Page

_PIECE, _HEAD = 256 * 1024, 64 * 1024  # bytes
_BLOCK_MOST = 64 * 1024  # characters
_ROOT = re.compile(r"<(?:[\w-]{1,20}:)?(urlset|sitemapindex)[\s>]", re.IGNORECASE)
_OPEN = re.compile(r"<(?:[\w-]{1,20}:)?(?:url|sitemap)(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_CLOSE = re.compile(r"</(?:[\w-]{1,20}:)?(?:url|sitemap)\s{0,9}>", re.IGNORECASE)
_FIELD = re.compile(
    r"<(?:([\w-]{1,20}):)?(loc|lastmod|publication_date|title)(?:\s[^<>]{0,500})?>"
    r"(?:\s*<!\[CDATA\[(.{0,3000}?)\]\]>|(?:\s*<!\[CDATA\[)?([^<]{0,3000}))",
    re.IGNORECASE | re.DOTALL,
)
_OTHERS = frozenset({"image", "video", "xhtml", "mobile", "pagemap"})


def bytes_of(page: Page) -> bytes:
    """Return the bytes of a sitemap as they came, unpacked."""
    return page.raw if page.raw is not None else page.html.encode("utf-8", "ignore")


def root(raw: bytes, page: Page) -> tuple[str, str]:
    """Return the codec of a sitemap, and whether it is an `urlset` or a `sitemapindex`.

    Raises:
        LayoutChanged: it is neither.
        BadAnswer: it declares entities.
    """
    head = decode(raw[:_HEAD])
    found = _ROOT.search(head.text)
    if ENTITY.search(head.text[: found.start()] if found else head.text):
        raise BadAnswer(page.url, "not_html", "declares XML entities, which no sitemap needs")
    if found is None:
        raise LayoutChanged(page.url, "a sitemap (urlset or sitemapindex)", expected=1, found=0)
    return head.encoding, found[1].lower()


def blocks(raw: bytes, codec: str) -> Iterator[str]:
    """Yield what stands in each `url` or `sitemap` element."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    left, is_comment = "", False
    for at in range(0, len(raw), _PIECE):
        left += decoder.decode(raw[at : at + _PIECE])
        begin = 0
        for close in _CLOSE.finditer(left):
            opened = _OPEN.search(left, begin, close.start())
            is_comment = _ends_in_comment(left, begin, opened or close, is_comment=is_comment)
            if opened and not is_comment and close.start() - opened.end() <= _BLOCK_MOST:
                yield left[opened.end() : close.start()]
            begin = close.end()
        left = left[begin:][-_BLOCK_MOST:]


def _ends_in_comment(text: str, begin: int, tag: re.Match[str], *, is_comment: bool) -> bool:
    """Does a tag stand in a comment, by the text before it?"""
    opened, closed = (text.rfind(mark, begin, tag.start()) for mark in ("<!--", "-->"))
    return is_comment if opened == closed else opened > closed


def fields(block: str) -> dict[str, str]:
    """Return the first value of each element; those of pictures and videos are theirs."""
    block = without_comments(block)
    found: dict[str, str] = {}
    for match in _FIELD.finditer(block):
        if (match[1] or "").lower() not in _OTHERS and (said := (match[3] or match[4]).strip()):
            found.setdefault(match[2].lower(), said)
    return found
