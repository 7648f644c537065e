"""Nate's listings: sections and rankings, as cards with a lead and as bare headlines."""

from __future__ import annotations

from dataclasses import replace

from pipeline.errors import LayoutChanged
from pipeline.portals._around import time_of
from pipeline.portals._nate_urls import article_id, canonical_url
from pipeline.records import Entry, Page
from pipeline.select import Node, Tree, many, maybe, text_of, texts_of
from pipeline.urls import absolute

# The headline's link in cards with a lead, in rankings, in plain lists.
_ITEMS = ".mlt01 a.lt1, .mduSubject li a, .postSubject li a"
_TITLES = "h2, .tit"
_SIGN = "span.medium"
"""The press, with the day in it. It follows its headline, at a depth that varies."""


def read_listing(tree: Tree, page: Page) -> tuple[Entry, ...]:
    """Read every list of articles on the page, in page order, each article once.

    Raises:
        LayoutChanged: no item, or no item that leads to an article.
    """
    many(tree, _ITEMS, at_least=1, url=page.url)
    entries: dict[str, Entry] = {}
    link: Node | None = None
    for node in [*tree.css(f"{_ITEMS}, {_SIGN}"), None]:
        is_sign = node is not None and _is_sign(node)
        entry = _entry(link, node if is_sign else None, page) if link is not None else None
        if entry is not None and entry.article_id not in entries:
            entries[entry.article_id] = replace(entry, rank=len(entries) + 1)
        link = None if is_sign else node
    if not entries:
        raise LayoutChanged(page.url, f"{_ITEMS} [href*='/view/']", expected=1, found=0)
    return tuple(entries.values())


def _entry(link: Node, sign: Node | None, page: Page) -> Entry | None:
    listed = absolute(page.url, link.attributes.get("href"))
    found = article_id(listed) if listed else None
    headline = text_of(maybe(link, _TITLES)) or text_of(link)
    if listed is None or found is None or headline is None:
        return None
    time = maybe(sign, "em") if sign is not None else None
    said = [text for text in texts_of(sign) if text != text_of(time)] if sign is not None else []
    return Entry(
        article_id=found,
        url=canonical_url(listed),
        listed_url=listed,
        rank=0,
        headline=headline,
        publisher=said[0] if said else None,
        published_at=time_of(time, page),
    )


def _is_sign(node: Node) -> bool:
    return "medium" in (node.attributes.get("class") or "").split()
