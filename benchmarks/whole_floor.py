"""The floor under `whole.py`: what fetching, parsing and storing cost where nothing else is done.

python -m benchmarks.whole_floor fetch ADDRESSES CONNECTIONS | parse FOLDER | insert DATABASE
prints the CPU seconds of the work alone; imports and preparations are not counted.

fetch: aiohttp as it comes, bodies decompressed. parse: selectolax's tree of each page's bytes, nothing asked.
insert: the rows that `gisa run` wrote for its articles, and the terms of its search index, by executemany.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.store import open_store
from pipeline.store.opening import open_read_only
from pipeline.store.search_index import SEARCHED, Entry

_TABLES = ("articles", "revisions", "authors", "article_authors", "images", "links")
_BATCH = 100


def fetch(addresses: str, connections: str) -> float:
    import aiohttp

    urls = json.loads(Path(addresses).read_text(encoding="utf-8"))

    async def work(session: aiohttp.ClientSession, left: Any) -> None:
        for url in left:
            async with session.get(url) as answer:
                answer.raise_for_status()
                await answer.read()

    async def run() -> float:
        began = time.process_time()
        connector = aiohttp.TCPConnector(limit=int(connections))
        async with aiohttp.ClientSession(connector=connector) as session:
            left = iter(urls)
            await asyncio.gather(*(work(session, left) for _ in range(int(connections))))
        return time.process_time() - began

    return asyncio.run(run())


def parse(folder: str) -> float:
    from selectolax.lexbor import LexborHTMLParser

    spent = 0.0
    for path in Path(folder).rglob("*"):
        if path.is_file() and not path.suffix:
            page = path.read_bytes()
            began = time.process_time()
            LexborHTMLParser(page)
            spent += time.process_time() - began
    return spent


def insert(database: str) -> float:
    """Write what another database has of articles into a new one, with all of gisa's tables and indexes."""
    rows, terms = _rows_of(Path(database))
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "gisa.db") as store:
        store.db.conn.execute("PRAGMA foreign_keys = OFF")  # sources and runs stay behind
        many = store.db.conn.executemany
        batches: list[list[tuple[str, list[tuple[Any, ...]]]]] = []
        for start in range(0, len(terms), _BATCH):
            some = [(sql, lines[start : start + _BATCH]) for sql, lines in rows]
            some.append((_TERMS, terms[start : start + _BATCH]))
            batches.append(some)
        batches.append([(sql, lines[len(terms) :]) for sql, lines in rows])
        began = time.process_time()
        for batch in batches:
            with store.writing():
                for sql, lines in batch:
                    many(sql, lines)
        return time.process_time() - began


_TERMS = "INSERT INTO articles_fts (rowid, terms) VALUES (?, ?)"
_Rows = list[tuple[str, list[tuple[Any, ...]]]]


def _rows_of(database: Path) -> tuple[_Rows, list[tuple[int, str]]]:
    with closing(open_read_only(database)) as store:
        rows: _Rows = []
        for table in _TABLES:
            found = store.rows(f"SELECT * FROM {table}")
            columns = list(found[0])
            marks = ", ".join("?" * len(columns))
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
            rows.append((sql, [tuple(row.values()) for row in found]))
        terms = []
        for row in store.rows(SEARCHED):
            names = tuple(row["authors"].split("\n")) if row["authors"] else ()
            entry = Entry(row["headline"], row["text"], names, row["publisher"])
            terms.append((row["seq"], entry.terms))
    return rows, terms


PARTS: dict[str, Callable[..., float]] = {"fetch": fetch, "parse": parse, "insert": insert}


if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])))
