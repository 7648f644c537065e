"""Articles in great numbers: chosen at one moment, read some at a time, in the order of their changes."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.records import StoredArticle
from pipeline.search_query import Query, parse
from pipeline.search_terms import publisher_term
from pipeline.store.article_rows import article_of, observed_of
from pipeline.store.connection import Connection
from pipeline.store.filters import Only
from pipeline.store.search import Search
from pipeline.store.storable import storable

AT_ONCE = 100
"""Articles of one read transaction: some ten milliseconds, so the log can be emptied between them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The last change of a moment. `article_id` is whose it was: a database that was put back to an older
    state can be told by it. 0 and "" where there is no article.
    """

    number: int
    article_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles; each bound that is None or empty leaves all.

    `since` and `until` are of the time of publishing, or where that is unknown of when it was first seen;
    `sources` found it first; `query` is as in `Store.search`.
    """

    since: datetime | None = None
    until: datetime | None = None
    sources: tuple[str, ...] = ()
    publisher: str | None = None
    query: str | None = None

    @property
    def asked(self) -> Query | None:
        """The query as the search understands it."""
        return None if self.query is None else parse(storable(self.query))


@dataclass(frozen=True, slots=True)
class Taken:
    """A stored article and the source that found it first."""

    source: str
    stored: StoredArticle


@dataclass(frozen=True, slots=True)
class Chosen:
    """The numbers of the articles of one moment, 8 bytes each, and the last change of that moment.

    There may be a few more than are wanted: whether a text answers a query, and whose it is, is seen as it
    is read.
    """

    numbers: array[int]
    mark: Mark


@dataclass(frozen=True)
class Changes:
    """Table `changes`, and whole articles by it."""

    store: Connection

    def choose(self, only: Selection, after: int | None = None) -> Chosen:
        """Return which articles there are at this moment, by their numbers.

        Args:
            only: which ones.
            after: only those that were stored or changed after the change of this number, in the order in
                which they last did.

        Raises:
            StoreError: the file is damaged, or cannot be read any more.
        """
        clauses, values = _conditions(only)
        wanted = "".join(f" AND article IN ({clause})" for clause in clauses)
        # from this table alone: to go through the rows of `articles` is to read all texts
        sql = f"SELECT article FROM changes WHERE number > ?{wanted}"  # noqa: S608
        order = "article" if after is None else "number"
        with self.store.reading():
            mark = self._mark()
            rows = self.store.db.conn.execute(f"{sql} ORDER BY {order}", [after or 0, *values])
            return Chosen(array("q", (row[0] for row in rows)), mark)

    def read(self, chosen: Chosen, only: Selection) -> Iterator[list[Taken]]:
        """Yield the articles, some at a time: each as it is when it is read, whole in itself.

        Between the parts nobody waits for us: others write, and may change what is to come.

        Raises:
            StoreError: the file is damaged, or cannot be read any more.
        """
        asked = only.asked
        for start in range(0, len(chosen.numbers), AT_ONCE):
            with self.store.reading():
                some = self._some(chosen.numbers[start : start + AT_ONCE], only, asked)
            yield some

    def is_of_the_past(self, mark: Mark) -> bool:
        """Is the database older than a mark of it, or another one: was it put back from a copy?"""
        if not mark.number:
            return False
        (last,) = self.store.rows(
            "SELECT coalesce(max(seq), 0) AS n FROM sqlite_sequence WHERE name = 'changes'"
        )
        rows = self.store.rows(
            "SELECT number, id FROM changes JOIN articles ON seq = article WHERE number = ? OR id = ?",
            [mark.number, mark.article_id],
        )
        at = next((row["number"] for row in rows if row["id"] == mark.article_id), 0)
        others = [row for row in rows if row["id"] != mark.article_id]
        return bool(last["n"] < mark.number or at < mark.number or others)

    def _mark(self) -> Mark:
        rows = self.store.rows(
            "SELECT number, id FROM changes JOIN articles ON seq = article"
            " ORDER BY number DESC LIMIT 1"
        )
        return Mark(rows[0]["number"], rows[0]["id"]) if rows else Mark(0, "")

    def _some(self, numbers: array[int], only: Selection, asked: Query | None) -> list[Taken]:
        wanted = set(numbers)
        if asked:
            wanted = Search(self.store).answering(asked, numbers)
        marks = ", ".join("?" * len(numbers))
        rows = self.store.rows(f"SELECT * FROM articles WHERE seq IN ({marks})", list(numbers))  # noqa: S608
        known = {row["seq"]: row for row in rows}
        return [
            Taken(row["source"], StoredArticle(article_of(self.store, row), observed_of(row)))
            for row in (known[seq] for seq in numbers if seq in wanted)
            if only.publisher is None or _is_by(row["publisher"], only.publisher)
        ]


def _conditions(only: Selection) -> tuple[list[str], list[str]]:
    """Return queries that each name articles which meet one bound, and their parameters."""
    clauses, values = Only(since=only.since, until=only.until).numbers()
    if only.sources:
        marks = ", ".join("?" * len(only.sources))
        clauses.append(f"SELECT seq FROM articles WHERE source IN ({marks})")  # noqa: S608
        values += map(storable, only.sources)
    if asked := only.asked:
        clauses.append("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?")
        values.append(asked.expression())
    return clauses, values


def _is_by(publisher: str | None, wanted: str) -> bool:
    return publisher is not None and publisher_term(publisher) == publisher_term(storable(wanted))
