"""Papers on ND-soft's content system, on whatever host: `/news/articleView.html?idxno=N`.

Hundreds of local and trade papers run it. The ids of body and list are the same in all templates since 2018,
and each names its headline and its times in one of two ways. Older templates have other ids: LayoutChanged;
the generic extractor may read them.
"""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Literal

from pipeline.boilerplate import opening_of
from pipeline.bylines import authors_of
from pipeline.dates import KST, parse_time
from pipeline.errors import LayoutChanged
from pipeline.headlines import split_labels
from pipeline.portals._around import (
    address_of,
    printed_headline,
    refuse_deleted,
    related_links,
    rights_of,
    shown_times,
    time_of,
)
from pipeline.portals._blocks import APART_CSS, LEFT_OUT, Markup, children_of, read_body
from pipeline.portals._body import Body, text_or_refuse
from pipeline.portals._ndsoft_urls import NAME, article_id, canonical_url
from pipeline.records import Article, Author, Entry, Page, Related
from pipeline.select import Node, Tree, lines_of, many, maybe, one, parse, text_of
from pipeline.structured import Head, read_head
from pipeline.urls import absolute

VERSION = 1
ANY_HOST = True
__all__ = [
    "ANY_HOST",
    "NAME",
    "VERSION",
    "article_id",
    "canonical_url",
    "parse_article",
    "parse_listing",
    "recognises",
]

_OWN_URL = re.compile(
    r"<(?:meta|link)\b[^<>]{0,400}?\b(?:content|href)=[\"'](?P<url>[^\"'<>]+/news/articleView\.html\?[^\"'<>]+)"
)
_HEADLINE = ".article-view-header .heading, .article-head-title"
_BODY = "#article-view-content-div"
_DECK = ".article-view-header .subheading, .article-head-sub"
_FACTS = ".article-view-header .infomation li, .article-view-header .breadcrumbs li, .info-text li"  # sic
_SECTIONS = ".article-view-header a[href*='articleList.html']"
_WRITERS = f"{_BODY} .writer, .article-writer, .writer-wrap"
_LEFT_OUT = frozenset(
    {
        "writer", "tag-group", "article-copyright", "view-copyright", "ad-template", "article-sns", "relation",
        "article-writer", "view-editors", "banner_box", "user-snb", "press-recommend",
    }
)  # fmt: skip
_COPYRIGHT = ".article-copyright, .view-copyright"
_ITEMS = "#section-list li, .list-block"
_TITLES = ".titles a, .list-titles a"
_DATED = ".byline em, .list-dated"
_LINKS = "a[href*='articleView.html']"
_COUNTED = re.compile(r"\d|댓글|호수")


def recognises(html: str) -> bool:
    """Has this page the body of the system, and does it name itself as one of its articles?"""
    if 'id="article-view-content-div"' not in html:
        return False
    return any(article_id(unescape(match["url"])) for match in _OWN_URL.finditer(html))


def parse_listing(page: Page) -> tuple[Entry, ...]:
    """Read a list of articles, `articleList.html`.

    Raises:
        LayoutChanged: no item, or no item that leads to an article.
    """
    tree = parse(page.html, page.url, page.matches)
    press = read_head(tree).first("og:site_name")
    entries: dict[str, Entry] = {}
    for item in many(tree, _ITEMS, at_least=1, url=page.url):
        entry = _entry(item, page, press, rank=len(entries) + 1)
        if entry is not None:
            entries.setdefault(entry.article_id, entry)
    if not entries:
        raise LayoutChanged(page.url, f"{_TITLES} (to an article)", expected=1, found=0)
    return tuple(entries.values())


def parse_article(page: Page, *, permission: str | None = None) -> Article:
    """Read an article page.

    Raises:
        Gone: the site says that the article was deleted.
        NotAnArticle: a video or pictures without text.
        LayoutChanged: the headline or the body is not where it was.
    """
    tree = parse(page.html, page.url, page.matches)
    head = read_head(tree)
    refuse_deleted(tree, page, article=_BODY)
    address = _address(head, page)
    headline, labels = split_labels(printed_headline(tree, _HEADLINE, page))
    publisher = head.first("og:site_name")
    body = _body(tree, page, publisher, address)
    text = text_or_refuse(body, page)
    published_at, modified_at, source = _times(tree, head, page)
    return Article(
        id=article_id(address) or "",
        portal=NAME,
        publisher=publisher,
        url=page.url,
        canonical_url=canonical_url(address),
        headline=headline,
        labels=labels,
        subheadline="\n".join(line for at in tree.css(_DECK) for line in lines_of(at)) or None,
        body=tuple(body.blocks),
        text=text,
        images=tuple(body.images.values()),
        authors=_authors(tree, body, publisher),
        section=_section(tree, head),
        keywords=tuple(said for at in tree.css(".tag-group a") if (said := _keyword(at))),
        language=head.language or "ko",
        published_at=published_at,
        modified_at=modified_at,
        published_at_source=source,
        related=_related(tree, address, body),
        rights=rights_of(text_of(maybe(tree, _COPYRIGHT)), body, head, page, permission),
        fetched_at=page.fetched_at,
        parser=f"{NAME}/{VERSION}",
        warnings=(*page.warnings, *body.warnings),
    )


def _address(head: Head, page: Page) -> str:
    own = [head.canonical, *head.meta.get("og:url", ())]
    said = next((url for url in own if url and article_id(url)), None)
    return said if said and not article_id(page.url) else address_of(head, page, article_id)


def _other(url: str, address: str) -> str | None:
    found = article_id(url)
    return canonical_url(url) if found and found != article_id(address) else None


def _entry(item: Node, page: Page, press: str | None, rank: int) -> Entry | None:
    link = maybe(item, _TITLES)
    listed = absolute(page.url, link.attributes.get("href")) if link is not None else None
    found = article_id(listed) if listed else None
    headline = text_of(link)
    if listed is None or found is None or headline is None:
        return None
    times = [at for node in item.css(_DATED) if (at := time_of(node, page))]
    return Entry(
        article_id=found,
        url=canonical_url(listed),
        listed_url=listed,
        rank=rank,
        headline=headline,
        publisher=press,
        published_at=times[0] if times else None,
    )


def _times(
    tree: Tree, head: Head, page: Page
) -> tuple[datetime | None, datetime | None, Literal["meta", "text"] | None]:
    """입력 is when it came in, 승인 when it was let out, 수정 when it changed; the meta has seconds."""
    facts = tree.css(_FACTS)
    approved = [at for at in facts if "승인" in (text_of(at) or "")]
    entered, modified = shown_times([at for at in facts if at not in approved], page)
    stated = parse_time(head.first("article:published_time"), now=page.fetched_at)
    published = stated or entered or next((time_of(at, page) for at in approved), None)
    published = published.astimezone(KST) if published else None
    return published, modified, ("meta" if stated else "text") if published else None


def _section(tree: Tree, head: Head) -> str | None:
    links = [said for at in tree.css(_SECTIONS) if (said := text_of(at))]
    return links[0] if links else head.first("article:section")


def _keyword(link: Node) -> str | None:
    return (text_of(link) or "").lstrip("# ") or None


def _authors(tree: Tree, body: Body, publisher: str | None) -> tuple[Author, ...]:
    facts = [said for at in tree.css(f"{_FACTS}, .info-name") if (said := text_of(at))]
    slot = [said for said in dict.fromkeys(facts) if not _COUNTED.search(said.split("@")[0])]
    writers = [said for at in tree.css(_WRITERS) if (said := text_of(at))]
    opening = opening_of(body.blocks)
    return authors_of(
        ", ".join(slot) or None, opening, [*writers, *body.signoffs], publisher=publisher
    )


def _body(tree: Tree, page: Page, publisher: str | None, address: str) -> Body:
    return read_body(
        children_of(one(tree, _BODY, url=page.url)),
        Markup(home=canonical_url(address), kind=_kind, holds=_holds, original=_original),
        url=page.url,
        publisher=publisher,
        is_article=lambda url: _other(url, address) is not None,
    )


def _related(tree: Tree, address: str, body: Body) -> tuple[Related, ...]:
    return related_links(
        tree.css(_LINKS),
        near=body.related,
        base=canonical_url(address),
        other=lambda url: _other(url, address),
        headline="strong, .titles, .auto-titles",
    )


def _kind(node: Node) -> str:
    classes = {*(node.attributes.get("class") or "").split()}
    if classes & _LEFT_OUT:
        return LEFT_OUT
    return "figure" if "photo-layout" in classes and node.css_first("img") is not None else ""


def _holds(node: Node) -> bool:
    return node.css_first(_KINDS_CSS) is not None


def _original(url: str) -> str:
    return url


_KINDS_CSS = ", ".join([APART_CSS, ".photo-layout", *(f".{name}" for name in sorted(_LEFT_OUT))])
