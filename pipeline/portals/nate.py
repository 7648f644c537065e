"""Nate News: articles, sections and rankings of news.nate.com, in the portal's own spelling of its ids.

robots.txt of Nate's hosts forbids crawling. This module reads pages that a user saved, or that an operator
may fetch under a permission; it is no way around that.
"""

from __future__ import annotations

import re

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
from pipeline.portals._blocks import APART_CSS, LEFT_OUT, Markup, children_of, is_inside, read_body
from pipeline.portals._body import Body, text_or_refuse
from pipeline.portals._nate_listing import read_listing
from pipeline.portals._nate_urls import NAME, archive, article_id, canonical_url
from pipeline.records import Article, Author, Entry, Page, Related
from pipeline.select import Node, Tree, attribute, maybe, one, parse, text_of
from pipeline.structured import read_head

VERSION = 1
__all__ = [
    "NAME",
    "VERSION",
    "archive",
    "article_id",
    "canonical_url",
    "parse_article",
    "parse_listing",
    "recognises",
]

_HOME = "https://news.nate.com/"
_HEADLINE = ".articleSubecjt, .viewTite"  # sic, both; the second on sports pages
_BODY = "#realArtcContents, #RealArtcContents"
_PRESS = ".articleInfo a.medium, .articleInfo img[alt]"  # sports pages sign with a picture
_PICTURES = "#articleContetns .articleMedia"  # sic
_SUMMARIES = "[class*=summary i], [id*=summary i]"
_THUMBNAIL = re.compile(
    r"^https?://thumbnews\.nateimg\.co\.kr/\w+/+(?P<whole>[\w.-]+\.[a-z]{2,4}/.+)$"
)
_LEFT_OUT = frozenset({"newsmediaBanner", "seo_tag", "articleSummary"})
_COPYRIGHT = "#articleView .copyright"
_KINDS_CSS = f"{APART_CSS}, .articleMedia"


def recognises(html: str) -> bool:
    """Is this Nate's article markup?"""
    return "ealArtcContents" in html and "articleContetns" in html  # either spelling of _BODY


def parse_listing(page: Page) -> tuple[Entry, ...]:
    """Read a section page or a ranking: cards with a lead first, then bare headlines.

    Raises:
        LayoutChanged: no item, or no item that leads to an article.
    """
    return read_listing(parse(page.html, page.url, page.matches), page)


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
    published_at, _ = shown_times([one(tree, ".articleInfo .firstDate em", url=page.url)], page)
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
        subheadline=text_of(maybe(tree, "#articleView .subTitle")),
        summary=portal_summary(tree, _SUMMARIES),
        body=tuple(body.blocks),
        text=text,
        images=tuple(body.images.values()),
        authors=_authors(body, publisher),
        section=text_of(maybe(tree, ".snbArea li.on")),
        keywords=tuple(said for a in tree.css(".seo_tag li a") if (said := _keyword(a))),
        language=head.language or "ko",
        published_at=published_at,
        modified_at=time_of(maybe(tree, ".articleInfo .lastDate em"), page),
        published_at_source="text" if published_at else None,
        related=_related(tree, address, body),
        rights=rights_of(text_of(maybe(tree, _COPYRIGHT)), body, head, page, permission),
        fetched_at=page.fetched_at,
        parser=f"{NAME}/{VERSION}",
        warnings=(*page.warnings, *body.warnings),
    )


def _other(url: str, address: str) -> str | None:
    found = article_id(url)
    return canonical_url(url) if found and found != article_id(address) else None


def _related(tree: Tree, address: str, body: Body) -> tuple[Related, ...]:
    return related_links(
        tree.css("a[href*='/view/']"),
        near=body.related,
        base=_HOME,
        other=lambda url: _other(url, address),
        headline="h2, strong, .tit",
    )


def _publisher(tree: Tree, page: Page) -> str:
    sign = one(tree, _PRESS, url=page.url)
    said = text_of(sign) or attribute(sign, "alt")
    if said is None:
        raise LayoutChanged(page.url, f"{_PRESS} (its name)", expected=1, found=0)
    return said


def _body(tree: Tree, page: Page, publisher: str, address: str) -> Body:
    body = one(tree, _BODY, url=page.url)
    over = [node for node in tree.css(_PICTURES) if not is_inside(node, body)]
    return read_body(
        [*over, *children_of(body)],
        _MARKUP,
        url=page.url,
        publisher=publisher,
        is_article=lambda url: _other(url, address) is not None,
    )


def _authors(body: Body, publisher: str) -> tuple[Author, ...]:
    """Nate has no place for reporters: they are named in the text only."""
    opening = opening_of(body.blocks)
    return authors_of(None, opening, body.signoffs, publisher=publisher)


def _keyword(link: Node) -> str | None:
    return (text_of(link) or "").lstrip("# ") or None


def _kind(node: Node) -> str:
    names = {*(node.attributes.get("class") or "").split(), node.attributes.get("id") or ""}
    if names & _LEFT_OUT:
        return LEFT_OUT
    return "figure" if "articleMedia" in names and node.css_first("img") is not None else ""


def _holds(node: Node) -> bool:
    return node.css_first(_KINDS_CSS) is not None


def _original(url: str) -> str:
    """The thumbnail server has the address of the picture in its path: /view610///news.nateimg.co.kr/…"""
    match = _THUMBNAIL.match(url)
    return f"https://{match['whole']}" if match else url


_MARKUP = Markup(home=_HOME, kind=_kind, holds=_holds, original=_original)
