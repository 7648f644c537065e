"""What finds Korean words, what it costs, and how long gisa's own search takes.

python -m benchmarks.searching [--articles 100000] [--compared 10000] [--kiwi 500]

Kinds of FTS5 indexes beside each other, each in a file of its own: recall and precision of 200 queries, size
beside the size of the text, articles a second, time of a query. Then gisa's store with all its tables. The
articles are fiction. kiwipiepy runs in an environment in .bench/, which the first run makes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from sqlite_utils.utils import sqlite3

from benchmarks.environment import ROOT, environment
from benchmarks.searching_corpus import Corpus, Piece
from benchmarks.searching_indexes import KINDS, Built, best, build, found, written
from benchmarks.searching_queries import Asked, queries
from benchmarks.searching_store import StoreTurn, fill, find_all, first_page
from pipeline.store import open_store

_KIWI_AT_ONCE = 50


@dataclass
class Score:
    """What a kind of index found of the queries, and how long each took (seconds)."""

    recall: list[float] = field(default_factory=list)
    precision: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    by_kind: dict[str, list[float]] = field(default_factory=dict)

    def add(self, asked: Asked, truth: Collection[int], found: set[int], seconds: float) -> None:
        """Count one query."""
        right = len(found & set(truth))
        recall = right / len(truth)
        self.recall.append(recall)
        self.precision.append(right / len(found) if found else 1.0)
        self.seconds.append(seconds)
        self.by_kind.setdefault(asked.kind, []).append(recall)


def main() -> None:
    chosen = _arguments()
    corpus = Corpus()
    pieces = list(corpus.pieces(chosen.compared))
    asked = queries(corpus, pieces)
    size = sum(map(_bytes, pieces))
    print(f"python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {len(pieces)} articles of"
          f" {size / len(pieces):.0f} bytes of text, {len(asked)} queries\n")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        _compare(Path(folder), pieces, asked, size)
        if chosen.kiwi:
            _kiwi(Path(folder), pieces[: chosen.kiwi], asked)
        _store(Path(folder), pieces, asked, size)
        if chosen.articles:
            _large(Path(folder), chosen.articles, asked)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000, help="in the store; 0 for none")
    parser.add_argument("--compared", type=int, default=10_000, help="in each kind of index")
    parser.add_argument("--kiwi", type=int, default=500, help="in that of morphemes; 0 for none")
    return parser.parse_args()


def _compare(folder: Path, pieces: Sequence[Piece], asked: Sequence[Asked], size: int) -> None:
    print(f"{'index':<26} {'recall':>7} {'precision':>9} {'x text':>7} {'articles/s':>10}"
          f" {'median ms':>9} {'p95 ms':>7}")  # fmt: skip
    scores = {}
    for name, kind in KINDS.items():
        built = build(kind, pieces, folder / f"{len(scores)}.db")
        scores[name] = _score(built, asked, kind.match, is_ranked=kind.is_ranked)
        _line(name, scores[name], built, len(pieces), size)
    print("\nrecall by kind of query")
    for kind_of_query in dict.fromkeys(each.kind for each in asked):
        said = "  ".join(
            f"{statistics.mean(it.by_kind[kind_of_query]):.3f}" for it in scores.values()
        )
        print(f"{kind_of_query:<14} {said}")


def _score(
    built: Built, asked: Sequence[Asked], match: Callable[[str], str], *, is_ranked: bool
) -> Score:
    score = Score()
    with closing(sqlite3.connect(built.path)) as db:
        last = db.execute("SELECT max(id) FROM f_docsize").fetchone()[0]
        for each in asked:
            truth = {number for number in each.truth if number <= last}
            if truth:
                expression = match(each.text)
                begin = time.perf_counter()
                best(db, expression, is_ranked=is_ranked)
                seconds = time.perf_counter() - begin
                score.add(each, truth, found(db, expression), seconds)
    return score


def _line(name: str, score: Score, built: Built, articles: int, size: int) -> None:
    recall, precision = statistics.mean(score.recall), statistics.mean(score.precision)
    print(f"{name:<26} {recall:7.3f} {precision:9.3f} {built.bytes / size:7.2f}"
          f" {articles / built.seconds:10.0f} {_times(score.seconds)}", flush=True)  # fmt: skip


def _times(seconds: Sequence[float]) -> str:
    median, late = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
    return f"{median * 1000:9.2f} {late * 1000:7.2f}"


def _kiwi(folder: Path, pieces: Sequence[Piece], asked: Sequence[Asked]) -> None:
    """Morphemes: the analyser is a process of its own, reads texts and queries alike."""
    fields = [[it.headline, it.text, it.author, it.publisher] for it in pieces]
    batches = [
        list(chain.from_iterable(fields[at : at + _KIWI_AT_ONCE]))
        for at in range(0, len(fields), _KIWI_AT_ONCE)
    ]
    words = sorted({word for each in asked for word in each.text.split()})
    lines = [json.dumps(batch) for batch in (*batches, words)]
    command = [str(environment("search")), str(ROOT / "benchmarks/searching_kiwi.py")]
    said = subprocess.run(
        command, input="\n".join(lines).encode(), stdout=subprocess.PIPE, check=True, timeout=900
    )
    *answers, asked_for, seconds = map(json.loads, said.stdout.splitlines())
    flat = [text for answer in answers for text in answer]
    rows = [flat[at : at + 4] for at in range(0, len(flat), 4)]
    morphemes = dict(zip(words, asked_for, strict=True))
    built = written("tokenize = 'unicode61'", rows, folder / "kiwi.db")
    whole = Built(built.path, built.seconds + seconds, built.bytes)

    def match(query: str) -> str:
        return " ".join(f'"{morphemes[word]}"'.replace("\0", "") for word in query.split())

    score = _score(built, asked, match, is_ranked=True)
    print(f"\nmorphemes, of {len(pieces)} articles, with the {len(score.recall)} queries they have")
    _line("kiwipiepy", score, whole, len(pieces), sum(map(_bytes, pieces)))


def _store(folder: Path, pieces: Sequence[Piece], asked: Sequence[Asked], size: int) -> None:
    """The same articles and queries through gisa's store."""
    without = fill(folder / "without.db", pieces, index=False)
    turn = fill(folder / "store.db", pieces)
    score = Score()
    with open_store(turn.path) as store:
        for each in asked:
            begin = time.perf_counter()
            first_page(store, each.text)
            seconds = time.perf_counter() - begin
            score.add(each, each.truth, find_all(store, each.text, len(pieces)), seconds)
    rate = len(pieces) / without.seconds
    print(f"\ngisa's store, {len(pieces)} articles; without the index {rate:.0f} a second")
    _line("gisa", score, Built(turn.path, turn.seconds, turn.index_bytes), len(pieces), size)


def _large(folder: Path, articles: int, asked: Sequence[Asked]) -> None:
    size = 0

    def counted(piece: Piece) -> Piece:
        nonlocal size
        size += _bytes(piece)
        return piece

    turn: StoreTurn = fill(folder / "large.db", map(counted, Corpus().pieces(articles)))
    seconds, cpu, answered = [], [], 0
    with open_store(turn.path) as store:
        for each in asked:
            begin, begin_cpu = time.perf_counter(), time.process_time()
            answered += bool(first_page(store, each.text))
            seconds.append(time.perf_counter() - begin)
            cpu.append(time.process_time() - begin_cpu)
    print(f"\ngisa's store, {articles} articles: {articles / turn.seconds:.0f} a second with the index,"
          f" which is {turn.index_bytes / size:.2f} of the text")  # fmt: skip
    print(f"{answered} of {len(asked)} queries answered, ranked, with snippets; median and p95 in ms:"
          f" {_times(seconds)}, of CPU {_times(cpu)}")  # fmt: skip
    for each, taken in sorted(zip(asked, seconds, strict=True), key=lambda pair: -pair[1])[:5]:
        print(f"  {taken * 1000:6.1f}  {each.text} ({each.kind})")


def _bytes(piece: Piece) -> int:
    return len(piece.headline.encode()) + len(piece.text.encode())


if __name__ == "__main__":
    main()
