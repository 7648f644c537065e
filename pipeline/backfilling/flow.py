"""The backfill of one source, from its listings of the past to settled visits; what errors do: `crawl.py`.

Nothing of it is a row of `runs`, and nothing is learned from it: health, rhythm and alerts are of the present.
"""

from __future__ import annotations

from asyncio import CancelledError
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from pipeline import portals
from pipeline.backfilling.days import read_days
from pipeline.backfilling.sitemaps import read_sitemaps
from pipeline.backfilling.work import Order, Work, new_tally
from pipeline.crawl import prune
from pipeline.discover.publisher import portal_of
from pipeline.errors import ConfigError, StoreError
from pipeline.reading import Reader
from pipeline.records import CrawlReport, Source
from pipeline.under_way import crawl_of
from pipeline.visiting import Crawl, Tools


@dataclass(frozen=True, slots=True)
class Done:
    """How a backfill went. `report` is of this command, its `open` what still waits of the range.

    `finished`: nothing is left of the range; `before`: so it was already. `outside` of the articles were
    published on other days, as their pages say. `notes` are sentences about what was left out.
    """

    report: CrawlReport
    finished: bool
    before: bool = False
    outside: int = 0
    notes: tuple[str, ...] = ()


def archives_of(source: Source) -> tuple[str, ...]:
    """Return where a source lists its past by date: as configured, else as its portal knows it."""
    if source.archive or source.kind != "portal":
        return source.archive
    portal = portals.named(source.portal)
    known = (portals.archive_of(portal, listing) for listing in source.listings)
    return tuple(dict.fromkeys(filter(None, known)))


def _refuse_without_past(source: Source) -> None:
    """Refuse a source of whose past nothing is known.

    Raises:
        ConfigError: it has neither an archive by date nor sitemaps; says what can be done.
    """
    if archives_of(source) or source.kind == "sitemap":
        return
    raise ConfigError(
        f"{source.name}: nothing is known of its past. A {source.kind} shows what is new; give the source an"
        ' archive = "https://…?date={date}&page={page}" if the site lists its articles by date, make a source'
        " of its sitemap (sitemap = …), or read saved pages by `gisa import`"
    )


async def backfill(order: Order, tools: Tools) -> Done:
    """Fetch what a source published on some days. The caller holds the lock of its backfills.

    Raises:
        ConfigError: nothing is known of its past.
        StoreError: the database failed. Errors of single pages never rise; they are in the report.
    """
    _refuse_without_past(order.source)
    work = _begun(order, tools)
    if work.row.finished_at:
        return Done(work.total, finished=True, before=True)
    try:
        with crawl_of(order.source.name, None):
            is_whole = await _read(work)
            prune(work.it)
    except BaseException as error:
        by = "a signal" if isinstance(error, CancelledError) else type(error).__name__
        with suppress(StoreError):  # what stopped it is what rises
            tools.store.backfills.note(
                work.row, "failed", f"stopped by {by}", tools.clock(), finished=False
            )
        raise
    return _ended(work, is_whole=is_whole)


def _begun(order: Order, tools: Tools) -> Work:
    source, store, now = order.source, tools.store, tools.clock()
    store.sources.remember(source, now)
    row = store.backfills.begin(source.name, order.days, now, again=order.again)
    portal = portal_of(source)
    total = CrawlReport(source.name, now, now, "ok")
    reader = Reader(portal, source.permission, tools.keep_emails)
    it = Crawl(source, portal, tools, new_tally(total), reader)
    waiting = store.backfills.count_waiting(row)
    done = store.backfills.count_done(row)
    return Work(order, row, it, total, tools.limit, waiting=waiting, done_before=done)


async def _read(work: Work) -> bool:
    archives = archives_of(work.order.source)
    return await (read_days(work, archives) if archives else read_sitemaps(work))


def _ended(work: Work, *, is_whole: bool) -> Done:
    work.fold()
    store, days, now = work.store, work.order.days, work.it.tools.clock()
    waiting = store.backfills.count_waiting(work.row)
    report = replace(work.total, finished_at=now, open=waiting)
    finished = is_whole and not waiting and report.outcome == "ok"
    store.backfills.note(work.row, report.outcome, report.detail, now, finished=finished)
    start, end = work.start_of(days.first), work.start_of(days.last + timedelta(days=1))
    outside = store.backfills.count_outside(work.row, start, end)
    return Done(report, finished, outside=outside, notes=tuple(work.notes))
