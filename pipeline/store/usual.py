"""What sources bring and usually bring, summed by SQLite: of all of them at once, as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from pipeline.history import FIELD, LEARNED_FROM
from pipeline.measures import Count
from pipeline.rhythm import Hour, Tier, usual_of
from pipeline.store.connection import Connection
from pipeline.store.times import moment, stamp

_HOURS_OF_WEEK = 168
_OF = "(:source IS NULL OR source = :source)"
_LEARNED = f"{_OF} AND hour >= :begin AND hour < :until AND drifted = 0"
_FIELDS = f"name >= '{FIELD}' AND name < '{FIELD[:-1]};' AND day >= :day"


class Listing(NamedTuple):
    """A listing of a source, by its URL."""

    source: str
    url: str


class Pace(NamedTuple):
    """New entries an hour, by hour of week, and what that was learned from."""

    tier: Tier
    usual: tuple[float, ...]


@dataclass(slots=True)
class _Sums:
    """Entries of a listing and hours of which they are known, by hour of week."""

    fresh: list[float] = field(default_factory=lambda: [0.0] * _HOURS_OF_WEEK)
    covered: list[float] = field(default_factory=lambda: [0.0] * _HOURS_OF_WEEK)


@dataclass(frozen=True)
class Usual:
    """Sums over `yields` and `measures`."""

    store: Connection

    def paces(self, until: datetime, source: str | None = None) -> dict[Listing, Pace]:
        """Return what each hour of the week (UTC) brings to a listing as usual, by the weeks before a time.

        The same as `pipeline.rhythm.learn` says of these hours, without reading each of them.
        """
        given = {"source": source, "begin": stamp(until - LEARNED_FROM), "until": stamp(until)}
        sums: dict[Listing, _Sums] = {}
        for name, url, of_week, fresh, covered in self.store.db.conn.execute(
            "SELECT source, listing, strftime('%w', hour) * 24 + substr(hour, 12, 2),"  # noqa: S608
            f" sum(fresh), sum(covered) FROM yields WHERE {_LEARNED} GROUP BY 1, 2, 3",
            given,
        ):
            it = sums.setdefault(Listing(name, url), _Sums())
            monday_first = (of_week - 24) % _HOURS_OF_WEEK
            it.fresh[monday_first], it.covered[monday_first] = fresh, covered
        days = {
            Listing(name, url): n
            for name, url, n in self.store.db.conn.execute(
                "SELECT source, listing, count(DISTINCT substr(hour, 1, 10)) FROM yields"  # noqa: S608
                f" WHERE {_LEARNED} GROUP BY 1, 2",
                given,
            )
        }
        return {key: Pace(*usual_of(it.fresh, it.covered, days[key])) for key, it in sums.items()}

    def hours(self, since: datetime, source: str | None = None) -> dict[Listing, list[Hour]]:
        """Return the hours of each listing that begin at a time or later, in order."""
        found: dict[Listing, list[Hour]] = {}
        for name, url, hour, covered, fresh, drifted in self.store.db.conn.execute(
            "SELECT source, listing, hour, covered, fresh, drifted FROM yields"  # noqa: S608
            f" WHERE {_OF} AND hour >= :since ORDER BY hour",
            {"source": source, "since": stamp(since)},
        ):
            found.setdefault(Listing(name, url), []).append(
                Hour(moment(hour), covered, fresh, bool(drifted))
            )
        return found

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
