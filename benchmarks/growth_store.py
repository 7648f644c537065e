"""A database that holds fictional articles already, with search index and stories, as crawls would leave it.

Made once in .bench/growth/, since 100,000 articles take some minutes; made anew when the schema is another.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.grouping_prose import WideWriter
from benchmarks.processes import ROOT
from benchmarks.storing_articles import SOURCE
from pipeline.records import Article, Author, Block, Image, Related
from pipeline.store import Store, open_store
from pipeline.store.migrating import known_steps

_BATCH, _AT_ONCE = 500, 500
_BYTES = 2500
_MINUTES = 5
"""Between two articles: 100,000 of them fill a year."""


def grown(count: int) -> Path:
    """Return the file of a database with so many articles."""
    folder = ROOT / ".bench/growth"
    path = folder / f"{count}-{len(known_steps())}.db"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    print(f"making {path.relative_to(ROOT)} ...", file=sys.stderr)
    with open_store(unfinished) as store:
        _fill(store, count)
    unfinished.rename(path)
    return path


def _fill(store: Store, count: int) -> None:
    now = datetime.now(UTC)
    store.sources.remember(SOURCE, now)
    batch: list[Article] = []
    for article in _articles(count, now):
        batch.append(article)
        if len(batch) == _BATCH:
            _save(store, batch)
            batch = []
    _save(store, batch)


def _save(store: Store, batch: list[Article]) -> None:
    store.articles.save_all(batch, SOURCE.name)
    while store.stories.group(_AT_ONCE).looked_at:
        pass


def _articles(count: int, now: datetime) -> Iterator[Article]:
    rng = random.Random("growth")
    for number in range(count):
        seen = now - timedelta(minutes=_MINUTES * (count - number))
        yield _article(number, seen, rng)


def _article(number: int, seen: datetime, rng: random.Random) -> Article:
    writer, paragraphs, length = WideWriter(rng), [], 0
    while length < _BYTES:
        paragraphs.append(writer.paragraph())
        length += len(paragraphs[-1].encode())
    key = f"90000{number:012d}"
    url = f"https://v.news.example/v/{key}"
    article = Article(
        id=f"daum:{key}", portal="daum", publisher=f"{writer.word()}일보", url=url, canonical_url=url,
        headline=writer.headline(), body=tuple(Block("paragraph", text) for text in paragraphs),
        text="\n\n".join(paragraphs), fetched_at=seen, parser="daum/1",
    )  # fmt: skip
    return replace(
        article,
        authors=(Author(writer.word(), f"reporter{number % 900}@press.example", "기자"),),
        images=(Image(f"https://img.example/{key}.jpg", writer.sentence()),),
        related=tuple(Related(writer.headline(), f"{url}{i}") for i in range(4)),
        published_at=seen - timedelta(minutes=9),
        published_at_source="meta",
        section="정치",
        language="ko",
    )
