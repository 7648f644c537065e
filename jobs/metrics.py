"""The figures for Prometheus, calculated from the database as they are asked for. The only user of its client.

Counters come from tables that no `gisa prune` touches, so that they survive restarts and are the same from the
daemon, from cron and from `gisa metrics`. What each means: docs/monitoring.md.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import accumulate
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from jobs.lock import DAEMON, is_running
from jobs.metric_names import COUNTERS, GAUGES
from jobs.source_state import is_overdue
from pipeline import __version__
from pipeline.config import Config
from pipeline.store import Store, sqlite_build
from pipeline.store.migrating import known_steps
from pipeline.store.schema import BOUNDS_012
from pipeline.store.space import space_of
from pipeline.store.times import moment

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
OUTCOMES = ("ok", "failed", "drift", "blocked", "crashed")
CHANGES = ("new", "revised", "unchanged", "removed")
_DURATION = "gisa_run_duration_seconds"

Hourly = Callable[[], Mapping[str, tuple[float, int]]]
"""Tells of sources how many articles their last whole hour should have brought, and how many it did."""


@dataclass(frozen=True)
class Exposition:
    """What there is to tell of one database.

    `live` adds the figures of this process, for a daemon; `hourly` what was expected and seen.
    """

    config: Config
    store: Store
    clock: Callable[[], datetime]
    live: bool = False
    hourly: Hourly | None = None

    def registry(self) -> CollectorRegistry:
        """Return a registry of our own; nothing else of this process gets into it."""
        registry = CollectorRegistry()
        registry.register(_Collector(self))
        if self.live:
            ProcessCollector(namespace="gisa", registry=registry)
        return registry

    def text(self) -> bytes:
        """Return all figures in the text format.

        Raises:
            StoreError: the database cannot be read.
        """
        return generate_latest(self.registry())

    def samples(self) -> list[dict[str, Any]]:
        """Return the same figures as plain values: name, labels, value."""
        return [
            {"name": it.name, "labels": dict(it.labels), "value": it.value}
            for family in self.registry().collect()
            for it in family.samples
        ]


class _Families(dict[str, CounterMetricFamily | GaugeMetricFamily]):
    """Families by their names, made with the labels and the words of `metric_names` as they are first used."""

    def add(self, name: str, value: float, *labels: str) -> None:
        """Add one sample."""
        if name not in self:
            kind = CounterMetricFamily if name in COUNTERS else GaugeMetricFamily
            names, said = (COUNTERS | GAUGES)[name]
            self[name] = kind(name, said, labels=names)
        self[name].add_metric(labels, value)


class _Collector:
    """Read anew at every scrape, all of it from one state of the database."""

    def __init__(self, of: Exposition) -> None:
        self.of = of
        self.now = of.clock()

    def collect(self) -> Iterator[Metric]:
        """Yield every family."""
        it = _Families()
        with self.of.store.reading():
            runs = self.of.store.totals.runs()
            self._runs(it, runs)
            self._lasts(it, runs)
            self._sources(it)
            self._database(it)
            durations = self._durations(runs)
        self._process(it)
        yield from it.values()
        yield durations

    def _runs(self, it: _Families, runs: Iterable[dict[str, Any]]) -> None:
        sums: dict[tuple[str, str], float] = {}
        told = {(row["source"], row["outcome"]): row["runs"] for row in runs}
        for source in {row["source"] for row in runs} | set(self.of.config.sources):
            for outcome in OUTCOMES:  # a series that begins at 0 shows its first step
                told.setdefault((source, outcome), 0)
            for name in _SUMMED:
                sums[source, name] = 0
        for row in runs:
            for name in _SUMMED:
                sums[row["source"], name] += row[name]
        for (source, outcome), count in sorted(told.items()):
            it.add("gisa_runs_total", count, source, outcome)
        for (source, name), total in sorted(sums.items()):
            change = (name,) if name in CHANGES else ()
            it.add(_SUMMED[name], total, source, *change)
        for row in self.of.store.totals.problems():
            it.add("gisa_errors_total", row["times"], row["source"], row["reason"])

    def _lasts(self, it: _Families, runs: Iterable[dict[str, Any]]) -> None:
        last: dict[str, dict[str, Any]] = {}
        for row in runs:
            known = last.setdefault(row["source"], row)
            if row["last_started_at"] > known["last_started_at"]:
                last[row["source"]] = row
            if row["outcome"] == "ok" and row["last_finished_at"]:
                at = moment(row["last_finished_at"]).timestamp()
                it.add("gisa_run_last_success_timestamp_seconds", at, row["source"])
        for source, row in last.items():
            started = moment(row["last_started_at"]).timestamp()
            it.add("gisa_run_last_timestamp_seconds", started, source)
            it.add("gisa_visits_open", row["last_open"], source)

    def _sources(self, it: _Families) -> None:
        quarantined, good = self.of.store.totals.quarantined(), self.of.store.totals.last_good()
        for source in self.of.config.sources.values():
            it.add("gisa_source_enabled", source.enabled, source.name)
            it.add("gisa_quarantine_pages", quarantined.get(source.name, 0), source.name)
            if source.every:
                interval = source.every.total_seconds()
                it.add("gisa_source_interval_seconds", interval, source.name)
            if source.enabled:
                late = is_overdue(source, good.get(source.name), self.of.config.zone, self.now)
                it.add("gisa_source_late", late, source.name)
        for name, (expected, seen) in (self.of.hourly() if self.of.hourly else {}).items():
            it.add("gisa_articles_expected", expected, name)
            it.add("gisa_articles_seen", seen, name)

    def _database(self, it: _Families) -> None:
        space = space_of(self.of.store)
        pages, packed = self.of.store.totals.kept_pages()
        it.add("gisa_articles_stored", self.of.store.articles.count())
        it.add("gisa_database_bytes", space.file)
        it.add("gisa_database_wal_bytes", space.log)
        it.add("gisa_database_free_bytes", space.free)
        it.add("gisa_archive_pages", pages)
        it.add("gisa_archive_bytes", packed)
        now = self.now.timestamp()
        it.add("gisa_hosts_waiting", sum(h["retry_at"] > now for h in self.of.store.hosts.all()))
        it.add("gisa_schema_step", _schema_step())

    def _process(self, it: _Families) -> None:
        sqlite = ".".join(map(str, sqlite_build.RELEASE))
        it.add("gisa_build_info", 1, __version__, platform.python_version(), sqlite)
        buggy = sqlite_build.has_wal_reset_bug(sqlite_build.RELEASE)
        it.add("gisa_sqlite_wal_reset_bug", buggy)
        it.add("gisa_daemon_up", self.of.live or is_running(self.of.config.database, DAEMON))
        it.add("gisa_metrics_timestamp_seconds", self.now.timestamp())

    def _durations(self, runs: Iterable[dict[str, Any]]) -> Metric:
        family = HistogramMetricFamily(
            _DURATION, "How long runs took, by whole seconds.", labels=("source",)
        )
        seconds: dict[str, float] = {}
        for row in runs:
            seconds[row["source"]] = seconds.get(row["source"], 0) + row["seconds"]
        counts: dict[str, dict[int, int]] = {}
        for row in self.of.store.totals.durations():
            counts.setdefault(row["source"], {})[row["within"]] = row["runs"]
        for source, found in counts.items():
            sums = accumulate(found.get(bound, 0) for bound in (*BOUNDS_012, 0))
            names = (*(f"{bound:.1f}" for bound in BOUNDS_012), "+Inf")
            family.add_metric([source], [*zip(names, sums, strict=True)], seconds[source])
        return family


@cache
def _schema_step() -> int:
    return int(known_steps()[-1].split("_")[1])


_SUMMED = {
    **dict.fromkeys(CHANGES, "gisa_articles_total"),
    "listed": "gisa_listed_total",
    "skipped": "gisa_pages_skipped_total",
    "quarantined": "gisa_pages_quarantined_total",
    "requests": "gisa_requests_total",
    "bytes": "gisa_received_bytes_total",
    "fetch_seconds": "gisa_request_seconds_total",
}
