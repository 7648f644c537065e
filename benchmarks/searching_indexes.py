"""The ways to index that `searching.py` compares, each an FTS5 table in a file of its own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from operator import add
from pathlib import Path

from sqlite_utils.utils import sqlite3

from benchmarks.searching_corpus import Piece
from pipeline.search_query import parse
from pipeline.search_terms import RUN, document_terms, fold, is_close

_BATCH = 500
_LIMIT = 20

Row = Sequence[str]


@dataclass(frozen=True)
class Kind:
    """How a kind of index is made and asked."""

    options: str
    document: Callable[[Piece], Row]
    match: Callable[[str], str]
    is_ranked: bool = True


def _as_it_is(piece: Piece) -> Row:
    return (piece.headline, piece.text, piece.author, piece.publisher)


def _in_quotes(query: str, prefix: str = "") -> str:
    words = [re.sub(r'["\0]', " ", word) for word in query.split()]
    return " ".join(f'"{word}"{prefix}' for word in words)


def _pairs(text: str) -> str:
    """Overlapping pairs in the order of the text; a single syllable is itself."""
    terms: list[str] = []
    for run in RUN.findall(fold(text)):
        terms += list(map(add, run, run[1:])) if is_close(run) and len(run) > 1 else [run]
    return " ".join(terms)


def _pairs_of(piece: Piece) -> Row:
    return [_pairs(field) for field in _as_it_is(piece)]


def _phrases(query: str) -> str:
    said = [_pairs(word) for word in query.split()]
    return " ".join(f'"{pairs}"{"*" if len(pairs) == 1 else ""}' for pairs in said if pairs)


def _all_pairs(query: str) -> str:
    return " ".join(f'"{pair}"{"*" if len(pair) == 1 else ""}' for pair in _pairs(query).split())


def _terms_of(piece: Piece) -> Row:
    return [document_terms(piece.headline, piece.text, [piece.author], piece.publisher), "", "", ""]


GISA = "pairs and singles, none"
"""gisa's own index without the look into the texts; with it, it is measured through the store."""
KINDS = {
    "unicode61": Kind("tokenize = 'unicode61'", _as_it_is, _in_quotes),
    "unicode61, prefixes": Kind(
        "tokenize = 'unicode61'", _as_it_is, partial(_in_quotes, prefix="*")
    ),
    "trigram": Kind("tokenize = 'trigram'", _as_it_is, _in_quotes),
    "pairs, full": Kind("tokenize = 'ascii'", _pairs_of, _phrases),
    "pairs, column": Kind(
        "tokenize = 'ascii', detail = column", _pairs_of, _all_pairs, is_ranked=False
    ),
    "pairs, none": Kind(
        "tokenize = 'ascii', detail = none", _pairs_of, _all_pairs, is_ranked=False
    ),
    GISA: Kind(
        "tokenize = 'ascii', detail = none",
        _terms_of,
        lambda query: parse(query).expression(),
        is_ranked=False,
    ),
}


@dataclass(frozen=True)
class Built:
    """What making an index took."""

    path: Path
    seconds: float
    bytes: int


def build(kind: Kind, pieces: Iterable[Piece], path: Path) -> Built:
    """Write the index of the articles, numbered from 1; seconds of CPU."""
    return written(kind.options, map(kind.document, pieces), path)


def written(options: str, rows: Iterable[Row], path: Path) -> Built:
    """Write rows of four columns into a contentless table; what makes the rows is counted, too."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(
            f"CREATE VIRTUAL TABLE f USING fts5 (headline, text, authors, publisher, content = '', {options})"
        )
        begin = time.process_time()
        for batch in _batches(enumerate(rows, 1)):
            db.execute("BEGIN")
            db.executemany(
                "INSERT INTO f (rowid, headline, text, authors, publisher) VALUES (?, ?, ?, ?, ?)",
                batch,
            )
            db.execute("COMMIT")
        seconds = time.process_time() - begin
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Built(path, seconds, path.stat().st_size)


def _batches(rows: Iterable[tuple[int, Row]]) -> Iterator[list[tuple[int | str, ...]]]:
    batch: list[tuple[int | str, ...]] = []
    for number, row in rows:
        batch.append((number, *row))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def found(db: sqlite3.Connection, match: str) -> set[int]:
    """Return all that an expression finds."""
    return {row[0] for row in db.execute("SELECT rowid FROM f WHERE f MATCH ?", [match])}


def best(db: sqlite3.Connection, match: str, *, is_ranked: bool) -> list[int]:
    """Return the first twenty: by bm25 with the headline weighted, or where there is no rank the newest."""
    order = "bm25(f, 10, 1, 5, 2)" if is_ranked else "rowid DESC"
    rows = db.execute(
        f"SELECT rowid FROM f WHERE f MATCH ? ORDER BY {order} LIMIT {_LIMIT}", [match]
    )
    return [row[0] for row in rows]
