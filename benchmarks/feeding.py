"""How long a feed takes to make out of 100,000 articles, a fifth of them edited.

python -m benchmarks.feeding [--articles 100000]

Fiction, half a minute apart; of ten sources one has an article in 5,000, a watch found every second article.
CPU time of the fastest of five for 50 entries: for reading them, and with the writing of Atom.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.searching_corpus import Corpus, Piece
from jobs.feeding import Wanted, feed_of
from pipeline.records import Article, Block, Source
from pipeline.store import Store, open_store
from pipeline.store.updates import Selection
from pipeline.store.watch_hits import Cursor, Hit

_BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
_APART = timedelta(seconds=30)
_BATCH = 500
_SELECTIONS = {
    "all": Selection(),
    "a busy source": Selection(source="source-1"),
    "a source with one article in 5,000": Selection(source="rare"),
    "a watch that found every second article": Selection(watch="often"),
    "a query that a quarter answers": Selection(query="정부"),
    "a query of two words": Selection(query="정부 예산"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    count = parser.parse_args().articles
    with (
        tempfile.TemporaryDirectory(prefix="gisa-bench-") as folder,
        open_store(Path(folder) / "gisa.db") as store,
    ):
        _fill(store, count)
        print(f"{count} articles; ms of CPU: read, read and written, entries")
        for name, selection in _SELECTIONS.items():
            turns = [_turn(store, selection) for _ in range(5)]
            read, whole = (min(turn[n] for turn in turns) * 1000 for n in (0, 1))
            print(f"  {name:<42} {read:6.1f} {whole:6.1f} {turns[0][2]:4}")


def _turn(store: Store, selection: Selection) -> tuple[float, float, int]:
    begin = time.process_time()
    store.updates.newest(selection, 50)
    read = time.process_time()
    feed = feed_of(store, selection, Wanted(owner="bench"))
    return read - begin, time.process_time() - read, feed.articles


def _fill(store: Store, count: int) -> None:
    sources = [*(f"source-{n}" for n in range(9)), "rare"]
    for name in sources:
        store.sources.remember(Source(name, "daum", ("https://portal.example",)), _BEGIN)
    articles = enumerate(map(_article, range(count), Corpus().pieces(count)))
    while batch := list(islice(articles, _BATCH)):
        with store.writing():
            for name in sources:
                mine = [it for n, it in batch if _source(n) == name]
                store.articles.save_all(mine, name)
    edited = (store.articles.get(f"daum:{n}") for n in range(0, count, 5))
    later = (_edited(it.article, count) for it in edited if it)
    while some := list(islice(later, _BATCH)):
        store.articles.save_all(some, "source-0")
    hits = [Hit("often", f"daum:{n}", 1, ("정부",)) for n in range(0, count, 2)]
    store.watch_hits.looked(hits, {"often": Cursor(count, _BEGIN)}, _BEGIN)


def _source(number: int) -> str:
    return f"source-{number % 9}" if number % 5_000 else "rare"


def _edited(article: Article, count: int) -> Article:
    seen = article.fetched_at + _APART * (count // 10)
    return replace(article, headline=f"{article.headline} 고침", fetched_at=seen)


def _article(number: int, piece: Piece) -> Article:
    url, at = f"https://portal.example/v/{number}", _BEGIN + _APART * number
    return Article(
        id=f"daum:{number}", portal="daum", publisher=piece.publisher, url=url, canonical_url=url,
        headline=piece.headline, body=(Block("paragraph", piece.text),), text=piece.text,
        fetched_at=at, parser="daum/1", published_at=at,
    )  # fmt: skip


if __name__ == "__main__":
    main()
