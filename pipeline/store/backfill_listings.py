"""What was read of the past by its days and by its sitemaps, so that nothing is read twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pipeline.discover.archives import Days
from pipeline.store.backfills import Backfill, days_of
from pipeline.store.connection import Connection
from pipeline.store.storable import storable
from pipeline.store.times import stamp


@dataclass(frozen=True, slots=True)
class DayRead:
    """How far the pages of a day were read: `seen` are the digests of what they named, eight bytes each."""

    pages: int = 0
    listed: int = 0
    seen: bytes = b""
    done: bool = False


@dataclass(frozen=True, slots=True)
class ToRead:
    """A sitemap that is to be read; `period` is what its address says of the days in it."""

    url: str
    depth: int = 0
    period: Days | None = None


@dataclass(frozen=True)
class BackfillListings:
    """Tables `backfill_days` and `backfill_sitemaps`."""

    store: Connection

    def day(self, source: str, archive: str, day: date) -> DayRead | None:
        """Return how far a day of an archive was read; None where nobody began."""
        rows = self.store.rows(
            "SELECT pages, listed, seen, done FROM backfill_days"
            " WHERE source = ? AND archive = ? AND day = ?",
            [source, archive, str(day)],
        )
        return next(
            (DayRead(r["pages"], r["listed"], r["seen"] or b"", bool(r["done"])) for r in rows),
            None,
        )

    def note_day(self, source: str, archive: str, day: date, read: DayRead, at: datetime) -> None:
        """Note how far a day was read. Call it in the transaction that opened the visits of its page."""
        with self.store.writing() as db:
            db.conn.execute(
                "INSERT INTO backfill_days (source, archive, day, pages, listed, seen, read_at, done)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, archive, day) DO UPDATE SET"
                " pages = excluded.pages, listed = excluded.listed, seen = excluded.seen,"
                " read_at = excluded.read_at, done = excluded.done",
                [source, archive, str(day), read.pages, read.listed,
                 None if read.done else read.seen, stamp(at), read.done],
            )  # fmt: skip

    def forget_day(self, source: str, archive: str, day: date) -> None:
        """Forget what was read of a day."""
        with self.store.writing() as db:
            db.conn.execute(
                "DELETE FROM backfill_days WHERE source = ? AND archive = ? AND day = ?",
                [source, archive, str(day)],
            )

    def good_day(self, source: str, archive: str) -> date | None:
        """Return the newest day of an archive that named articles; None where none did."""
        (row,) = self.store.rows(
            "SELECT max(day) AS day FROM backfill_days WHERE source = ? AND archive = ? AND listed > 0",
            [source, archive],
        )
        return date.fromisoformat(row["day"]) if row["day"] else None

    def add_sitemaps(self, it: Backfill, sitemaps: Iterable[ToRead]) -> None:
        """Note sitemaps that are to be read; those that are noted already stay as they are."""
        with self.store.writing() as db:
            db.conn.executemany(
                "INSERT INTO backfill_sitemaps (backfill, url, depth, first_day, last_day)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [
                    (it.id, storable(s.url), s.depth,
                     str(s.period.first) if s.period else None,
                     str(s.period.last) if s.period else None)
                    for s in sitemaps
                ],
            )  # fmt: skip

    def unread_sitemaps(self, it: Backfill) -> list[ToRead]:
        """Return the sitemaps that are still to be read, indexes first."""
        rows = self.store.rows(
            "SELECT url, depth, first_day, last_day FROM backfill_sitemaps"
            " WHERE backfill = ? AND read_at IS NULL ORDER BY depth, first_day, url",
            [it.id],
        )
        return [
            ToRead(row["url"], row["depth"], _period(row["first_day"], row["last_day"]))
            for row in rows
        ]

    def sitemap_read(self, it: Backfill, url: str, listed: int, at: datetime) -> None:
        """Note that a sitemap was read, and how many articles of the range it named."""
        with self.store.writing() as db:
            db.conn.execute(
                "UPDATE backfill_sitemaps SET read_at = ?, listed = ? WHERE backfill = ? AND url = ?",
                [stamp(at), listed, it.id, storable(url)],
            )

    def counts_of_sitemaps(self, it: Backfill) -> tuple[int, int, int]:
        """Return how many sitemaps were read, how many there are, and what they named of the range."""
        (row,) = self.store.rows(
            "SELECT count(read_at) AS done, count(*) AS n, coalesce(sum(listed), 0) AS listed"
            " FROM backfill_sitemaps WHERE backfill = ?",
            [it.id],
        )
        return row["done"], row["n"], row["listed"]


def _period(first: str | None, last: str | None) -> Days | None:
    return days_of(first, last) if first and last else None
