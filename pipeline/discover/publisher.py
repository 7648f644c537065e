"""Any publisher as if it were a portal: what its source lists, and its pages by whoever can read them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from pipeline import extract, portals
from pipeline.discover.listings import CONFIDENT, headline_links, linked
from pipeline.discover.naver_search import parse_search
from pipeline.discover.sitemaps import parse_sitemap
from pipeline.errors import LayoutChanged
from pipeline.records import Article, Entry, Page
from pipeline.source import WEB, Source


@dataclass(eq=False)
class Publisher:
    """Offers what a portal module does (`portals.Parser`) for feeds, sitemaps, pages of links and searches."""

    source: Source
    NAME: str = WEB
    VERSION: int = extract.VERSION

    @cached_property
    def fields(self) -> dict[str, str]:
        """The operator's selectors by field."""
        return dict(self.source.fields)

    @cached_property
    def parsers(self) -> frozenset[str]:
        """Every parser that may read an article, as it is today."""
        modules = (f"{it.NAME}/{it.VERSION}" for it in map(portals.named, portals.names()))
        return frozenset({self.parser, *modules})

    @property
    def parser(self) -> str:
        """The generic extractor with the operator's selectors."""
        return f"{self.NAME}/{self.VERSION}{extract.mark_of(self.fields)}"

    def parse_listing(self, page: Page) -> tuple[Entry, ...]:
        """Return what the source's document names, in its order.

        Raises:
            LayoutChanged: it is no such document, or no headline links were found on it.
        """
        if self.source.kind == "feed":
            from pipeline.discover.feeds import parse_feed  # its library is loaded for feeds only

            return parse_feed(page)
        if self.source.kind == "naver_search":
            return parse_search(page, own_pages=self.source.permission is not None).entries
        if self.source.kind == "sitemap":
            return tuple(parse_sitemap(page).entries)
        if self.source.link:
            return linked(page, self.source.link)
        found = headline_links(page)
        if found.confidence < CONFIDENT:
            said = f"headline links (confidence {found.confidence:.2f}; name them with link = …)"
            raise LayoutChanged(page.url, said, expected=1, found=0)
        return found.entries

    def parse_article(self, page: Page, *, permission: str | None = None) -> Article:
        """Read a page by the portal module whose address it has, else by the generic extractor.

        Raises:
            LayoutChanged, NotAnArticle, Gone: as the parser says.
        """
        portal = portals.for_url(page.url)
        if portal:
            return read_known(portal, page, fields=self.fields, permission=permission)
        return _read_unknown(page, self.fields, permission)


def read_known(
    portal: portals.Portal,
    page: Page,
    *,
    fields: dict[str, str] | None = None,
    permission: str | None = None,
) -> Article:
    """Read a page by the portal module that has its address.

    Many sites may run one system, and its older templates share the addresses and no markup: a page of these is
    read as any publisher's, with the operator's selectors, and stays the module's article.

    Raises:
        LayoutChanged, NotAnArticle, Gone: as the parser says.
    """
    try:
        return portal.parse_article(page, permission=permission)
    except LayoutChanged:
        known = portal.article_id(page.url)
        if not known or not portals.is_of_any_host(portal) or portal.recognises(page.html):
            raise
    article, url = _read_unknown(page, fields or {}, permission), portal.canonical_url(page.url)
    return replace(article, id=known, portal=portal.NAME, canonical_url=url)


def _read_unknown(page: Page, fields: dict[str, str], permission: str | None) -> Article:
    if fields:
        return extract.parse_chosen(page, fields, permission=permission)
    return extract.parse_article(page, permission=permission)


def portal_of(source: Source) -> portals.Parser:
    """Return what reads a source's listings and articles."""
    return portals.named(source.portal) if source.kind == "portal" else Publisher(source)
