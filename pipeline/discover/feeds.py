"""Feeds to entries: RSS 0.9 to 2.0, Atom 0.3 and 1.0 by feedparser, JSON Feed by ourselves (decision 0025).

An item's text is not read: its page is fetched, and is the one reading of it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import feedparser

from pipeline.discover.addresses import Link, entries_of, time_of
from pipeline.discover.feed_text import is_json, prepared, title_of
from pipeline.errors import LayoutChanged
from pipeline.records import Entry, Page

_JSON_FEED = "jsonfeed.org/version/"
_ITEMS_MOST = 10_000
_FEW, _ALIKE = 5, 0.5
_MONTH_IN_HANGUL = re.compile(r"(\d{1,2})\s+(\d{1,2})월\s+(\d{4})")
_YEAR_OF_RFC_822 = re.compile(r"(?<=\d [a-z]{3} )(?=\d\d \d\d:)", re.IGNORECASE)  # has two digits


class _Stream:
    """What feedparser reads from: a text it would take for an address or for the name of a file."""

    def __init__(self, data: bytes) -> None:
        self._left = data

    def read(self, _size: int = -1) -> bytes:
        data, self._left = self._left, b""
        return data


def parse_feed(page: Page) -> tuple[Entry, ...]:
    """Return the items of a feed that have a link, in its order, each article once.

    A valid feed without items gives none: whether that can be, only its past tells.

    Raises:
        LayoutChanged: this is no feed.
        BadAnswer: it declares entities, or would hold the parser up.
    """
    links = _json_links(page) if is_json(page.html) else _xml_links(page)
    return tuple(entries_of(_without_shared_times(links), page.url))


def _without_shared_times(links: list[Link]) -> list[Link]:
    """A time of change that most items share is that of the feed: it says nothing of them."""
    times = Counter(link.modified_at for link in links if link.modified_at)
    most = max(times.values(), default=0)
    if len(links) < _FEW or most <= _ALIKE * len(links):
        return links
    return [replace(link, modified_at=None) for link in links]


def _no_feed(page: Page, what: str) -> LayoutChanged:
    return LayoutChanged(page.url, f"a feed, RSS, Atom or JSON Feed ({what})", expected=1, found=0)


def _xml_links(page: Page) -> list[Link]:
    text = prepared(page.html, page.url)
    if text is None:
        raise _no_feed(page, "its root element")
    read = feedparser.parse(
        _Stream(text.encode("utf-8", "ignore")),
        response_headers={
            "content-location": page.url,
            "content-type": "application/xml; charset=utf-8",
        },
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return [_link(item, page) for item in read.entries[:_ITEMS_MOST]]


def _link(item: Any, page: Page) -> Link:
    # dict.get: that of feedparser answers a missing `updated` with `published`, and warns
    said = {
        key: dict.get(item, key)
        for key in ("title", "link", "published", "updated", "created", "feedburner_origlink")
    }
    published = said["published"] or said["created"] or said["updated"]
    return Link(
        href=said["feedburner_origlink"] or said["link"] or "",
        headline=title_of(said["title"]),
        published_at=_time(published, page),
        modified_at=_time(said["updated"], page),
    )


def _time(said: str | None, page: Page) -> Any:
    plain = _YEAR_OF_RFC_822.sub("20", _MONTH_IN_HANGUL.sub(r"\3-\2-\1", said or ""))
    return time_of(plain, now=page.fetched_at)


def _json_links(page: Page) -> list[Link]:
    try:
        feed = json.loads(page.html.lstrip("\ufeff \t\r\n"))
    except (ValueError, RecursionError):
        raise _no_feed(page, "JSON that can be read") from None
    if not isinstance(feed, dict) or _JSON_FEED not in str(feed.get("version")):
        raise _no_feed(page, "a version of jsonfeed.org")
    items = feed.get("items")
    return list(_json_items(items if isinstance(items, list) else [], page))


def _json_items(items: list[Any], page: Page) -> Iterator[Link]:
    for item in items[:_ITEMS_MOST]:
        if isinstance(item, dict):
            said = {key: value for key, value in item.items() if isinstance(value, str)}
            yield Link(
                href=said.get("url") or said.get("external_url") or _as_address(said.get("id")),
                headline=title_of(said.get("title")),
                published_at=_time(said.get("date_published"), page),
                modified_at=_time(said.get("date_modified"), page),
            )


def _as_address(said: str | None) -> str:
    return said if said and said.startswith(("http://", "https://")) else ""
