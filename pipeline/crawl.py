"""The crawl of one source, from listing to settled visit. Read it top to bottom; reactions are one table.

error          meaning                                    reaction
Unreachable    temporary                                  visit stays open, later; several in a row end the crawl
RateLimited    we are too fast                            visit stays open until then; ends the crawl
Blocked        we are not welcome                         ends the crawl, tells the operator, no way around
Gone           removed                                    settled; the article stays, with removed_at
NotAnArticle   video, gallery, shell                      settled, counted
LayoutChanged  our parser is out of date                  page kept in quarantine; a listing ends the crawl,
                                                          a share of the articles makes it drift
BadAnswer      an answer that is no page                  visit stays open, later; given up after some tries
anything else  a bug, or the disk                         rises: the job fails with a traceback
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from pipeline import portals
from pipeline.errors import (
    BadAnswer,
    Blocked,
    Gone,
    LayoutChanged,
    NotAnArticle,
    PageError,
    RateLimited,
    Unreachable,
)
from pipeline.fetch import Fetcher
from pipeline.records import CrawlReport, Outcome, Page, Problem, Source, VisitOutcome
from pipeline.store import Store
from pipeline.store.visits import Visit

UNREACHABLE_IN_A_ROW = 3
DRIFT_SHARE = 0.2
"""Share of the fetched articles that may be unreadable before it is the layout and not the article."""
DRIFT_LEAST = 3
_BACK_OFF = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(hours=16))


class Progress(Protocol):
    """Told how far a crawl is."""

    def __call__(self, source: str, done: int, total: int, at: str) -> None: ...


@dataclass
class _Crawl:
    """One crawl under way: what it works with, and its tally."""

    source: Source
    portal: portals.Portal
    fetcher: Fetcher
    store: Store
    clock: Callable[[], datetime]
    progress: Progress
    report: CrawlReport
    read_listings: int = 0
    parsed: int = 0
    unreachable: int = 0
    ended: bool = False

    def count(self, name: str, by: int = 1) -> None:
        self.report = replace(self.report, **{name: getattr(self.report, name) + by})

    def note(self, error: PageError) -> None:
        problem = Problem(error.url, error.reason, error.detail)
        self.report = replace(self.report, problems=(*self.report.problems, problem))

    def end(self, outcome: Outcome, detail: str) -> None:
        if not self.ended:
            self.report = replace(self.report, outcome=outcome, detail=detail)
        self.ended = True


async def crawl(
    source: Source,
    *,
    fetcher: Fetcher,
    store: Store,
    clock: Callable[[], datetime],
    progress: Progress,
    limit: int | None = None,
    holder: str = "",
) -> CrawlReport:
    """Crawl one source once and record the run. The caller holds the lock of the source.

    Raises:
        StoreError: the database failed. Errors of single pages never rise; they are in the report.
    """
    now = clock()
    store.sources.remember(source, now)
    run = store.runs.begin(source.name, now, holder)
    started = CrawlReport(source.name, now, now, "ok")
    state = _Crawl(source, portals.named(source.portal), fetcher, store, clock, progress, started)
    try:
        for listing in source.listings:
            if not state.ended:
                await _read_listing(state, listing)
        if not state.ended:
            await _visit_all(state, limit)
        _judge(state)
    except BaseException as error:
        state.end("failed", f"stopped by {type(error).__name__}")
        raise
    finally:
        still_open = store.visits.count_open(source.name)
        state.report = replace(state.report, finished_at=clock(), open=still_open)
        store.runs.finish(run, state.report)
    return state.report


async def _read_listing(crawl: _Crawl, url: str) -> None:
    """Fetch and parse a listing; its URLs are in the database before any of them is fetched."""
    crawl.progress(crawl.source.name, 0, 0, url)
    try:
        page = await crawl.fetcher.page(url)
        assert page is not None  # noqa: S101 - unconditional requests are never answered by 304
        try:
            _refuse_other_page(page, url)
            entries = crawl.portal.parse_listing(page)
        except LayoutChanged as error:
            crawl.store.quarantine.keep(page, crawl.source.name, error)
            raise
    except PageError as error:
        _react(crawl, error, visit=None)
        return
    crawl.read_listings += 1
    crawl.unreachable = 0
    crawl.count("listed", len(entries))
    crawl.store.visits.discover(crawl.source.name, url, entries, page.fetched_at)


async def _visit_all(crawl: _Crawl, limit: int | None) -> None:
    visits = crawl.store.visits.due(crawl.source.name, crawl.clock(), limit)
    waiting = iter(visits)
    done = 0

    async def work() -> None:
        nonlocal done
        for visit in waiting:
            if crawl.ended:
                return
            await _visit(crawl, visit)
            done += 1
            crawl.progress(crawl.source.name, done, len(visits), visit.url)

    workers = crawl.fetcher.concurrency(visits[0].url) if visits else 0
    if workers == 1:
        await work()
    else:
        async with asyncio.TaskGroup() as group:
            for _ in range(workers):
                group.create_task(work())


async def _visit(crawl: _Crawl, visit: Visit) -> None:
    """Fetch and parse one article; write it and settle its visit in one transaction."""
    etag, last_modified = _validators(crawl, visit)
    try:
        page = await crawl.fetcher.page(visit.url, etag=etag, last_modified=last_modified)
        crawl.unreachable = 0
        if page is None:
            with crawl.store.writing():
                crawl.store.articles.confirm(visit.article_id, crawl.clock())
                _settle(crawl, visit, "not_modified", (etag, last_modified))
            crawl.count("unchanged")
            return
        _read_article(crawl, visit, page)
    except PageError as error:
        _react(crawl, error, visit)


def _read_article(crawl: _Crawl, visit: Visit, page: Page) -> None:
    if not page.html.strip():
        raise Unreachable(page.url, "truncated", "answered 200 with an empty page")
    try:
        article = crawl.portal.parse_article(page, permission=crawl.source.permission)
    except LayoutChanged as error:
        crawl.store.quarantine.keep(page, crawl.source.name, error)
        raise
    if article.id != visit.article_id:
        raise BadAnswer(page.url, "server_error", f"{visit.url} led to another article")
    crawl.parsed += 1
    with crawl.store.writing():
        saved = crawl.store.articles.save(replace(article, url=visit.listed_url), crawl.source.name)
        _settle(crawl, visit, saved, (page.etag, page.last_modified))
    crawl.count(saved)


def _react(crawl: _Crawl, error: PageError, visit: Visit | None) -> None:
    """The table at the top, in code. `visit` is None for a listing."""
    match error:
        case Gone() if visit:
            _remove(crawl, visit)
        case NotAnArticle() if visit:
            with crawl.store.writing():
                _settle(crawl, visit, "not_an_article", (None, None), again=False)
            crawl.count("skipped")
        case LayoutChanged():
            crawl.note(error)
            crawl.count("quarantined")
            if visit is None:
                crawl.end("drift", str(error))
            else:
                _postpone(crawl, visit, error)
        case RateLimited() | Blocked():
            crawl.note(error)
            crawl.count("errors")
            if visit:
                _postpone(crawl, visit, error)
            crawl.end("blocked" if isinstance(error, Blocked) else "failed", str(error))
        case _:
            crawl.note(error)
            crawl.count("errors")
            crawl.unreachable += isinstance(error, Unreachable)
            if visit:
                _postpone(crawl, visit, error)
            if crawl.unreachable >= UNREACHABLE_IN_A_ROW:
                crawl.end("failed", f"{crawl.unreachable} in a row, the last: {error}")


def _judge(crawl: _Crawl) -> None:
    """Say how it went: nothing read is never success."""
    report = crawl.report
    unreadable = report.quarantined + (report.skipped if not crawl.parsed else 0)
    if not crawl.read_listings:
        crawl.end("failed", str(report.problems[-1].detail) if report.problems else "no listing")
    elif unreadable >= DRIFT_LEAST and unreadable > DRIFT_SHARE * (crawl.parsed + unreadable):
        crawl.end(
            "drift", f"{unreadable} of {crawl.parsed + unreadable} articles could not be read"
        )


def _settle(
    crawl: _Crawl,
    visit: Visit,
    outcome: VisitOutcome,
    validators: tuple[str | None, str | None],
    *,
    again: bool = True,
) -> None:
    now = crawl.clock()
    next_look = next_revisit(visit.first_listed_at, now, crawl.source.revisit) if again else None
    crawl.store.visits.settle(visit, outcome, now, again=next_look, validators=validators)


def _remove(crawl: _Crawl, visit: Visit) -> None:
    with crawl.store.writing():
        removed = crawl.store.articles.mark_removed(visit.article_id, crawl.clock())
        _settle(crawl, visit, "removed", (None, None), again=False)
    crawl.count("removed" if removed else "skipped")


def _postpone(crawl: _Crawl, visit: Visit, error: PageError) -> None:
    now = crawl.clock()
    again = now + _BACK_OFF[min(visit.tries, len(_BACK_OFF) - 1)]
    if isinstance(error, RateLimited) and error.retry_at:
        again = error.retry_at
    crawl.store.visits.postpone(visit, error.reason, now, again=again)


def _validators(crawl: _Crawl, visit: Visit) -> tuple[str | None, str | None]:
    """Ask for changes only, unless a newer parser would read the same page differently."""
    current = f"{crawl.portal.NAME}/{crawl.portal.VERSION}"
    if crawl.store.articles.parser_of(visit.article_id) != current:
        return None, None
    return visit.etag, visit.last_modified


def _refuse_other_page(page: Page, listing: str) -> None:
    """A section that redirects to the front page is no quiet day: its layout is gone."""
    asked, got = (urlsplit(u).path.strip("/") for u in (listing, page.url))
    if asked != got:
        raise LayoutChanged(page.url, f"page at {listing}", expected=1, found=0)


def next_revisit(
    first_listed_at: datetime, now: datetime, ages: tuple[timedelta, ...]
) -> datetime | None:
    """Return when an article is due again: the first age it has not reached, None past the last."""
    return next((first_listed_at + age for age in ages if first_listed_at + age > now), None)
