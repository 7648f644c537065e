"""What it costs to keep an article: beside sqlite3's own executemany with the same rows, in turns.

python -m benchmarks.storing [--articles 10000] [--rounds 5]

The raw side gets ready tuples for the same tables, indexes, settings and batches of 100; gisa gets records, and
cleans, hashes, compares and unfolds them. CPU time of the process; ratios are taken within a round.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.storing_articles import NOW, SOURCE, articles
from pipeline.records import Article
from pipeline.store import Store, open_store
from pipeline.store.article_rows import COLUMNS, row_of

BATCH = 100
Tables = dict[str, list[tuple[Any, ...]]]
_INTO = {
    "articles": (*COLUMNS, "source", "revision", "first_seen_at", "last_seen_at"),
    "revisions": ("article_id", "revision", "seen_at", "cause", "content_hash"),
    "authors": ("id", "name", "email"),
    "article_authors": ("article_id", "position", "author_id", "role"),
    "images": ("article_id", "position", "url", "caption", "credit"),
    "links": ("article_id", "position", "url", "headline"),
}
_KEYS = {
    "articles": "id",
    "revisions": "article_id, revision",
    "authors": "id",
    "article_authors": "article_id, position",
    "images": "article_id, position",
    "links": "article_id, position",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    made = articles(args.articles)
    mean = statistics.mean(len(article.text.encode()) for article in made)
    print(f"{args.articles} articles of {mean:.0f} bytes of text, batches of {BATCH}")
    rounds = [_round(made) for _ in range(args.rounds)]
    print(f"{'':<34}{'us an article':>14}{'x raw':>8}")
    for name, raw in _BESIDE.items():
        taken = statistics.median(r[name] for r in rounds)
        ratio = statistics.median(r[name] / r[raw] for r in rounds)
        print(f"{name:<34}{taken * 1e6 / args.articles:14.1f}{ratio:8.2f}")
    fast = statistics.median(args.articles / r["gisa: new, with the search index"] for r in rounds)
    print(f"with the search index: {fast:.0f} articles a CPU second")
    _print_sizes(made)


_BESIDE = {
    "raw: new": "raw: new",
    "gisa: new": "raw: new",
    "raw: the same again": "raw: the same again",
    "gisa: the same again": "raw: the same again",
    "gisa: new, with the search index": "raw: new",
}


def _round(made: Sequence[Article]) -> dict[str, float]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        raw, plain, indexed = (
            stack.enter_context(open_store(folder / f"{name}.db", index=name == "indexed"))
            for name in ("raw", "plain", "indexed")
        )
        for store in (raw, plain, indexed):
            store.sources.remember(SOURCE, NOW)
        batches = _batches(made)
        return {
            "raw: new": _timed(lambda: _write_raw(raw, batches)),
            "gisa: new": _timed(lambda: _write(plain, made)),
            "raw: the same again": _timed(lambda: _write_raw(raw, batches)),
            "gisa: the same again": _timed(lambda: _write(plain, made)),
            "gisa: new, with the search index": _timed(lambda: _write(indexed, made)),
        }


def _timed(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _write(store: Store, made: Sequence[Article]) -> None:
    for start in range(0, len(made), BATCH):
        done = store.articles.save_all(made[start : start + BATCH], SOURCE.name)
        assert {str(saved) for saved in done} <= {"new", "unchanged"}, done


def _write_raw(store: Store, batches: Sequence[Tables]) -> None:
    for tables in batches:
        with store.writing() as db:
            for table, rows in tables.items():
                db.conn.executemany(_UPSERTS[table], rows)


def _upsert(table: str) -> str:
    columns = _INTO[table]
    values = ", ".join("?" * len(columns))
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"
        f" ON CONFLICT ({_KEYS[table]}) DO UPDATE SET {changes}"
    )


def _batches(made: Sequence[Article]) -> list[Tables]:
    people: dict[tuple[str, str], int] = {}
    return [_tables(made[start : start + BATCH], people) for start in range(0, len(made), BATCH)]


def _tables(made: Sequence[Article], people: dict[tuple[str, str], int]) -> Tables:
    tables: Tables = {name: [] for name in ("authors", *_INTO)}
    for article in made:
        row = row_of(article)
        tables["articles"].append((*row.values, SOURCE.name, 1, row.seen, row.seen))
        tables["revisions"].append((article.id, 1, row.seen, "publisher", row.content_hash))
        for position, author in enumerate(article.authors, 1):
            key = (author.name, author.email or "")
            number = people.setdefault(key, len(people) + 1)
            tables["authors"].append((number, *key))
            tables["article_authors"].append((article.id, position, number, author.role))
        for position, image in enumerate(article.images, 1):
            tables["images"].append((article.id, position, image.url, image.caption, image.credit))
        for position, link in enumerate(article.related, 1):
            tables["links"].append((article.id, position, link.url, link.headline))
    return tables


def _print_sizes(made: Sequence[Article]) -> None:
    text = statistics.mean(len(article.text.encode()) for article in made)
    with tempfile.TemporaryDirectory() as folder:
        sizes = {}
        for name in ("plain", "indexed"):
            path = Path(folder) / f"{name}.db"
            with open_store(path, index=name == "indexed") as store:
                empty = path.stat().st_size
                store.sources.remember(SOURCE, NOW)
                _write(store, made)
            sizes[name] = (path.stat().st_size - empty) / len(made)
    index = sizes["indexed"] - sizes["plain"]
    print(f"bytes an article: {sizes['plain']:.0f} without the index, of {text:.0f} bytes of text;")
    print(f"the index takes {index:.0f}, {index / text:.2f} of the text")


_UPSERTS = {table: _upsert(table) for table in _INTO}


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}", file=sys.stderr)
    main()
