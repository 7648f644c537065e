"""Finding: some of the articles that answer, how many there are, and what they have in common.

What is counted is found with the index `articles_facets`; where the search index alone cannot tell whether an
article answers, texts are compared, so both have bounds, and what they leave out is said.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, tzinfo
from typing import Any

from pipeline.search_query import Query, parse
from pipeline.store.connection import Connection
from pipeline.store.filters import AT, FACETED, USES, Only
from pipeline.store.search import Hit, Search
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp

FACETS_OVER = 4_000
"""Articles, the newest of those that answer, whose facets are counted."""
_COMPARED = 500
"""Texts that are compared with the query for the counts: some 70 microseconds each."""
_FEW = 1_000
"""Articles that are looked up one by one rather than sought in the whole index of facets."""
_VALUES = 30
_AMONG = "seq IN (SELECT value FROM json_each(?))"
_PLAIN = ("source", "section", "publisher", *USES)

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    `hits` begin at `offset`, and `has_more` says whether others follow. `total` is how many articles answer, or
    where `is_exact` is False, how many are known to: there may be more. `facets` has for `source`, `section`,
    `publisher`, `author`, `day` and each use of `USES` its most frequent values with their counts among the
    `over` newest; days (ISO) come newest first.
    """

    hits: tuple[Hit, ...]
    offset: int
    has_more: bool
    total: int
    is_exact: bool
    facets: dict[str, Counts]
    over: int


@dataclass(frozen=True)
class Finding:
    """Tables `articles`, `article_authors` and `articles_fts`, for a page of results."""

    store: Connection

    def find(
        self,
        query: str,
        only: Only,
        *,
        zone: tzinfo,
        by_time: bool = False,
        limit: int = 20,
        offset: int = 0,
    ) -> Found:
        """Return the articles that answer a query; of an empty one, all.

        Args:
            query: as in `Store.search`; one of signs alone finds nothing.
            only: what they are limited to.
            zone: whose days the facet `day` has.
            by_time: the newest first, as always without a query; otherwise the best.
            limit: the most hits, from 1 on.
            offset: how many to leave out; beyond the last, the hits of the last page are returned.

        Raises:
            StoreError: the file is damaged, or cannot be read any more.
        """
        asked = parse(storable(query))
        if query.strip() and not asked.wanted:
            return Found((), 0, has_more=False, total=0, is_exact=True, facets={}, over=0)
        search = Search(self.store)
        with self.store.reading():
            rows, is_all = self._answering(search, asked, only, FACETS_OVER)
            is_exact = is_all or _is_exact(asked)
            total = len(rows) if is_all or not is_exact else self._total(asked, only)
            if is_exact and offset >= total:
                offset = max(0, total - 1) // limit * limit
            if by_time or not asked.wanted:
                hits = search.hits(asked, [row["seq"] for row in rows[offset : offset + limit + 1]])
            else:
                search = replace(search, at_least=len(rows))
                hits = search.find(query, only, limit=limit + 1, offset=offset)
            facets = self._facets(rows[:FACETS_OVER], zone)
            shown = tuple(hits[:limit])
            return Found(shown, offset, len(hits) > limit, total, is_exact, facets, len(rows))

    def count(self, query: str, only: Only, *, most: int) -> int:
        """Return how many articles answer, `most` where there are as many or more.

        Where texts must be compared, the newest that may answer are, twice as many as `most`.
        """
        asked = parse(storable(query))
        if query.strip() and not asked.wanted:
            return 0
        with self.store.reading():
            return len(self._answering(Search(self.store), asked, only, most, 2 * most)[0])

    def _answering(
        self, search: Search, asked: Query, only: Only, most: int, compared: int = _COMPARED
    ) -> tuple[list[dict[str, Any]], bool]:
        """Return the newest articles that answer, and whether these are all."""
        if _is_exact(asked):
            rows = self._possible(asked, only, most + 1)
            return rows[:most], len(rows) <= most
        rows = self._possible(asked, only, compared + 1)
        numbers = [row["seq"] for row in rows[:compared]]
        right = {found.seq for found in search.compared(asked, numbers)}
        answering = [row for row in rows if row["seq"] in right][:most]
        return answering, len(rows) <= compared and len(right) <= most

    def _possible(self, asked: Query, only: Only, most: int) -> list[dict[str, Any]]:
        table, where, values = self._where(asked, only)
        return self.store.rows(
            f"SELECT seq, id, {AT} AS at, {', '.join(_PLAIN)} FROM {table} {where}"  # noqa: S608
            f" ORDER BY {AT} DESC, seq DESC LIMIT ?",
            [*values, most],
        )

    def _total(self, asked: Query, only: Only) -> int:
        """Return how many articles answer a query that the index alone answers."""
        if expression := only.expression(asked.expression()):
            condition, values = only.condition()
            sql = f"SELECT count(*) AS n FROM articles_fts WHERE articles_fts MATCH ?{condition}"  # noqa: S608
            return int(self.store.rows(sql, [expression, *values])[0]["n"])
        table, where, values = self._where(asked, only)
        return int(self.store.rows(f"SELECT count(*) AS n FROM {table} {where}", values)[0]["n"])  # noqa: S608

    def _where(self, asked: Query, only: Only) -> tuple[str, str, list[Any]]:
        """Return where to look, the condition and its parameters."""
        clauses: list[str]
        values: list[Any]
        clauses, values = only.clauses()
        table = FACETED
        if only.among is not None:
            clauses.append(_AMONG)
            values.append(json.dumps(list(only.among)))
        if expression := only.expression(asked.expression()):
            few = self._few(expression)
            if few is None:
                clauses.append("seq IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)")
                values.append(expression)
            else:
                table = "articles NOT INDEXED"
                clauses.append(_AMONG)
                values.append(json.dumps(few))
        return table, f"WHERE {' AND '.join(clauses)}" if clauses else "", values

    def _few(self, expression: str) -> list[int] | None:
        """Return the numbers of what the search index names; None where these are many."""
        rows = self.store.rows(
            "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?",
            [expression, _FEW + 1],
        )
        return [row["rowid"] for row in rows] if len(rows) <= _FEW else None

    def _facets(self, rows: Sequence[dict[str, Any]], zone: tzinfo) -> dict[str, Counts]:
        facets = {
            name: _most(Counter(row[name] for row in rows if row[name] is not None))
            for name in _PLAIN
        }
        facets["author"] = self._authors([row["id"] for row in rows])
        facets["day"] = _days((row["at"] for row in rows), zone)
        return facets

    def _authors(self, ids: Sequence[str]) -> Counts:
        rows = self.store.rows(
            "SELECT au.name AS name, count(DISTINCT aa.article_id) AS n FROM json_each(?) AS some"
            " CROSS JOIN article_authors AS aa ON aa.article_id = some.value"
            " CROSS JOIN authors AS au ON au.id = aa.author_id"
            " GROUP BY au.name ORDER BY n DESC, au.name LIMIT ?",
            [json.dumps(list(ids)), _VALUES],
        )
        return tuple((row["name"], row["n"]) for row in rows)


def _is_exact(asked: Query) -> bool:
    """Does the index alone tell what answers?"""
    return all(needle.is_exact for needle in (*asked.needles, *asked.unwanted))


def _most(counts: Counter[str]) -> Counts:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_VALUES])


def _days(times: Iterable[str], zone: tzinfo) -> Counts:
    """Count days of times that come newest first: a day's beginning is made once for all of its times."""
    counts: Counter[str] = Counter()
    day, begins = "", ""
    for at in times:
        if not begins or at < begins:
            date = moment(at).astimezone(zone).date()
            day, begins = date.isoformat(), stamp(datetime.combine(date, time(), zone))
        counts[day] += 1
    return tuple(list(counts.items())[:_VALUES])
