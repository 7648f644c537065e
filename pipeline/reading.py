"""A page to the record that is stored of it: the same for a page just fetched and for one that was kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline import portals
from pipeline.errors import BadAnswer, LayoutChanged, NotAnArticle, Unreachable
from pipeline.personal import without_emails
from pipeline.portals import Portal
from pipeline.records import Article, Page
from pipeline.soft_failures import named


@dataclass(frozen=True, slots=True)
class Reader:
    """How the pages of a source are read, by the portal's parser and the operator's settings."""

    portal: Portal
    permission: str | None = None
    keep_emails: bool = True

    @property
    def parser(self) -> str:
        """The parser and its version, as records have them: `daum/1`."""
        return f"{self.portal.NAME}/{self.portal.VERSION}"

    def read(self, page: Page, article_id: str, listed_url: str) -> Article:
        """Return the record of a page.

        Args:
            page: what came.
            article_id: the article that was asked for.
            listed_url: its URL as the listing had it, which becomes the record's.

        Raises:
            Unreachable: the page is empty.
            BadAnswer: it is another article.
            LayoutChanged, NotAnArticle, Gone: as the parser says.
        """
        if not page.html.strip():
            raise Unreachable(page.url, "truncated", "answered 200 with an empty page")
        article = self.portal.parse_article(page, permission=self.permission)
        if article.id != article_id:
            raise BadAnswer(
                page.url,
                "server_error",
                f"it was asked for {article_id} and led to another article",
            )
        if not self.keep_emails:
            article = without_emails(article)
        return replace(article, url=listed_url)


def read_any(page: Page, permission: str | None = None, *, keep_emails: bool = True) -> Article:
    """Return the record of a page that nobody asked for by its id: by the portal that serves it, else by the
    generic extractor.

    Raises:
        PageError: the page cannot be read as an article.
    """
    from pipeline import extract  # a crawl of a portal has no use for it

    # a mirror, or the sample portal, is known by its markup
    parser = portals.for_page(page) or portals.for_page(replace(page, url="")) or extract
    try:
        article = parser.parse_article(page, permission=permission)
    except (LayoutChanged, NotAnArticle) as error:
        said = named(error, page, page.url)
        raise said from (None if said is error else error)
    return article if keep_emails else without_emails(article)
