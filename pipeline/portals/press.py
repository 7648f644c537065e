"""The press on its own sites: articles of eighteen sites, each by the row that the table has for it.

Which sites have a row, and which are left to the generic extractor and why, is said in `_press_sites.py`.
"""

from __future__ import annotations

import re
from html import unescape

from pipeline.boilerplate import is_notice, opening_of
from pipeline.bylines import authors_of
from pipeline.errors import LayoutChanged
from pipeline.headlines import split_labels
from pipeline.json_ld import JsonLdArticle, read_json_ld
from pipeline.portals._around import address_of, refuse_deleted, related_links, rights_of, time_of
from pipeline.portals._body import text_or_refuse
from pipeline.portals._press_body import SiteBody, read_site_body
from pipeline.portals._press_scripts import ARC_STATE
from pipeline.portals._press_sites import Site, sites_of
from pipeline.portals._press_times import read_times
from pipeline.portals._press_urls import NAME, article_id, canonical_url, host_of
from pipeline.records import Article, Author, Entry, Page, Related
from pipeline.select import Node, Tree, attribute, lines_of, many, maybe, one, parse, text_of
from pipeline.structured import read_head
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

_OWN_URL = re.compile(r"<meta\b(?=[^<>]{0,400}\bog:url\b)[^<>]{0,400}?\bcontent=[\"']([^\"'<>]+)")
_LINK_HEADLINES = ".title01, h2, h3, h4, strong, .title, .tit, .headline"
_TIMES = ".txt-time, time, .time, .date"
_SHORTEST = 5
"""Characters of a headline: a rank, "더보기" and "댓글 12" are none."""


def recognises(html: str) -> bool:
    """Does this page name itself as an article of one of the sites?"""
    match = _OWN_URL.search(html)
    return match is not None and article_id(unescape(match[1])) is not None


def parse_listing(page: Page) -> tuple[Entry, ...]:
    """Read every link to an article of the site, with a headline, in page order.

    Raises:
        LayoutChanged: no item, or no item that leads to an article.
    """
    tree = parse(page.html, page.url, page.matches)
    host = host_of(page.url)
    items = sites_of(host)[0].items if host else None
    css = items or "a[href]"
    entries: dict[str, Entry] = {}
    for item in many(tree, css, at_least=1, url=page.url):
        for link in item.css("a[href]") if items else [item]:
            entry = _entry(link, item, host, page, rank=len(entries) + 1)
            if entry is not None:
                entries.setdefault(entry.article_id, entry)
    if not entries:
        raise LayoutChanged(page.url, f"{css} (to an article)", expected=1, found=0)
    return tuple(entries.values())


def parse_article(page: Page, *, permission: str | None = None) -> Article:
    """Read an article page.

    Raises:
        Gone: the site says that the article was deleted.
        NotAnArticle: a video or pictures without text.
        LayoutChanged: the headline or the body is not where it was.
    """
    own = parse(page.html, page.url, page.matches)
    head = read_head(own)
    address = address_of(head, page, article_id)
    site, tree = _template(own, page, address)
    headline, labels = split_labels(_headline(tree, site, page))
    canonical = canonical_url(address)
    found = read_site_body(
        tree, site, url=page.url, home=canonical, headline=headline,
        is_article=lambda url: _other(url, address) is not None,
    )  # fmt: skip
    text = text_or_refuse(found.body, page)
    data = read_json_ld(own, urls=[canonical, address], titles=[headline])
    data = data if site.has_json_ld else None
    published_at, modified_at, source = read_times(tree, site, data, page)
    return Article(
        id=article_id(address) or "",
        portal=NAME,
        publisher=site.publisher,
        url=page.url,
        canonical_url=canonical,
        headline=headline,
        labels=labels,
        subheadline=found.deck or _lines(tree, site.subheadline),
        body=tuple(found.body.blocks),
        text=text,
        images=tuple(found.body.images.values()),
        authors=_authors(tree, site, found, data),
        section=_said(tree, site.section) or head.first("article:section"),
        keywords=found.tags or _keywords(tree, site) or head.meta.get("article:tag", ()),
        language=head.language or "ko",
        published_at=published_at,
        modified_at=modified_at,
        published_at_source=source,
        related=_related(own, site, found, address),
        rights=rights_of(_notice(own), found.body, head, page, permission),
        fetched_at=page.fetched_at,
        parser=f"{NAME}/{VERSION}",
        warnings=(*page.warnings, *found.body.warnings),
    )


def _template(own: Tree, page: Page, address: str) -> tuple[Site, Tree]:
    """Return the template that the page is in, and the markup that its selectors are of.

    Where it is in none, the site may say that the article was deleted; else the newest is what is asked for.
    """
    sites = sites_of(host_of(address) or "")
    for site in sites:
        story = site.story(own) if site.story else None
        if story is not None:
            return site, parse(story, page.url)
        if site.story is None and maybe(own, site.body) is not None:
            return site, own
    refuse_deleted(own, page, article=sites[0].body)
    if sites[0].story:
        raise LayoutChanged(page.url, f"script ({ARC_STATE})", expected=1, found=0)
    return sites[0], own


def _headline(tree: Tree, site: Site, page: Page) -> str:
    node = one(tree, site.headline, url=page.url)
    said = attribute(node, "content") if node.tag == "meta" else text_of(node)
    if said is None:
        raise LayoutChanged(page.url, f"{site.headline} (its text)", expected=1, found=0)
    return said


def _other(url: str, address: str) -> str | None:
    found = article_id(url)
    is_other = found and found != article_id(address) and host_of(url) == host_of(address)
    return canonical_url(url) if is_other else None


def _entry(link: Node, item: Node, host: str | None, page: Page, rank: int) -> Entry | None:
    listed = absolute(page.url, link.attributes.get("href"))
    found = article_id(listed) if listed else None
    headline = text_of(maybe(link, _LINK_HEADLINES)) or text_of(link)
    if listed is None or found is None or headline is None or len(headline) < _SHORTEST:
        return None
    of = host_of(listed)
    if of is None or (host and of != host):
        return None
    return Entry(
        article_id=found,
        url=canonical_url(listed),
        listed_url=listed,
        rank=rank,
        headline=headline,
        publisher=sites_of(of)[0].publisher,
        published_at=time_of(maybe(item, _TIMES), page),
    )


def _said(tree: Tree, css: str | None) -> str | None:
    return text_of(maybe(tree, css)) if css else None


def _lines(tree: Tree, css: str | None) -> str | None:
    return (
        "\n".join(line for node in tree.css(css) for line in lines_of(node)) or None
        if css
        else None
    )


def _keywords(tree: Tree, site: Site) -> tuple[str, ...]:
    links = tree.css(site.keywords) if site.keywords else []
    said = [(text_of(link) or "").lstrip("# ") for link in links]
    return tuple(dict.fromkeys(filter(None, said)))


def _authors(
    tree: Tree, site: Site, found: SiteBody, data: JsonLdArticle | None
) -> tuple[Author, ...]:
    """Those of JSON-LD are all there are; what is printed adds their e-mails."""
    slot = (
        [said for node in tree.css(site.authors) if (said := text_of(node))] if site.authors else []
    )
    stated = [
        f"{author.name} {author.role or '기자'} {author.email or ''}"
        for author in (data.authors if data else ())
        if not author.is_organisation
    ]
    opening = opening_of(found.body.blocks)
    behind = [*slot, *found.body.signoffs]
    return authors_of(", ".join(stated or slot) or None, opening, behind, publisher=site.publisher)


def _related(tree: Tree, site: Site, found: SiteBody, address: str) -> tuple[Related, ...]:
    links = related_links(
        tree.css(site.related),
        near=found.body.related,
        base=canonical_url(address),
        other=lambda url: _other(url, address),
        headline=_LINK_HEADLINES,
    )
    return tuple(link for link in links if len(link.headline) >= _SHORTEST)


def _notice(tree: Tree) -> str | None:
    """Return the copyright line of the article, or of the site where it has none of its own."""
    said = (
        text_of(node) for node in tree.css("[class*=copyright i], [class*=prohibition], .copy, p")
    )
    return next((text.strip("<> ") for text in said if text and is_notice(text)), None)
