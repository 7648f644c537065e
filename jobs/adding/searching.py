"""What can be crawled at an address: candidates are found, fetched and read, each as `gisa check` does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from jobs.adding.ranking import Tried, ranked
from jobs.checking import Pages, check
from pipeline.discover import autodiscovery as discovery
from pipeline.discover.autodiscovery import Candidate
from pipeline.discover.sitemaps import children_of
from pipeline.errors import PageError, RateLimited
from pipeline.fetch import Fetcher, HostMemory
from pipeline.fetch.media import ANY, PAGE, SITEMAP, Media
from pipeline.records import Page, Source
from pipeline.urls import origin

ASKED_MOST = 30
"""Documents that one search asks of all hosts together, beside each host's robots.txt: publishers read logs."""
_FEEDS_MOST, _SITEMAPS_MOST, _LISTS_OF_FEEDS_MOST = 5, 3, 2

Telling = Callable[[str], None]


class Remembering:
    """Fetches each address once, and so many in all; what failed fails again without a request."""

    def __init__(self, fetcher: Pages, most: int = ASKED_MOST) -> None:
        self._fetcher, self._left = fetcher, most
        self._known: dict[tuple[str, bool], Page | PageError] = {}
        self.asked = 0

    async def page(self, url: str, *, media: Media = PAGE) -> Page:
        """Fetch a page as `Fetcher.page` does, or return it as it came before.

        Raises:
            PageError: as `Fetcher.page`; RateLimited where the search has asked for enough.
        """
        found = self._known.get((url, False)) or self._known.get((url, media.raw))
        if found is None:
            found = self._known[url, media.raw] = await self._asked(url, media)
        if isinstance(found, PageError):
            raise found
        if not media.raw:  # where a page led to is known, too
            self._known.setdefault((found.url, False), found)
        return found

    async def _asked(self, url: str, media: Media) -> Page | PageError:
        if not self._left:
            return RateLimited(
                url, f"not asked for: this search has asked for {self.asked} documents"
            )
        self._left -= 1
        self.asked += 1
        try:
            page = await self._fetcher.page(url, media=media)
        except PageError as error:
            return error
        assert page is not None, "an unconditional request is never answered by 304"
        return page


@dataclass
class Search:
    """What was found at an address, best first; `opml` is a list of feeds that stands there.

    `untried` are candidates beyond the bounds, `asked` is how many documents were asked for.
    """

    url: str
    tried: list[Tried] = field(default_factory=list)
    untried: list[Candidate] = field(default_factory=list)
    opml: Page | None = None
    asked: int = 0

    @property
    def offered(self) -> list[Tried]:
        """Those that can be read and are not configured yet, best first: what is numbered from 1."""
        return [it for it in self.tried if it.can_be_added]

    @property
    def is_blocked(self) -> bool:
        """Could nothing be read, and are we kept out of something?"""
        return not self.offered and any(it.is_blocked for it in self.tried)


@dataclass
class Searcher:
    """One search; `known` are the configured addresses by `key_of`, with the names of their sources."""

    fetcher: Fetcher
    memory: HostMemory
    known: Mapping[str, str]
    keep_emails: bool = True
    tell: Telling = lambda _said: None

    async def search(self, url: str) -> Search:
        """Find and try what can be crawled at an address.

        Raises:
            PageError: the address itself could not be had.
        """
        pages = Remembering(self.fetcher)
        self.tell(f"reading {url}")
        page = await pages.page(url, media=ANY)
        kind = discovery.kind_of(page)
        search = Search(url, opml=page if kind == "opml" else None)
        found, search.untried = await self._candidates(url, page, kind, pages)
        search.tried = [await self._tried(it, pages) for it in found]
        is_over = any(it.can_be_added or it.known_as or it.is_blocked for it in search.tried)
        if kind == "page" and not is_over:
            search.tried += [await self._tried(it, pages) for it in discovery.guesses(page)]
        search.tried = ranked(search.tried)
        search.asked = pages.asked
        return search

    async def _candidates(
        self, url: str, page: Page, kind: discovery.Document, pages: Remembering
    ) -> tuple[list[Candidate], list[Candidate]]:
        """Return those to try, and what is beyond the bounds."""
        if kind == "opml":
            return [], []
        if kind == "feed":
            return [Candidate("feed", url, "given")], []
        if kind != "page":
            given = Candidate("sitemap", url, "given")
            return (await self._with_news([given], pages) if kind == "sitemap" else [given]), []
        linked = discovery.linked(page)
        announced = discovery.announced(page)
        feeds = discovery.distinct(
            [*announced, *linked.feeds, *await self._behind(linked.pages, pages)]
        )
        sitemaps = [it for it in feeds if it.kind == "sitemap"]
        feeds = discovery.likeliest_first(it for it in feeds if it.kind == "feed")
        sitemaps = discovery.news_first([*self._in_robots(page), *sitemaps])
        opened = await self._with_news(sitemaps[:_SITEMAPS_MOST], pages)
        chosen = [*discovery.as_list(page), *feeds[:_FEEDS_MOST], *opened]
        return chosen, [*feeds[_FEEDS_MOST:], *sitemaps[_SITEMAPS_MOST:]]

    async def _behind(self, urls: tuple[str, ...], pages: Remembering) -> list[Candidate]:
        """Return the feeds at links that say RSS: themselves, or those that a page there lists."""
        found: list[Candidate] = []
        for url in urls[:_LISTS_OF_FEEDS_MOST]:
            self.tell(f"reading {url}")
            try:
                page = await pages.page(url, media=ANY)
            except PageError:
                continue
            if discovery.kind_of(page) == "feed":
                found.append(Candidate("feed", url, "linked"))
            elif discovery.kind_of(page) == "page":
                below = discovery.linked(page)
                found += [*discovery.announced(page), *below.feeds, *discovery.written(page)]
                found += [Candidate("feed", each, "linked") for each in below.pages]
        return found

    def _in_robots(self, page: Page) -> list[Candidate]:
        """The fetcher has asked for it before the page."""
        site = origin(page.url)
        kept = self.memory.robots(site)
        return discovery.in_robots(Page(f"{site}/robots.txt", kept[1], kept[2])) if kept else []

    async def _with_news(self, sitemaps: list[Candidate], pages: Remembering) -> list[Candidate]:
        """Put what an index calls news before it: two days of articles instead of all there ever were."""
        found: list[Candidate] = []
        for candidate in sitemaps:
            try:
                page = await pages.page(candidate.url, media=SITEMAP)
                children = children_of(page)
            except PageError:
                children = []
            news = [it.url for it in children if discovery.is_called_news(it.url)]
            found += [Candidate("sitemap", url, candidate.found) for url in news[:1]]
            found.append(candidate)
        return discovery.distinct(found)

    async def _tried(self, candidate: Candidate, pages: Remembering) -> Tried:
        name = self.known.get(discovery.key_of(candidate.url))
        if name is not None:
            return Tried(candidate, known_as=name)
        self.tell(f"trying {candidate.kind} {candidate.url}")
        source = Source("new", candidate.portal, (candidate.url,), kind=candidate.kind)
        return Tried(candidate, await check(source, pages, keep_emails=self.keep_emails))
