"""OPML: lists of feeds as readers exchange them. Read by its one element, like sitemaps, and by no XML parser:
nothing can be expanded, and a bare `&` costs nothing (decision 0027). Written as OPML 2.0.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from pipeline.discover.feed_text import ENTITY, without_comments
from pipeline.errors import BadAnswer
from pipeline.text import clean

OUTLINES_MOST = 50_000
_PROLOG_MOST = 64_000  # characters
_ROOT = re.compile(r"<opml[\s/>]", re.IGNORECASE)
_OUTLINE = re.compile(
    r"<outline(?=[\s/>])((?:\s{1,100}[\w:.-]{1,50}\s{0,9}=\s{0,9}(?:\"[^\"]{0,4000}\"|'[^']{0,4000}')){0,60})",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([\w:.-]{1,50})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')")
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?://)|feed(?=://)", re.IGNORECASE)
_TITLE_MOST = 500  # characters


@dataclass(frozen=True, slots=True)
class Outline:
    """One line of a list: a feed by its address, or, where `feed` is empty, another page."""

    title: str
    feed: str = ""
    page: str = ""
    is_comment: bool = False


def read_opml(text: str, name: str) -> list[Outline]:
    """Return the feeds of a list in its order, out of all its folders; addresses are as they are written.

    Args:
        text: decoded; names of elements and attributes may be in any case.
        name: of the file or its address, for errors.

    Raises:
        BadAnswer: it is no OPML, declares entities, or has more than 50,000 outlines.
    """
    head = text[:_PROLOG_MOST]
    root = _ROOT.search(head)
    if ENTITY.search(head[: root.start()] if root else head):
        raise BadAnswer(
            name, "not_html", "declares XML entities of its own, which no list of feeds needs"
        )
    if root is None:
        raise BadAnswer(name, "not_html", "is no OPML: it has no opml element")
    return list(_outlines(without_comments(text[root.end() :]), name))


def _outlines(text: str, name: str) -> Iterator[Outline]:
    for number, match in enumerate(_OUTLINE.finditer(text)):
        if number == OUTLINES_MOST:
            raise BadAnswer(name, "too_large", f"more than {OUTLINES_MOST:,} outlines")
        said: dict[str, str] = {}
        for key, double, single in _ATTRIBUTE.findall(match[1]):
            said.setdefault(key.lower(), html.unescape(double or single).strip())
        if feed := said.get("xmlurl"):
            title = clean((said.get("title") or said.get("text") or "")[:_TITLE_MOST])
            yield Outline(
                title,
                _FEED_SCHEME.sub(_plain_scheme, feed, count=1),
                said.get("htmlurl", ""),
                is_comment=said.get("iscomment", "").lower() == "true",
            )


def _plain_scheme(match: re.Match[str]) -> str:
    return "http" if match[0].lower() == "feed" else ""


def write_opml(title: str, outlines: Iterable[Outline]) -> str:
    """Return an OPML 2.0 document in ASCII: whatever encoding it is printed in, it is valid.

    Addresses are taken to be printable, as config.toml has them.
    """
    lines = "".join(map(_line, outlines))
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
<head><title>{escape(clean(title))}</title></head>
<body>
{lines}</body>
</opml>
"""
    return text.encode("ascii", "xmlcharrefreplace").decode()


def _line(outline: Outline) -> str:
    title = clean(outline.title)  # which leaves nothing that XML forbids
    said = {"type": "rss" if outline.feed else "link", "text": title}
    if outline.feed:
        said |= {"title": title, "xmlUrl": outline.feed}
        said |= {"htmlUrl": outline.page} if outline.page else {}
    else:
        said |= {"url": outline.page}
    if outline.is_comment:
        said["isComment"] = "true"
    written = " ".join(f"{key}={quoteattr(value)}" for key, value in said.items())
    return f"<outline {written}/>\n"
