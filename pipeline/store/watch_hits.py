"""Which articles watches found, and how far each has looked: what a crash left out is looked at next time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline.store.connection import Connection
from pipeline.store.times import moment, stamp

_OVERLAP = timedelta(minutes=2)
"""An edit is dated by its fetch and written a little later, after others that were fetched later."""
_STALE = timedelta(days=7)
"""A watch that was not in force for so long begins anew; a match so old is no news either."""
_FIELDS = (
    "a.seq, a.id, a.source, a.revision, a.headline, a.subheadline, a.summary, a.text, a.keywords,"
    " a.section, a.publisher"
)
_TOLD = "a.headline, a.publisher, a.published_at, a.first_seen_at, a.url, a.source"

_OF_THE_PAST = (
    "SELECT 1 FROM visits v WHERE v.article_id = a.id AND v.backfill NOT NULL"
    " AND julianday(a.published_at) < julianday(a.first_seen_at) - 7"
)
"""Articles that a backfill brought more than a week after they were published are no news."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a watch has looked: at articles by their number, at edits by their time."""

    seq: int
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that a watch found, with the terms that occur in it."""

    watch: str
    article_id: str
    revision: int
    terms: tuple[str, ...]


@dataclass(frozen=True)
class WatchHits:
    """Tables `watches` and `watch_hits`."""

    store: Connection

    def cursors(self, names: Sequence[str], began: datetime, now: datetime) -> dict[str, Cursor]:
        """Return how far each watch has looked; a new one begins with what was stored since `began`."""
        rows = self.store.rows(
            "SELECT name, seq, edited_at FROM watches WHERE looked_at > ?", [stamp(now - _STALE)]
        )
        known = {row["name"]: Cursor(row["seq"], moment(row["edited_at"])) for row in rows}
        if all(name in known for name in names):
            return {name: known[name] for name in names}
        (row,) = self.store.rows(
            "SELECT coalesce(min(seq) - 1, (SELECT coalesce(max(seq), 0) FROM articles)) AS seq"
            " FROM articles WHERE first_seen_at >= ?",
            [stamp(began)],
        )
        start = Cursor(row["seq"], began + _OVERLAP)
        return {name: known.get(name, start) for name in names}

    def new_articles(self, after: int, limit: int) -> list[dict[str, Any]]:
        """Return articles in the order in which they were stored first."""
        return self.store.rows(
            f"SELECT {_FIELDS} FROM articles a WHERE seq > ? AND NOT EXISTS ({_OF_THE_PAST})"  # noqa: S608
            " ORDER BY seq LIMIT ?",
            [after, limit],
        )

    def edited_articles(self, since: datetime, limit: int) -> list[dict[str, Any]]:
        """Return articles as they are now that their publisher edited, with `edited_at`, oldest edit first."""
        return self.store.rows(
            f"SELECT {_FIELDS}, r.seen_at AS edited_at FROM revisions r"  # noqa: S608
            " JOIN articles a ON a.id = r.article_id WHERE r.revision > 1 AND r.seen_at >= ?"
            " AND r.cause IN ('publisher', 'restored') AND a.removed_at IS NULL"
            " ORDER BY r.seen_at LIMIT ?",
            [stamp(since - _OVERLAP), limit],
        )

    def looked(self, hits: Iterable[Hit], cursors: dict[str, Cursor], at: datetime) -> None:
        """Keep what was found and how far was looked, in one transaction. An article is found once a watch."""
        with self.store.writing() as db:
            db.conn.executemany(
                "INSERT INTO watch_hits (watch, article_id, revision, terms, found_at)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [
                    (h.watch, h.article_id, h.revision,
                     json.dumps(h.terms, ensure_ascii=False), stamp(at))
                    for h in hits
                ],
            )  # fmt: skip
            db.conn.executemany(
                "INSERT INTO watches (name, seq, edited_at, looked_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq),"
                " edited_at = max(edited_at, excluded.edited_at), looked_at = excluded.looked_at",
                [(name, c.seq, stamp(c.edited_at), stamp(at)) for name, c in cursors.items()],
            )

    def unsent(self, watch: str, now: datetime) -> list[dict[str, Any]]:
        """Return what a watch found and no digest told, oldest first."""
        return self._hits(
            f"SELECT h.*, {_TOLD} FROM watch_hits h JOIN articles a ON a.id = h.article_id"  # noqa: S608
            " WHERE h.watch = ? AND h.sent_at IS NULL AND h.found_at > ? ORDER BY h.id",
            [watch, stamp(now - _STALE)],
        )

    def digest_at(self, watch: str) -> datetime | None:
        """Return when the last digest of a watch was written."""
        rows = self.store.rows("SELECT digest_at FROM watches WHERE name = ?", [watch])
        return moment(rows[0]["digest_at"]) if rows else None

    def digested(self, watch: str, hits: Iterable[dict[str, Any]], at: datetime) -> None:
        """Note that a digest tells of these."""
        with self.store.writing() as db:
            db.conn.executemany(
                "UPDATE watch_hits SET sent_at = ? WHERE id = ?",
                [(stamp(at), hit["id"]) for hit in hits],
            )
            db.execute("UPDATE watches SET digest_at = ? WHERE name = ?", [stamp(at), watch])

    def found(self, watch: str | None, since: datetime, limit: int) -> list[dict[str, Any]]:
        """Return what a watch, or all of them, found since a time, newest first."""
        return self._hits(
            f"SELECT h.*, {_TOLD} FROM watch_hits h JOIN articles a ON a.id = h.article_id"  # noqa: S608
            " WHERE (? IS NULL OR h.watch = ?) AND h.found_at >= ? ORDER BY h.id DESC LIMIT ?",
            [watch, watch, stamp(since), limit],
        )

    def stored_since(self, since: datetime, after: int, limit: int) -> list[dict[str, Any]]:
        """Return articles stored since a time, in order, for a look that keeps nothing."""
        return self.store.rows(
            f"SELECT {_FIELDS}, a.url, a.published_at, a.first_seen_at FROM articles a"  # noqa: S608
            " WHERE first_seen_at >= ? AND seq > ? ORDER BY seq LIMIT ?",
            [stamp(since), after, limit],
        )

    def _hits(self, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        rows = self.store.rows(sql, values)
        return [row | {"terms": json.loads(row["terms"])} for row in rows]
