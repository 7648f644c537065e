"""Articles and every state they had. A re-visit revises, confirms or removes; it never loses text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pipeline.records import (
    Article,
    Author,
    Block,
    Image,
    Observed,
    Related,
    Rights,
    Signal,
    StoredArticle,
    Summary,
    Uses,
    record,
)
from pipeline.store.times import moment, stamp

if TYPE_CHECKING:
    from sqlite_utils import Database

    from pipeline.store.database import Store

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

    store: Store

    def save(self, article: Article, source: str) -> Saved:
        """Insert, revise or confirm an article, in one transaction; call it inside `store.writing()`
        to settle the visit with it.
        """
        with self.store.writing() as db:
            known = db.conn.execute(
                "SELECT content_hash, revision, removed_at, parser FROM articles WHERE id = ?",
                [article.id],
            ).fetchone()
            seen = stamp(article.fetched_at)
            if known is None:
                self._write(db, article, source, revision=1, first_seen_at=seen)
                self._append(db, article.id, 1, seen, "publisher", article)
                return "new"
            if known["content_hash"] == article.content_hash and not known["removed_at"]:
                self._confirm(db, article.id, seen)
                return "unchanged"
            cause: Cause = "restored" if known["removed_at"] else "publisher"
            if cause == "publisher" and known["parser"] != article.parser:
                cause = "parser"
            revision = known["revision"] + 1
            self._write(db, article, source, revision=revision, first_seen_at=None)
            self._append(db, article.id, revision, seen, cause, article)
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
            self._append(db, article_id, revision, stamp(at), "removed", stored.article, removed=at)
            return True

    def get(self, article_id: str) -> StoredArticle | None:
        """Return one article, or None."""
        rows = self._select("WHERE id = ?", [article_id])
        return next(rows, None)

    def parser_of(self, article_id: str) -> str | None:
        """Return which parser made the stored record, None where there is none."""
        row = self.store.db.conn.execute(
            "SELECT parser FROM articles WHERE id = ?", [article_id]
        ).fetchone()
        return row["parser"] if row else None

    def latest(self, limit: int) -> Iterator[StoredArticle]:
        """Return the articles seen last, newest first."""
        return self._select("ORDER BY first_seen_at DESC, rowid DESC LIMIT ?", [limit])

    def find(self, prefix: str, limit: int = 10) -> list[tuple[str, str]]:
        """Return (id, headline) of articles whose id ends with or contains this text."""
        wanted = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = self.store.db.conn.execute(
            "SELECT id, headline FROM articles WHERE id LIKE ? ESCAPE '\\' ORDER BY id LIMIT ?",
            [f"%{wanted}%", limit],
        )
        return [(row["id"], row["headline"]) for row in rows]

    def revisions(self, article_id: str) -> list[Revision]:
        """Return every state of an article, oldest first."""
        rows = self.store.db.conn.execute(
            "SELECT revision, seen_at, cause, record FROM revisions WHERE article_id = ? ORDER BY revision",
            [article_id],
        )
        return [
            Revision(r["revision"], moment(r["seen_at"]), r["cause"], json.loads(r["record"]))
            for r in rows
        ]

    def count(self) -> int:
        """Return how many articles there are, removed ones included."""
        return int(self.store.db.conn.execute("SELECT count(*) FROM articles").fetchone()[0])

    def _confirm(self, db: Database, article_id: str, seen: str) -> None:
        db.execute(
            "UPDATE articles SET last_seen_at = max(last_seen_at, ?), fetched_at = ? WHERE id = ?",
            [seen, seen, article_id],
        )

    def _write(
        self,
        db: Database,
        article: Article,
        source: str,
        *,
        revision: int,
        first_seen_at: str | None,
    ) -> None:
        row = _row(article)
        seen = stamp(article.fetched_at)
        row |= {"last_seen_at": seen, "removed_at": None, "revision": revision}
        if first_seen_at is not None:
            db.table("articles").insert(row | {"source": source, "first_seen_at": first_seen_at})
        else:
            db.table("articles", pk="id").update(article.id, row)
        for table in ("article_authors", "images", "links"):
            db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article.id])
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
        self,
        db: Database,
        article_id: str,
        revision: int,
        seen: str,
        cause: Cause,
        article: Article,
        removed: datetime | None = None,
    ) -> None:
        state = record(article) | {"revision": revision, "removed_at": stamp(removed)}
        db.execute(
            "INSERT INTO revisions (article_id, revision, seen_at, cause, content_hash, record)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [article_id, revision, seen, cause, article.content_hash, _json(state)],
        )

    def _select(self, where: str, parameters: list[Any]) -> Iterator[StoredArticle]:
        rows = self.store.db.conn.execute(f"SELECT * FROM articles {where}", parameters)
        for row in rows.fetchall():
            yield StoredArticle(self._article(dict(row)), _observed(row))

    def _article(self, row: dict[str, Any]) -> Article:
        part = self.store.db.conn.execute
        key = [row["id"]]
        authors = part(
            "SELECT name, email, role FROM article_authors JOIN authors ON author_id = authors.id"
            " WHERE article_id = ? ORDER BY position",
            key,
        )
        images = part(
            "SELECT url, caption, credit FROM images WHERE article_id = ? ORDER BY position", key
        )
        links = part("SELECT headline, url FROM links WHERE article_id = ? ORDER BY position", key)
        return Article(
            **{name: row[name] for name in _PLAIN},
            labels=tuple(json.loads(row["labels"])),
            keywords=tuple(json.loads(row["keywords"])),
            warnings=tuple(json.loads(row["warnings"])),
            summary=Summary(row["summary"], row["summary_by"]) if row["summary"] else None,
            body=tuple(Block(**block) for block in json.loads(row["body"])),
            authors=tuple(Author(a["name"], a["email"] or None, a["role"]) for a in authors),
            images=tuple(Image(**dict(image)) for image in images),
            related=tuple(Related(**dict(link)) for link in links),
            rights=_rights(json.loads(row["rights"])),
            published_at=moment(row["published_at"]),
            modified_at=moment(row["modified_at"]),
            fetched_at=moment(row["fetched_at"]),
        )


_PLAIN = (
    "id", "portal", "publisher", "url", "canonical_url", "original_url", "headline", "subheadline",
    "text", "section", "language", "published_at_source", "parser",
)  # fmt: skip


def _row(article: Article) -> dict[str, Any]:
    rights = record(article)["rights"]
    return {name: getattr(article, name) for name in _PLAIN} | {
        "labels": _json(article.labels),
        "keywords": _json(article.keywords),
        "warnings": _json(article.warnings),
        "summary": article.summary.text if article.summary else None,
        "summary_by": article.summary.by if article.summary else None,
        "body": _json([asdict(block) for block in article.body]),
        "redistribute": article.rights.uses.redistribute,
        "tdm": article.rights.uses.tdm,
        "ai_train": article.rights.uses.ai_train,
        "rights": _json(rights),
        "published_at": stamp(article.published_at),
        "modified_at": stamp(article.modified_at),
        "fetched_at": stamp(article.fetched_at),
        "content_hash": article.content_hash,
    }


def _rights(said: dict[str, Any]) -> Rights:
    signals = tuple(
        Signal(s["type"], s["value"], datetime.fromisoformat(s["seen_at"])) for s in said["signals"]
    )
    return Rights(
        said["notice"], said["holder"], said["license_url"], Uses(**said["uses"]), signals
    )


def _observed(row: Any) -> Observed:
    return Observed(
        first_seen_at=moment(row["first_seen_at"]),
        last_seen_at=moment(row["last_seen_at"]),
        removed_at=moment(row["removed_at"]),
        revision=row["revision"],
    )


def _insert_positions(
    db: Database, table: str, article_id: str, rows: Iterable[dict[str, Any]]
) -> None:
    numbered = [{"article_id": article_id, "position": i, **row} for i, row in enumerate(rows, 1)]
    if numbered:
        db.table(table).insert_all(numbered)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
