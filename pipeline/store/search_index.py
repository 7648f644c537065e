"""The search index: which terms an article has, kept in step with the articles in the same transaction.

Table `articles_fts` has no content of its own: its rowid is `articles.seq`, an entry is taken out of it by
saying its terms again. What they were is asked of the tables before they change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from pipeline.records import Article
from pipeline.search_terms import document_terms
from pipeline.store.connection import Connection

# not INSERT ... SELECT: FTS5 would write a piece of the index for each article alone
_IN = "INSERT INTO articles_fts (rowid, terms) VALUES ((SELECT seq FROM articles WHERE id = ?), ?)"
_IN_BY_NUMBER = "INSERT INTO articles_fts (rowid, terms) VALUES (?, ?)"
_OUT = "INSERT INTO articles_fts (articles_fts, rowid, terms) VALUES ('delete', ?, ?)"
SEARCHED = """
    SELECT a.seq, a.headline, a.text, a.publisher, coalesce(a.published_at, a.first_seen_at) AS at,
        (SELECT group_concat(name, char(10)) FROM
            (SELECT name FROM article_authors JOIN authors ON author_id = authors.id
                WHERE article_id = a.id ORDER BY position)) AS authors
    FROM articles AS a
"""
"""What a search looks at; names of authors one a line."""
_MISSING = "SELECT seq FROM articles WHERE seq NOT IN (SELECT id FROM articles_fts_docsize)"
_AT_ONCE = 500


@dataclass(frozen=True)
class SearchIndex:
    """Table `articles_fts`."""

    store: Connection

    def missing(self) -> int:
        """Return how many articles cannot be found, since they were written without the index."""
        (row,) = self.store.rows(f"SELECT count(*) AS n FROM ({_MISSING})")  # noqa: S608
        return int(row["n"])

    def complete(self) -> int:
        """Bring in what is missing, some hundred articles a transaction; return how many there were."""
        done = 0
        while True:
            with self.store.writing() as db:
                some = list(_stored(db, f"WHERE seq IN ({_MISSING} LIMIT {_AT_ONCE})"))
                db.conn.executemany(_IN_BY_NUMBER, [(seq, entry.terms) for seq, entry in some])
            if not some:
                return done
            done += len(some)

    def rebuild(self) -> int:
        """Make the whole index anew, in one transaction; return how many articles it has."""
        with self.store.writing() as db:
            db.conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
            put_in_everything(db)
        return len(self.store.rows("SELECT id FROM articles_fts_docsize"))


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index was told of an article."""

    headline: str
    text: str
    authors: tuple[str, ...]
    publisher: str | None

    @property
    def terms(self) -> str:
        """Its terms, as they are put in and taken out."""
        return document_terms(self.headline, self.text, self.authors, self.publisher)


def entry_of(article: Article) -> Entry:
    """Return the entry of a record."""
    names = tuple(author.name for author in article.authors)
    return Entry(article.headline, article.text, names, article.publisher)


def entry_in(db: Database, seq: int) -> Entry | None:
    """Return what the index has of an article, None if it is not in; ask before the tables change."""
    there = db.conn.execute("SELECT 1 FROM articles_fts_docsize WHERE id = ?", [seq]).fetchone()
    return (
        next((entry for _, entry in _stored(db, "WHERE seq = ?", [seq])), None) if there else None
    )


def put_in(db: Database, articles: Iterable[Article]) -> None:
    """Add articles that stand in the tables and not in the index."""
    db.conn.executemany(_IN, [(article.id, entry_of(article).terms) for article in articles])


def put_in_everything(db: Database) -> None:
    """Add every article to an empty index."""
    stored = _stored(db, "ORDER BY seq")
    db.conn.executemany(_IN_BY_NUMBER, ((seq, entry.terms) for seq, entry in stored))


def renew(db: Database, seq: int, before: Entry | None, after: Entry | None) -> None:
    """Put an entry in the place of another; None is for none."""
    if before == after:
        return
    if before:
        db.conn.execute(_OUT, [seq, before.terms])
    if after:
        db.conn.execute(_IN_BY_NUMBER, [seq, after.terms])


def _stored(
    db: Database, clauses: str, parameters: Sequence[int] = ()
) -> Iterator[tuple[int, Entry]]:
    for row in db.conn.execute(SEARCHED + clauses, parameters):
        names = tuple(row["authors"].split("\n")) if row["authors"] else ()
        yield row["seq"], Entry(row["headline"], row["text"], names, row["publisher"])
