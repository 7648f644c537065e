"""What crawls stored, held against the watches. What was not looked at is looked at after the next crawl."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from jobs import wiring
from pipeline.config import Config
from pipeline.settings import WatchSettings
from pipeline.store import Store
from pipeline.store.watch_hits import Cursor, Hit
from pipeline.watches import Matcher, Watch

_BATCH = 100
"""Articles between two turns for others: with 100 watches some 100 ms."""
_MOST = 2000
"""Articles that one crawl looks at; more wait for the next one."""
_LATER = timedelta(minutes=2)


def matcher(config: Config) -> Matcher:
    """Return the watches of a configuration."""
    return Matcher([_watch(name, settings) for name, settings in config.watches.items()])


async def look(store: Store, watches: Matcher, began: datetime) -> None:
    """Match what was stored or edited since each watch looked last; a new watch begins at `began`.

    Raises:
        StoreError: the database cannot be read or written.
    """
    names = [watch.name for watch in watches.watches]
    if not names:
        return
    now = wiring.now()
    cursors = store.watch_hits.cursors(names, began, now)
    cursors = await _look_at_new(store, watches, cursors, now)
    await _look_at_edited(store, watches, cursors, now)


def tried(store: Store, watches: Matcher, since: datetime) -> Iterator[tuple[dict[str, Any], Hit]]:
    """Yield the articles stored since a time that fit, newest last; nothing is kept."""
    after = 0
    while rows := store.watch_hits.stored_since(since, after, _BATCH):
        after = rows[-1]["seq"]
        for row in rows:
            for hit in _hits(watches, row):
                yield row, hit


async def _look_at_new(
    store: Store, watches: Matcher, cursors: dict[str, Cursor], now: datetime
) -> dict[str, Cursor]:
    for _ in range(_MOST // _BATCH):
        after = min(cursor.seq for cursor in cursors.values())
        rows = store.watch_hits.new_articles(after, _BATCH)
        if not rows:
            break
        reached = rows[-1]["seq"]
        hits = [h for row in rows for h in _hits(watches, row) if row["seq"] > cursors[h.watch].seq]
        cursors = {n: Cursor(max(c.seq, reached), c.edited_at) for n, c in cursors.items()}
        store.watch_hits.looked(hits, cursors, now)
        if len(rows) < _BATCH:
            break
        await asyncio.sleep(0)
    return cursors


async def _look_at_edited(
    store: Store, watches: Matcher, cursors: dict[str, Cursor], now: datetime
) -> None:
    since = min(cursor.edited_at for cursor in cursors.values())
    rows = store.watch_hits.edited_articles(since, _MOST)
    hits: list[Hit] = []
    for number, row in enumerate(rows, 1):
        hits += _hits(watches, row)
        if number % _BATCH == 0:
            await asyncio.sleep(0)
    # beyond the bound the next look begins at the last edit that this one saw
    until = now if len(rows) < _MOST else datetime.fromisoformat(rows[-1]["edited_at"]) + _LATER
    store.watch_hits.looked(hits, {n: Cursor(c.seq, until) for n, c in cursors.items()}, now)


def _hits(watches: Matcher, row: dict[str, Any]) -> Iterable[Hit]:
    found = watches.matches(row["source"], row)
    return [Hit(name, row["id"], row["revision"], terms) for name, terms in found.items()]


def _watch(name: str, it: WatchSettings) -> Watch:
    return Watch(
        name, tuple(it.any), tuple(it.all), tuple(it.none), tuple(it.fields), tuple(it.sources)
    )
