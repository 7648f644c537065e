"""Articles written in batches: what is new, what changed, and what only needs confirming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Literal

from sqlite_utils import Database

from pipeline.errors import RecordRefused
from pipeline.record_json import record
from pipeline.records import Article
from pipeline.store.article_rows import COLUMNS, ArticleRow, article_of, packed
from pipeline.store.connection import Connection
from pipeline.store.search_index import entry_in, entry_of, put_in, renew

Saved = Literal["new", "revised", "unchanged", "doubted"]
Cause = Literal["publisher", "parser", "removed", "restored"]

_SHRUNK = 0.3
"""Share of the known text below which a new one is not believed at first sight."""
_LONG = 400
"""Characters of text from which on such a loss is striking."""
_AT_ONCE = 400  # variables of one statement

_INSERT = (
    f"INSERT INTO articles ({', '.join(COLUMNS)}, source, revision, first_seen_at, last_seen_at)"  # noqa: S608
    f" VALUES ({', '.join('?' * len(COLUMNS))}, ?, 1, ?, ?)"
)
_UPDATE = (
    f"UPDATE articles SET {', '.join(f'{name} = ?' for name in COLUMNS)}, removed_at = NULL,"  # noqa: S608
    " revision = ?, doubted_hash = NULL, last_seen_at = max(last_seen_at, ?) WHERE seq = ?"
)
_REREAD = tuple(name for name in COLUMNS if name != "fetched_at")
_UPDATE_REREAD = (
    f"UPDATE articles SET {', '.join(f'{name} = ?' for name in _REREAD)}, revision = ?,"  # noqa: S608
    " doubted_hash = NULL WHERE seq = ?"
)
"""A kept page that is read again says nothing of when the article was there."""
_CONFIRM = (
    "UPDATE articles SET last_seen_at = max(last_seen_at, ?), fetched_at = ?, doubted_hash = NULL"
    " WHERE id = ?"
)
_REVISION = (
    "INSERT INTO revisions (article_id, revision, seen_at, cause, content_hash)"
    " VALUES (?, ?, ?, ?, ?)"
)
_KNOWN = "seq, id, portal, content_hash, rest_hash, revision, removed_at, parser, doubted_hash"


@dataclass(frozen=True)
class Batch:
    """One transaction's articles; every id is in it once.

    With `reread_at` they come from pages that were kept, and that time is when they were read again: it dates
    their revisions, and nothing else that tells of our visits changes.
    """

    store: Connection
    db: Database
    source: str
    cause: Cause | None = None
    reread_at: str | None = None

    def save(self, rows: Sequence[ArticleRow]) -> list[Saved]:
        """Write them, and return what became of each, in their order."""
        known = self._known([row.article.id for row in rows])
        new = [row for row in rows if row.article.id not in known]
        if new and self.reread_at:
            raise RecordRefused(new[0].article.id, "is not stored any more")
        self._insert(new)
        same = []
        done: list[Saved] = []
        for row in rows:
            before = known.get(row.article.id)
            if before is None:
                done.append("new")
            elif not self._differs(before, row):
                same.append((row.seen, row.seen, row.article.id))
                done.append("unchanged")
            else:
                done.append(self._change(before, row))
        if same and not self.reread_at:
            self.db.conn.executemany(_CONFIRM, same)
        return done

    def _differs(self, before: dict[str, Any], row: ArticleRow) -> bool:
        return (
            before["content_hash"] != row.content_hash
            or before["portal"] != row.article.portal
            or before["rest_hash"] != row.rest_hash
            or (before["removed_at"] is not None and not self.reread_at)
        )

    def _known(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            rows = self.store.rows(f"SELECT {_KNOWN} FROM articles WHERE id IN ({marks})", some)  # noqa: S608
            found |= {row["id"]: row for row in rows}
        return found

    def _insert(self, rows: Sequence[ArticleRow]) -> None:
        if not rows:
            return
        many = self.db.conn.executemany
        many(_INSERT, [(*row.values, self.source, row.seen, row.seen) for row in rows])
        many(
            _REVISION,
            [(row.article.id, 1, row.seen, "publisher", row.content_hash) for row in rows],
        )
        write_parts(self.db, [row.article for row in rows])
        if self.store.indexing:
            put_in(self.db, [row.article for row in rows])

    def _change(self, before: dict[str, Any], row: ArticleRow) -> Saved:
        if before["portal"] != row.article.portal:
            raise RecordRefused(row.article.id, f"is known from the portal {before['portal']!r}")
        (whole,) = self.store.rows("SELECT * FROM articles WHERE seq = ?", [before["seq"]])
        is_back = before["removed_at"] and not self.reread_at
        if not is_back and self._is_the_same(whole, row) and not self._is_doubtful(whole, row):
            self._update(before, row, before["revision"])
            return "unchanged"
        cause = self._cause_of(before, row)
        if cause in ("publisher", "parser") and self._is_doubtful(whole, row):
            if not self.reread_at:
                self.db.conn.execute(
                    "UPDATE articles SET doubted_hash = ? WHERE seq = ?",
                    [row.content_hash, before["seq"]],
                )
            return "doubted"
        revision = before["revision"] + 1
        supersede(self.store, self.db, whole)
        self._update(before, row, revision)
        seen = self.reread_at or row.seen
        self.db.conn.execute(_REVISION, [row.article.id, revision, seen, cause, row.content_hash])
        return "revised"

    def _is_the_same(self, whole: dict[str, Any], row: ArticleRow) -> bool:
        """Is the content as it was? An older gisa may have hashed it in another way."""
        if whole["content_hash"] == row.content_hash:
            return True
        return article_of(self.store, whole).content_hash == row.content_hash

    def _cause_of(self, before: dict[str, Any], row: ArticleRow) -> Cause:
        if self.cause:
            return self.cause
        if before["removed_at"]:
            return "restored"
        return "publisher" if before["parser"] == row.article.parser else "parser"

    def _is_doubtful(self, whole: dict[str, Any], row: ArticleRow) -> bool:
        """Text that vanished is never believed; text that shrank, when it is seen so a second time."""
        before, now = len(whole["text"]), len(row.article.text)
        if (before and not now) or (whole["headline"] and not row.article.headline):
            return True
        shrunk = before >= _LONG and now < _SHRUNK * before
        return shrunk and not self.cause and whole["doubted_hash"] != row.content_hash

    def _update(self, before: dict[str, Any], row: ArticleRow, revision: int) -> None:
        indexed = entry_in(self.db, before["seq"])
        if self.reread_at:
            told = dict(zip(COLUMNS, row.values, strict=True))
            values = [told[name] for name in _REREAD]
            self.db.conn.execute(_UPDATE_REREAD, [*values, revision, before["seq"]])
        else:
            self.db.conn.execute(_UPDATE, [*row.values, revision, row.seen, before["seq"]])
        for table in ("article_authors", "images", "links"):
            self.db.conn.execute(f"DELETE FROM {table} WHERE article_id = ?", [row.article.id])  # noqa: S608
        write_parts(self.db, [row.article])
        # where nothing is to be indexed, what is out of date goes, and counts as missing
        wanted = entry_of(row.article)
        same = indexed == wanted
        renew(self.db, before["seq"], indexed, wanted if self.store.indexing or same else None)


def confirm(db: Database, article_id: str, seen: str) -> None:
    """Note that an article was there as we know it."""
    db.conn.execute(_CONFIRM, [seen, seen, article_id])


def remove(store: Connection, db: Database, whole: dict[str, Any], seen: str) -> None:
    """Append the state in which the publisher took the article down."""
    supersede(store, db, whole)
    revision = whole["revision"] + 1
    db.conn.execute(
        "UPDATE articles SET removed_at = ?, revision = ? WHERE seq = ?",
        [seen, revision, whole["seq"]],
    )
    db.conn.execute(_REVISION, [whole["id"], revision, seen, "removed", whole["content_hash"]])


def supersede(store: Connection, db: Database, whole: dict[str, Any]) -> None:
    """Write down the newest state of an article, which until now stood in `articles` alone."""
    db.conn.execute(
        "UPDATE revisions SET record = ? WHERE article_id = ? AND revision = ?",
        [packed(state_of(store, whole)), whole["id"], whole["revision"]],
    )


def state_of(store: Connection, whole: dict[str, Any]) -> dict[str, Any]:
    """Return the state that a row of `articles` is in, as revisions keep it."""
    return record(article_of(store, whole), zone=UTC) | {
        "revision": whole["revision"],
        "removed_at": whole["removed_at"],
    }


def write_parts(db: Database, articles: Sequence[Article]) -> None:
    """Write what other tables hold of articles; the old rows are gone already."""
    many = db.conn.executemany
    named = [(a.id, i, by) for a in articles for i, by in enumerate(a.authors, 1)]
    if named:
        people = dict.fromkeys((by.name, by.email or "") for _, _, by in named)
        many("INSERT INTO authors (name, email) VALUES (?, ?) ON CONFLICT DO NOTHING", list(people))
        many(
            "INSERT INTO article_authors (article_id, position, author_id, role)"
            " SELECT ?, ?, id, ? FROM authors WHERE name = ? AND email = ?",
            [(key, i, by.role, by.name, by.email or "") for key, i, by in named],
        )
    pictures = [
        (a.id, i, it.url, it.caption, it.credit)
        for a in articles
        for i, it in enumerate(a.images, 1)
    ]
    if pictures:
        many(
            "INSERT INTO images (article_id, position, url, caption, credit) VALUES (?, ?, ?, ?, ?)",
            pictures,
        )
    links = [(a.id, i, it.url, it.headline) for a in articles for i, it in enumerate(a.related, 1)]
    if links:
        many("INSERT INTO links (article_id, position, url, headline) VALUES (?, ?, ?, ?)", links)
