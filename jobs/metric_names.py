"""The names of all figures, with their labels and what they mean: docs/monitoring.md says the same."""

from __future__ import annotations

from typing import TypeAlias

_Named: TypeAlias = dict[str, tuple[tuple[str, ...], str]]
_SOURCE = ("source",)

COUNTERS: _Named = {
    "gisa_runs_total": (("source", "outcome"), "Runs that ended, by how they did."),
    "gisa_articles_total": (("source", "change"), "Articles, by what a run found of them."),
    "gisa_listed_total": (_SOURCE, "Entries on listings that were read."),
    "gisa_errors_total": (("source", "reason"), "Pages that could not be had or read, by reason."),
    "gisa_pages_skipped_total": (_SOURCE, "Pages that are no articles."),
    "gisa_pages_quarantined_total": (_SOURCE, "Pages that a parser could not read."),
    "gisa_requests_total": (_SOURCE, "Requests for pages that were answered."),
    "gisa_received_bytes_total": (_SOURCE, "Bytes of their bodies, decompressed."),
    "gisa_request_seconds_total": (_SOURCE, "Seconds that they took, waits for a turn left out."),
}

GAUGES: _Named = {
    "gisa_run_last_timestamp_seconds": (_SOURCE, "When the last run that ended had begun."),
    "gisa_run_last_success_timestamp_seconds": (_SOURCE, "When the last good run ended."),
    "gisa_visits_open": (_SOURCE, "Articles known and not fetched at the end of the last run."),
    "gisa_quarantine_pages": (_SOURCE, "Pages in quarantine."),
    "gisa_source_enabled": (_SOURCE, "1 where the source is enabled."),
    "gisa_source_interval_seconds": (_SOURCE, "Its interval, where it has one."),
    "gisa_source_late": (_SOURCE, "1 where no run ended well for three intervals."),
    "gisa_articles_expected": (_SOURCE, "Articles that its last whole hour should have brought."),
    "gisa_articles_seen": (_SOURCE, "Articles that this hour brought."),
    "gisa_articles_stored": ((), "Articles in the database."),
    "gisa_database_bytes": ((), "Size of the database file."),
    "gisa_database_wal_bytes": ((), "Size of its write-ahead log."),
    "gisa_database_free_bytes": ((), "Bytes in the file that hold nothing."),
    "gisa_archive_pages": ((), "Pages kept."),
    "gisa_archive_bytes": ((), "Bytes that they take, packed."),
    "gisa_hosts_waiting": ((), "Hosts that asked to be left alone for now."),
    "gisa_schema_step": ((), "Number of the newest schema step."),
    "gisa_build_info": (("version", "python", "sqlite"), "Always 1; the labels tell."),
    "gisa_sqlite_wal_reset_bug": ((), "1 where this SQLite may damage a database."),
    "gisa_daemon_up": ((), "1 where a daemon is running."),
    "gisa_metrics_timestamp_seconds": ((), "When these figures were calculated."),
}
