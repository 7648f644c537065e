"""Pages that a parser could not read, kept whole: the evidence for whoever mends the parser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from pipeline.encoding import decode
from pipeline.errors import PageError
from pipeline.records import Page
from pipeline.store.connection import Connection
from pipeline.store.pages import Pages
from pipeline.store.space import BATCH, delete_in_batches
from pipeline.store.storable import storable
from pipeline.store.times import stamp

_OF_TEXT = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Quarantine:
    """Table `quarantine`; the pages themselves are in `pages`."""

    store: Connection
    pages: Pages

    def keep(self, page: Page, source: str, error: PageError) -> None:
        """Keep a page once by its content; the same page again only counts."""
        body, content_type = page.raw, page.content_type
        if body is None:  # a page that was not fetched, such as a saved one
            body, content_type = page.html.encode("utf-8", "replace"), _OF_TEXT
        packed = self.pages.pack_alone(body)
        seen, url, detail = stamp(page.fetched_at), storable(page.url), storable(error.detail)
        with self.store.writing() as db:
            self.pages.write(db, packed)
            db.execute(
                "INSERT INTO quarantine"
                " (url, source, reason, detail, page, first_seen_at, last_seen_at, content_type)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url, page) DO UPDATE SET"
                " last_seen_at = excluded.last_seen_at, times = times + 1, detail = excluded.detail",
                [
                    url, source, error.reason, detail, packed.digest, seen, seen,
                    storable(content_type),
                ],
            )  # fmt: skip

    def all(
        self, limit: int = 100, offset: int = 0, source: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the newest kept pages, of one source or all, without their bodies."""
        return self.store.rows(
            "SELECT id, url, source, reason, detail, first_seen_at, last_seen_at, times"
            " FROM quarantine WHERE ?1 IS NULL OR source = ?1"
            " ORDER BY last_seen_at DESC, id DESC LIMIT ?2 OFFSET ?3",
            [source, limit, offset],
        )

    def get(self, number: int) -> dict[str, Any] | None:
        """Return what is known of one kept page, its `size` in bytes among it; None where there is none."""
        rows = self.store.rows(
            "SELECT q.*, p.size FROM quarantine q JOIN pages p ON p.hash = q.page WHERE q.id = ?",
            [number],
        )
        return rows[0] if rows else None

    def html(self, number: int) -> str | None:
        """Return the kept page of a quarantine row.

        Raises:
            PageDamaged: it cannot be unpacked.
        """
        rows = self.store.rows("SELECT page, content_type FROM quarantine WHERE id = ?", [number])
        if not rows:
            return None
        return decode(self.pages.read(rows[0]["page"]), rows[0]["content_type"]).text

    def count(self, source: str | None = None) -> int:
        """Return how many pages are kept."""
        (row,) = self.store.rows(
            "SELECT count(*) AS n FROM quarantine WHERE ? IS NULL OR source = ?", [source, source]
        )
        return int(row["n"])

    def by_reason(self) -> list[dict[str, Any]]:
        """Return how many pages of each source are kept for which reason, and when the last of them came."""
        return self.store.rows(
            "SELECT source, reason, count(*) AS pages, max(last_seen_at) AS last_seen_at"
            " FROM quarantine GROUP BY source, reason ORDER BY source, pages DESC, reason"
        )

    def count_old(self, before: datetime) -> int:
        """Return how many rows `prune` would delete."""
        (row,) = self.store.rows(
            "SELECT count(*) AS n FROM quarantine WHERE last_seen_at < ?", [stamp(before)]
        )
        return int(row["n"])

    def prune(self, before: datetime) -> int:
        """Delete what was last seen before a time, with pages that nothing refers to any more.

        Returns:
            How many rows of `quarantine` went.
        """
        return delete_in_batches(self.store, lambda db: self._delete_some(db, stamp(before)))

    def _delete_some(self, db: Database, before: str) -> int:
        deleted = db.conn.execute(
            "DELETE FROM quarantine WHERE id IN"
            " (SELECT id FROM quarantine WHERE last_seen_at < ? LIMIT ?) RETURNING page",
            [before, BATCH],
        ).fetchall()
        self.pages.drop_unused(db, {row["page"] for row in deleted})
        return len(deleted)
