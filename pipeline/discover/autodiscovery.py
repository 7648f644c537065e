"""What a page offers to be read from: feeds and sitemaps that it announces or links to, or itself as a list.

Nothing is fetched here and nothing is believed: what is found are candidates, to be tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from pipeline import portals
from pipeline.discover.feed_text import is_json, without_comments
from pipeline.discover.listings import CONFIDENT, headline_links
from pipeline.discover.robots_sitemaps import sitemaps_in_robots
from pipeline.errors import PageError
from pipeline.records import Page
from pipeline.select import Node, attribute, base_of, parse, text_of
from pipeline.source import WEB, SourceKind
from pipeline.urls import absolute, site_of, without_tracking

Found = Literal["given", "announced", "linked", "robots.txt", "guessed"]
"""How a candidate was found; `given` is the address itself that was asked about."""
Document = Literal["opml", "feed", "sitemap", "robots", "page"]

GUESSES = ("/feed", "/rss.xml", "/rss/allArticle.xml", "/sitemap.xml")
"""Where WordPress, many systems and ND-soft have a feed, and most have a sitemap: asked for only where a page
names nothing that can be read."""

_HEAD, _PAGE = 64_000, 1_000_000  # characters
_FIRST_TAG = re.compile(r"<(?:[\w-]{1,20}:)?([a-z][\w-]{0,20})", re.IGNORECASE)
_ROOTS: dict[str, Document] = {
    "rss": "feed", "feed": "feed", "rdf": "feed", "urlset": "sitemap", "sitemapindex": "sitemap",
    "opml": "opml",
}  # fmt: skip

_FEED_TYPE = re.compile(r"application/(?:(?:rss|atom|rdf)\+xml|feed\+json)", re.IGNORECASE)
_VAGUE_TYPE = re.compile(r"(?:application|text)/(?:xml|json|rss|atom)", re.IGNORECASE)
_NAMED_FEED = re.compile(r"(?:^|[^a-z])(?:rss|(?:feeds?|atom|rdf)(?![a-z]))", re.IGNORECASE)
_WRITTEN = re.compile(r"https?://[\w.-]{1,253}[\w.~/%&=+@!$,:?-]{1,500}", re.ASCII)
_SUREST_FEED = re.compile(
    r"\.(?:xml|rss|atom|rdf)$|(?:rss|feed|atom)\.(?:json|php|aspx?|jsp|do)$", re.IGNORECASE
)
_FEED_HOST = re.compile(r"(?:rss|feeds?)\.|feeds?\d?\.feedburner\.com$", re.IGNORECASE)
_SITEMAP_NAME = re.compile(r"sitemap", re.IGNORECASE)
_NEWS_NAME = re.compile(r"news(?!letter)", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?(?![a-z])|replies|댓글", re.IGNORECASE)
_WHOLE = re.compile(
    r"전체|종합|최신|(?<![a-z])(?:all|total|latest|headlines?)(?=[^a-z]|articles?|news|$)",
    re.IGNORECASE,
)

_LINKS_MOST, _CANDIDATES_MOST = 3_000, 200
_LEAST_OF_PORTAL = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may name articles, and as what kind of source; `title` is what its link says of it."""

    kind: SourceKind
    url: str
    found: Found
    title: str = ""
    portal: str = WEB

    @property
    def is_of_comments(self) -> bool:
        """Does it call itself a feed of comments?"""
        return bool(_COMMENTS.search(urlsplit(self.url).path) or _COMMENTS.search(self.title))

    @property
    def is_whole(self) -> bool:
        """Does it say that it has all articles, and not those of a section?"""
        return bool(_WHOLE.search(urlsplit(self.url).path) or _WHOLE.search(self.title))


@dataclass(frozen=True, slots=True)
class Linked:
    """What a page's links lead to that may be feeds, and pages that may be lists of feeds, or feeds."""

    feeds: tuple[Candidate, ...]
    pages: tuple[str, ...]


def kind_of(page: Page) -> Document:
    """Return what a document is by its first element; what is none of them is a page."""
    if urlsplit(page.url).path == "/robots.txt":
        return "robots"
    if is_json(page.html):
        return "feed"
    first = _FIRST_TAG.search(without_comments(page.html[:_HEAD]))
    return _ROOTS.get(first[1].lower(), "page") if first else "page"


def key_of(url: str) -> str:
    """Return what an address has in common with its twins: http and https, with and without a last slash."""
    return without_tracking(url).partition("://")[2].rstrip("/")


def distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return each address once, as it was found first; at most 200."""
    each: dict[str, Candidate] = {}
    for candidate in candidates:
        if len(each) < _CANDIDATES_MOST:
            each.setdefault(key_of(candidate.url), candidate)
    return list(each.values())


def likeliest_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return feeds of all articles before those of sections, and those of comments last."""
    return sorted(candidates, key=lambda it: (it.is_of_comments, not it.is_whole))


def announced(page: Page) -> list[Candidate]:
    """Return the feeds that a page names by `<link rel=alternate>`."""
    tree = parse(page.html, page.url)
    base = base_of(tree, page.url)
    found = (
        _candidate(link, base, "announced", attribute(link, "title"))
        for link in tree.css("link[rel~=alternate i][href]")[:_LINKS_MOST]
        if _is_feed_link(link)
    )
    return distinct(filter(None, found))


def _is_feed_link(link: Node) -> bool:
    kind = (link.attributes.get("type") or "").partition(";")[0].strip()
    if _FEED_TYPE.fullmatch(kind):
        return True
    said = f"{link.attributes.get('href')} {link.attributes.get('title')}"
    return bool(_VAGUE_TYPE.fullmatch(kind) and _NAMED_FEED.search(said))


def _candidate(link: Node, base: str, found: Found, title: str | None) -> Candidate | None:
    url = absolute(base, link.attributes.get("href"))
    if url is None:
        return None
    kind: SourceKind = "sitemap" if _SITEMAP_NAME.search(urlsplit(url).path) else "feed"
    return Candidate(kind, url, found, title or "")


def linked(page: Page) -> Linked:
    """Return the feeds and sitemaps that a page links to, and where its site may have a list of feeds."""
    site = site_of(urlsplit(page.url).hostname or "")
    feeds: list[Candidate] = []
    pages: dict[str, str] = {}
    tree = parse(page.html, page.url)
    base = base_of(tree, page.url)
    for link in tree.css("a[href]")[:_LINKS_MOST]:
        said = text_of(link) or attribute(link, "title") or ""
        found = _candidate(link, base, "linked", said)
        if (
            found is None
            or not _may_be_of(found.url, site)
            or key_of(found.url) == key_of(page.url)
        ):
            continue
        path = urlsplit(found.url).path
        if _SUREST_FEED.search(path):
            feeds.append(found)
        elif _NAMED_FEED.search(f"{path}?{urlsplit(found.url).query}") or _NAMED_FEED.fullmatch(
            said
        ):
            pages.setdefault(key_of(found.url), found.url)
    return Linked(tuple(distinct(feeds)), tuple(pages.values()))


def written(page: Page) -> list[Candidate]:
    """Return the feeds whose addresses stand in a page without a link: many lists of feeds are so."""
    site = site_of(urlsplit(page.url).hostname or "")
    found = (absolute(page.url, match[0]) for match in _WRITTEN.finditer(page.html[:_PAGE]))
    return distinct(
        Candidate("feed", url, "linked")
        for url in found
        if url and _SUREST_FEED.search(urlsplit(url).path) and _may_be_of(url, site)
    )


def _may_be_of(url: str, site: str) -> bool:
    """Readers' and networks' links to a feed are none; a host for feeds is one."""
    host = urlsplit(url).hostname or ""
    return site_of(host) == site or _FEED_HOST.match(host) is not None


def in_robots(robots: Page) -> list[Candidate]:
    """Return the sitemaps that a robots.txt names, those of news first."""
    found = [Candidate("sitemap", child.url, "robots.txt") for child in sitemaps_in_robots(robots)]
    return news_first(found)


def news_first(sitemaps: Iterable[Candidate]) -> list[Candidate]:
    """Return those first that are called news."""
    return sorted(distinct(sitemaps), key=lambda it: not is_called_news(it.url))


def is_called_news(url: str) -> bool:
    """Does the file name of an address say news?"""
    return _NEWS_NAME.search(urlsplit(url).path) is not None


def as_list(page: Page) -> Iterator[Candidate]:
    """Yield a page itself, as the listing of a portal whose module reads it, or as a page of links."""
    portal = _portal_of(page)
    if portal:
        yield Candidate("portal", page.url, "given", portal=portal)
    elif headline_links(page).confidence >= CONFIDENT:
        yield Candidate("listing", page.url, "given")


def _portal_of(page: Page) -> str | None:
    """Return the portal whose module reads the page as a listing of articles on the page's own site."""
    site = site_of(urlsplit(page.url).hostname or "")
    most: dict[str, int] = {}
    for name in portals.names():
        try:
            entries = portals.named(name).parse_listing(page)
        except PageError:
            continue
        own = sum(site_of(urlsplit(it.listed_url).hostname or "") == site for it in entries)
        if own >= _LEAST_OF_PORTAL and own * 2 >= len(entries):
            most[name] = own
    return max(most, key=lambda name: most[name], default=None)


def guesses(page: Page) -> list[Candidate]:
    """Return addresses where many sites have a feed or a sitemap."""
    found = ((path, absolute(page.url, path)) for path in GUESSES)
    return [
        Candidate("sitemap" if _SITEMAP_NAME.search(path) else "feed", url, "guessed")
        for path, url in found
        if url
    ]
