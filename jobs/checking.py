"""One document and one article of a source, fetched live, read and shown: for `gisa check` and `gisa add`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from pipeline.discover.listings import headline_links
from pipeline.discover.naver_search import parse_search
from pipeline.discover.publisher import portal_of
from pipeline.discover.robots_sitemaps import news_of, sitemaps_in_robots
from pipeline.discover.sitemaps import Child, children_of
from pipeline.errors import Blocked, PageError
from pipeline.fetch import Fetcher
from pipeline.fetch.media import FEED, PAGE, SITEMAP, Media
from pipeline.reading import Reader
from pipeline.record_json import record
from pipeline.records import Entry, Page, Source
from pipeline.soft_failures import named
from pipeline.text import one_line

_SHOWN, _TRIED, _DEEPEST = 5, 3, 3
_FIELDS = (
    "id",
    "headline",
    "publisher",
    "published_at",
    "published_at_source",
    "section",
    "parser",
)


class Pages(Protocol):
    """What a check fetches from: a `Fetcher`, or one that remembers."""

    async def page(self, url: str, *, media: Media = PAGE) -> Page | None:
        """Fetch a page as `Fetcher.page` does."""
        ...


@dataclass
class Checked:
    """What came of one source; `problem` is why it has no record, `is_blocked` that we are not welcome."""

    source: Source
    listing: str = ""
    entries: tuple[Entry, ...] = ()
    confidence: float | None = None
    record: dict[str, Any] | None = None
    problem: str | None = None
    is_blocked: bool = False
    passed_over: list[str] = field(default_factory=list)

    @property
    def newest(self) -> datetime | None:
        """The newest time that the document gives an entry."""
        times = (entry.published_at or entry.modified_at for entry in self.entries)
        return max((at for at in times if at), default=None)


async def check(source: Source, fetcher: Pages, *, keep_emails: bool = True) -> Checked:
    """Fetch and read the first document of a source and its first article; what goes wrong is a `problem`."""
    done = Checked(source, source.listings[0])
    reader = Reader(portal_of(source), source.permission, keep_emails)
    try:
        page = await _listing(done, fetcher)
        try:
            done.entries = reader.portal.parse_listing(page)
        except PageError as error:
            raise named(error, page, done.listing) from None
        if source.kind == "listing" and not source.link:
            done.confidence = headline_links(page).confidence
        await _article(done, reader, fetcher)
        if source.kind == "naver_search" and (left := _at_naver(source, page)):
            done.passed_over.append(f"{left} results that stand at Naver only")
    except PageError as error:
        done.problem, done.is_blocked = str(error), isinstance(error, Blocked)
    return done


def _at_naver(source: Source, page: Page) -> int:
    return len(parse_search(page, own_pages=source.permission is not None).at_naver)


async def _listing(done: Checked, fetcher: Pages) -> Page:
    """Return the first document of a source; of an index of sitemaps, the newest sitemap."""
    if done.source.kind == "naver_search":
        assert isinstance(fetcher, Fetcher), "nobody else has the keys"
        return await fetcher.naver_search(done.listing)
    media = {"feed": FEED, "sitemap": SITEMAP}.get(done.source.kind, PAGE)
    depth = 0
    while True:
        page = await fetcher.page(done.listing, media=media)
        assert page is not None, "an unconditional request is never answered by 304"
        children = _children(page, done) if done.source.kind == "sitemap" else ()
        if not children or depth == _DEEPEST:
            return page
        depth += 1
        done.listing = max(children, key=lambda child: str(child.modified_at or "")).url


def _children(page: Page, done: Checked) -> tuple[Child, ...]:
    if urlsplit(done.listing).path == "/robots.txt":
        return news_of(sitemaps_in_robots(page))
    return tuple(children_of(page))


async def _article(done: Checked, reader: Reader, fetcher: Pages) -> None:
    """Read the first entry that is an article: a video may stand before it."""
    done.problem = None if done.entries else "it names no articles"
    for entry in done.entries[:_TRIED]:
        try:
            page = await fetcher.page(entry.url)
            assert page is not None, "an unconditional request is never answered by 304"
            article = reader.found(page, entry.listed_url, entry.published_at)
        except PageError as error:
            done.passed_over.append(str(error))
            done.is_blocked = done.is_blocked or isinstance(error, Blocked)
        else:
            done.record, done.is_blocked = record(article), False
            return
    if done.passed_over:
        done.problem = (
            f"none of the first {len(done.passed_over)} could be read: {done.passed_over[0]}"
        )


def as_json(done: Checked) -> dict[str, Any]:
    """Return what came of a check, for `--format json`."""
    return {
        "source": done.source.name,
        "kind": done.source.kind,
        "listing": done.listing,
        "listed": len(done.entries),
        "newest": done.newest,
        "confidence": done.confidence,
        "entries": [
            {"headline": e.headline, "url": e.url, "published_at": e.published_at}
            for e in done.entries[:_SHOWN]
        ],
        "record": done.record,
        "passed_over": done.passed_over,
        "problem": done.problem,
    }


def print_checked(done: Checked, *, entries: int = _SHOWN) -> None:
    """Print what came of a check, with so many of its entries, below a heading of the caller's."""
    sure = "" if done.confidence is None else f", recognised with confidence {done.confidence:.2f}"
    newest = f", the newest of {done.newest:%F %H:%M%z}" if done.newest else ""
    print(f"  {len(done.entries)} entries{newest}{sure}")
    for entry in done.entries[:entries]:
        print(f"    {one_line(entry.headline, 70) or '(no headline)'}\n      {one_line(entry.url)}")
    for said in done.passed_over:
        print(f"  passed over: {one_line(said)}")
    if done.record:
        print("  the first record")
        for name in _FIELDS:
            print(f"    {name:<20}{one_line(str(done.record[name]), 80)}")
        text = str(done.record["text"])
        print(f"    {'text':<20}{len(text)} characters: {one_line(text, 60)}")
    if done.problem:
        print(f"  PROBLEM: {one_line(done.problem)}")
