"""Listings by date: each day of the range, oldest first, page by page until one names nothing more.

Oldest first, so that articles get their numbers in the order in which they appeared: of copies the original is
found first (docs/stories.md), and what an archive will drop next is read first.

An empty page is how a day ends, and may be how a changed layout looks. So days without an article are believed
only when the archive is seen to name articles on another day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import urlsplit

from pipeline.backfilling.work import Work
from pipeline.crawl import react
from pipeline.discover.archives import is_paged, page_url
from pipeline.discover.publisher import Publisher
from pipeline.errors import BadAnswer, Blocked, Gone, LayoutChanged, NotAnArticle, PageError
from pipeline.portals import Parser
from pipeline.records import Entry, Page
from pipeline.soft_failures import named
from pipeline.store.backfill_listings import DayRead
from pipeline.under_way import page_line

PAGES_A_DAY_MOST = 500
"""Pages of one day that are read; what is behind them is left out, and said."""
_LATE = timedelta(hours=1)
"""So long after its end a day may still get articles."""
_A_DAY = timedelta(days=1)
_DIGEST = 8  # bytes


@dataclass
class Archive:
    """A listing by date under way."""

    work: Work
    template: str
    parser: Parser = field(init=False)
    _held: list[date] = field(default_factory=list)
    """Days that named no article, and are not believed yet."""
    _first: tuple[date, frozenset[str]] | None = None
    """The last day whose first page was read, and which articles that named."""
    _empty: Page | None = None
    """The last page that named nothing."""
    _ended: date | None = None
    """The last day that was read to its end."""

    def __post_init__(self) -> None:
        source = self.work.order.source
        of_links = source.kind in ("portal", "listing")
        self.parser = (
            self.work.it.portal if of_links else Publisher(replace(source, kind="listing"))
        )

    async def read(self, day: date) -> bool:
        """Read what was not read of a day; return whether it is read to its end."""
        listings, name = self.work.store.backfill_listings, self.work.order.source.name
        is_past = self.work.it.tools.clock() >= self.work.start_of(day + _A_DAY) + _LATE
        before = listings.day(name, self.template, day) or DayRead()
        if before.done:
            return True
        if before.pages and not before.listed and is_past:
            self._held.append(day)
            return True
        read = before if is_past else DayRead()
        while not self.work.is_over:
            url = page_url(self.template, day, read.pages + 1)
            entries = await self._entries(url)
            if entries is None or (not read.pages and not self._is_of(day, entries, url)):
                return False
            read = self._noted(day, read, entries, url, is_past=is_past)
            if read.done or (read.pages == 1 and not read.listed):
                return is_past
        return False

    def _noted(
        self, day: date, read: DayRead, entries: Sequence[Entry], url: str, *, is_past: bool
    ) -> DayRead:
        """Write down what a page of a day named, and return how far the day is read by now."""
        known = {read.seen[i : i + _DIGEST] for i in range(0, len(read.seen), _DIGEST)}
        new = {_digest(entry): entry for entry in entries if _digest(entry) not in known}
        wanted = [(entry, when) for entry in new.values() if (when := self._day(entry, day))]
        pages, ends = read.pages + 1, not wanted or not is_paged(self.template)
        if pages == PAGES_A_DAY_MOST and not ends:
            said = f"more than {pages} pages of {day}; what is behind them is left out"
            self.work.it.tally.note(BadAnswer(url, "too_large", said), "errors")
            ends = True
        listed = read.listed + len(wanted)
        is_empty = not listed
        after = DayRead(pages, listed, read.seen + b"".join(new), done=ends and not is_empty)
        store, work = self.work.store, self.work
        now, name = work.it.tools.clock(), work.order.source.name
        with store.writing():
            store.backfills.discover(work.row, wanted, now, dated=False)
            if is_past:
                store.backfill_listings.note_day(name, self.template, day, after, now)
            if wanted:
                self._believe()
        work.found(len(wanted))
        if is_empty and is_past:
            self._held.append(day)
        elif after.done:
            self._ended = day
        return after

    def _day(self, entry: Entry, day: date) -> date | None:
        """Return the day of an entry, if it is one of the range; where it has no time, that of its page."""
        when = self.work.day_at(entry.published_at) if entry.published_at else day
        return when if when in self.work.order.days else None

    def _is_of(self, day: date, entries: Sequence[Entry], url: str) -> bool:
        """An archive that shows the same for two days takes no notice of the date."""
        before, ids = self._first, frozenset(entry.article_id for entry in entries)
        if not ids:
            return True
        self._first = (day, ids)
        if before is None or before[1] != ids:
            return True
        said = f"articles of {day} (it names those of {before[0]}, too)"
        react(self.work.it, LayoutChanged(url, said, expected=1, found=0), visit=None)
        return False

    async def _entries(self, url: str) -> Sequence[Entry] | None:
        """Return what a page names, nothing behind the last one; None where it could not be had."""
        work = self.work
        await work.order.give_way()
        work.tell(url)
        with page_line(work.order.source.name, url) as line:
            try:
                page = await work.it.tools.fetcher.page(url, meter=work.it.meter)
                assert page is not None, "an unconditional request is never answered by 304"
                work.it.tally.answered()
                entries = self._parsed(page, url)
            except Gone:
                entries = ()
            except PageError as error:
                line.outcome = error.reason
                react(work.it, error, visit=None)
                return None
            line.outcome = "listed" if entries else "empty"
            return entries

    def _parsed(self, page: Page, url: str) -> Sequence[Entry]:
        try:
            if urlsplit(page.url).path.rstrip("/") != urlsplit(url).path.rstrip("/"):
                raise LayoutChanged(page.url, f"the page at {url}", expected=1, found=0)
            return self.parser.parse_listing(page)
        except (LayoutChanged, NotAnArticle) as error:
            said = named(error, page, url)
            if isinstance(said, LayoutChanged | Gone):
                self._empty = page
                return ()
            if isinstance(said, Blocked):
                self.work.store.quarantine.keep(page, self.work.order.source.name, said)
            raise said from (None if said is error else error)

    def _believe(self) -> None:
        """Take days that named nothing for days on which nothing appeared."""
        work, listings = self.work, self.work.store.backfill_listings
        for day in self._held:
            read = DayRead(1, 0, done=True)
            now = work.it.tools.clock()
            listings.note_day(work.order.source.name, self.template, day, read, now)
        self._held.clear()

    async def confirm(self) -> bool:
        """Look at a good day once more, if the last days named nothing; return whether all is read."""
        if not self._held or self.work.is_over:
            return not self._held
        listings, name = self.work.store.backfill_listings, self.work.order.source.name
        good = listings.good_day(name, self.template)
        entries = await self._entries(page_url(self.template, good, 1)) if good else ()
        if entries is None:
            return False
        dates = [entry.published_at for entry in entries]
        if any(date is None or self.work.day_at(date) == good for date in dates):
            self._believe()
            return True
        # the page that ended the day before them may have been of the new layout already
        for day in (*self._held, *filter(None, [self._ended])):
            listings.forget_day(name, self.template, day)
        if good:
            said = f"articles of {good}, which were there before"
        else:
            said = "articles of any of these days (is `link` right, does the archive reach back so far?)"
        url = self._empty.url if self._empty else page_url(self.template, self._held[0], 1)
        error = LayoutChanged(url, said, expected=1, found=0)
        if self._empty:
            self.work.store.quarantine.keep(self._empty, name, error)
        react(self.work.it, error, visit=None)
        return False


async def read_days(work: Work, templates: Sequence[str]) -> bool:
    """Read every day of the range and fetch its articles before the next; return whether all days are read."""
    archives = [Archive(work, template) for template in templates]
    work.unit, work.listings = "days", sum(1 for _ in work.order.days)
    is_whole = True
    for day in work.order.days:
        for archive in archives:
            is_whole &= not work.is_over and await archive.read(day)
        if work.is_over:
            return False
        work.listings_done += 1
        await work.visit_waiting(day)
    for archive in archives:
        is_whole &= await archive.confirm()
    return is_whole


def _digest(entry: Entry) -> bytes:
    return hashlib.sha256(entry.article_id.encode()).digest()[:_DIGEST]
