"""What every page is rendered with: the portal's address, articles, page size and link forms."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from jobs.sample_portal.article import SampleArticle
from jobs.sample_portal.newsroom import Newsroom

PORTAL_NAME = "다온 뉴스"


@dataclass(frozen=True, slots=True)
class Site:
    """The portal as its pages see it."""

    base_url: str
    newsroom: Newsroom
    entries: int = 20
    page_weight: int = 0

    def article_url(self, article_id: str) -> str:
        """Return the canonical address of an article."""
        return f"{self.base_url}/v/{article_id}"

    def odd_url(self, article: SampleArticle, place: int) -> str:
        """Return the address as a listing prints it: mostly canonical, sometimes an old form."""
        url = self.article_url(article.id)
        port = urlsplit(self.base_url).port
        return {
            2: f"{url}?f=m",
            4: f"http://localhost:{port}/v/{article.id}",  # the portal's former host
            6: url.removeprefix("http:"),
            9: f"{url}?rcmd=rn",
            12: f"/v/{article.id}",
        }.get(place % 14, url)
