"""Processes that share one database: writers that revise, and a reader that looks at everything meanwhile.

python -m tests.pipeline.store.neighbours writer DATABASE NAME BATCHES SECONDS
python -m tests.pipeline.store.neighbours reader DATABASE

A writer ends after so many batches, and not before so many seconds have passed; the reader when its stdin ends.
Each prints one line of JSON.
"""

from __future__ import annotations

import json
import select
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.records import Article, Block, Entry, Image, Related, Source, StoredArticle
from pipeline.store import Store, open_store
from pipeline.store.visits import NEVER_SEEN

SHARED = "daum:shared"
SIZE = 4
"""New articles of a batch; the shared one comes on top."""
START = datetime(2026, 9, 27, 3, tzinfo=UTC)


def article(article_id: str, state: str, seconds: int) -> Article:
    """An article whose parts, in four tables, all say the same."""
    return Article(
        id=article_id, portal="daum", publisher="가람신문", url=f"http://h/{article_id}",
        canonical_url=f"http://h/{article_id}", headline=f"제목 {state}",
        body=(Block("paragraph", f"본문 {state}"),), text=f"본문 {state}",
        fetched_at=START + timedelta(seconds=seconds), parser="daum/1",
        images=tuple(Image(f"http://img/{n}", f"사진 {state}") for n in range(3)),
        related=tuple(Related(f"관련 {state}", f"http://h/{n}") for n in range(3)),
    )  # fmt: skip


def is_whole(stored: StoredArticle) -> bool:
    it = stored.article
    state = it.headline.removeprefix("제목 ")
    wanted = article(it.id, state, 0)
    return replace(it, fetched_at=wanted.fetched_at) == wanted


def write(store: Store, name: str, batches: int, seconds: float) -> dict[str, Any]:
    store.sources.remember(Source(name, "daum", (f"http://h/{name}",)), START)
    begun, longest, number, results = time.monotonic(), 0.0, 0, list[str]()
    while number < batches or time.monotonic() - begun < seconds:
        number += 1
        now = START + timedelta(seconds=number)
        ids = [f"daum:{name}-{number}-{n}" for n in range(SIZE)]
        entries = [Entry(i, f"http://h/{i}", f"http://h/{i}", n, i) for n, i in enumerate(ids, 1)]
        store.visits.discover(name, f"http://h/{name}", entries, now)
        state = f"{name} {number}"
        asked = time.monotonic()
        with store.writing():
            longest = max(longest, time.monotonic() - asked)
            found = [article(i, state, number) for i in [*ids, SHARED]]
            results += map(str, store.articles.save_all(found, name))
            for visit in store.visits.due(name, now):
                store.visits.settle(visit, "new", now, again=None, seen=NEVER_SEEN)
    return {"batches": number, "results": results, "longest_wait": longest}


def read(store: Store) -> dict[str, Any]:
    looks, most, torn, longest = 0, 0, list[str](), 0.0
    while not select.select([sys.stdin], [], [], 0)[0]:
        asked = time.monotonic()
        latest = list(store.articles.latest(20))
        if shared := store.articles.get(SHARED):
            latest.append(shared)
        count, revisions = store.articles.count(), store.articles.revisions(SHARED)
        longest = max(longest, time.monotonic() - asked)
        torn += [it.article.id for it in latest if not is_whole(it)]
        numbers = [it.revision for it in revisions]
        texts = {it.record["text"] for it in revisions}  # every batch wrote another
        if numbers != list(range(1, len(texts) + 1)):
            torn.append(f"revisions {numbers}")
        if count < most:
            torn.append(f"{count} articles after {most}")
        looks, most = looks + 1, max(most, count)
    return {"looks": looks, "torn": torn, "longest_look": longest}


def main() -> None:
    role, path, *rest = sys.argv[1:]
    with open_store(Path(path)) as store:
        said = (
            write(store, rest[0], int(rest[1]), float(rest[2])) if role == "writer" else read(store)
        )
    print(json.dumps(said))


if __name__ == "__main__":
    main()
