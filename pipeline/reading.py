"""A page to the record that is stored of it: the same for a page just fetched and for one that was kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.errors import BadAnswer, Unreachable
from pipeline.personal import without_emails
from pipeline.portals import Portal
from pipeline.records import Article, Page


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
