"""What a sighting costs: bytes and CPU by layout, and questions, on fronts that change as those of portals do.

python -m benchmarks.sightings [--sightings 200000] [--folder DIR]

Three layouts take the same looks: one row a sighting as step 002 had it, placements by look as step 004 has
them (through the store itself), and spans, where a row grows while an article keeps rank and headline.
10 million sightings take some minutes and 3 GB of disk for a while.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.records import Entry, Source
from pipeline.store import Store, open_store
from pipeline.store import looks as looks_of_store
from pipeline.store.times import stamp

START = datetime(2026, 1, 1, tzinfo=UTC)
ENTRIES, EVERY = 40, timedelta(minutes=10)
FRONTS = {
    "newest": tuple(f"https://news.portal.example/section-{n}" for n in range(4)),
    "edited": tuple(f"https://news.portal.example/front-{n}" for n in range(2)),
}
AT_ONCE = 500  # looks a transaction: what is measured is not the disk
WORDS = (
    "정부", "예산안", "발표", "시의회", "산불", "진화", "완료", "내일", "전국", "비", "수출", "두", "달째",
    "증가", "법원", "판결",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """One look at one listing."""

    source: str
    listing: str
    at: datetime
    entries: tuple[Entry, ...]


def looks(seed: int) -> Iterator[Look]:
    """Fronts for ever: newest first with up to 12 new ones a look, or edited, where a few lines change places.

    By night half of the looks find nothing changed; one headline in two hundred is rewritten at a look.
    """
    luck, number = random.Random(seed), 0
    fronts: dict[str, list[tuple[int, str]]] = {u: [] for urls in FRONTS.values() for u in urls}
    at = START
    while True:
        at += EVERY
        for kind, urls in FRONTS.items():
            for url in urls:
                front = fronts[url]
                if not front or at.hour > 6 or luck.random() < 0.5:
                    count = ENTRIES if not front else luck.randrange(13 if kind == "newest" else 4)
                    new = [(number + n, _headline(luck)) for n in range(count)]
                    number += count
                    _change(luck, kind, front, new)
                yield Look(kind, url, at, tuple(_entries(front)))


def _change(
    luck: random.Random, kind: str, front: list[tuple[int, str]], new: list[tuple[int, str]]
) -> None:
    if kind == "newest":
        front[:0] = reversed(new)
    else:
        for article in new:
            front.insert(luck.randrange(min(len(front), 10) + 1), article)
        for _ in range(2):
            front.insert(luck.randrange(len(front)), front.pop(luck.randrange(len(front))))
    del front[ENTRIES:]
    for place, (article, headline) in enumerate(front):
        if luck.random() < 0.005:
            front[place] = (article, f"{headline} {luck.choice(WORDS)}")


def _headline(luck: random.Random) -> str:
    return " ".join(luck.choices(WORDS, k=9))


def _entries(front: list[tuple[int, str]]) -> Iterator[Entry]:
    for rank, (number, headline) in enumerate(front, 1):
        key = 20260101000000000 + number
        url = f"https://v.portal.example/v/{key}"
        yield Entry(f"daum:{key}", url, url, rank, headline)


_ROWS = """
    CREATE TABLE sightings (
        id INTEGER PRIMARY KEY, article_id TEXT NOT NULL, source TEXT NOT NULL, listing TEXT NOT NULL,
        rank INTEGER NOT NULL, headline TEXT NOT NULL, seen_at TEXT NOT NULL
    );
    CREATE INDEX sightings_article ON sightings (article_id, seen_at);
"""
_SPANS = """
    CREATE TABLE looks (id INTEGER PRIMARY KEY, listing INTEGER NOT NULL, seen_at TEXT NOT NULL);
    CREATE INDEX looks_listing ON looks (listing, seen_at);
    CREATE TABLE spans (
        listing INTEGER NOT NULL, since INTEGER NOT NULL, rank INTEGER NOT NULL, visit INTEGER NOT NULL,
        headline INTEGER NOT NULL, until INTEGER, PRIMARY KEY (listing, since, rank, visit, headline)
    ) WITHOUT ROWID;
    CREATE INDEX spans_visit ON spans (visit);
"""
_INSERT_ROW = (
    "INSERT INTO sightings (article_id, source, listing, rank, headline, seen_at)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)


def fill(store: Store, sightings: int) -> float:
    """Let the store take looks until it has so many sightings; return the CPU seconds a sighting."""
    for kind, urls in FRONTS.items():
        store.sources.remember(Source(kind, "daum", urls), START)
    taken, many, start = 0, looks(1), time.process_time()
    while taken < sightings:
        with store.writing():
            for look in islice(many, AT_ONCE):
                store.visits.discover(look.source, look.listing, look.entries, look.at)
                taken += len(look.entries)
    return (time.process_time() - start) / taken


def as_rows(store: Store, path: Path) -> int:
    """Write the same sightings as step 002 had them; return the bytes."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_ROWS)
        for (look,) in store.db.conn.execute("SELECT id FROM looks ORDER BY id"):
            rows = store.db.conn.execute(
                "SELECT v.article_id, li.source, li.url, p.rank, h.text, l.seen_at FROM looks l"
                " JOIN placements p ON p.look = l.shows JOIN listings li ON li.id = l.listing"
                " JOIN visits v ON v.seq = p.visit"
                " JOIN listed_headlines h ON h.visit = p.visit AND h.number = p.headline"
                " WHERE l.id = ? ORDER BY p.rank",
                [look],
            )
            db.executemany(_INSERT_ROW, map(tuple, rows))
        db.commit()
    return path.stat().st_size


def as_spans(store: Store, path: Path) -> int:
    """Write only what changed its rank or its headline; return the bytes, headlines not counted."""
    standing: dict[int, dict[tuple[int, int, int], int]] = {}
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_SPANS)
        looks_ = store.db.conn.execute("SELECT id, listing, shows, seen_at FROM looks ORDER BY id")
        for look, listing, shows, seen in looks_:
            there = {
                tuple(row)
                for row in store.db.conn.execute(
                    "SELECT rank, visit, headline FROM placements WHERE look = ?", [shows]
                )
            }
            open_ = standing.setdefault(listing, {})
            db.execute("INSERT INTO looks VALUES (?, ?, ?)", [look, listing, seen])
            gone = [(look, listing, open_.pop(span), *span) for span in open_.keys() - there]
            db.executemany(
                "UPDATE spans SET until = ? WHERE listing = ? AND since = ? AND rank = ? AND visit = ?"
                " AND headline = ?",
                gone,
            )
            new = there - open_.keys()
            db.executemany(
                "INSERT INTO spans VALUES (?, ?, ?, ?, ?, NULL)", [(listing, look, *s) for s in new]
            )
            open_ |= dict.fromkeys(new, look)
        db.commit()
    return path.stat().st_size


def sizes(store: Store) -> dict[str, int]:
    """Return the bytes of each table with its indexes, as they lie on the disk."""
    # by the interpreter's own SQLite: that of pysqlite3 comes without dbstat. Two of them in one process drop
    # each other's locks (decision 0015), which harms nobody here: no other process knows the file.
    with closing(sqlite3.connect(store.path)) as db:
        rows = db.execute(
            "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name"
            " WHERE m.tbl_name IN ('listings', 'looks', 'placements', 'listed_headlines', 'past_standings')"
            " GROUP BY 1 ORDER BY 2 DESC"
        )
        return dict(rows.fetchall())


def discovering(folder: Path, turns: int = 5, many: int = 600) -> tuple[float, float]:
    """Return the CPU milliseconds of a look at 40 entries, before and with step 004; in turns, medians."""
    found: dict[str, list[float]] = {"before": [], "with": []}
    for turn in range(turns):
        for name, spent in found.items():
            with open_store(folder / f"{name}-{turn}.db") as store:
                store.db.conn.executescript(_ROWS.replace("sightings", "rows_"))
                for kind, urls in FRONTS.items():
                    store.sources.remember(Source(kind, "daum", urls), START)
                chosen = list(islice(looks(turn), many))
                with _writing_rows(store, before=name == "before"):
                    start = time.process_time()
                    for look in chosen:
                        store.visits.discover(look.source, look.listing, look.entries, look.at)
                    spent.append((time.process_time() - start) / many * 1000)
    return statistics.median(found["before"]), statistics.median(found["with"])


@contextmanager
def _writing_rows(store: Store, *, before: bool) -> Iterator[None]:
    """Let `discover` write rows as it did before step 004."""

    def note(
        _store: object, source: str, listing: str, entries: tuple[Entry, ...], at: datetime
    ) -> None:
        seen = stamp(at)
        store.db.conn.executemany(
            _INSERT_ROW.replace("sightings", "rows_"),
            [(e.article_id, source, listing, e.rank, e.headline, seen) for e in entries],
        )

    kept = looks_of_store.note
    looks_of_store.note = note if before else kept
    try:
        yield
    finally:
        looks_of_store.note = kept


def questions(store: Store) -> dict[str, float]:
    """Return the median milliseconds of what people ask."""
    luck = random.Random(2)
    (most,) = store.db.conn.execute("SELECT max(seq) FROM visits").fetchone()
    ids = [
        store.rows("SELECT article_id FROM visits WHERE seq = ?", [luck.randrange(most) + 1])[0]
        for _ in range(100)
    ]
    (last,) = store.db.conn.execute("SELECT max(seen_at) FROM looks").fetchone()
    whole = (datetime.fromisoformat(last) - START).total_seconds()
    times = [START + timedelta(seconds=luck.uniform(3600, whole)) for _ in range(100)]
    url = FRONTS["edited"][0]
    return {
        "where an article stood": _median(store.sightings.of, [i["article_id"] for i in ids]),
        "what a front showed": _median(lambda at: store.sightings.front(url, at), times),
    }


def _median(ask: Callable[[Any], object], about: list[Any]) -> float:
    spent = []
    for it in about:
        start = time.perf_counter()
        assert ask(it)
        spent.append(time.perf_counter() - start)
    return statistics.median(spent) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sightings", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, help="where the files lie meanwhile")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        before, now = discovering(folder)
        print(
            f"a look at {ENTRIES} entries: {before:.2f} ms CPU before, {now:.2f} ms with step 004"
        )
        with open_store(folder / "gisa.db") as store:
            spent = fill(store, args.sightings)
            _tell(store, folder, spent)


def _tell(store: Store, folder: Path, spent: float) -> None:
    (taken,) = store.db.conn.execute("SELECT count(*) FROM sightings").fetchone()
    (count,) = store.db.conn.execute("SELECT count(*) FROM looks").fetchone()
    (placed,) = store.db.conn.execute("SELECT count(*) FROM placements").fetchone()
    by_table = sizes(store)
    print(
        f"{taken:,} sightings at {count:,} looks, {placed:,} placements, {spent * 1e6:.1f} µs CPU each"
    )
    for table, size in by_table.items():
        print(f"  {table:<20} {size / taken:7.2f} bytes a sighting")
    headlines = by_table["listed_headlines"]
    own = sum(by_table.values())
    print(f"{'layout':<24} {'bytes a sighting':>17} {'without headlines':>18}")
    for name, size, bare in (
        ("placements by look", own, own - headlines),
        ("spans", as_spans(store, folder / "spans.db") + headlines, 0),
        ("rows, as before", as_rows(store, folder / "rows.db"), 0),
    ):
        rest = bare or (size - headlines if name == "spans" else 0)
        print(f"{name:<24} {size / taken:17.1f} {rest / taken if rest else '':>18.5}")
    for question, milliseconds in questions(store).items():
        print(f"{question}: {milliseconds:.2f} ms")
    (middle,) = store.db.conn.execute("SELECT avg(unixepoch(seen_at)) FROM looks").fetchone()
    start = time.process_time()
    gone = store.sightings.prune(datetime.fromtimestamp(middle, UTC))
    seconds = time.process_time() - start
    print(
        f"prune: {gone:,} looks in {seconds:.1f} s CPU; {sizes(store)['past_standings']:,} bytes stay for them"
    )


if __name__ == "__main__":
    main()
