"""Pages that a parser could not read, kept whole: the evidence for whoever mends the parser."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import zstandard
from sqlite_utils import Database

from pipeline.errors import PageError
from pipeline.records import Page
from pipeline.store.connection import Connection
from pipeline.store.space import BATCH, delete_in_batches
from pipeline.store.storable import storable
from pipeline.store.times import stamp

_LEVEL = 9


@dataclass(frozen=True)
class Quarantine:
    """Tables `quarantine` and `pages`."""

    store: Connection

    def keep(self, page: Page, source: str, error: PageError) -> None:
        """Keep a page once by its content; the same page again only counts."""
        body = page.html.encode("utf-8", "replace")
        digest = hashlib.sha256(body).hexdigest()
        seen, url, detail = stamp(page.fetched_at), storable(page.url), storable(error.detail)
        with self.store.writing() as db:
            db.execute(
                "INSERT OR IGNORE INTO pages (hash, url, fetched_at, size, zstd) VALUES (?, ?, ?, ?, ?)",
                [digest, url, seen, len(body), zstandard.compress(body, _LEVEL)],
            )
            db.execute(
                "INSERT INTO quarantine (url, source, reason, detail, page, first_seen_at, last_seen_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url, page) DO UPDATE SET"
                " last_seen_at = excluded.last_seen_at, times = times + 1, detail = excluded.detail",
                [url, source, error.reason, detail, digest, seen, seen],
            )

    def all(self, limit: int = 100) -> list[dict[str, Any]]:
        """Return the newest kept pages, without their bodies."""
        return self.store.rows(
            "SELECT id, url, source, reason, detail, first_seen_at, last_seen_at, times"
            " FROM quarantine ORDER BY last_seen_at DESC, id DESC LIMIT ?",
            [limit],
        )

    def html(self, number: int) -> str | None:
        """Return the kept page of a quarantine row."""
        rows = self.store.rows(
            "SELECT zstd FROM quarantine JOIN pages ON page = hash WHERE id = ?", [number]
        )
        return zstandard.decompress(rows[0]["zstd"]).decode() if rows else None

    def count(self, source: str | None = None) -> int:
        """Return how many pages are kept."""
        (row,) = self.store.rows(
            "SELECT count(*) AS n FROM quarantine WHERE ? IS NULL OR source = ?", [source, source]
        )
        return int(row["n"])

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
        return delete_in_batches(self.store, lambda db: _delete_some(db, stamp(before)))


def _delete_some(db: Database, before: str) -> int:
    deleted = db.conn.execute(
        "DELETE FROM quarantine WHERE id IN"
        " (SELECT id FROM quarantine WHERE last_seen_at < ? LIMIT ?) RETURNING page",
        [before, BATCH],
    ).fetchall()
    hashes = {row["page"] for row in deleted}
    marks = ", ".join("?" * len(hashes))
    db.conn.execute(
        f"DELETE FROM pages WHERE hash IN ({marks}) AND hash NOT IN (SELECT page FROM quarantine)",  # noqa: S608
        list(hashes),
    )
    return len(deleted)
