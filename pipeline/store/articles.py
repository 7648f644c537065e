"""Articles and every state they had. A re-visit revises, confirms or removes; it never loses text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlite_utils import Database

from pipeline.record_json import record
from pipeline.records import Article, StoredArticle
from pipeline.store.article_rows import article_of, as_stored, observed_of, packed, row_of
from pipeline.store.connection import Connection
from pipeline.store.times import moment, stamp

Saved = Literal["new", "revised", "unchanged"]
Cause = Literal["publisher", "parser", "removed", "restored"]


@dataclass(frozen=True, slots=True)
class Revision:
    """One state that an article had, as the JSON record of that time."""

    revision: int
    seen_at: datetime
    cause: Cause
    record: dict[str, Any]


@dataclass(frozen=True)
class Articles:
    """Tables `articles`, `revisions`, `authors`, `article_authors`, `images`, `links`."""

    store: Connection

    def save(self, article: Article, source: str) -> Saved:
        """Insert, revise or confirm an article, in one transaction; call it inside `store.writing()`
        to settle the visit with it. Where the text is as it was, the rest (rights, section, related
        links) is brought up to date without a revision.
        """
        article = as_stored(article)
        with self.store.writing() as db:
            known = db.conn.execute(
                "SELECT content_hash, revision, removed_at, parser FROM articles WHERE id = ?",
                [article.id],
            ).fetchone()
            seen = stamp(article.fetched_at)
            if known is None:
                db.table("articles").insert(
                    row_of(article)
                    | {"source": source, "revision": 1, "first_seen_at": seen, "last_seen_at": seen}
                )
                self._write_parts(db, article)
                self._append(db, article, 1, seen, "publisher")
                return "new"
            if known["content_hash"] == article.content_hash and not known["removed_at"]:
                self._update(db, article, known["revision"])
                return "unchanged"
            cause: Cause = "restored" if known["removed_at"] else "publisher"
            if cause == "publisher" and known["parser"] != article.parser:
                cause = "parser"
            revision = known["revision"] + 1
            self._update(db, article, revision)
            self._append(db, article, revision, seen, cause)
            return "revised"

    def confirm(self, article_id: str, at: datetime) -> None:
        """Note that the article was there, unchanged (304)."""
        with self.store.writing() as db:
            self._confirm(db, article_id, stamp(at))

    def mark_removed(self, article_id: str, at: datetime) -> bool:
        """Note that the publisher took the article down; its text stays. False if it was not there."""
        with self.store.writing() as db:
            stored = self.get(article_id)
            if stored is None or stored.observed.removed_at:
                return False
            revision = stored.observed.revision + 1
            db.execute(
                "UPDATE articles SET removed_at = ?, revision = ? WHERE id = ?",
                [stamp(at), revision, article_id],
            )
            self._append(db, stored.article, revision, stamp(at), "removed")
            return True

    def get(self, article_id: str) -> StoredArticle | None:
        """Return one article, or None."""
        return next(self._select("WHERE id = ?", [article_id]), None)

    def parser_of(self, article_id: str) -> str | None:
        """Return which parser made the stored record, None where there is none."""
        rows = self.store.rows("SELECT parser FROM articles WHERE id = ?", [article_id])
        return rows[0]["parser"] if rows else None

    def latest(self, limit: int) -> Iterator[StoredArticle]:
        """Return the articles seen last, newest first."""
        return self._select("ORDER BY first_seen_at DESC, rowid DESC LIMIT ?", [limit])

    def find(self, prefix: str, limit: int = 10) -> list[tuple[str, str]]:
        """Return (id, headline) of articles whose id ends with or contains this text."""
        wanted = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = self.store.rows(
            "SELECT id, headline FROM articles WHERE id LIKE ? ESCAPE '\\' ORDER BY id LIMIT ?",
            [f"%{wanted}%", limit],
        )
        return [(row["id"], row["headline"]) for row in rows]

    def revisions(self, article_id: str) -> list[Revision]:
        """Return every state of an article, oldest first."""
        rows = self.store.rows(
            "SELECT revision, seen_at, cause, record FROM revisions WHERE article_id = ?"
            " ORDER BY revision",
            [article_id],
        )
        return [
            Revision(r["revision"], moment(r["seen_at"]), r["cause"], json.loads(r["record"]))
            for r in rows
        ]

    def count(self) -> int:
        """Return how many articles there are, removed ones included."""
        return int(self.store.rows("SELECT count(*) AS n FROM articles")[0]["n"])

    def _confirm(self, db: Database, article_id: str, seen: str) -> None:
        db.execute(
            "UPDATE articles SET last_seen_at = max(last_seen_at, ?), fetched_at = ? WHERE id = ?",
            [seen, seen, article_id],
        )

    def _update(self, db: Database, article: Article, revision: int) -> None:
        self._confirm(db, article.id, stamp(article.fetched_at))
        changes = row_of(article) | {"removed_at": None, "revision": revision}
        db.table("articles", pk="id").update(article.id, changes)
        for table in ("article_authors", "images", "links"):
            db.table(table).delete_where("article_id = ?", [article.id])
        self._write_parts(db, article)

    def _write_parts(self, db: Database, article: Article) -> None:
        self._write_authors(db, article)
        _insert_positions(db, "images", article.id, map(asdict, article.images))
        _insert_positions(db, "links", article.id, map(asdict, article.related))

    def _write_authors(self, db: Database, article: Article) -> None:
        for position, author in enumerate(article.authors, 1):
            key = [author.name, author.email or ""]
            db.execute("INSERT OR IGNORE INTO authors (name, email) VALUES (?, ?)", key)
            db.execute(
                "INSERT INTO article_authors (article_id, position, author_id, role)"
                " SELECT ?, ?, id, ? FROM authors WHERE name = ? AND email = ?",
                [article.id, position, author.role, *key],
            )

    def _append(
        self, db: Database, article: Article, revision: int, seen: str, cause: Cause
    ) -> None:
        removed_at = seen if cause == "removed" else None
        state = record(article, zone=UTC) | {"revision": revision, "removed_at": removed_at}
        db.execute(
            "INSERT INTO revisions (article_id, revision, seen_at, cause, content_hash, record)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [article.id, revision, seen, cause, article.content_hash, packed(state)],
        )

    def _select(self, clauses: str, parameters: list[Any]) -> Iterator[StoredArticle]:
        for row in self.store.rows(f"SELECT * FROM articles {clauses}", parameters):  # noqa: S608
            yield StoredArticle(article_of(self.store, row), observed_of(row))


def _insert_positions(
    db: Database, table: str, article_id: str, rows: Iterable[dict[str, Any]]
) -> None:
    numbered = [{"article_id": article_id, "position": i, **row} for i, row in enumerate(rows, 1)]
    if numbered:
        db.table(table).insert_all(numbered)
