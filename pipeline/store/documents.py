"""Feeds, sitemaps and pages of links as they were when they were last read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.records import Page
from pipeline.store.connection import Connection
from pipeline.store.times import moment, stamp


@dataclass(frozen=True, slots=True)
class Document:
    """How a document was: `most_listed` is the most that it ever named, `modified_at` what an index said of it.

    `undated` are digests of the addresses without a time that a sitemap named (`discover.sitemaps`).
    """

    read_at: datetime
    listed: int = 0
    most_listed: int = 0
    modified_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    undated: bytes | None = None


@dataclass(frozen=True)
class Documents:
    """Table `documents`."""

    store: Connection

    def get(self, source: str, url: str) -> Document | None:
        """Return how a document was when this source read it last; None where it never did."""
        rows = self.store.rows(
            "SELECT * FROM documents WHERE source = ? AND url = ?", [source, url]
        )
        if not rows:
            return None
        (row,) = rows
        return Document(
            read_at=moment(row["read_at"]),
            listed=row["listed"],
            most_listed=row["most_listed"],
            modified_at=moment(row["modified_at"]),
            etag=row["etag"],
            last_modified=row["last_modified"],
            body_hash=row["body_hash"],
            undated=row["undated"],
        )

    def read_times(self, source: str) -> dict[str, tuple[datetime, datetime | None]]:
        """Return when this source read each of its documents last, and the change that it had, by URL."""
        rows = self.store.rows(
            "SELECT url, read_at, modified_at FROM documents WHERE source = ?", [source]
        )
        return {row["url"]: (moment(row["read_at"]), moment(row["modified_at"])) for row in rows}

    def note(
        self,
        source: str,
        url: str,
        page: Page,
        *,
        listed: int,
        modified_at: datetime | None = None,
        undated: bytes | None = None,
    ) -> None:
        """Note what a document was like; `listed` is how many articles or sitemaps it names."""
        with self.store.writing() as db:
            db.conn.execute(
                "INSERT INTO documents (source, url, read_at, listed, most_listed, modified_at, etag,"
                " last_modified, body_hash, undated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (source, url) DO UPDATE SET read_at = excluded.read_at,"
                " listed = excluded.listed, most_listed = max(most_listed, excluded.listed),"
                " modified_at = excluded.modified_at, etag = excluded.etag,"
                " last_modified = excluded.last_modified, body_hash = excluded.body_hash,"
                " undated = excluded.undated",
                [
                    source, url, stamp(page.fetched_at), listed, listed, stamp(modified_at),
                    page.etag, page.last_modified, page.body_hash, undated,
                ],
            )  # fmt: skip

    def seen_again(self, source: str, url: str, at: datetime, modified_at: datetime | None) -> None:
        """Note that a document is as it was."""
        with self.store.writing() as db:
            db.conn.execute(
                "UPDATE documents SET read_at = ?, modified_at = ? WHERE source = ? AND url = ?",
                [stamp(at), stamp(modified_at), source, url],
            )
