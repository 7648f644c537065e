"""gisa's store in `searching.py`: filled by its own batches, searched as the command does."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.searching_corpus import Piece
from pipeline.records import Article, Author, Block, Source
from pipeline.store import Store, open_store

_NOON = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)
_BATCH = 200
_SIZE = """
    SELECT (SELECT sum(length(block)) FROM articles_fts_data)
        + (SELECT sum(length(sz) + 4) FROM articles_fts_docsize)
"""


@dataclass(frozen=True)
class StoreTurn:
    """A filled store: seconds of CPU for the writing, bytes of the index."""

    path: Path
    seconds: float
    index_bytes: int


def fill(path: Path, pieces: Iterable[Piece], *, index: bool = True) -> StoreTurn:
    """Store the articles; making the records is not counted."""
    articles = (article_of(number, piece) for number, piece in enumerate(pieces, 1))
    seconds = 0.0
    with open_store(path, index=index) as store:
        store.sources.remember(Source("bench", "daum", ("https://portal.example",)), _NOON)
        while batch := list(islice(articles, _BATCH)):
            begin = time.process_time()
            store.articles.save_all(batch, "bench")
            seconds += time.process_time() - begin
        size = store.db.conn.execute(_SIZE).fetchone()[0]
    return StoreTurn(path, seconds, size or 0)


def first_page(store: Store, query: str) -> list[str]:
    """Return what a reader sees first."""
    return [hit.article_id for hit in store.search(query)]


def find_all(store: Store, query: str, most: int) -> set[int]:
    """Return the numbers of all that is found."""
    return {int(hit.article_id.partition(":")[2]) for hit in store.search(query, limit=most)}


def article_of(number: int, piece: Piece) -> Article:
    """Return a piece as gisa keeps it, without a section and rights."""
    url = f"https://portal.example/v/{number}"
    return Article(
        id=f"daum:{number}",
        portal="daum",
        publisher=piece.publisher,
        url=url,
        canonical_url=url,
        headline=piece.headline,
        body=tuple(Block("paragraph", text) for text in piece.text.split("\n\n")),
        text=piece.text,
        fetched_at=_NOON,
        parser="daum/1",
        authors=(Author(piece.author, None, "기자"),),
        published_at=_NOON - timedelta(minutes=number % 50_000),
        published_at_source="meta",
    )
