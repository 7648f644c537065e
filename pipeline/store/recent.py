"""What came and what changed lately, without the texts: rows for a page that is opened all day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.store.connection import Connection
from pipeline.store.times import moment, stamp

_LOOKED_AT = 2000
"""The newest states that a look for changes goes through; what is behind them is not told."""

_NEWEST = """
    SELECT id, headline, labels, publisher, source, url, first_seen_at, removed_at,
        EXISTS (SELECT 1 FROM revisions
            WHERE article_id = id AND revision > 1 AND cause = 'publisher') AS edited
    FROM articles
"""
_STATES = f"""
    SELECT r.article_id, r.revision, r.seen_at, r.cause, a.publisher, a.source,
        coalesce(json_extract(r.record, '$.headline'), a.headline) AS became,
        json_extract(b.record, '$.headline') AS was
    FROM (
        SELECT article_id, revision, seen_at FROM revisions INDEXED BY revisions_edited
        WHERE revision > 1 ORDER BY seen_at DESC, article_id DESC LIMIT {_LOOKED_AT}
    ) n
    CROSS JOIN revisions r ON r.article_id = n.article_id AND r.revision = n.revision
    CROSS JOIN articles a ON a.id = n.article_id
    CROSS JOIN revisions b ON b.article_id = n.article_id AND b.revision = n.revision - 1
"""  # noqa: S608 - a number of ours


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article as a list of news shows it; `edited` by its publisher since it was first seen."""

    article_id: str
    headline: str
    labels: tuple[str, ...]
    publisher: str | None
    source: str
    url: str
    first_seen_at: datetime
    removed_at: datetime | None
    edited: bool


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of an article: another headline, or that it was taken down or came back.

    `before` is the headline of the state before it.
    """

    article_id: str
    revision: int
    seen_at: datetime
    cause: Literal["publisher", "removed", "restored"]
    publisher: str | None
    source: str
    headline: str
    before: str


@dataclass(frozen=True)
class Recent:
    """Newest rows of `articles` and `revisions`; every look is bounded."""

    store: Connection

    def arrivals(self, limit: int, source: str | None = None) -> list[Arrival]:
        """Return the articles that came last, newest first; those of one source as it found them."""
        which = (
            "WHERE source = ? ORDER BY seq DESC"
            if source
            else "ORDER BY first_seen_at DESC, seq DESC"
        )
        given = [source, limit] if source else [limit]
        return [
            Arrival(
                row["id"],
                row["headline"],
                tuple(json.loads(row["labels"])),
                row["publisher"],
                row["source"],
                row["url"],
                moment(row["first_seen_at"]),
                moment(row["removed_at"]),
                bool(row["edited"]),
            )
            for row in self.store.rows(f"{_NEWEST} {which} LIMIT ?", given)
        ]

    def headline_edits(self, limit: int) -> list[Edit]:
        """Return the newest edits that gave an article another headline."""
        return [*self._edits("r.cause = 'publisher' AND was <> became", limit)]

    def removals(self, limit: int) -> list[Edit]:
        """Return the newest removals, and the articles that came back."""
        return [*self._edits("r.cause IN ('removed', 'restored')", limit)]

    def by_hour(self, since: datetime) -> dict[str, dict[datetime, int]]:
        """Return how many articles each source found first in each hour (UTC) since a time."""
        counts: dict[str, dict[datetime, int]] = {}
        for source, hour, n in self.store.db.conn.execute(
            "SELECT source, substr(first_seen_at, 1, 13) AS hour, count(*) FROM articles"
            " INDEXED BY articles_first_seen_at WHERE first_seen_at >= ? GROUP BY source, hour",
            [stamp(since)],
        ):
            counts.setdefault(source, {})[moment(hour + ":00:00Z")] = n
        return counts

    def _edits(self, which: str, limit: int) -> Iterator[Edit]:
        # the bound is within, so that what is left out cannot make the look long
        sql = f"{_STATES} WHERE {which} ORDER BY n.seen_at DESC, n.article_id DESC LIMIT :limit"
        for row in self.store.rows(sql, {"limit": limit}):
            yield Edit(
                row["article_id"],
                row["revision"],
                moment(row["seen_at"]),
                row["cause"],
                row["publisher"],
                row["source"],
                row["became"],
                row["was"] or "",
            )
