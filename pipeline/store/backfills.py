"""The past of sources: which ranges were asked for, and which visits wait for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pipeline.discover.archives import Days
from pipeline.records import Entry
from pipeline.store.aliases import Aliases
from pipeline.store.connection import Connection
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp
from pipeline.store.visit import Visit, visit_of

_IN_RANGE = "source = :source AND backfill_day BETWEEN :first AND :last"
_LISTED = """
    SELECT b.*, (SELECT count(*) FROM backfill_days d WHERE d.source = b.source AND d.done
            AND d.day BETWEEN b.from_day AND b.to_day) AS days_done,
        (SELECT count(DISTINCT archive) FROM backfill_days d WHERE d.source = b.source
            AND d.day BETWEEN b.from_day AND b.to_day) AS archives,
        (SELECT count(*) FROM backfill_sitemaps s WHERE s.backfill = b.id) AS sitemaps,
        (SELECT count(read_at) FROM backfill_sitemaps s WHERE s.backfill = b.id) AS sitemaps_done,
        (SELECT count(*) FROM visits v WHERE v.backfill = b.id) AS found,
        (SELECT count(*) FROM visits v WHERE v.backfill = b.id AND v.state = 'settled') AS done,
        (SELECT count(*) FROM visits v WHERE v.backfill = b.id AND v.state = 'given_up') AS given_up,
        (SELECT count(*) FROM visits v WHERE v.source = b.source
            AND v.backfill_day BETWEEN b.from_day AND b.to_day AND v.state = 'open') AS waiting
    FROM backfills b
"""


@dataclass(frozen=True, slots=True)
class Backfill:
    """A range of a source's past: a row of `backfills`."""

    id: int
    source: str
    days: Days
    finished_at: datetime | None


@dataclass(frozen=True)
class Backfills:
    """Table `backfills`, and the visits that wait for one."""

    store: Connection

    def begin(self, source: str, days: Days, at: datetime, *, again: bool = False) -> Backfill:
        """Return the backfill of a range, a new one or the one that was begun before.

        With `again` what was read of its listings counts as not read. The caller holds the lock.
        """
        span, now = _span(source, days), stamp(at)
        with self.store.writing() as db:
            db.conn.execute(
                "INSERT INTO backfills (source, from_day, to_day, started_at, updated_at)"
                " VALUES (:source, :first, :last, :now, :now) ON CONFLICT DO UPDATE"
                " SET updated_at = :now, outcome = 'running', detail = ''"
                " WHERE finished_at IS NULL OR :again",
                span | {"now": now, "again": again},
            )
            (row,) = self.store.rows(
                "SELECT * FROM backfills"
                " WHERE source = :source AND from_day = :first AND to_day = :last",
                span,
            )
            if again:
                db.conn.execute(
                    "DELETE FROM backfill_days WHERE source = :source"
                    " AND day BETWEEN :first AND :last",
                    span,
                )
                db.conn.execute("DELETE FROM backfill_sitemaps WHERE backfill = ?", [row["id"]])
                db.conn.execute("UPDATE backfills SET finished_at = NULL WHERE id = ?", [row["id"]])
        finished_at = None if again else moment(row["finished_at"])
        return Backfill(row["id"], source, days, finished_at)

    def note(
        self, it: Backfill, outcome: str, detail: str, at: datetime, *, finished: bool
    ) -> None:
        """Note how a backfill is going; `finished`: there is nothing left of it."""
        with self.store.writing() as db:
            db.conn.execute(
                "UPDATE backfills SET updated_at = ?1, outcome = ?2, detail = ?3,"
                " finished_at = iif(?4, ?1, NULL) WHERE id = ?5",
                [stamp(at), outcome, storable(detail), finished, it.id],
            )

    def discover(
        self, it: Backfill, entries: Sequence[tuple[Entry, date]], at: datetime, *, dated: bool
    ) -> int:
        """Open a visit, under a day of the past, for every article that is neither stored nor known.

        One that was given up is tried again. `dated`: times of the entries are of the publisher's own.
        Returns how many wait now. One transaction: after it no crash loses a URL.
        """
        found = [(storable(entry), str(day)) for entry, day in entries]
        known = Aliases(self.store).of(entry.article_id for entry, _ in found)
        named = [
            (replace(e, article_id=known.get(e.article_id, e.article_id)), day) for e, day in found
        ]
        now = stamp(at)
        with self.store.writing() as db:
            before = db.conn.total_changes
            db.conn.executemany(
                "INSERT OR IGNORE INTO visits (article_id, source, url, listed_url, state,"
                " first_listed_at, not_before, published_at, backfill, backfill_day)"
                " SELECT ?1, ?2, ?3, ?4, 'open', ?5, ?5, ?6, ?7, ?8"
                " WHERE NOT EXISTS (SELECT 1 FROM articles WHERE id = ?1)",
                [
                    (e.article_id, it.source, e.url, e.listed_url, now,
                     stamp(e.published_at) if dated else None, it.id, day)
                    for e, day in named
                ],
            )  # fmt: skip
            db.conn.executemany(
                "UPDATE visits SET state = 'open', tries = 0, not_before = ?, backfill = ?,"
                " backfill_day = ? WHERE article_id = ? AND state = 'given_up' AND source = ?",
                [(now, it.id, day, e.article_id, it.source) for e, day in named],
            )
            return int(db.conn.total_changes - before)

    def due(self, it: Backfill, upto: date, now: datetime, limit: int) -> list[Visit]:
        """Return visits of the range up to a day whose time has come, oldest first.

        Visits were opened as the listings have them: of a day, newest first.
        """
        rows = self.store.rows(
            f"SELECT * FROM visits WHERE {_IN_RANGE} AND not_before <= :now"  # noqa: S608
            " ORDER BY backfill_day, seq DESC LIMIT :limit",
            _span(it.source, Days(it.days.first, upto)) | {"now": stamp(now), "limit": limit},
        )
        return [visit_of(row) for row in rows]

    def count_waiting(self, it: Backfill) -> int:
        """Return how many articles of the range are still to be fetched."""
        (row,) = self.store.rows(
            f"SELECT count(*) AS n FROM visits WHERE {_IN_RANGE} AND state = 'open'",  # noqa: S608
            _span(it.source, it.days),
        )
        return int(row["n"])

    def count_done(self, it: Backfill) -> int:
        """Return how many articles that it opened are done with."""
        (row,) = self.store.rows(
            "SELECT count(*) AS n FROM visits WHERE backfill = ? AND backfill_day IS NULL", [it.id]
        )
        return int(row["n"])

    def count_outside(self, it: Backfill, start: datetime, end: datetime) -> int:
        """Return how many articles it brought that were published before `start`, or from `end` on."""
        (row,) = self.store.rows(
            "SELECT count(*) AS n FROM visits v JOIN articles a ON a.id = v.article_id"
            " WHERE v.backfill = ? AND (a.published_at < ? OR a.published_at >= ?)",
            [it.id, stamp(start), stamp(end)],
        )
        return int(row["n"])

    def all(self) -> list[dict[str, Any]]:
        """Return every backfill with how far it is, the newest first."""
        return self.store.rows(f"{_LISTED} ORDER BY b.id DESC")

    def filled(self, source: str) -> list[Days]:
        """Return the ranges of a source that were backfilled to their end and named articles."""
        rows = self.store.rows(
            "SELECT from_day, to_day FROM backfills b WHERE source = ? AND finished_at NOT NULL"
            " AND (EXISTS (SELECT 1 FROM backfill_days d WHERE d.source = b.source AND d.done"
            "  AND d.day BETWEEN b.from_day AND b.to_day)"
            " OR EXISTS (SELECT 1 FROM backfill_sitemaps s WHERE s.backfill = b.id AND s.listed > 0))"
            " ORDER BY from_day, to_day",
            [source],
        )
        return [days_of(row["from_day"], row["to_day"]) for row in rows]


def _span(source: str, days: Days) -> dict[str, Any]:
    return {"source": source, "first": str(days.first), "last": str(days.last)}


def days_of(first: str, last: str) -> Days:
    """Return the days from one stored day to another."""
    return Days(date.fromisoformat(first), date.fromisoformat(last))
