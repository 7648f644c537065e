"""The text of a feed made fit for a parser: no prolog, no entities of its own, no shape that takes minutes."""

from __future__ import annotations

import html
import re

from pipeline.errors import BadAnswer
from pipeline.text import clean

_PROLOG_MOST = 64_000  # characters
_ROOT = re.compile(r"<(?:[\w-]{1,20}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_HTML = re.compile(r"<(?:html|head|body)[\s>]", re.IGNORECASE)
ENTITY = re.compile(r"<!ENTITY|<!DOCTYPE[^>\[]{0,1000}\[", re.IGNORECASE)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# feedparser's time is quadratic in the attributes of a tag and in the prefixes of namespaces
_LONG_TAG = re.compile(r"<[^<>!]{5000}")
_PREFIX = re.compile(r"xmlns:([\w.-]{1,50})")
_PREFIXES_MOST, _TAGS_MOST = 200, 400_000

_TAGS = re.compile(
    r"</?(?:a|b|i|u|s|em|strong|font|span|small|big|sup|sub|br|p|div|h[1-6]|img|mark|strike|del|ins|center|"
    r"code|tt|nobr|cite|q|blink|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TWICE = 2
_TITLE_MOST = 1000  # characters


def is_json(text: str) -> bool:
    """Does this begin as JSON does?"""
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def prepared(text: str, url: str) -> str | None:
    """Return the feed from its root element on; None where it has none, or HTML stands there.

    Raises:
        BadAnswer: it declares entities, or is of a shape that would hold the parser up.
    """
    head = text[:_PROLOG_MOST]
    root = _ROOT.search(head)
    prolog = head[: root.start()] if root else head
    if ENTITY.search(prolog):
        raise BadAnswer(url, "not_html", "declares XML entities of its own, which no feed needs")
    if root is None or _HTML.search(without_comments(prolog)):
        return None
    feed = _NOT_XML.sub("", text[root.start() :])
    _refuse_costly(feed, url)
    return feed


def _refuse_costly(feed: str, url: str) -> None:
    tags = feed.count("<")
    prefixes = len(set(_PREFIX.findall(feed))) if feed.count("xmlns:") > _PREFIXES_MOST else 0
    if tags > _TAGS_MOST or prefixes > _PREFIXES_MOST or _LONG_TAG.search(feed):
        told = f"{tags:,} tags, {prefixes:,} namespaces, or a tag of 5,000 characters"
        raise BadAnswer(url, "too_large", f"a feed too costly to parse: {told}")


def without_comments(text: str) -> str:
    """Return XML without its comments; one that is not closed reaches to the end."""
    if "<!--" not in text:
        return text
    first, *others = text.split("<!--")
    return first + "".join(other.partition("-->")[2] for other in others)


def title_of(said: str | None) -> str:
    """Return a title as a reader sees it: HTML in it is dropped, escaped once or twice.

    `<한빛 기획>` is no HTML, and stays.
    """
    text = (said or "")[:_TITLE_MOST]
    for _ in range(_TWICE):
        text = _TAGS.sub("", text)
        if "&" not in text:
            break
        text = html.unescape(text)
    return clean(_TAGS.sub("", text))
