"""Searching: the index names candidates, their texts say which of them answer and how well."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.records import Uses
from pipeline.search_passages import Range, fields_of, marked, passage, weights
from pipeline.search_query import Needle, Query, parse
from pipeline.store.connection import Connection
from pipeline.store.filters import Only as Only
from pipeline.store.search_index import SEARCHED
from pipeline.store.storable import storable
from pipeline.store.times import moment

_RANKED = 200
"""Articles that are compared to each other. Where more answer, those with the words in the headline and
then the newest are taken, and the others follow: weighing thousands of texts would take seconds."""
_AT_ONCE = 200
_COUNTED = 20_000
"""Articles with a word from which on its being common is not measured any further."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found. `score` compares hits of one search only, higher is better.

    `headline` and `snippet` are one line each, with nothing invisible in it; the ranges are (from, up to but
    not with) in characters of them. `is_edited`: its publisher changed it. `story_articles` is how many
    articles its story has, 1 where it is alone.
    """

    article_id: str
    headline: str
    headline_ranges: tuple[Range, ...]
    labels: tuple[str, ...]
    publisher: str | None
    section: str | None
    source: str
    language: str | None
    authors: tuple[str, ...]
    published_at: datetime | None
    first_seen_at: datetime
    removed_at: datetime | None
    is_edited: bool
    uses: Uses
    story: int | None
    story_articles: int
    url: str
    score: float
    snippet: str
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that answers, and how much of each needle it has."""

    seq: int
    at: str
    weights: list[float]


@dataclass(frozen=True)
class Search:
    """Table `articles_fts`, asked one query."""

    store: Connection
    known: dict[int, Candidate | None] = field(default_factory=dict, repr=False)
    """What was compared already, None for what does not answer."""
    at_least: int = 0
    """How many articles the index is known to name."""

    def find(self, query: str, only: Only, *, limit: int, offset: int) -> list[Hit]:
        """Return what `Store.search` promises."""
        asked = parse(storable(query))
        if not asked.wanted or limit <= 0:
            return []
        offset = max(0, offset)
        found = self._ranked(asked, only, offset + limit)[offset : offset + limit]
        return self._hits(asked, dict(found))

    def answering(self, asked: Query, numbers: Sequence[int]) -> set[int]:
        """Return which of these articles answer a query, by their texts alone."""
        return {found.seq for found in self.compared(asked, numbers)}

    def newest(self, query: str, only: Only, limit: int) -> list[int]:
        """Return the numbers of articles that answer a query, those that were stored last coming first."""
        asked = parse(storable(query))
        found: list[int] = []
        for numbers in self._pages(asked.expression(), only) if asked.wanted else ():
            answering = {it.seq for it in self.compared(asked, numbers)}
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

    def _candidates(self, asked: Query, only: Only, wanted: int) -> list[Candidate]:
        """Return articles that answer, those that promise most first, until there are as many as wanted."""
        expressions = [asked.expression()]
        if self._are_many(expressions[0], only):
            expressions = [*asked.headline_expressions(), *expressions]
        found: list[Candidate] = []
        looked_at: set[int] = set()
        for expression in expressions:
            for numbers in self._pages(expression, only):
                found += self.compared(asked, [seq for seq in numbers if seq not in looked_at])
                looked_at.update(numbers)
                if len(found) >= wanted:
                    return found
        return found

    def _are_many(self, expression: str, only: Only) -> bool:
        return (
            self.at_least > _RANKED
            or len(self._numbers(expression, only, None, _RANKED + 1)) > _RANKED
        )

    def _pages(self, expression: str, only: Only) -> Iterator[list[int]]:
        """Yield numbers of articles, newest first, some at a time."""
        before: int | None = None
        while numbers := self._numbers(expression, only, before, _AT_ONCE):
            yield numbers
            if len(numbers) < _AT_ONCE:
                return
            before = numbers[-1]

    def _numbers(self, expression: str, only: Only, before: int | None, limit: int) -> list[int]:
        condition, limited_to = only.condition()
        values: list[Any] = [only.expression(expression), *limited_to]
        if before is not None:
            condition += " AND rowid < ?"
            values.append(before)
        rows = self.store.rows(
            f"SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?{condition}"  # noqa: S608
            " ORDER BY rowid DESC LIMIT ?",
            [*values, limit],
        )
        return [row["rowid"] for row in rows]

    def compared(self, asked: Query, numbers: Sequence[int]) -> Iterator[Candidate]:
        """Yield those of some articles whose texts answer."""
        for row in self._rows([seq for seq in numbers if seq not in self.known], SEARCHED):
            authors = (row["authors"] or "",)
            fields = fields_of(row["headline"], row["text"], authors, row["publisher"])
            weighed = weights(asked, fields)
            found = None if weighed is None else Candidate(row["seq"], row["at"], weighed)
            self.known[row["seq"]] = found
        yield from filter(None, map(self.known.get, numbers))

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

    def hits(self, asked: Query, numbers: Sequence[int]) -> list[Hit]:
        """Return articles, in this order, as hits of a query that are not compared: their score is 0."""
        return self._hits(asked, dict.fromkeys(numbers, 0.0))

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
    "a.seq,",
    """a.seq, a.id, a.canonical_url, a.published_at, a.first_seen_at, a.removed_at, a.labels, a.section,
    a.source, a.language, a.redistribute, a.tdm, a.ai_train, EXISTS (SELECT 1 FROM revisions AS r
        WHERE r.article_id = a.id AND r.revision > 1 AND r.cause = 'publisher') AS is_edited,
    (SELECT s.id || ' ' || s.articles FROM story_articles AS m JOIN stories AS s ON s.id = m.story
        WHERE m.article = a.seq) AS story,""",
)


def _idf(having: int, everything: int) -> float:
    return math.log1p((max(everything - having, 0) + 0.5) / (having + 0.5))


def _hit(asked: Query, row: dict[str, Any], score: float) -> Hit:
    headline = marked(row["headline"], asked.needles)
    snippet = passage(row["text"], asked.needles)
    story, _, size = (row["story"] or "").partition(" ")
    return Hit(
        article_id=row["id"],
        headline=headline.text,
        headline_ranges=headline.ranges,
        labels=tuple(json.loads(row["labels"])),
        publisher=row["publisher"],
        section=row["section"],
        source=row["source"],
        language=row["language"],
        authors=tuple(filter(None, (row["authors"] or "").split("\n"))),
        published_at=moment(row["published_at"]),
        first_seen_at=moment(row["first_seen_at"]),
        removed_at=moment(row["removed_at"]),
        is_edited=bool(row["is_edited"]),
        uses=Uses(row["redistribute"], row["tdm"], row["ai_train"]),
        story=int(story) if story else None,
        story_articles=int(size or 1),
        url=row["canonical_url"],
        score=round(score, 4),
        snippet=snippet.text,
        ranges=snippet.ranges,
    )
