"""Naver News: articles and listings of n.news.naver.com and news.naver.com, and their older layouts.

robots.txt of Naver's hosts forbids crawling. This module reads pages that a user saved, or that an operator
may fetch under a permission; it is no way around that.
"""

from __future__ import annotations

from pipeline.boilerplate import opening_of
from pipeline.bylines import authors_of
from pipeline.headlines import split_labels
from pipeline.portals._around import (
    address_of,
    portal_summary,
    printed_headline,
    related_links,
    rights_of,
)
from pipeline.portals._blocks import APART_CSS, LEFT_OUT, Markup, children_of, read_body
from pipeline.portals._body import Body, text_or_refuse
from pipeline.portals._naver_head import (
    LAYOUTS,
    bylines_below,
    layout_of,
    read_publisher,
    read_times,
    reporter_slot,
)
from pipeline.portals._naver_listing import read_listing
from pipeline.portals._naver_urls import NAME, archive, article_id, canonical_url, original
from pipeline.records import Article, Author, Entry, Page, Related
from pipeline.select import Node, Tree, lines_of, maybe, one, parse, text_of
from pipeline.structured import read_head
from pipeline.urls import absolute

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

_HOME = "https://n.news.naver.com/"
_DECK = ".media_end_summary"
_COPYRIGHT = ".copyright, .end_copyright"
_ORIGINAL = "a.media_end_head_origin_link, a.btn_artialoriginal, a.press_link"
_SUMMARIES = "._SUMMARY_LAYER, [class*=autosummary_layer]"
_LINKS = "a[href*='article/'], a[href*='aid=']"
_LINK_HEADLINES = ".rl_txt, .ofhe_headline, .cjs_t, .list_title, strong"
_OUTLINKS = "a.media_end_linked_item_inner"
# What a class says of an element of the body: its kind to the reader.
_KINDS = {
    "end_photo_org": "figure",  # a `span`, with the picture in a `div` and the caption in an `em`
    "vod_area": "video",
    "vod_player_wrap": "video",
    "_VOD_PLAYER_WRAP": "video",
    "media_end_summary": LEFT_OUT,  # the deck, glued to the first paragraph
    "link_news": LEFT_OUT,  # related articles inside the older bodies
    "categorize": LEFT_OUT,
    "byline": LEFT_OUT,
    "source": LEFT_OUT,
    "copyright": LEFT_OUT,
    "reporter_area": LEFT_OUT,
}
_KINDS_CSS = ", ".join([APART_CSS, *(f".{name}" for name in _KINDS)])


def recognises(html: str) -> bool:
    """Is this one of Naver's layouts?"""
    is_ours = "naver" in html and any(f'"{layout.body[1:]}"' in html for layout in LAYOUTS)
    return is_ours and ("media_end_head" in html or 'id="dic_area"' not in html)


def parse_listing(page: Page) -> tuple[Entry, ...]:
    """Read a section page or a ranking.

    Raises:
        LayoutChanged: no item, or no item that leads to an article.
    """
    return read_listing(parse(page.html, page.url, page.matches), page)


def parse_article(page: Page, *, permission: str | None = None) -> Article:
    """Read an article page.

    Raises:
        Gone: the portal says the article was deleted.
        NotAnArticle: a video without text, or a shell that scripts would fill.
        LayoutChanged: something that every article has is not where it was.
    """
    tree = parse(page.html, page.url, page.matches)
    head = read_head(tree)
    layout = layout_of(tree, page)
    address = address_of(head, page, article_id)
    headline, labels = split_labels(printed_headline(tree, layout.headline, page))
    publisher = read_publisher(tree, layout, page)
    published_at, modified_at = read_times(tree, layout, page)
    body = _body(one(tree, layout.body, url=page.url), page, publisher, address)
    text = text_or_refuse(body, page)
    return Article(
        id=article_id(address) or "",
        portal=NAME,
        publisher=publisher,
        url=page.url,
        canonical_url=canonical_url(address),
        original_url=_original_url(tree),
        headline=headline,
        labels=labels,
        subheadline=_subheadline(tree),
        summary=portal_summary(tree, _SUMMARIES),
        body=tuple(body.blocks),
        text=text,
        images=tuple(body.images.values()),
        authors=_authors(tree, body, publisher),
        section=text_of(maybe(tree, "em.media_end_categorize_item")),
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


def _other(url: str, address: str) -> str | None:
    found = article_id(url)
    return canonical_url(url) if found and found != article_id(address) else None


def _subheadline(tree: Tree) -> str | None:
    deck = maybe(tree, _DECK)
    return "\n".join(lines_of(deck)) or None if deck is not None else None


def _original_url(tree: Tree) -> str | None:
    link = maybe(tree, _ORIGINAL)
    return absolute(_HOME, link.attributes.get("href")) if link is not None else None


def _body(node: Node, page: Page, publisher: str, address: str) -> Body:
    return read_body(
        children_of(node),
        _MARKUP,
        url=page.url,
        publisher=publisher,
        is_article=lambda url: _other(url, address) is not None,
    )


def _authors(tree: Tree, body: Body, publisher: str) -> tuple[Author, ...]:
    opening = opening_of(body.blocks)
    below = [*bylines_below(tree), *body.signoffs]
    return authors_of(reporter_slot(tree), opening, below, publisher=publisher)


def _related(tree: Tree, address: str, body: Body) -> tuple[Related, ...]:
    """Other articles that the page links to, then those of the press that lie outside Naver."""
    inside = related_links(
        tree.css(_LINKS),
        near=body.related,
        base=_HOME,
        other=lambda url: _other(url, address),
        headline=_LINK_HEADLINES,
    )
    outside = related_links(
        tree.css(_OUTLINKS), near=(), base=_HOME, other=lambda url: url, headline="strong"
    )
    return tuple({near.url: near for near in (*inside, *outside)}.values())


def _kind(node: Node) -> str:
    classes = (node.attributes.get("class") or "").split()
    return next((_KINDS[name] for name in classes if name in _KINDS), "")


def _holds(node: Node) -> bool:
    return node.css_first(_KINDS_CSS) is not None


_MARKUP = Markup(home=_HOME, kind=_kind, holds=_holds, original=original)
