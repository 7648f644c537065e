"""Articles and every state they had. A re-visit revises, confirms or removes; it never loses text."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from pipeline.errors import RecordRefused
from pipeline.records import Article, StoredArticle
from pipeline.store.article_batches import Batch, Cause, Saved, confirm, remove, state_of
from pipeline.store.article_rows import ArticleRow, article_of, observed_of, row_of
from pipeline.store.connection import Connection
from pipeline.store.faults import explained
from pipeline.store.filters import Only
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp

_MOST_CHARACTERS = 5_000_000
"""Longest text of a record. The largest page that is fetched has three times as many bytes."""
_NOT_STORABLE = (AttributeError, TypeError, ValueError, OverflowError, RecordRefused)
_REFUSED_BY_SQLITE = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError)


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

    def save(self, article: Article, source: str, *, cause: Cause | None = None) -> Saved:
        """Insert, revise or confirm one article; `save_all` tells more.

        Raises:
            RecordRefused: no column can hold it.
        """
        (saved,) = self.save_all([article], source, cause=cause)
        if isinstance(saved, RecordRefused):
            raise saved
        return saved

    def save_all(
        self,
        articles: Iterable[Article],
        source: str,
        *,
        cause: Cause | None = None,
        reread_at: datetime | None = None,
    ) -> list[Saved | RecordRefused]:
        """Insert, revise or confirm articles, in one transaction; call it inside `store.writing()` to
        settle their visits with them.

        Where the content is as it was, the rest (rights, section, related links) is brought up to date
        without a revision. A text that vanished is not believed, one that shrank to a third only when it
        comes a second time: "doubted", and what is known stays.

        Args:
            articles: records, in the order in which they were found; a few hundred at a time.
            source: the name of the source that found them.
            cause: why their content may differ; by default the publisher, or the parser where its version
                is another one.
            reread_at: they were read again, at this time, from pages that were kept: it dates their
                revisions; when an article was there and whether it was removed stays as it is known.

        Returns:
            What became of each. A record that no column can hold is refused alone; the others are stored.
        """
        rows = [_row_or_refusal(article) for article in articles]
        with self.store.writing() as db:
            batch = Batch(self.store, db, source, cause, stamp(reread_at))
            done: list[Saved | RecordRefused] = []
            for some in _without_repetition(rows):
                done += self._save(batch, some)
            return done

    def _save(
        self, batch: Batch, rows: Sequence[ArticleRow | RecordRefused]
    ) -> list[Saved | RecordRefused]:
        good = [row for row in rows if isinstance(row, ArticleRow)]
        try:
            with self.store.attempt():
                saved = iter(batch.save(good))
            return [next(saved) if isinstance(row, ArticleRow) else row for row in rows]
        except (*_NOT_STORABLE, *_REFUSED_BY_SQLITE) as error:
            if _is_of_the_database(error):
                raise
            if len(rows) > 1:
                return [done for row in rows for done in self._save(batch, [row])]
            return [RecordRefused(good[0].article.id, str(error))]

    def confirm(self, article_id: str, at: datetime) -> None:
        """Note that the article was there, unchanged (304)."""
        with self.store.writing() as db:
            confirm(db, article_id, stamp(at))

    def mark_removed(self, article_id: str, at: datetime) -> bool:
        """Note that the publisher took the article down; its text stays. False if it was not there."""
        with self.store.writing() as db:
            rows = self.store.rows("SELECT * FROM articles WHERE id = ?", [article_id])
            if not rows or rows[0]["removed_at"]:
                return False
            remove(self.store, db, rows[0], stamp(at))
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
        return self._select("ORDER BY first_seen_at DESC, seq DESC LIMIT ?", [limit])

    def numbered(self, numbers: Sequence[int]) -> dict[int, StoredArticle]:
        """Return the articles of these numbers (`articles.seq`); some hundreds at a time."""
        with self.store.reading():
            rows = self.store.rows(
                "SELECT * FROM articles WHERE seq IN (SELECT value FROM json_each(?))",
                [json.dumps(list(numbers))],
            )
            return {row["seq"]: self._stored(row) for row in rows}

    def numbers(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        source: str | None = None,
        publisher: str | None = None,
    ) -> array[int]:
        """Return the numbers of articles in the order in which they were stored; eight bytes each.

        Args:
            since: only articles published from then on; where that is unknown, first seen.
            until: only articles published (or first seen) before.
            source: only articles that this source found first.
            publisher: only articles of this publisher, as it is written.
        """
        asked = {"source = ?": storable(source), "publisher = ?": storable(publisher)}
        clauses = [clause for clause, value in asked.items() if value is not None]
        values = [value for value in asked.values() if value is not None]
        dated, times = Only(since=since, until=until).numbers()
        clauses += [f"seq IN ({numbers})" for numbers in dated]
        values += times
        where = " AND ".join(clauses) or "1"
        with explained(self.store.path):
            rows = self.store.db.conn.execute(
                f"SELECT seq FROM articles WHERE {where} ORDER BY seq",  # noqa: S608
                values,
            )
            return array("q", (row[0] for row in rows))

    def find(self, prefix: str, limit: int = 10) -> list[tuple[str, str]]:
        """Return (id, headline) of articles whose id ends with or contains this text."""
        wanted = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = self.store.rows(
            "SELECT id, headline FROM articles WHERE id LIKE ? ESCAPE '\\' ORDER BY id LIMIT ?",
            [f"%{wanted}%", limit],
        )
        return [(row["id"], row["headline"]) for row in rows]

    def revisions(self, article_id: str) -> list[Revision]:
        """Return every state of an article, oldest first. The newest is the one in `articles`."""
        with self.store.reading():
            rows = self.store.rows(
                "SELECT revision, seen_at, cause, record FROM revisions WHERE article_id = ?"
                " ORDER BY revision",
                [article_id],
            )
            newest = self.store.rows("SELECT * FROM articles WHERE id = ?", [article_id])
            return [
                Revision(
                    row["revision"],
                    moment(row["seen_at"]),
                    row["cause"],
                    json.loads(row["record"]) if row["record"] else state_of(self.store, newest[0]),
                )
                for row in rows
            ]

    def count(self) -> int:
        """Return how many articles there are, removed ones included."""
        return int(self.store.rows("SELECT count(*) AS n FROM articles")[0]["n"])

    def _select(self, clauses: str, parameters: list[Any]) -> Iterator[StoredArticle]:
        with self.store.reading():
            found = self.store.rows(f"SELECT * FROM articles {clauses}", parameters)  # noqa: S608
            return iter([self._stored(row) for row in found])

    def _stored(self, row: dict[str, Any]) -> StoredArticle:
        return StoredArticle(article_of(self.store, row), observed_of(row))


def _row_or_refusal(article: Article) -> ArticleRow | RecordRefused:
    try:
        if max(len(article.text), len(article.headline)) > _MOST_CHARACTERS:
            return RecordRefused(article.id, f"longer than {_MOST_CHARACTERS:,} characters")
        return row_of(article)
    except _NOT_STORABLE as error:
        return RecordRefused(str(article.id), f"{type(error).__name__}: {error}")


def _without_repetition(
    rows: Sequence[ArticleRow | RecordRefused],
) -> Iterator[list[ArticleRow | RecordRefused]]:
    """Cut where an article comes a second time: its first state must be written before its second."""
    part: list[ArticleRow | RecordRefused] = []
    ids: set[str] = set()
    for row in rows:
        if isinstance(row, ArticleRow):
            if row.article.id in ids:
                yield part
                part, ids = [], set()
            ids.add(row.article.id)
        part.append(row)
    yield part


def _is_of_the_database(error: Exception) -> bool:
    """A source that is not there would refuse every record alike: that is a bug of the caller."""
    return "FOREIGN KEY" in str(error)
