"""What is new: articles by the time at which they last changed for their readers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.records import Change
from pipeline.store.articles import Articles
from pipeline.store.connection import Connection
from pipeline.store.filters import Only
from pipeline.store.search import Search
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp

_EDITS = 1_000
"""Edits, removals and other readings that are looked at for those of a selection, the newest."""
_CHANGED_AT = """
    SELECT a.seq, (SELECT max(seen_at) FROM revisions WHERE article_id = a.id AND cause <> 'parser')
        AS changed_at
    FROM articles AS a WHERE a.seq IN (SELECT value FROM json_each(?))
"""
_EDITED = """
    SELECT a.seq FROM (
        SELECT article_id, seen_at, cause FROM revisions WHERE revision > 1 AND seen_at >= ?
        ORDER BY seen_at DESC LIMIT ?
    ) AS r JOIN articles AS a ON a.id = r.article_id
    WHERE r.cause <> 'parser' AND {} ORDER BY r.seen_at DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles: of a source, that a watch found, that answer a query; several together narrow it down.

    `publisher`, `section`, `author`, `rights`, `published_since` and `published_until` are as in
    `Store.search`. `since` leaves out what changed before.
    """

    source: str | None = None
    watch: str | None = None
    query: str | None = None
    publisher: str | None = None
    section: str | None = None
    author: str | None = None
    rights: Mapping[str, str] = field(default_factory=dict)
    published_since: datetime | None = None
    published_until: datetime | None = None
    since: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what would be passed over without a word.

        Raises:
            ValueError: a watch stands beside a query.
        """
        if self.query is not None and self.watch is not None:
            raise ValueError("a watch has its own words: not with a query")


@dataclass(frozen=True)
class Updates:
    """Tables `articles`, `revisions` and `watch_hits`, read by time."""

    store: Connection

    def newest(self, wanted: Selection, limit: int) -> list[Change]:
        """Return the articles of a selection that changed last, the newest change first.

        An article changes when it is first seen, when its publisher edits it, takes it down or brings it
        back; not when a newer parser reads it differently. Edits are found among the newest 1,000 readings of
        all articles that differed.

        Args:
            wanted: which articles.
            limit: the most articles.
        """
        with self.store.reading():
            numbers = self._stored_last(wanted, limit)
            if len(numbers) == limit:  # otherwise these are all there are
                oldest = min(self._changed_at(numbers, "").values())
                since = max(oldest, stamp(wanted.since) or "")
                numbers = [*numbers, *self._edited(wanted, limit, since)]
            return self.of(numbers, limit, since=wanted.since)

    def of(
        self, numbers: Sequence[int], limit: int, *, since: datetime | None = None
    ) -> list[Change]:
        """Return those of these articles (`articles.seq`) that changed last, the newest change first."""
        with self.store.reading():
            changed_at = self._changed_at(numbers, stamp(since) or "")
            best = sorted(changed_at, key=lambda seq: (changed_at[seq], seq), reverse=True)[:limit]
            found = Articles(self.store).numbered(best)
            return [Change(found[seq], moment(changed_at[seq])) for seq in best]

    def _stored_last(self, wanted: Selection, limit: int) -> list[int]:
        if wanted.query is not None:
            return Search(self.store).newest(wanted.query, _only(wanted), limit)
        if wanted.watch is not None:
            sql = (
                "SELECT a.seq FROM watch_hits AS h JOIN articles AS a ON a.id = h.article_id"
                " WHERE h.watch = ? AND {} ORDER BY h.id DESC LIMIT ?"
            )
            first = [storable(wanted.watch)]
        else:
            sql = (
                "SELECT a.seq FROM articles AS a WHERE {}"
                " ORDER BY a.first_seen_at DESC, a.seq DESC LIMIT ?"
            )
            first = []
        condition, values = _only(wanted).on_articles()
        return self._numbers(sql.format(condition), [*first, *values, limit])

    def _edited(self, wanted: Selection, limit: int, since: str) -> list[int]:
        condition, values = _only(wanted).on_articles()
        if wanted.watch is not None:
            condition += (
                " AND EXISTS (SELECT 1 FROM watch_hits WHERE watch = ? AND article_id = a.id)"
            )
            values.append(storable(wanted.watch))
        most = limit if wanted.query is None else _EDITS
        edited = self._numbers(_EDITED.format(condition), [since, _EDITS, *values, most])
        if wanted.query is None:
            return edited
        return Search(self.store).newest(wanted.query, _only(wanted, edited), limit)

    def _changed_at(self, numbers: Sequence[int], since: str) -> dict[int, str]:
        rows = self.store.rows(_CHANGED_AT, [json.dumps(list(numbers))])
        return {row["seq"]: row["changed_at"] for row in rows if row["changed_at"] >= since}

    def _numbers(self, sql: str, values: Sequence[Any]) -> list[int]:
        return [row["seq"] for row in self.store.rows(sql, values)]


def _only(wanted: Selection, among: Sequence[int] | None = None) -> Only:
    return Only(
        since=wanted.published_since,
        until=wanted.published_until,
        source=wanted.source,
        publisher=wanted.publisher,
        section=wanted.section,
        author=wanted.author,
        rights=wanted.rights,
        among=among,
    )
