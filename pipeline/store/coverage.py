"""What was published when, when we looked, and between which looks a listing rolled over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from pipeline.store.connection import Connection
from pipeline.store.times import moment, stamp


@dataclass(frozen=True, slots=True)
class RolledOver:
    """Two looks in a row that share no article: what came after `newest` and before `oldest` was not listed.

    `newest` is when the last article of the first look was published, `oldest` that of the first of the second.
    """

    listing: str
    looked_at: datetime
    newest: datetime
    oldest: datetime


@dataclass(frozen=True)
class Coverage:
    """Views of `articles`, `runs` and `looks` by time."""

    store: Connection

    def published(self, since: datetime) -> dict[str, dict[datetime, int]]:
        """Return how many articles each source has of each hour since a time, by when they were published;
        where nobody says so, by when we saw them first.
        """
        found = self.store.rows(
            "SELECT source, substr(at, 1, 13) AS hour, count(*) AS n FROM ("
            " SELECT source, published_at AS at FROM articles WHERE published_at >= :since"
            " UNION ALL SELECT source, first_seen_at FROM articles"
            " WHERE first_seen_at >= :since AND published_at IS NULL) GROUP BY source, hour",
            {"since": stamp(since)},
        )
        counts: dict[str, dict[datetime, int]] = {}
        for row in found:
            counts.setdefault(row["source"], {})[moment(row["hour"] + ":00:00Z")] = row["n"]
        return counts

    def runs(self, source: str, since: datetime) -> list[dict[str, Any]]:
        """Return the runs that began since a time, in order: started_at, outcome, detail, listed."""
        return self.store.rows(
            "SELECT started_at, outcome, detail, listed FROM runs"
            " WHERE source = ? AND started_at >= ? ORDER BY started_at, id",
            [source, stamp(since)],
        )

    def rolled_over(self, source: str, since: datetime) -> Iterator[RolledOver]:
        """Yield where a listing showed nothing of what its look before showed, and only younger articles."""
        for listing in self.store.rows("SELECT id, url FROM listings WHERE source = ?", [source]):
            looks = self._looks(listing["id"], since)
            for before, after in pairwise(looks):
                newest, oldest = before["newest"], after["oldest"]
                if newest and oldest and oldest > newest and not self._share(before, after):
                    yield RolledOver(
                        listing["url"],
                        moment(before["seen_at"]),
                        moment(newest),
                        moment(oldest),
                    )

    def _looks(self, listing: int, since: datetime) -> list[dict[str, Any]]:
        return self.store.rows(
            "WITH seen AS (SELECT id, shows, seen_at FROM looks WHERE listing = :listing"
            "  AND seen_at >= coalesce((SELECT max(seen_at) FROM looks WHERE listing = :listing"
            "   AND seen_at < :since), :since)),"
            " spans AS (SELECT p.look, min(a.published_at) AS oldest, max(a.published_at) AS newest"
            "  FROM (SELECT DISTINCT shows FROM seen) s JOIN placements p ON p.look = s.shows"
            "  JOIN visits v ON v.seq = p.visit JOIN articles a ON a.id = v.article_id"
            "  GROUP BY p.look)"
            " SELECT seen.shows, seen.seen_at, oldest, newest FROM seen"
            " LEFT JOIN spans ON spans.look = seen.shows ORDER BY seen.seen_at, seen.id",
            {"listing": listing, "since": stamp(since)},
        )

    def _share(self, before: dict[str, Any], after: dict[str, Any]) -> bool:
        """Also articles of which no time is known may tell that the listing still reached back."""
        return bool(
            self.store.rows(
                "SELECT 1 FROM placements WHERE look = ? AND visit IN"
                " (SELECT visit FROM placements WHERE look = ?) LIMIT 1",
                [before["shows"], after["shows"]],
            )
        )
