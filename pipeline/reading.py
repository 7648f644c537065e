"""A page to the record that is stored of it: the same for a page just fetched and for one that was kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from pipeline import extract, portals
from pipeline.discover.publisher import Publisher, read_known
from pipeline.errors import BadAnswer, LayoutChanged, NotAnArticle, Unreachable
from pipeline.personal import without_emails
from pipeline.portals import Parser
from pipeline.records import Article, Page
from pipeline.soft_failures import named


@dataclass(frozen=True, slots=True)
class Reader:
    """How the pages of a source are read, by the portal's parser and the operator's settings."""

    portal: Parser
    permission: str | None = None
    keep_emails: bool = True

    @property
    def is_web(self) -> bool:
        """Are the articles any publisher's, so that only their pages tell which they are?"""
        return isinstance(self.portal, Publisher)

    @property
    def parser(self) -> str:
        """The parser and its version, as records have them: `daum/1`."""
        if isinstance(self.portal, Publisher):
            return self.portal.parser
        return f"{self.portal.NAME}/{self.portal.VERSION}"

    @property
    def parsers(self) -> frozenset[str]:
        """Every parser that reads pages of the source, as it is today."""
        if isinstance(self.portal, Publisher):
            return self.portal.parsers
        return frozenset({self.parser})

    def __reduce__(self) -> tuple[object, ...]:
        """Modules cannot be pickled: another process finds a portal by its name."""
        portal = self.portal if isinstance(self.portal, Publisher) else self.portal.NAME
        return _reader, (portal, self.permission, self.keep_emails)

    def read(
        self,
        page: Page,
        article_id: str,
        listed_url: str,
        published_at: datetime | None = None,
    ) -> Article:
        """Return the record of a page.

        Args:
            page: what came.
            article_id: the article that was asked for.
            listed_url: its URL as the listing had it, which becomes the record's.
            published_at: what its feed or sitemap said; it holds where the page says nothing, and
                goes before what only an address says, which is mostly a day.

        Raises:
            Unreachable: the page is empty.
            BadAnswer: it is another article.
            LayoutChanged, NotAnArticle, Gone: as the parser says.
        """
        article = self.found(page, listed_url, published_at)
        if article.id == article_id:
            return article
        if not self.is_web:
            raise led_elsewhere(page, article_id)
        return replace(article, id=article_id)

    def found(self, page: Page, listed_url: str, published_at: datetime | None = None) -> Article:
        """Return the record of a page as `read` does, whichever article it is.

        Raises:
            Unreachable, LayoutChanged, NotAnArticle, Gone: as `read`.
        """
        if not page.html.strip():
            raise Unreachable(page.url, "truncated", "answered 200 with an empty page")
        article = self.portal.parse_article(page, permission=self.permission)
        if not self.keep_emails:
            article = without_emails(article)
        is_vague = article.published_at is None or article.published_at_source == "url"
        if self.is_web and published_at and is_vague:
            article = replace(article, published_at=published_at, published_at_source="feed")
        return replace(article, url=listed_url)


def _reader(portal: str | Publisher, permission: str | None, keep_emails: bool) -> Reader:  # noqa: FBT001
    parser = portal if isinstance(portal, Publisher) else portals.named(portal)
    return Reader(parser, permission, keep_emails)


Reading: TypeAlias = Callable[[Reader, Page, str, datetime | None], Awaitable[Article]]
"""Reads a page as `Reader.found` does, wherever that is done. It is told the reader, the page, its URL in the
listing, and the time that its feed or sitemap said."""


async def read_here(
    reader: Reader, page: Page, listed_url: str, published_at: datetime | None = None
) -> Article:
    """Read a page in the process that asks: the `Reading` that needs nothing.

    Raises:
        Unreachable, LayoutChanged, NotAnArticle, Gone: as `Reader.found`.
    """
    return reader.found(page, listed_url, published_at)


def read_any(page: Page, permission: str | None = None, *, keep_emails: bool = True) -> Article:
    """Return the record of a page that nobody asked for by its id: by the portal that serves it, else by the
    generic extractor.

    Raises:
        PageError: the page cannot be read as an article.
    """
    # a mirror, or the sample portal, is known by its markup
    portal = portals.for_page(page) or portals.for_page(replace(page, url=""))
    try:
        if portal:
            article = read_known(portal, page, permission=permission)
        else:
            article = extract.parse_article(page, permission=permission)
    except (LayoutChanged, NotAnArticle) as error:
        said = named(error, page, page.url)
        raise said from (None if said is error else error)
    return article if keep_emails else without_emails(article)


def led_elsewhere(page: Page, article_id: str) -> BadAnswer:
    """Return the error for a page that is another article than the one that was asked for."""
    detail = f"it was asked for {article_id} and led to another article"
    return BadAnswer(page.url, "server_error", detail)
