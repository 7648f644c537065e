"""Daum News: section pages of news.daum.net, articles of v.daum.net."""

from __future__ import annotations

import re
from urllib.parse import unquote

from pipeline.boilerplate import opening_of
from pipeline.bylines import authors_of
from pipeline.dates import parse_time
from pipeline.errors import LayoutChanged
from pipeline.headlines import split_labels
from pipeline.portals._around import original_url, portal_summary, related_links, rights_of
from pipeline.portals._body import Body, text_or_refuse
from pipeline.portals._daum_head import (
    read_headline,
    read_publisher,
    read_times,
    reporter_slot,
)
from pipeline.portals._daum_urls import NAME, article_id, at_home, canonical_url, is_other
from pipeline.portals._dmcf import read_views
from pipeline.records import Article, Author, Entry, Page, Related
from pipeline.select import Node, Tree, attribute, lines_of, many, maybe, parse, text_of
from pipeline.structured import read_head
from pipeline.text import clean
from pipeline.urls import absolute

VERSION = 1
__all__ = [
    "NAME",
    "VERSION",
    "article_id",
    "canonical_url",
    "parse_article",
    "parse_listing",
    "recognises",
]

_ITEMS = "a.item_newsheadline2, a.item_newsbasic, a.item_newsblock, .list_newsissue a"
_SUMMARIES = "[class*=summary], [class*=summar], .layer_util"
_NOT_A_SECTION = re.compile(r"메뉴|본문|검색|바로가기|뉴스$")
_REPLACEMENT = "\ufffd"


def recognises(html: str) -> bool:
    """Is this Daum's body markup?"""
    return "dmcf-ptype" in html and "article_view" in html


def parse_listing(page: Page) -> tuple[Entry, ...]:
    """Read a section page: every list of articles on it, in page order, each article once.

    Raises:
        LayoutChanged: no item, or no item that leads to an article.
    """
    tree = parse(page.html, page.url, page.matches)
    entries: dict[str, Entry] = {}
    for item in many(tree, _ITEMS, at_least=1, url=page.url):
        entry = _entry(item, page, rank=len(entries) + 1)
        if entry is not None:
            entries.setdefault(entry.article_id, entry)
    if not entries:
        raise LayoutChanged(page.url, f"{_ITEMS} [href*='/v/']", expected=1, found=0)
    return tuple(entries.values())


def parse_article(page: Page, *, permission: str | None = None) -> Article:
    """Read an article page.

    Raises:
        Gone: the portal says the article was deleted.
        NotAnArticle: a video or gallery without text.
        LayoutChanged: the headline or the body is not where it was.
    """
    tree = parse(page.html, page.url, page.matches)
    head = read_head(tree)
    headline, labels = split_labels(read_headline(tree, head, page))
    publisher = read_publisher(tree, head)
    body = read_views(
        tree, url=page.url, publisher=publisher, is_article=lambda u: is_other(u, page.url)
    )
    text = text_or_refuse(body, page)
    times = read_times(tree, head, page)
    return Article(
        id=_id(page, tree),
        portal=NAME,
        publisher=publisher,
        url=page.url,
        canonical_url=canonical_url(page.url),
        original_url=original_url(tree, page),
        headline=headline,
        labels=labels,
        subheadline="\n".join(_lines(maybe(tree, ".summary_view"))) or None,
        summary=portal_summary(tree, _SUMMARIES),
        body=tuple(body.blocks),
        text=text,
        images=tuple(body.images.values()),
        authors=_authors(tree, body, publisher),
        section=_section(tree),
        language=head.language or "ko",
        published_at=times.published_at,
        modified_at=times.modified_at,
        published_at_source=times.source,
        related=_related(tree, page, body),
        rights=rights_of(text_of(maybe(tree, ".txt_copyright")), body, head, page, permission),
        fetched_at=page.fetched_at,
        parser=f"{NAME}/{VERSION}",
        warnings=(*page.warnings, *body.warnings, *times.warnings),
    )


def _id(page: Page, tree: Tree) -> str:
    found = article_id(page.url, base=page.url)
    if found:
        return found
    # A saved body without its URL is known by the id of its section.
    section = attribute(maybe(tree, ".article_view section[dmcf-sid]"), "dmcf-sid")
    return f"{NAME}:sid-{section or 'unknown'}"


def _entry(item: Node, page: Page, rank: int) -> Entry | None:
    listed = absolute(page.url, item.attributes.get("href"))
    found = article_id(listed, base=page.url) if listed else None
    if listed is None or found is None:
        return None
    infos = [text for node in item.css("span.txt_info") if (text := text_of(node))]
    times = [parse_time(info, now=page.fetched_at) for info in infos]
    presses = [info for info, at in zip(infos, times, strict=True) if at is None]
    # `tit_txt` is cut to fit, `data-title` holds the whole headline, URL-encoded
    whole = clean(unquote(item.attributes.get("data-title") or ""))
    if _REPLACEMENT in whole:  # cut in the middle of a character
        whole = ""
    headline = whole or text_of(maybe(item, ".tit_txt")) or text_of(item)
    if not headline:
        return None
    return Entry(
        article_id=found,
        url=canonical_url(at_home(listed, page.url)),
        listed_url=listed,
        rank=rank,
        headline=headline,
        publisher=presses[0] if presses else None,
        published_at=next((at for at in times if at), None),
    )


def _authors(tree: Tree, body: Body, publisher: str | None) -> tuple[Author, ...]:
    opening = opening_of(body.blocks)
    return authors_of(reporter_slot(tree), opening, body.signoffs, publisher=publisher)


def _section(tree: Tree) -> str | None:
    said = text_of(maybe(tree, "section.inner-main h2.screen_out"))
    return said if said and len(said) <= 12 and not _NOT_A_SECTION.search(said) else None


def _related(tree: Tree, page: Page, body: Body) -> tuple[Related, ...]:
    """Every other article that the page links to, by whatever list: classes change, links do not."""

    def other(url: str) -> str | None:
        return canonical_url(at_home(url, page.url)) if is_other(url, page.url) else None

    return related_links(
        tree.css("a[href*='/v/']"),
        near=body.related,
        base=page.url,
        other=other,
        headline=".tit_txt, strong",
    )


def _lines(node: Node | None) -> list[str]:
    return lines_of(node) if node is not None else []
