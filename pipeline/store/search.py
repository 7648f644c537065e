"""Searching: the index names candidates, their texts say which of them answer and how well."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.search_passages import Range, fields_of, marked, passage, weights
from pipeline.search_query import Needle, Query, parse
from pipeline.search_terms import publisher_term
from pipeline.store.connection import Connection
from pipeline.store.search_index import SEARCHED
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp

_RANKED = 200
"""Articles that are compared to each other. Where more answer, those with the words in the headline and
then the newest are taken, and the others follow: weighing thousands of texts would take seconds."""
_AT_ONCE = 100
_COUNTED = 20_000
"""Articles with a word from which on its being common is not measured any further."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found. `score` compares hits of one search only, higher is better.

    `headline` and `snippet` are one line each, with nothing invisible in it; the ranges are (from, up to but
    not with) in characters of them.
    """

    article_id: str
    headline: str
    headline_ranges: tuple[Range, ...]
    publisher: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    first_seen_at: datetime
    removed_at: datetime | None
    url: str
    score: float
    snippet: str
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """What hits are limited to; see `Store.search`."""

    since: datetime | None = None
    until: datetime | None = None
    source: str | None = None
    publisher: str | None = None
    among: Sequence[int] | None = None
    """Numbers of articles (`articles.seq`)."""

    def condition(self) -> tuple[str, list[str]]:
        """Return SQL for a WHERE clause on articles_fts, and its parameters."""
        clauses: list[str] = []
        values: list[str] = []
        if self.since or self.until:
            dated, values = self.dated()
            clauses.append(f"+rowid IN ({dated})")
        if self.source is not None:
            clauses.append("+rowid IN (SELECT seq FROM articles WHERE source = ?)")
            values.append(storable(self.source))
        if self.among is not None:
            clauses.append("+rowid IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(self.among))
        return "".join(f" AND {clause}" for clause in clauses), values

    def dated(self) -> tuple[str, list[str]]:
        """Return SQL that selects the numbers of articles within the times by indexes, and its parameters."""
        bounds = {">=": stamp(self.since), "<": stamp(self.until)}
        within = {sign: at for sign, at in bounds.items() if at}
        numbers: list[str] = []
        for known, column in (("IS NOT", "published_at"), ("IS", "first_seen_at")):
            limits = "".join(f" AND {column} {sign} ?" for sign in within)
            numbers.append(
                f"SELECT seq FROM articles WHERE published_at {known} NULL{limits}"  # noqa: S608
            )
        return " UNION ALL ".join(numbers), [*within.values(), *within.values()]


@dataclass(frozen=True, slots=True)
class _Candidate:
    seq: int
    at: str
    weights: list[float]


@dataclass(frozen=True)
class Search:
    """Table `articles_fts`, asked."""

    store: Connection

    def find(self, query: str, only: Only, *, limit: int, offset: int) -> list[Hit]:
        """Return what `Store.search` promises."""
        asked = parse(storable(query))
        if not asked.wanted or limit <= 0:
            return []
        offset = max(0, offset)
        found = self._ranked(asked, only, offset + limit)[offset : offset + limit]
        return self._hits(asked, dict(found))

    def newest(self, query: str, only: Only, limit: int) -> list[int]:
        """Return the numbers of articles that answer a query, those that were stored last coming first."""
        asked = parse(storable(query))
        found: list[int] = []
        for numbers in self._pages(asked.expression(), only) if asked.wanted else ():
            answering = {it.seq for it in self._compared(asked, numbers)}
            found += [seq for seq in numbers if seq in answering]
            if len(found) >= limit:
                break
        return found[:limit]

    def _ranked(self, asked: Query, only: Only, wanted: int) -> list[tuple[int, float]]:
        """Return (seq, score), best first; those that are not compared follow in the order they were found."""
        rarity = self._rarity(asked.needles)
        scored = [
            (sum(map(math.prod, zip(rarity, it.weights, strict=True))), it.at, it.seq)
            for it in self._candidates(asked, only, max(wanted, _RANKED))
        ]
        best = sorted(scored[:_RANKED], reverse=True)
        return [(seq, score) for score, _, seq in (*best, *scored[_RANKED:])]

    def _candidates(self, asked: Query, only: Only, wanted: int) -> list[_Candidate]:
        """Return articles that answer, those that promise most first, until there are as many as wanted."""
        expressions = [asked.expression()]
        if len(self._numbers(expressions[0], only, None, _RANKED + 1)) > _RANKED:
            expressions = [*asked.headline_expressions(), *expressions]
        found: list[_Candidate] = []
        looked_at: set[int] = set()
        for expression in expressions:
            for numbers in self._pages(expression, only):
                found += self._compared(asked, [seq for seq in numbers if seq not in looked_at])
                looked_at.update(numbers)
                if len(found) >= wanted:
                    return found
        return found

    def _pages(self, expression: str, only: Only) -> Iterator[list[int]]:
        """Yield numbers of articles, newest first, some at a time."""
        before: int | None = None
        while numbers := self._numbers(expression, only, before, _AT_ONCE):
            yield numbers
            if len(numbers) < _AT_ONCE:
                return
            before = numbers[-1]

    def _numbers(self, expression: str, only: Only, before: int | None, limit: int) -> list[int]:
        if only.publisher is not None:
            expression = f'({expression}) AND "{publisher_term(storable(only.publisher))}"'
        condition, limited_to = only.condition()
        values: list[Any] = [expression, *limited_to]
        if before is not None:
            condition += " AND rowid < ?"
            values.append(before)
        rows = self.store.rows(
            f"SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?{condition}"  # noqa: S608
            " ORDER BY rowid DESC LIMIT ?",
            [*values, limit],
        )
        return [row["rowid"] for row in rows]

    def _compared(self, asked: Query, numbers: Sequence[int]) -> Iterator[_Candidate]:
        for row in self._rows(numbers, SEARCHED):
            fields = fields_of(
                row["headline"], row["text"], (row["authors"] or "",), row["publisher"]
            )
            weighed = weights(asked, fields)
            if weighed is not None:
                yield _Candidate(row["seq"], row["at"], weighed)

    def _rarity(self, needles: Sequence[Needle]) -> list[float]:
        """Return what each needle is worth beside the others (BM25's idf); a single one needs no measuring."""
        if len(needles) == 1:
            return [1.0]
        (row,) = self.store.rows("SELECT coalesce(max(seq), 0) AS n FROM articles")
        return [_idf(self._count(needle), row["n"]) for needle in needles]

    def _count(self, needle: Needle) -> int:
        (row,) = self.store.rows(
            "SELECT count(*) AS n FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)",
            [needle.expression(), _COUNTED],
        )
        return int(row["n"])

    def _hits(self, asked: Query, scores: dict[int, float]) -> list[Hit]:
        rows = {row["seq"]: row for row in self._rows(list(scores), _SHOWN)}
        # one that another process has just removed is left out
        return [_hit(asked, rows[seq], score) for seq, score in scores.items() if seq in rows]

    def _rows(self, numbers: Sequence[int], select: str) -> Iterator[dict[str, Any]]:
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            yield from self.store.rows(f"{select} WHERE seq IN ({marks})", some)


_SHOWN = SEARCHED.replace(
    "a.seq,", "a.seq, a.id, a.canonical_url, a.published_at, a.first_seen_at, a.removed_at,"
)


def _idf(having: int, everything: int) -> float:
    return math.log1p((max(everything - having, 0) + 0.5) / (having + 0.5))


def _hit(asked: Query, row: dict[str, Any], score: float) -> Hit:
    headline = marked(row["headline"], asked.needles)
    snippet = passage(row["text"], asked.needles)
    return Hit(
        article_id=row["id"],
        headline=headline.text,
        headline_ranges=headline.ranges,
        publisher=row["publisher"],
        authors=tuple(filter(None, (row["authors"] or "").split("\n"))),
        published_at=moment(row["published_at"]),
        first_seen_at=moment(row["first_seen_at"]),
        removed_at=moment(row["removed_at"]),
        url=row["canonical_url"],
        score=round(score, 4),
        snippet=snippet.text,
        ranges=snippet.ranges,
    )
