"""Precision and recall of stories on the labelled set, their speed beside more and more articles, their size.

python -m benchmarks.grouping [--of-each 120] [--seed test] [--known 1000 10000 100000]
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from benchmarks.grouping_prose import WideWriter
from benchmarks.grouping_set import START, Draft, Pair, Truth, _article, pairs
from pipeline.records import Article, Source
from pipeline.store import Store, open_store

_BATCH = 200


@dataclass
class Score:
    """What was said of the pairs of each kind, and of the articles of different pairs."""

    said: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    strangers: list[tuple[str, str]] = field(default_factory=list)
    truth: dict[str, Truth] = field(default_factory=dict)


def fill(store: Store, articles: Iterable[Article]) -> None:
    store.sources.remember(Source("bench", "daum", ("http://h/",)), START)
    batch: list[Article] = []
    for article in articles:
        batch.append(article)
        if len(batch) == _BATCH:
            store.articles.save_all(batch, "bench")
            batch = []
    store.articles.save_all(batch, "bench")


def group_all(store: Store) -> int:
    looked_at = 0
    while done := store.stories.group(_BATCH).looked_at:
        looked_at += done
    return looked_at


def score(store: Store, labelled: list[Pair]) -> Score:
    """Group all articles of the set in one database, and compare with what is true."""
    fill(store, (article for pair in labelled for article in (pair.first, pair.second)))
    group_all(store)
    rows = store.rows(
        "SELECT a.id, s.story, s.relation, o.id AS of_id FROM story_articles AS s JOIN articles AS a"
        " ON a.seq = s.article LEFT JOIN articles AS o ON o.seq = s.of_article"
    )
    at = {row["id"]: row for row in rows}
    kind_of = {a.id: pair.kind for pair in labelled for a in (pair.first, pair.second)}
    partner = {pair.second.id: pair.first.id for pair in labelled}
    result = Score(truth={pair.kind: pair.truth for pair in labelled})
    for pair in labelled:
        one, other = at[pair.first.id], at[pair.second.id]
        together = one["story"] == other["story"]
        same = together and "same" in (one["relation"], other["relation"])
        result.said[pair.kind]["same" if same else "copy" if together else "none"] += 1
    for row in rows:
        of = row["of_id"]
        if of is not None and partner.get(row["id"]) != of and partner.get(of) != row["id"]:
            result.strangers.append((kind_of[row["id"]], kind_of[of]))
    return result


def tell(result: Score) -> None:
    print(f"{'kind':<40} {'truth':<5} {'pairs':>5} {'same':>5} {'copy':>5} {'none':>5}")
    for kind, said in result.said.items():
        counts = " ".join(f"{said[answer]:5}" for answer in ("same", "copy", "none"))
        print(f"{kind:<40} {result.truth[kind]:<5} {said.total():5} {counts}")
    strangers = Counter(result.strangers)
    for (kind, other), times in strangers.most_common():
        print(f"  articles of different pairs together: {kind} with {other}: {times}")
    for answer in ("same", "copy"):
        print(
            f"{answer}: precision {precision(result, answer):.4f}, recall {recall(result, answer):.4f}"
        )
    print(f"one story: precision {together(result):.4f}")


def precision(result: Score, answer: str) -> float:
    right = sum(s[answer] for k, s in result.said.items() if result.truth[k] == answer)
    said = sum(s[answer] for s in result.said.values())
    return right / said


def recall(result: Score, answer: str) -> float:
    kinds = [said for kind, said in result.said.items() if result.truth[kind] == answer]
    return sum(said[answer] for said in kinds) / sum(said.total() for said in kinds)


def together(result: Score) -> float:
    """Return the share of articles put together, in pairs or not, that belong together."""
    joined = {k: s["same"] + s["copy"] for k, s in result.said.items()}
    right = sum(n for kind, n in joined.items() if result.truth[kind] != "none")
    return right / (sum(joined.values()) + len(result.strangers))


def crowd(number: int, count: int, minutes: float) -> Iterable[Article]:
    """Yield articles of some 4 kB (UTF-8); one in five is a wire copy of one before."""
    before: list[Draft] = []
    for n in range(number, number + count):
        rng = random.Random(f"crowd:{n}")
        if before and rng.random() < 0.2:
            draft = replace(rng.choice(before[-200:]), publisher=f"신문{rng.randrange(80)}")
        else:
            writer = WideWriter(rng)
            text = [writer.paragraph() for _ in range(18)]
            draft = Draft(writer.headline(), text, f"통신{rng.randrange(20)}")
        before.append(draft)
        yield _article(draft, n, START + timedelta(minutes=n * minutes))


def speed(store: Store, known: list[int], measured: int = 1000) -> None:
    """CPU an article with so many articles of the last days there already."""
    total, minutes = 0, 7 * 24 * 60 / (max(known) + measured) * 0.9
    print(f"{'articles there':>15} {'ms CPU an article':>18} {'articles a second':>18}")
    for size in known:
        fill(store, crowd(total, size - total, minutes))
        group_all(store)
        fill(store, crowd(size, measured, minutes))
        start = time.process_time()
        looked_at = group_all(store)
        taken = (time.process_time() - start) / looked_at
        total = size + measured
        print(f"{size:15,} {taken * 1000:18.2f} {1 / taken:18.0f}", flush=True)
    length = store.rows("SELECT avg(length(CAST(text AS BLOB))) AS n FROM articles")[0]["n"]
    print(f"text of an article: {length:.0f} bytes; stories: {store.stories.count()}")


def sizes(path: Path) -> None:
    """Bytes an article of each table and index, by SQLite's own account where it is built in."""
    # the interpreter's own, since that of pysqlite3 comes without dbstat; the store is closed by now
    with closing(sqlite3.connect(path)) as connection:
        count = connection.execute("SELECT count(*) FROM story_articles").fetchone()[0]
        kept = connection.execute("SELECT count(*) FROM sketches").fetchone()[0]
        try:
            rows = connection.execute(
                "SELECT name, sum(pgsize) FROM dbstat WHERE name LIKE 'stor%' OR name LIKE 'sketch%'"
                " OR name LIKE 'regroup%' GROUP BY name ORDER BY 2 DESC"
            ).fetchall()
        except sqlite3.OperationalError:
            print("no dbstat in this SQLite: sizes are not measured")
            return
    print(f"{'table or index':<32} {'bytes an article':>17} {'bytes a sketch kept':>20}")
    for name, size in rows:
        per_sketch = f"{size / kept:20.0f}" if name.startswith("sketch") else ""
        print(f"{name:<32} {size / count:17.1f} {per_sketch}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of-each", type=int, default=120, help="pairs of each kind")
    parser.add_argument("--seed", default="test", help="of the labelled set; thresholds: 'tune'")
    parser.add_argument("--known", type=int, nargs="*", default=[1000, 10_000, 100_000])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        labelled = list(pairs(args.seed, args.of_each))
        print(f"{len(labelled)} pairs, seed {args.seed!r}")
        with open_store(Path(folder) / "set.db") as store:
            tell(score(store, labelled))
        if args.known:
            path = Path(folder) / "crowd.db"
            with open_store(path) as store:
                speed(store, sorted(args.known))
            sizes(path)


if __name__ == "__main__":
    main()
