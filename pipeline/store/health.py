"""What runs measured, and so what a source usually gives: rows for `pipeline.health`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from pipeline.history import LEARNED_FROM, REMEMBERED, Day, History, Standing
from pipeline.measures import Count, Look, Measures
from pipeline.odds import Groups
from pipeline.pauses import HOUR, whole
from pipeline.records import Entry
from pipeline.rhythm import Hour
from pipeline.store.connection import Connection
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp

_RECENT = timedelta(days=2)
_KEPT_COUNTS = timedelta(days=3)
_LONGEST_GAP = timedelta(days=7)
_PRUNED_MOST = 500


class RunCounts(NamedTuple):
    """What one run counted, and which of it was drift and taught nothing."""

    run: int
    at: datetime
    counts: dict[str, Count]
    not_learned: frozenset[str]


@dataclass(frozen=True)
class Health:
    """Tables `measures`, `yields` and `run_measures`."""

    store: Connection

    def look(self, source: str, listing: str, entries: Sequence[Entry], at: datetime) -> Look:
        """Return what a listing shows now beside its look before. Call it before the entries are noted."""
        last = self.store.rows(
            "SELECT shows, seen_at FROM looks WHERE listing ="
            " (SELECT id FROM listings WHERE source = ? AND url = ?)"
            " ORDER BY seen_at DESC, id DESC LIMIT 1",
            [source, storable(listing)],
        )
        if not last:
            return Look(listing, at, len(entries))
        shown = self.store.rows(
            "SELECT article_id FROM placements JOIN visits ON seq = visit WHERE look = ?",
            [last[0]["shows"]],
        )
        known = {row["article_id"] for row in shown}
        fresh = sum(storable(entry.article_id) not in known for entry in entries)
        return Look(listing, at, len(entries), fresh, moment(last[0]["seen_at"]))

    def note_looks(self, source: str, looks: Iterable[Look]) -> None:
        """Add what looks at listings saw to the hours of the source."""
        rows = [
            (source, storable(look.listing), stamp(hour), covered, look.fresh * share, look.entries)
            for look in looks
            for hour, covered, share in _spread(look)
        ]
        with self.store.writing() as db:
            db.conn.executemany(
                "INSERT INTO yields (source, listing, hour, covered, fresh, looks, least)"
                " VALUES (?, ?, ?, ?, ?, 1, ?) ON CONFLICT (source, listing, hour) DO UPDATE SET"
                " covered = min(1.0, covered + excluded.covered), fresh = fresh + excluded.fresh,"
                " looks = looks + 1, least = min(least, excluded.least)",
                rows,
            )

    def history(self, source: str, now: datetime, standing: Mapping[str, Standing]) -> History:
        """Return what a source gave in the last weeks; `standing` are its drifts that have not ended."""
        hours, least = self._yields(source, now)
        recent = self._recent(source, now)
        return History(hours, self._days(source, now), recent, least, standing)

    def learn(
        self, source: str, run: int, measures: Measures, bad: Set[str], now: datetime
    ) -> None:
        """Write down a run's counts; measures that are drift, `bad`, teach nothing.

        Call it in the transaction that ends the run.
        """
        with self.store.writing() as db:
            if measures.counts:
                counts = {name: [it.matched, it.of] for name, it in measures.counts.items()}
                left_out = sorted(bad & measures.counts.keys())
                told = [json.dumps(storable(it), ensure_ascii=False) for it in (counts, left_out)]
                db.conn.execute(
                    "INSERT INTO run_measures (run, text_length, counts, not_learned)"
                    " VALUES (?, ?, ?, ?)",
                    [run, measures.text_length, *told],
                )
            db.conn.executemany(
                "INSERT INTO measures VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (source, name, day) DO UPDATE SET matched = matched + excluded.matched,"
                ' "of" = "of" + excluded."of", product = product + excluded.product,'
                " matched_squared = matched_squared + excluded.matched_squared,"
                " of_squared = of_squared + excluded.of_squared",
                [
                    (source, storable(name), stamp(now)[:10], k, n, k * k, k * n, n * n)
                    for name, it in measures.counts.items()
                    if name not in bad
                    for k, n in [(it.matched, it.of)]
                ],
            )
            self._prune(source, now)

    def counts(self, source: str, begin: datetime) -> list[RunCounts]:
        """Return the counts of a source's runs since a time, newest first."""
        rows = self.store.rows(
            "SELECT run, started_at, counts, not_learned FROM runs JOIN run_measures ON run = id"
            " WHERE source = ? AND started_at >= ? ORDER BY id DESC",
            [source, stamp(begin)],
        )
        return [
            RunCounts(
                row["run"],
                moment(row["started_at"]),
                {n: Count(*c) for n, c in json.loads(row["counts"]).items()},
                frozenset(json.loads(row["not_learned"])),
            )
            for row in rows
        ]

    def days_before(self, source: str, at: datetime) -> list[dict[str, Any]]:
        """Return the last `day` of every measure up to a time, with its `matched` and `of`."""
        return self.store.rows(
            'SELECT name, max(day) AS day, matched, "of" FROM measures'
            " WHERE source = ? AND day <= ? GROUP BY name",
            [source, stamp(at)[:10]],
        )

    def _yields(
        self, source: str, now: datetime
    ) -> tuple[dict[str, list[Hour]], dict[str, list[tuple[datetime, int]]]]:
        hours: dict[str, list[Hour]] = {}
        least: dict[str, list[tuple[datetime, int]]] = {}
        begin = now - REMEMBERED
        # straight from the cursor: these rows are some thousands
        for listing, hour, covered, fresh, entries, drifted in self.store.db.conn.execute(
            "SELECT listing, hour, covered, fresh, least, drifted FROM yields"
            " WHERE source = ? AND hour >= ? ORDER BY hour",
            [source, stamp(begin)],
        ):
            at = moment(hour)
            hours.setdefault(listing, []).append(Hour(at, covered, fresh, bool(drifted)))
            if not drifted and at >= now - LEARNED_FROM:
                least.setdefault(listing, []).append((at, entries))
        return hours, least

    def _days(self, source: str, now: datetime) -> dict[str, list[Day]]:
        days: dict[str, list[Day]] = {}
        for name, day, *counted in self.store.db.conn.execute(
            'SELECT name, day, matched, "of", matched_squared, product, of_squared FROM measures'
            " WHERE source = ? AND (name BETWEEN 'field:' AND 'field;'"
            " OR name BETWEEN 'selector:' AND 'selector;') AND day >= ? ORDER BY day",
            [source, stamp(now - LEARNED_FROM)[:10]],
        ):
            days.setdefault(name, []).append(
                Day(date.fromisoformat(day).toordinal(), Groups(*counted))
            )
        return days

    def _recent(self, source: str, now: datetime) -> list[tuple[datetime, dict[str, Count]]]:
        """What was drift does not count with what came after it, nor what was usual before it was accepted."""
        ended = {
            row["name"]: moment(row["at"])
            for row in self.store.rows(
                "SELECT name, max(ended_at) AS at FROM drifts WHERE source = ? AND ended_at >= ?"
                " GROUP BY name",
                [source, stamp(now - _RECENT)],
            )
        }
        return [
            (it.at, {n: c for n, c in it.counts.items()
                     if n not in it.not_learned and (n not in ended or it.at >= ended[n])})
            for it in self.counts(source, now - _RECENT)
        ]  # fmt: skip

    def _prune(self, source: str, now: datetime) -> None:
        """Forget what no decision looks at any more: a little with every run."""
        db, old = self.store.db.conn, stamp(now - REMEMBERED - timedelta(days=7))
        for table, column in (("measures", "day"), ("yields", "hour")):
            db.execute(f"DELETE FROM {table} WHERE source = ? AND {column} < ?", [source, old])  # noqa: S608
        db.execute(
            "DELETE FROM run_measures WHERE run IN (SELECT run FROM run_measures JOIN runs ON id = run"
            " WHERE source = ? AND started_at < ? ORDER BY run LIMIT ?)",
            [source, stamp(now - _KEPT_COUNTS), _PRUNED_MOST],
        )


def _spread(look: Look) -> Iterator[tuple[datetime, float, float]]:
    """Yield hours, how much of each a look tells of, and the share of its fresh entries that falls on it."""
    before = look.before
    if not look.is_whole or before is None or not timedelta() < look.at - before < _LONGEST_GAP:
        yield whole(look.at), 0.0, 0.0
        return
    hour = whole(before)
    while hour < look.at:
        part = min(look.at, hour + HOUR) - max(before, hour)
        yield hour, part / HOUR, part / (look.at - before)
        hour += HOUR
