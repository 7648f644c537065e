"""Zum News: articles and lists of news.zum.com.

Its markup is known from few pages: what is required here is little, and that is loud.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from pipeline.boilerplate import opening_of
from pipeline.bylines import authors_of
from pipeline.errors import LayoutChanged
from pipeline.headlines import split_labels
from pipeline.portals._around import (
    address_of,
    original_url,
    portal_summary,
    printed_headline,
    refuse_deleted,
    related_links,
    rights_of,
    shown_times,
    time_of,
)
from pipeline.portals._blocks import APART_CSS, Markup, children_of, read_body
from pipeline.portals._body import Body, text_or_refuse
from pipeline.records import Article, Author, Entry, Page, Related
from pipeline.select import Node, Tree, attribute, many, maybe, one, parse, text_of
from pipeline.structured import read_head
from pipeline.urls import absolute

NAME = "zum"
VERSION = 1

_HOME = "https://news.zum.com/"
# news.zum.com/articles/98407004; m.news.zum.com/articles/98407004/<the headline, percent-encoded>
_PATH = re.compile(r"^/articles/(?P<id>[0-9]{1,12})(?:/[^/]*)?/?$")
_HOSTS = frozenset({"news.zum.com", "m.news.zum.com"})
_HEADLINE = "#news_title"
_BODY = "#article_body"
_PRESS = ".article_info .media"
_TIMES = ".article_info .time"
_SUMMARIES = "[class*=summary i], [id*=summary i]"
_COPYRIGHT = ".article_copyright, .copyright_article"
_LINKS = "a[href*='/articles/']"
_ITEMS = "li a[href*='/articles/']"
_TITLES = ".title, .tit, strong"
_SIGNS, _DAYS = ".media, .source", ".time, .date"
_Sign: TypeAlias = tuple[str | None, datetime | None]
_THUMBNAIL = re.compile(r"^https?://thumb\.zumst\.com/\w+/(?P<whole>https?://.+)$")


def article_id(url: str, *, base: str = "") -> str | None:
    """Return `zum:<id>` of an article URL in any of Zum's forms; relative ones hold for `base`."""
    found = _number(absolute(base, url) if base else url)
    return f"{NAME}:{found}" if found else None


def canonical_url(url: str) -> str:
    """Return `https://news.zum.com/articles/<id>`."""
    found = _number(url)
    return f"{_HOME}articles/{found}" if found else url


def recognises(html: str) -> bool:
    """Is this Zum's article markup?"""
    return 'id="article_body"' in html and 'id="news_title"' in html and "zum" in html


def parse_listing(page: Page) -> tuple[Entry, ...]:
    """Read a list of articles. A picture and a headline may link to the same one: the first with words counts.

    Raises:
        LayoutChanged: no list item that leads to an article.
    """
    tree = parse(page.html, page.url, page.matches)
    entries: dict[str, Entry] = {}
    items: dict[int, _Sign] = {}
    for link in many(tree, _ITEMS, at_least=1, url=page.url):
        entry = _entry(link, page)
        if entry is not None and entry.article_id not in entries:
            press, at = _sign_of(link, page, items)
            entries[entry.article_id] = replace(
                entry, rank=len(entries) + 1, publisher=press, published_at=at
            )
    if not entries:
        raise LayoutChanged(page.url, f"{_ITEMS} (with a headline)", expected=1, found=0)
    return tuple(entries.values())


def parse_article(page: Page, *, permission: str | None = None) -> Article:
    """Read an article page.

    Raises:
        Gone: the portal says the article was deleted.
        NotAnArticle: a video or gallery without text.
        LayoutChanged: something that every article has is not where it was.
    """
    tree = parse(page.html, page.url, page.matches)
    head = read_head(tree)
    refuse_deleted(tree, page, article=_BODY)
    address = address_of(head, page, article_id)
    headline, labels = split_labels(printed_headline(tree, _HEADLINE, page))
    publisher = _publisher(tree, page)
    published_at, modified_at = shown_times(many(tree, _TIMES, at_least=1, url=page.url), page)
    body = _body(tree, page, publisher, address)
    text = text_or_refuse(body, page)
    return Article(
        id=article_id(address) or "",
        portal=NAME,
        publisher=publisher,
        url=page.url,
        canonical_url=canonical_url(address),
        original_url=original_url(tree, page),
        headline=headline,
        labels=labels,
        summary=portal_summary(tree, _SUMMARIES),
        body=tuple(body.blocks),
        text=text,
        images=tuple(body.images.values()),
        authors=_authors(tree, body, publisher),
        section=text_of(maybe(tree, ".gnb li.on, .category_on")),
        language=head.language or "ko",
        published_at=published_at,
        modified_at=modified_at,
        published_at_source="text" if published_at else None,
        related=_related(tree, address, body),
        rights=rights_of(text_of(maybe(tree, _COPYRIGHT)), body, head, page, permission),
        fetched_at=page.fetched_at,
        parser=f"{NAME}/{VERSION}",
        warnings=(*page.warnings, *body.warnings),
    )


def _number(url: str | None) -> str | None:
    try:
        parts = urlsplit(url or "")
    except ValueError:  # "http://[": no address at all
        return None
    match = _PATH.match(parts.path) if parts.hostname in _HOSTS else None
    return match["id"] if match else None


def _other(url: str, address: str) -> str | None:
    found = article_id(url)
    return canonical_url(url) if found and found != article_id(address) else None


def _entry(link: Node, page: Page) -> Entry | None:
    listed = absolute(page.url, link.attributes.get("href"))
    found = article_id(listed) if listed else None
    headline = text_of(maybe(link, _TITLES)) or text_of(link)
    if listed is None or found is None or headline is None:
        return None
    return Entry(found, canonical_url(listed), listed, 0, headline)


def _sign_of(link: Node, page: Page, items: dict[int, _Sign]) -> _Sign:
    """Return what the list item says of press and time; `items` are those read already."""
    around = link
    while around.tag != "li" and around.parent is not None:
        around = around.parent
    if around.mem_id not in items:
        items[around.mem_id] = (
            text_of(maybe(around, _SIGNS)),
            time_of(maybe(around, _DAYS), page),
        )
    return items[around.mem_id]


def _body(tree: Tree, page: Page, publisher: str, address: str) -> Body:
    return read_body(
        children_of(one(tree, _BODY, url=page.url)),
        _MARKUP,
        url=page.url,
        publisher=publisher,
        is_article=lambda url: _other(url, address) is not None,
    )


def _related(tree: Tree, address: str, body: Body) -> tuple[Related, ...]:
    return related_links(
        tree.css(_LINKS),
        near=body.related,
        base=_HOME,
        other=lambda url: _other(url, address),
        headline=_TITLES,
    )


def _publisher(tree: Tree, page: Page) -> str:
    """The press signs with its name or with a picture."""
    sign = one(tree, _PRESS, url=page.url)
    said = text_of(sign) or attribute(maybe(sign, "img[alt]"), "alt")
    if said is None:
        raise LayoutChanged(page.url, f"{_PRESS} (its name)", expected=1, found=0)
    return said


def _authors(tree: Tree, body: Body, publisher: str) -> tuple[Author, ...]:
    slot = text_of(maybe(tree, ".article_info .reporter"))
    opening = opening_of(body.blocks)
    return authors_of(slot, opening, body.signoffs, publisher=publisher)


def _kind(_: Node) -> str:
    return ""


def _holds(node: Node) -> bool:
    return node.css_first(APART_CSS) is not None


def _original(url: str) -> str:
    """The thumbnail server has the address of the picture in its path: /530x0/https://static.news.zumst.com/…"""
    match = _THUMBNAIL.match(url)
    return match["whole"] if match else url


_MARKUP = Markup(home=_HOME, kind=_kind, holds=_holds, original=_original)
