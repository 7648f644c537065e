"""Answers of Naver's news search to entries.

Articles are asked for at their publishers' own addresses: Naver's pages of them are closed to crawlers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pipeline.discover.addresses import Link, entries_of, time_of
from pipeline.discover.feed_text import title_of
from pipeline.errors import LayoutChanged
from pipeline.records import Entry, Page
from pipeline.urls import site_of

_OWN = "naver.com"


@dataclass(frozen=True, slots=True)
class Results:
    """What a call brought: `entries` of publishers, how many results it `listed` in all, and which of these are
    left out, since they stand `at_naver` only.
    """

    entries: tuple[Entry, ...]
    listed: int
    at_naver: tuple[Link, ...] = ()


def parse_search(page: Page, *, own_pages: bool = False) -> Results:
    """Return what an answer names, in its order, each article once.

    Args:
        page: the answer, JSON.
        own_pages: also take those results that stand at Naver only.

    Raises:
        LayoutChanged: it is no answer of the search, or its results have no address or no time any more.
    """
    items = _items(page)
    links = [_link(item, page) for item in items]
    if items and not any(link.href for link in links):
        raise _no_results(page, "originallink or link of a result")
    if items and not any(link.published_at for link in links):
        raise _no_results(page, "pubDate of a result")
    left_out = () if own_pages else tuple(link for link in links if _is_navers(link.href))
    entries = entries_of((link for link in links if link not in left_out), page.url)
    return Results(tuple(entries), len(items), left_out)


def _no_results(page: Page, what: str) -> LayoutChanged:
    return LayoutChanged(page.url, f"Naver's search ({what})", expected=1, found=0)


def _items(page: Page) -> list[dict[str, Any]]:
    try:
        answer = json.loads(page.html)
    except (ValueError, RecursionError):
        raise _no_results(page, "JSON that can be read") from None
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise _no_results(page, "its items")
    return items


def _link(item: dict[str, Any], page: Page) -> Link:
    said = {key: value for key, value in item.items() if isinstance(value, str)}
    addresses = list(filter(None, map(str.strip, _addresses(said))))
    elsewhere = (url for url in addresses if not _is_navers(url))
    return Link(
        href=next(elsewhere, addresses[0] if addresses else ""),
        headline=title_of(said.get("title")),
        published_at=time_of(said.get("pubDate"), now=page.fetched_at),
    )


def _addresses(said: dict[str, str]) -> Iterator[str]:
    # where Naver has no page of an article, `link` is the publisher's as well
    yield said.get("originallink", "")
    yield said.get("link", "")


def _is_navers(url: str) -> bool:
    try:
        return site_of(urlsplit(url).hostname or "") == _OWN
    except ValueError:  # no address at all
        return False
