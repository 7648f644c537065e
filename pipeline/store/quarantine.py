"""Pages that a parser could not read, kept whole: the evidence for whoever mends the parser."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import zstandard

from pipeline.errors import PageError
from pipeline.records import Page
from pipeline.store.times import stamp

if TYPE_CHECKING:
    from pipeline.store.database import Store

_LEVEL = 9


@dataclass(frozen=True)
class Quarantine:
    """Tables `quarantine` and `pages`."""

    store: Store

    def keep(self, page: Page, source: str, error: PageError) -> None:
        """Keep a page once by its content; the same page again only counts."""
        body = page.html.encode("utf-8", "replace")
        digest = hashlib.sha256(body).hexdigest()
        seen = stamp(page.fetched_at)
        with self.store.writing() as db:
            db.execute(
                "INSERT OR IGNORE INTO pages (hash, url, fetched_at, size, zstd) VALUES (?, ?, ?, ?, ?)",
                [digest, page.url, seen, len(body), zstandard.compress(body, _LEVEL)],
            )
            db.execute(
                "INSERT INTO quarantine (url, source, reason, detail, page, first_seen_at, last_seen_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url, page) DO UPDATE SET"
                " last_seen_at = excluded.last_seen_at, times = times + 1, detail = excluded.detail",
                [page.url, source, error.reason, error.detail, digest, seen, seen],
            )

    def all(self, limit: int = 100) -> list[dict[str, Any]]:
        """Return the newest kept pages, without their bodies."""
        return list(
            self.store.db.query(
                "SELECT id, url, source, reason, detail, first_seen_at, last_seen_at, times"
                " FROM quarantine ORDER BY last_seen_at DESC, id DESC LIMIT ?",
                [limit],
            )
        )

    def html(self, number: int) -> str | None:
        """Return the kept page of a quarantine row."""
        row = self.store.db.conn.execute(
            "SELECT zstd FROM quarantine JOIN pages ON page = hash WHERE id = ?", [number]
        ).fetchone()
        return zstandard.decompress(row["zstd"]).decode() if row else None

    def count(self, source: str | None = None) -> int:
        """Return how many pages are kept."""
        row = self.store.db.conn.execute(
            "SELECT count(*) FROM quarantine WHERE ? IS NULL OR source = ?", [source, source]
        ).fetchone()
        return int(row[0])
