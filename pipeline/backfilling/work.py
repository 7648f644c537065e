"""A backfill under way: its articles are fetched one by one, by the same steps and reactions as a crawl's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, tzinfo

from pipeline.crawl import prune, visit_article
from pipeline.discover.archives import Days
from pipeline.measures import Measures
from pipeline.records import CrawlReport, Source
from pipeline.store import Store
from pipeline.store.backfills import Backfill
from pipeline.tally import Tally
from pipeline.visiting import Crawl

_WINDOW = 50
"""Pages of articles by which it is judged, again and again, whether they can still be had and read: a long
backfill must not ask for thousands in vain before it says so."""
_PROBLEMS_MOST = 100
_PRUNED_EVERY = 200
_COUNTERS = (
    "listed", "new", "revised", "unchanged", "removed", "skipped", "quarantined", "errors",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """How far a backfill is.

    `listings_done` of `listings` days or sitemaps (`unit`) were read. `done` of `known` articles were fetched,
    `done_now` of them by this command; as long as listings are unread there may be more.
    """

    source: str
    unit: str
    listings_done: int
    listings: int
    done: int
    known: int
    done_now: int
    at: str = ""


@dataclass(frozen=True)
class Order:
    """What is asked for: the days of a source, by the calendar of `zone`.

    `give_way` is awaited before every request, and returns when nobody else wants the host.
    """

    source: Source
    days: Days
    zone: tzinfo
    give_way: Callable[[], Awaitable[None]]
    progress: Callable[[Told], None]
    again: bool = False


@dataclass
class Work:
    """The state of a backfill; `it` is its crawl, with the tally of the last pages alone."""

    order: Order
    row: Backfill
    it: Crawl
    total: CrawlReport
    left: int | None
    unit: str = "days"
    listings_done: int = 0
    listings: int = 0
    done_before: int = 0
    done: int = 0
    waiting: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def store(self) -> Store:
        """The database."""
        return self.it.tools.store

    @property
    def is_over(self) -> bool:
        """Is there nothing more to do: it was ended, or as many articles were fetched as were wanted?"""
        return self.it.tally.ended or self.total.outcome != "ok" or self.left == 0

    def start_of(self, day: date) -> datetime:
        """Return when a day begins."""
        return datetime.combine(day, time(), self.order.zone)

    def day_at(self, at: datetime) -> date:
        """Return the day on which a time lies."""
        return at.astimezone(self.order.zone).date()

    def tell(self, at: str = "") -> None:
        """Show how far it is."""
        known = self.done_before + self.done + self.waiting
        self.order.progress(
            Told(
                self.order.source.name, self.unit, self.listings_done, self.listings,
                self.done_before + self.done, known, self.done, at,
            )
        )  # fmt: skip

    def found(self, listed: int) -> None:
        """Note what a listing named, after its visits were opened."""
        self.it.tally.count("listed", listed)
        self.waiting = self.store.backfills.count_waiting(self.row)

    async def visit_waiting(self, upto: date) -> None:
        """Fetch what waits of the range up to a day, oldest first."""
        backfills, clock = self.store.backfills, self.it.tools.clock
        while not self.is_over:
            await self.order.give_way()
            # one at a time: meanwhile a crawl may have listed the next one and taken it
            visits = backfills.due(self.row, upto, clock(), 1)
            if not visits:
                return
            (visit,) = visits
            await visit_article(self.it, visit)
            self.done += 1
            self.waiting = max(0, self.waiting - 1)
            if self.left is not None:
                self.left -= 1
            self._judge()
            if self.done % _PRUNED_EVERY == 0:
                prune(self.it)
            self.tell(visit.url)

    def _judge(self) -> None:
        tally = self.it.tally
        if tally.report.errors >= _WINDOW:
            last = tally.report.problems[-1].detail
            tally.end("failed", f"{_WINDOW} pages could not be had, the last: {last}")
        if tally.judged >= _WINDOW:
            self.fold()

    def fold(self) -> None:
        """Judge the pages since the last time, and add them to the whole."""
        report = self.it.tally.verdict(self.it.tools.clock(), 0)
        self.total = _added(self.total, report)
        self.it = replace(self.it, tally=new_tally(self.total), measures=Measures())


def new_tally(total: CrawlReport) -> Tally:
    """Return an empty tally. That no listing was read is no failure: they may have been read before."""
    empty = CrawlReport(total.source, total.started_at, total.started_at, "ok")
    return Tally(empty, listings_read=1)


def _added(total: CrawlReport, report: CrawlReport) -> CrawlReport:
    sums = {name: getattr(total, name) + getattr(report, name) for name in _COUNTERS}
    first = total if total.outcome != "ok" else report
    return replace(
        total,
        outcome=first.outcome,
        detail=first.detail,
        finished_at=report.finished_at,
        problems=(*total.problems, *report.problems)[:_PROBLEMS_MOST],
        **sums,
    )
