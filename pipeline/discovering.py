"""What a source's listings, feeds and sitemaps name, into the frontier; nothing of it is an article yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from pipeline.discover.robots_sitemaps import news_of, sitemaps_in_robots
from pipeline.discover.sitemaps import Child, Sitemap, parse_sitemap
from pipeline.encoding import decode
from pipeline.errors import Blocked, LayoutChanged, PageError, RateLimited
from pipeline.fetch.media import FEED, PAGE, SITEMAP
from pipeline.judging import listing_read, listing_unread
from pipeline.records import Entry, Page
from pipeline.store.documents import Document
from pipeline.visiting import Crawl, quarantined

_DEEPEST = 3  # an index of indexes of sitemaps
_CHILDREN_MOST = 20
"""Sitemaps that one crawl fetches at most behind one address; what is left is for the next crawl."""
_SMALL = 5
"""Articles. A news sitemap holds two days: one that never had more may be empty after a weekend."""
_MAY_BE_EMPTY = ("sitemap", "naver_search")
_HEAD = 500_000  # bytes of what was no sitemap that are looked at and kept


async def read_listing(it: Crawl, url: str) -> int:
    """Fetch and read a document of the source; its URLs are in the database before any of them is fetched.

    Returns how many articles it names.

    Raises:
        PageError: it could not be had, or is not what it was: `crawl.py` has the table.
    """
    if it.source.kind == "sitemap":
        return await _read_sitemaps(it, url)
    media = FEED if it.source.kind == "feed" else PAGE
    page = await it.tools.fetcher.page(url, media=media, meter=it.meter)
    assert page is not None, "an unconditional request is never answered by 304"
    it.tally.answered()
    page = replace(page, matches={})
    try:
        with quarantined(it, page, url):
            _refuse_other_page(it, page, url)
            entries = it.portal.parse_listing(page)
            if it.source.kind != "portal":
                refuse_emptied(it, page, url, len(entries))
    except PageError:
        listing_unread(it, page)
        raise
    listing_read(it, page, url, entries)
    store = it.tools.store
    with store.writing():
        if it.source.kind != "portal":
            store.documents.note(it.source.name, url, page, listed=len(entries))
        fresh = not_too_old(it, entries, page.fetched_at)
        store.visits.discover(it.source.name, url, fresh, page.fetched_at, kind=it.source.kind)
        if it.source.kind == "feed":
            store.visits.due_again(fresh, page.fetched_at)
    return len(entries)


def _refuse_other_page(it: Crawl, page: Page, listing: str) -> None:
    """A section that redirects to the front page is no quiet day: its layout is gone. Feeds may move."""
    asked, got = (urlsplit(url).path.strip("/") for url in (listing, page.url))
    if it.source.kind == "feed" or asked == got or (got and it.source.kind == "listing"):
        return
    raise LayoutChanged(page.url, f"the page at {listing}", expected=1, found=0)


def refuse_emptied(it: Crawl, page: Page, url: str, listed: int) -> None:
    """Nothing, where there was something, is no quiet day either: feeds keep what they had.

    Raises:
        LayoutChanged: the document names nothing, and once named more than a few.
    """
    before = it.tools.store.documents.get(it.source.name, url)
    most = before.most_listed if before else 0
    if listed or not most or (it.source.kind in _MAY_BE_EMPTY and most <= _SMALL):
        return
    raise LayoutChanged(page.url, f"entries of the {it.source.kind}", expected=1, found=0)


def _since(it: Crawl, now: datetime) -> datetime | None:
    return now - it.source.max_age if it.source.max_age is not None else None


def not_too_old(it: Crawl, entries: Sequence[Entry], now: datetime) -> Sequence[Entry]:
    """Return those that are no older than the source's `max_age`, or have no time."""
    since = _since(it, now)
    if since is None:
        return entries
    dates = ((e, e.modified_at or e.published_at) for e in entries)
    return [entry for entry, date in dates if date is None or date >= since]


@dataclass(slots=True)
class _Walk:
    """A walk through an index of sitemaps."""

    left: int = _CHILDREN_MOST
    listed: int = 0
    read: int = 0
    failed: PageError | None = None


async def _read_sitemaps(it: Crawl, url: str) -> int:
    walk = _Walk()
    await _read_sitemap(it, Child(url), walk, depth=0)
    if not walk.read and walk.failed:
        raise walk.failed
    return walk.listed


async def _read_sitemap(it: Crawl, child: Child, walk: _Walk, *, depth: int) -> None:
    """Read a sitemap and those that it names, newest first, as far as they changed since they were read."""
    name, store = it.source.name, it.tools.store
    before = store.documents.get(name, child.url)
    page = await _fetched(it, child.url, before)
    it.tally.answered()
    is_same = page is None or (before is not None and page.body_hash == before.body_hash)
    if page is None or (before and is_same and not _may_go_on(before)):
        store.documents.seen_again(name, child.url, it.tools.clock(), child.modified_at)
        walk.read += 1
        return
    found = _parsed(it, page, child.url, before)
    listed = found.listed + len(found.children)
    with store.writing():
        store.documents.note(
            name,
            child.url,
            page,
            listed=listed,
            modified_at=child.modified_at,
            undated=found.undated,
        )
        store.visits.discover(name, child.url, found.entries, page.fetched_at, kind="sitemap")
        store.visits.due_again([*found.entries, *found.edited], page.fetched_at)
    walk.listed += found.listed
    walk.read += not found.children
    for other in _to_read(it, found.children, page.fetched_at) if depth < _DEEPEST else ():
        if it.tally.ended or not walk.left:
            break
        walk.left -= 1
        await _read_child(it, other, walk, depth=depth + 1)


def _may_go_on(before: Document) -> bool:
    """An index that is as it was may name sitemaps that the last crawl did not get to."""
    return before.undated is None


async def _read_child(it: Crawl, child: Child, walk: _Walk, *, depth: int) -> None:
    """One sitemap of many that fails is a problem, and no end."""
    it.tools.progress(it.source.name, 0, 0, child.url)
    try:
        await _read_sitemap(it, child, walk, depth=depth)
    except (Blocked, RateLimited):
        raise
    except PageError as error:
        walk.failed = error
        it.tally.note(error, "errors")


async def _fetched(it: Crawl, url: str, before: Document | None) -> Page | None:
    """Ask for changes only; an index, whose sitemaps may not all have been read, for the whole."""
    known = before if before and not _may_go_on(before) else None
    return await it.tools.fetcher.page(
        url,
        media=SITEMAP,
        meter=it.meter,
        etag=known.etag if known else None,
        last_modified=known.last_modified if known else None,
    )


def _parsed(it: Crawl, page: Page, url: str, before: Document | None) -> Sitemap:
    if urlsplit(url).path == "/robots.txt":
        children = news_of(sitemaps_in_robots(page))
        if not children:
            raise LayoutChanged(page.url, "Sitemap: lines", expected=1, found=0)
        return Sitemap(children=list(children))
    try:
        found = parse_sitemap(
            page,
            since=_since(it, page.fetched_at),
            known=before.undated if before else None,
        )
        if not found.children:
            refuse_emptied(it, page, url, found.listed)
    except LayoutChanged:
        with quarantined(it, _head_of(page), url):
            raise
    return found


def _head_of(page: Page) -> Page:
    """Return the page as text, to tell what stands in place of a sitemap, and to keep it."""
    raw = (page.raw or b"")[:_HEAD]
    return replace(page, raw=raw, html=decode(raw, page.content_type).text)


def _to_read(it: Crawl, children: Sequence[Child], now: datetime) -> list[Child]:
    """Return those that may hold something new: changed since we read them, and not too old.

    Of those without a time the ones that were never read come first, then those that were read longest ago.
    """
    name, documents, since = it.source.name, it.tools.store.documents, _since(it, now)
    read_at = documents.read_times(name)
    undated = [child for child in children if child.modified_at is None]
    undated.sort(
        key=lambda child: read_at[child.url][0].timestamp() if child.url in read_at else 0.0
    )
    dated = []
    for child in children:
        if child.modified_at is None or (since and child.modified_at < since):
            continue
        _, before = read_at.get(child.url, (None, None))
        if before != child.modified_at.replace(microsecond=0):
            dated.append(child)
    return dated + undated
