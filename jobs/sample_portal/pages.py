"""Which page stands at which path, in its right or in its broken layout."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from urllib.parse import parse_qsl, urlsplit

from jobs.sample_portal import paper, paper_feeds
from jobs.sample_portal.answers import Reply
from jobs.sample_portal.article_markup import article_page
from jobs.sample_portal.frame_markup import deleted_page, plain_page
from jobs.sample_portal.listing_markup import listing_page
from jobs.sample_portal.site import PORTAL_NAME, Site

Layout = Literal["listing", "article", "paper"]
Robots = str | int | None
ALLOW_ALL: Final = "User-agent: *\nAllow: /\n"

# A redesign renames what a parser relies on and leaves the page readable for people.
_RENAMED: Final[dict[Layout, tuple[tuple[str, str], ...]]] = {
    "listing": (
        ("list_newsheadline2", "grid_lead"),
        ("item_newsheadline2", "card_lead"),
        ("list_newsbasic", "grid_more"),
        ("item_newsbasic", "card_more"),
        ("list_newsissue", "grid_issue"),
        ("item_newsblock", "card_issue"),
        ("tit_txt", "card_title"),
        ("data-tiara-ordnum", "data-order"),
        ("data-title", "data-name"),
    ),
    "article": (
        ("tit_view", "headline_main"),
        ("article_view", "story_area"),
        ("dmcf-ptype", "data-block"),
        ("dmcf-", "data-"),
        ("info_view", "story_info"),
        ("txt_info", "info_item"),
        ("summary_view", "story_deck"),
    ),
    "paper": (
        ("story-list", "grid"),
        ("story-card", "tile"),
        ("card-title", "tile-head"),
        ("story-title", "head"),
        ("story-text", "copy"),
    ),
}

_PAPER_FILES: Final[dict[str, tuple[str, Callable[[Site], bytes]]]] = {
    "rss.xml": ("application/rss+xml; charset=euc-kr", paper_feeds.rss),
    "atom.xml": ("application/atom+xml", paper_feeds.atom),
    "feed.json": ("application/feed+json", paper_feeds.json_feed),
    "sitemap.xml": ("application/xml", paper_feeds.index),
    "news.xml": ("text/xml", paper_feeds.news),
    "all.xml.gz": ("application/gzip", paper_feeds.everything),
}


@dataclass(slots=True)
class Pages:
    """Answers a path with what the portal shows there now."""

    site: Site
    robots: Robots = ALLOW_ALL
    broken: set[Layout] = field(default_factory=set)

    def at(self, target: str) -> Reply:
        """Return the reply for a request target; its query is of the paper's archive alone."""
        path = urlsplit(target).path
        newsroom = self.site.newsroom
        if path == "/robots.txt":
            return self._robots()
        if path.startswith("/v/"):
            return self._article(path.removeprefix("/v/"))
        if path.removeprefix("/") in newsroom.sections:
            text = listing_page(path.removeprefix("/"), self.site)
            return self._laid_out("listing", text, newsroom.now)
        if path == paper.PAPER or path.startswith(f"{paper.PAPER}/"):
            return self._paper(path.removeprefix(paper.PAPER).strip("/"), urlsplit(target).query)
        if path == "/":
            return Reply.html(plain_page(self.site, PORTAL_NAME))
        if path.startswith("/gallery/p/"):
            return Reply.html(plain_page(self.site, "포토 갤러리"))
        return Reply.html(deleted_page(self.site), 404)

    def _article(self, article_id: str) -> Reply:
        newsroom = self.site.newsroom
        if not newsroom.is_online(article_id):
            return Reply.html(deleted_page(self.site), 404)
        text = article_page(newsroom.article(article_id), self.site)
        return self._laid_out("article", text, newsroom.last_change(article_id))

    def _paper(self, path: str, query: str) -> Reply:
        newsroom = self.site.newsroom
        if path in _PAPER_FILES:
            kind, make = _PAPER_FILES[path]
            return Reply(200, make(self.site), {"Content-Type": kind})
        if not path:
            return self._laid_out("paper", paper.listing(self.site), newsroom.now)
        if path == "archive":
            text = paper.archive(self.site, dict(parse_qsl(query)))
            return self._laid_out("paper", text, newsroom.now)
        article_id = path.removeprefix("article/")
        if newsroom.is_online(article_id) and path.startswith("article/"):
            text = paper.story(self.site, newsroom.article(article_id))
            return self._laid_out("paper", text, newsroom.last_change(article_id))
        return Reply.html(deleted_page(self.site), 404)

    def _laid_out(self, layout: Layout, text: str, last_modified: datetime) -> Reply:
        if layout in self.broken:
            for name, new_name in _RENAMED[layout]:
                text = text.replace(name, new_name)
            # The redesign is no edit: without validators no client is told that nothing changed.
            return Reply.html(text)
        return Reply.html(text).with_validators(last_modified)

    def _robots(self) -> Reply:
        if isinstance(self.robots, str):
            plain = {"Content-Type": "text/plain; charset=utf-8"}
            return Reply(200, self.robots.encode(), plain)
        return Reply.html("<!doctype html><title>robots.txt</title>", self.robots or 404)
