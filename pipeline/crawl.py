"""The crawl of one source, from listing to settled visit. What an error does stands in one table.

A backfill (`backfilling/`) has listings of its own, and visits and reactions from here.

error          meaning                             reaction
Unreachable    temporary                           visit stays open, later; some in a row end the crawl;
                                                   given up after some tries, but for a host's fault
RateLimited    we are too fast                     visit stays open until then; ends the crawl
Blocked        we are not welcome                  ends the crawl, tells the operator; no way around
Gone           removed                             settled; the article stays, with removed_at
NotAnArticle   video, gallery, shell               settled, counted; a headline without text is seen again
LayoutChanged  our parser is out of date           page kept in quarantine; a listing ends the crawl as
                                                   drift, so does a share of the articles
BadAnswer      an answer that is no page           visit stays open, later; given up after some tries;
                                                   another article in its place counts as unreadable
TextLost       came back without its text          the known text stays, page kept; visit stays open, later
ParserFailed   its parser did not come back        page kept in quarantine; visit stays open, later; given up
                                                   after some tries
anything else  a bug, or the disk                  rises: the job fails with a traceback
"""

from __future__ import annotations

from asyncio import CancelledError
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

from pipeline.discover.publisher import portal_of
from pipeline.discovering import read_listing
from pipeline.errors import (
    BadAnswer,
    Blocked,
    Gone,
    LayoutChanged,
    NotAnArticle,
    PageError,
    RateLimited,
    StoreError,
)
from pipeline.judging import article_read, finish, unread
from pipeline.naming import identified, refuse_front, renamed
from pipeline.reading import Reader
from pipeline.records import CrawlReport, Page, Source
from pipeline.searching import read_search
from pipeline.store.visits import NEVER_SEEN, Seen, Visit
from pipeline.tally import Tally
from pipeline.together import together
from pipeline.under_way import crawl_of, page_line
from pipeline.visiting import (
    Crawl,
    Progress,
    Tools,
    confirm,
    packed,
    postpone,
    put_off,
    quarantined,
    remove,
    reread,
    save,
    seen_of,
    settle,
    text_lost,
)

_PRUNED_MOST = 2_000
"""Pages that a crawl clears away at most; it seldom keeps as many."""

__all__ = ["Progress", "Tools", "crawl", "prune", "react", "visit_article"]


async def crawl(source: Source, tools: Tools, *, holder: str = "") -> CrawlReport:
    """Crawl one source once and record the run. The caller holds the lock of the source.

    Raises:
        StoreError: the database failed. Errors of single pages never rise; they are in the report.
    """
    now = tools.clock()
    portal = portal_of(source)
    tools.store.sources.remember(source, now)
    run = tools.store.runs.begin(source.name, now, holder)
    reader = Reader(portal, source.permission, tools.keep_emails)
    tally = Tally(CrawlReport(source.name, now, now, "ok", run=run))
    it = Crawl(source, portal, tools, tally, reader)
    try:
        with crawl_of(source.name, run):
            for listing in source.listings:
                await _read_listing(it, listing)
            await _visit_all(it)
            prune(it)
    except BaseException as error:
        by = "a signal" if isinstance(error, CancelledError) else type(error).__name__
        it.tally.end("failed", f"stopped by {by}")
        with suppress(StoreError):  # what stopped the crawl is what rises
            finish(it, run)
        raise
    return finish(it, run)


def prune(it: Crawl) -> None:
    """Keep the archive within its bounds: a look at two indexes where nothing is beyond them."""
    bounds = it.tools.archive
    it.tools.store.archive.prune(it.tools.clock(), bounds.keep, bounds.budget, most=_PRUNED_MOST)


async def _read_listing(it: Crawl, url: str) -> None:
    """Read a listing, feed or sitemap into the frontier."""
    if it.tally.ended:
        return
    it.tools.progress(it.source.name, 0, 0, url)
    with page_line(it.source.name, url) as line:
        line.outcome = await _listing_outcome(it, url)


async def _listing_outcome(it: Crawl, url: str) -> str:
    try:
        read = read_search if it.source.kind == "naver_search" else read_listing
        listed = await read(it, url)
    except PageError as error:
        react(it, error, visit=None)
        return error.reason
    it.tally.listings_read += 1
    it.tally.count("listed", listed)
    return "listed"


async def _visit_all(it: Crawl) -> None:
    visits = it.tools.store.visits.due(it.source.name, it.tools.clock(), it.tools.limit)
    waiting = iter(visits)
    done = 0

    async def work() -> None:
        nonlocal done
        for visit in waiting:
            if it.tally.ended:
                return
            await visit_article(it, visit)
            done += 1
            it.tools.progress(it.source.name, done, len(visits), visit.url)

    workers = it.tools.fetcher.concurrency(visits[0].url) if visits else 0
    await together(work() for _ in range(workers))


async def visit_article(it: Crawl, visit: Visit) -> None:
    """Fetch and parse one article; write it and settle its visit in one transaction."""
    with page_line(it.source.name, visit.url) as line:
        line.outcome = await _visit_outcome(it, visit)


async def _visit_outcome(it: Crawl, visit: Visit) -> str:
    seen = seen_of(it, visit)
    try:
        page = await it.tools.fetcher.page(
            visit.url, etag=seen.etag, last_modified=seen.last_modified, meter=it.meter
        )
        it.tally.answered()
        if page is None:
            confirm(it, visit, seen)
            return "not_modified"
        if page.body_hash and page.body_hash == seen.body_hash:
            # the server's validators lie or are missing, its bytes do not
            confirm(it, visit, Seen(page.etag, page.last_modified, page.body_hash))
            return "not_modified"
        return await _read_article(it, visit, page, seen)
    except PageError as error:
        react(it, error, visit)
        return error.reason
    except Exception:
        # a page that brings a bug to light must not be the first thing that every later crawl meets
        with suppress(StoreError):
            put_off(it, visit, "bug")
        raise


async def _read_article(it: Crawl, visit: Visit, page: Page, seen: Seen) -> str:
    page = replace(page, matches={})
    try:
        with quarantined(it, page, visit.url):
            refuse_front(it, visit, page)
            read = await it.tools.reading(it.reader, page, visit.listed_url, visit.published_at)
            # from here to the end of the transaction nothing waits: what is found in the database stays so
            article = identified(it, visit, page, read)
    except (BadAnswer, LayoutChanged, NotAnArticle) as error:
        unread(it, visit, page, error)
        raise
    it.tally.parsed += 1
    if article is None:
        return "known"
    article_read(it, visit, page, article)
    # asked for whole although we know it: another version of the parser made the stored record
    before = reread(it, visit, page) if seen != visit.seen else None
    kept = packed(it, page)
    with it.tools.store.writing():
        saved = save(it, article, before)
        if saved != "doubted":
            visit = renamed(it, visit, article)
            settle(it, visit, saved, Seen(page.etag, page.last_modified, page.body_hash))
            if kept:
                it.tools.store.archive.keep(visit.article_id, it.source.name, page, kept)
    if saved == "doubted":
        raise text_lost(it, page, article)
    it.tally.count(saved)
    return saved


def react(it: Crawl, error: PageError, visit: Visit | None) -> None:
    """Do what the table at the top says. `visit` is None for a listing."""
    match error:
        case Gone() if visit:
            it.tally.answered()
            remove(it, visit)
            return
        case NotAnArticle() if visit:
            settle(it, visit, "not_an_article", NEVER_SEEN, ever_again=error.may_become)
            it.tally.not_articles += 1
            it.tally.count("skipped")
            return
        case LayoutChanged():
            it.tally.note(error, "quarantined")
            if visit is None:
                it.tally.end("drift", str(error))
        case Blocked():
            it.tally.note(error, "errors")
            if not _is_elsewhere(it, visit, error):
                it.tally.end("blocked", error.detail)
        case RateLimited():
            it.tally.note(error, "errors")
            it.tally.end("failed", error.detail)
        case _:
            it.tally.note(error, "errors")
    if visit:
        postpone(it, visit, error)


def _is_elsewhere(it: Crawl, visit: Visit | None, error: PageError) -> bool:
    """Is it a host beside the source's own that keeps us out? A feed may name articles of many."""
    if visit is None or not it.reader.is_web:
        return False
    own = {urlsplit(url).hostname for url in (*it.source.listings, *it.source.archive)}
    return urlsplit(error.url).hostname not in own
