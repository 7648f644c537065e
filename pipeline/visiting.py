"""A crawl under way, and what becomes of a visit: settled, put off, removed, kept for the maintainer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from pipeline import portals
from pipeline.due import next_revisit, next_try
from pipeline.errors import (
    BadAnswer,
    Blocked,
    LayoutChanged,
    NotAnArticle,
    PageError,
    ParserFailed,
    RateLimited,
    RecordRefused,
    StoreError,
    TextLost,
    Unreachable,
)
from pipeline.fetch import Fetcher
from pipeline.measures import Measures
from pipeline.reading import Reader, Reading, read_here
from pipeline.records import Article, Page, Source, VisitOutcome
from pipeline.soft_failures import named
from pipeline.store import Store
from pipeline.store.archive import Retention
from pipeline.store.article_batches import Saved
from pipeline.store.pages import Packed
from pipeline.store.visits import NEVER_SEEN, Seen, Visit
from pipeline.tally import Meter, Tally

log = logging.getLogger("gisa.crawl")

_HOSTS_FAULT = frozenset({"dns", "connect", "tls", "robots"})
"""Failures that say nothing about the article: a host that is down for days must not cost us any."""


Progress: TypeAlias = Callable[[str, int, int, str], None]
"""Told how far a crawl is: source, articles done, articles in all (0 while a listing is read), URL."""


@dataclass(frozen=True)
class Tools:
    """What crawls work with; `limit` is the most articles to fetch a source.

    Without `keep_emails` the addresses of authors are dropped before anything is stored. `archive` says
    whether and how long the pages of articles are kept. `reading` reads their pages, here or elsewhere.
    """

    fetcher: Fetcher
    store: Store
    clock: Callable[[], datetime]
    progress: Progress
    limit: int | None = None
    keep_emails: bool = True
    archive: Retention = field(default_factory=Retention)
    reading: Reading = read_here


@dataclass(frozen=True)
class Crawl:
    """One crawl under way."""

    source: Source
    portal: portals.Parser
    tools: Tools
    tally: Tally
    reader: Reader
    meter: Meter = field(default_factory=Meter)
    measures: Measures = field(default_factory=Measures)


def settle(
    it: Crawl,
    visit: Visit,
    outcome: VisitOutcome,
    seen: Seen,
    *,
    ever_again: bool = True,
) -> None:
    """Close a visit; the article is due again at the next age of the source's `revisit`."""
    now = it.tools.clock()
    again = next_revisit(visit.since, now, it.source.revisit) if ever_again else None
    it.tools.store.visits.settle(visit, outcome, now, again=again, seen=seen)


def remove(it: Crawl, visit: Visit) -> None:
    """Note that the publisher took the article down."""
    with it.tools.store.writing():
        removed = it.tools.store.articles.mark_removed(visit.article_id, it.tools.clock())
        settle(it, visit, "removed", NEVER_SEEN, ever_again=False)
    it.tally.count("removed" if removed else "skipped")


def postpone(it: Crawl, visit: Visit, error: PageError) -> None:
    """Keep the visit for later: when the host asked for it, or after a back-off."""
    asked = error.retry_at if isinstance(error, RateLimited) else None
    hosts_fault = isinstance(error, Unreachable) and error.reason in _HOSTS_FAULT
    counts = not (hosts_fault or isinstance(error, RateLimited))
    put_off(it, visit, error.reason, until=asked, counts=counts)


def put_off(
    it: Crawl, visit: Visit, reason: str, *, until: datetime | None = None, counts: bool = True
) -> None:
    """Keep a visit for later; `counts` is whether it may be given up for this.

    Where the article is known already, only this look is given up: it is due again at its next age.
    """
    now = it.tools.clock()
    again = until or next_try(visit.tries, now)
    known = visit.state == "settled"
    at_last = next_revisit(visit.first_listed_at, now, it.source.revisit) if known else None
    it.tools.store.visits.postpone(visit, reason, now, again=again, counts=counts, at_last=at_last)


def seen_of(it: Crawl, visit: Visit) -> Seen:
    """Ask for changes only, unless a newer parser would read the same page differently."""
    if it.tools.store.articles.parser_of(visit.article_id) not in it.reader.parsers:
        return NEVER_SEEN
    return visit.seen


def confirm(it: Crawl, visit: Visit, seen: Seen) -> None:
    """Note that the page is still as we know it, without reading it again."""
    with it.tools.store.writing():
        it.tools.store.articles.confirm(visit.article_id, it.tools.clock())
        settle(it, visit, "not_modified", seen)
    it.tally.count("unchanged")


def save(it: Crawl, article: Article, before: Article | None = None) -> Saved:
    """Write an article; `before` is what `reread` returned, and becomes a revision of its own.

    Raises:
        BadAnswer: no column can hold what its parser made of it.
    """
    articles, source = it.tools.store.articles, it.source.name
    anew: Saved | RecordRefused = "unchanged"
    if before:
        now = it.tools.clock()
        (anew,) = articles.save_all([before], source, cause="parser", reread_at=now)
        if anew == "revised":
            it.tools.store.archive.follow([before.id])
    try:
        saved = articles.save(article, source)
    except RecordRefused as error:
        raise BadAnswer(article.url, "bad_record", str(error)) from error
    return "revised" if saved == "unchanged" and anew == "revised" else saved


def packed(it: Crawl, page: Page) -> Packed | None:
    """Return the page as the archive keeps it; None where it keeps none."""
    return it.tools.store.archive.pack(page) if it.tools.archive.enabled else None


def reread(it: Crawl, visit: Visit, page: Page) -> Article | None:
    """Return what today's parser makes of the page that the stored record was made from.

    What it reads differently is not the publisher's edit. None where that page was not kept, is the one that
    came now, or cannot be read: then there is no telling, and nothing is lost.
    """
    try:
        kept = it.tools.store.archive.newest(visit.article_id)
        if kept is None or kept.page.raw == page.raw:
            return None
        return it.reader.read(kept.page, visit.article_id, visit.listed_url, visit.published_at)
    except StoreError:
        raise
    except Exception as error:  # an old page may bring any fault of a parser to light
        log.debug("%s cannot be read again: %s", visit.article_id, error)
        return None


def text_lost(it: Crawl, page: Page, article: Article) -> TextLost:
    """Keep the page of an article that came back without its text, for whoever mends the parser."""
    known = it.tools.store.articles.get(article.id)
    before = len(known.article.text) if known else 0
    error = TextLost(page.url, before=before, now=len(article.text))
    it.tools.store.quarantine.keep(page, it.source.name, error)
    return error


@contextmanager
def quarantined(it: Crawl, page: Page, asked: str) -> Iterator[None]:
    """Keep a page that its parser could not read, and say what it is: another layout, or a wall."""
    try:
        yield
    except ParserFailed as error:
        it.tools.store.quarantine.keep(page, it.source.name, error)
        raise
    except (LayoutChanged, NotAnArticle) as error:
        said = named(error, page, asked)
        if isinstance(said, LayoutChanged | Blocked):
            it.tools.store.quarantine.keep(page, it.source.name, said)
        raise said from (None if said is error else error)
