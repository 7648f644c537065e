"""Naver's listings: section pages of each decade, the ranking by press, the pages of a press."""

from __future__ import annotations

from dataclasses import replace

from pipeline.errors import LayoutChanged
from pipeline.portals._around import time_of
from pipeline.portals._naver_urls import article_id, canonical_url
from pipeline.records import Entry, Page
from pipeline.select import Node, Tree, attribute, many, maybe, text_of
from pipeline.urls import absolute

# What holds one entry, the headline's link in it, its press and its time.
_ITEMS = ", ".join(
    (
        "li.sa_item",  # section pages since 2023, breakingnews
        ".rankingnews_list > li",  # main/ranking/popularDay.naver
        ".cluster_text",  # section pages of 2020-2022
        ".hdline_article_tit",  # the front page to 2021
        "li.press_edit_news_item",  # media.naver.com/press/OID
        ".press_ranking_box li.as_thumb",  # media.naver.com/press/OID/ranking
    )
)
_HEADLINES = (
    "a.sa_text_title, a.list_title, a.cluster_text_headline, a.lnk_hdline_article, "
    "a.press_edit_news_link, a._es_pc_link"
)
_TITLES = ".sa_text_strong, .press_edit_news_title, .list_title"
_PRESS = ".sa_text_press, .cluster_text_press"
_TIMES = ".sa_text_datetime, .list_time"
_BOX = "rankingnews_box"
_BOX_DEPTH = 4


def read_listing(tree: Tree, page: Page) -> tuple[Entry, ...]:
    """Read every list of articles on the page, in page order, each article once.

    Raises:
        LayoutChanged: no item, or no item that leads to an article.
    """
    entries: dict[str, Entry] = {}
    boxes: dict[int, str | None] = {}
    for around in many(tree, _ITEMS, at_least=1, url=page.url):
        link = maybe(around, _HEADLINES)
        entry = _entry(link, around, page) if link is not None else None
        if entry is not None and entry.article_id not in entries:
            press = entry.publisher or _press_of_box(around, boxes)
            entries[entry.article_id] = replace(entry, rank=len(entries) + 1, publisher=press)
    if not entries:
        raise LayoutChanged(page.url, f"{_HEADLINES} [href]", expected=1, found=0)
    return tuple(entries.values())


def _entry(link: Node, around: Node, page: Page) -> Entry | None:
    listed = absolute(page.url, link.attributes.get("href"))
    found = article_id(listed) if listed else None
    headline = text_of(maybe(link, _TITLES)) or text_of(link)
    if listed is None or found is None or headline is None:
        return None
    return Entry(
        article_id=found,
        url=canonical_url(listed),
        listed_url=listed,
        rank=0,
        headline=headline,
        publisher=text_of(maybe(around, _PRESS)),
        published_at=time_of(maybe(around, _TIMES), page),
    )


def _press_of_box(item: Node, boxes: dict[int, str | None]) -> str | None:
    """The ranking names the press once, over the five articles of its box; `boxes` are those read already."""
    around = item.parent
    for _ in range(_BOX_DEPTH):
        if around is None or around.tag == "body":
            return None
        if _BOX in (attribute(around, "class") or "").split():
            if around.mem_id not in boxes:
                boxes[around.mem_id] = text_of(maybe(around, ".rankingnews_name"))
            return boxes[around.mem_id]
        around = around.parent
    return None
