"""What sources bring and usually bring, summed by SQLite: for pages that show many of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pipeline.history import FIELD, LEARNED_FROM
from pipeline.measures import Count
from pipeline.rhythm import Hour, Tier, usual_of
from pipeline.store.connection import Connection
from pipeline.store.times import moment, stamp

_HOURS_OF_WEEK = 168
_FIELDS = f"name >= '{FIELD}' AND name < '{FIELD[:-1]};' AND day >= :day"
_LEARNED = "FROM yields WHERE source = ? AND listing = ? AND hour >= ? AND hour < ? AND drifted = 0"


class Pace(NamedTuple):
    """New entries an hour, by hour of week (UTC), and what that was learned from."""

    tier: Tier
    usual: tuple[float, ...]


@dataclass(frozen=True)
class Usual:
    """Sums over `yields` and `measures`."""

    store: Connection

    def listings(self, source: str) -> Iterator[str]:
        """Yield the listings of which hours are known, by one seek each."""
        sql = "SELECT min(listing) AS next FROM yields WHERE source = ? AND listing > ?"
        last = ""
        while (row := self.store.rows(sql, [source, last])[0])["next"] is not None:
            last = row["next"]
            yield last

    def pace(self, source: str, listing: str, until: datetime) -> Pace:
        """Return what a listing brings as usual, by the weeks before a time.

        The same as `pipeline.rhythm.learn` says of these hours, without reading each of them.
        """
        given = [source, listing, stamp(until - LEARNED_FROM), stamp(until)]
        fresh, covered = [0.0] * _HOURS_OF_WEEK, [0.0] * _HOURS_OF_WEEK
        for sunday_first, new, known in self.store.db.conn.execute(
            "SELECT strftime('%w', hour) * 24 + substr(hour, 12, 2) AS of_week, sum(fresh),"
            f" sum(covered) {_LEARNED} GROUP BY of_week",
            given,
        ):
            of_week = (sunday_first - 24) % _HOURS_OF_WEEK
            fresh[of_week], covered[of_week] = new, known
        (row,) = self.store.rows(
            f"SELECT count(DISTINCT substr(hour, 1, 10)) AS days {_LEARNED}",
            given,
        )
        return Pace(*usual_of(fresh, covered, row["days"]))

    def hours(self, source: str, listing: str, since: datetime) -> list[Hour]:
        """Return the hours of a listing that begin at a time or later, in order."""
        return [
            Hour(moment(hour), covered, fresh, bool(drifted))
            for hour, covered, fresh, drifted in self.store.db.conn.execute(
                "SELECT hour, covered, fresh, drifted FROM yields"
                " WHERE source = ? AND listing = ? AND hour >= ? ORDER BY hour",
                [source, listing, stamp(since)],
            )
        ]

    def shares(self, since: datetime) -> dict[str, dict[str, Count]]:
        """Return of each source how many articles had which field since the day of a time (UTC)."""
        found: dict[str, dict[str, Count]] = {}
        for source, name, matched, of in self.store.db.conn.execute(
            f'SELECT source, name, sum(matched), sum("of") FROM measures WHERE {_FIELDS}'  # noqa: S608
            " GROUP BY source, name",
            {"day": stamp(since)[:10]},
        ):
            found.setdefault(source, {})[name.removeprefix(FIELD)] = Count(matched, of)
        return found

    def shares_by_day(self, source: str, since: datetime) -> dict[str, dict[str, Count]]:
        """Return of each field how many articles of a source had it, by day (UTC, 2026-09-27), in order."""
        found: dict[str, dict[str, Count]] = {}
        for name, day, matched, of in self.store.db.conn.execute(
            f'SELECT name, day, matched, "of" FROM measures WHERE source = :source AND {_FIELDS}'  # noqa: S608
            " ORDER BY name, day",
            {"source": source, "day": stamp(since)[:10]},
        ):
            found.setdefault(name.removeprefix(FIELD), {})[day] = Count(matched, of)
        return found
