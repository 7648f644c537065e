"""Sitemaps of the past: each is read once for a range, and of it what was published on its days.

The day of an article is that of `news:publication_date`, else the day in its address, else the month or day
in the address of its sitemap, else `lastmod`. The last is an upper bound only: an article that was published in
the range and edited later has a later one, and cannot be told from what was published later; it is left out,
and counted. So are addresses that tell no time at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from pipeline.backfilling.work import Work
from pipeline.crawl import react
from pipeline.discover.archives import Days, day_of, period_of
from pipeline.discover.robots_sitemaps import sitemaps_in_robots
from pipeline.discover.sitemaps import Child, Sitemap, parse_sitemap
from pipeline.errors import Gone, LayoutChanged, PageError
from pipeline.fetch.media import SITEMAP
from pipeline.records import Entry, Page
from pipeline.store.backfill_listings import ToRead
from pipeline.under_way import page_line

_DEEPEST = 3  # an index of indexes of sitemaps
_MARGIN = timedelta(days=1)
"""A sitemap of a month may count days by another zone than ours."""
_SCHEME_LEAST = 2
"""Sitemaps of an index with different months in their addresses that make it a scheme and no chance."""


@dataclass
class _Choice:
    """Which addresses of a sitemap are of the range, and under which day."""

    work: Work
    period: Days | None
    later: int = 0
    undated: int = 0

    def __call__(self, url: str, published: datetime | None, modified: datetime | None) -> bool:
        return self.day(url, published, modified, counts=True) is not None

    def day(
        self,
        url: str,
        published: datetime | None,
        modified: datetime | None,
        *,
        counts: bool = False,
    ) -> date | None:
        """Return the day of the range under which an address is fetched; None where it is not of the range."""
        days = self.work.order.days
        known = self.work.day_at(published) if published else day_of(url)
        if known:
            return known if known in days else None
        changed = self.work.day_at(modified) if modified else None
        if self.period:
            is_before = changed is not None and changed < days.first
            may_be = days.meets(self.period) and not is_before
            return max(self.period.first, days.first) if may_be else None
        if changed is None:
            self.undated += counts
            return None
        self.later += counts and changed > days.last
        return changed if changed in days else None


async def read_sitemaps(work: Work) -> bool:
    """Read every sitemap of the source that may name articles of the range, then fetch these.

    Returns whether all of them were read.
    """
    listings, order = work.store.backfill_listings, work.order
    listings.add_sitemaps(work.row, [ToRead(url) for url in order.source.listings])
    work.unit = "sitemaps"
    failed: set[str] = set()
    later = undated = 0
    while not work.is_over:
        work.listings_done, work.listings, _ = listings.counts_of_sitemaps(work.row)
        unread = [it for it in listings.unread_sitemaps(work.row) if it.url not in failed]
        if not unread:
            break
        choice = await _read(work, unread[0])
        if choice is None:
            failed.add(unread[0].url)
        else:
            later, undated = later + choice.later, undated + choice.undated
    _note_left_out(work, later, undated)
    is_whole = not failed and not work.is_over
    await work.visit_waiting(order.days.last)
    return is_whole


def _note_left_out(work: Work, later: int, undated: int) -> None:
    _, _, listed = work.store.backfill_listings.counts_of_sitemaps(work.row)
    if later:
        work.notes.append(f"{later} addresses changed after these days, and tell no other time")
    if undated:
        work.notes.append(f"{undated} addresses tell no time")
    if not listed and not work.is_over:
        work.notes.append("the sitemaps name no article of these days")


async def _read(work: Work, sitemap: ToRead) -> _Choice | None:
    """Read a sitemap; None where it could not be had or read."""
    await work.order.give_way()
    work.tell(sitemap.url)
    choice = _Choice(work, sitemap.period)
    with page_line(work.order.source.name, sitemap.url) as line:
        try:
            page = await work.it.tools.fetcher.page(sitemap.url, media=SITEMAP, meter=work.it.meter)
            assert page is not None, "an unconditional request is never answered by 304"
            work.it.tally.answered()
            found = _parsed(page, sitemap.url, choice)
        except PageError as error:
            line.outcome = error.reason
            return _failed(work, sitemap, error, choice)
        line.outcome = "listed"
    _write(work, sitemap, found, choice)
    return choice


def _failed(work: Work, sitemap: ToRead, error: PageError, choice: _Choice) -> _Choice | None:
    """One sitemap of many that fails is a problem and no end; the source's own ends it, as in a crawl."""
    if isinstance(error, LayoutChanged | Gone) and sitemap.depth:
        work.it.tally.note(error, "errors")
    else:
        react(work.it, error, visit=None)
    if not isinstance(error, Gone):
        return None
    work.store.backfill_listings.sitemap_read(work.row, sitemap.url, 0, work.it.tools.clock())
    return choice


def _parsed(page: Page, url: str, choice: _Choice) -> Sitemap:
    if urlsplit(url).path != "/robots.txt":
        return parse_sitemap(page, chosen=choice)
    children = sitemaps_in_robots(page)
    if not children:
        raise LayoutChanged(page.url, "Sitemap: lines", expected=1, found=0)
    return Sitemap(children=list(children))


def _write(work: Work, sitemap: ToRead, found: Sitemap, choice: _Choice) -> None:
    entries: list[tuple[Entry, date]] = []
    for entry in found.entries:
        day = choice.day(entry.url, entry.published_at, entry.modified_at)
        # the address without its tracking may tell less than the one that was chosen
        entries.append((entry, day or work.order.days.first))
    store, now = work.store, work.it.tools.clock()
    with store.writing():
        if sitemap.depth < _DEEPEST:
            children = _to_read(work, found.children, sitemap.depth + 1)
            store.backfill_listings.add_sitemaps(work.row, children)
        store.backfills.discover(work.row, entries, now, dated=True)
        store.backfill_listings.sitemap_read(work.row, sitemap.url, len(entries), now)
    work.found(len(entries))


def _to_read(work: Work, children: Sequence[Child], depth: int) -> list[ToRead]:
    """Return those that may name articles of the range.

    One that has not changed since before the range names none of it; nor does one whose address speaks of
    another month, where the addresses of its index are so.
    """
    days = work.order.days
    periods = {child.url: period_of(child.url) for child in children}
    if len({it for it in periods.values() if it}) < _SCHEME_LEAST:
        periods = {}
    found = []
    for child in children:
        period = periods.get(child.url)
        is_older = child.modified_at and work.day_at(child.modified_at) < days.first - _MARGIN
        if not is_older and (period is None or period.meets(days, _MARGIN)):
            found.append(ToRead(child.url, depth, period))
    return found
