"""The history of crawls: every run is a row from its start, so that a crash is seen too."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pipeline.records import CrawlReport
from pipeline.store.connection import Connection
from pipeline.store.space import BATCH, delete_in_batches
from pipeline.store.storable import storable
from pipeline.store.times import stamp
from pipeline.tally import Meter

_COUNTERS = (
    "listed", "new", "revised", "unchanged", "removed", "skipped", "quarantined", "errors", "open",
)  # fmt: skip
_OLD = (
    "started_at < ? AND outcome <> 'running' AND id NOT IN (SELECT max(id) FROM runs GROUP BY source"
    " UNION SELECT max(id) FROM runs WHERE outcome = 'ok' GROUP BY source)"
)
"""Runs that may go: the last of each source, and the last that went well, are what its health is told by."""


@dataclass(frozen=True)
class Runs:
    """Table `runs`."""

    store: Connection

    def begin(self, source: str, at: datetime, holder: str) -> int:
        """Write the row of a run that starts, and mark earlier ones that never ended as crashed.

        The caller holds the lock of the source, so nobody else is running it.
        """
        with self.store.writing() as db:
            db.execute(
                "UPDATE runs SET outcome = 'crashed', detail = 'ended without a report'"
                " WHERE source = ? AND outcome = 'running'",
                [source],
            )
            row = db.table("runs").insert(
                {"source": source, "started_at": stamp(at), "outcome": "running", "holder": holder}
            )
            return int(str(row.last_pk))

    def finish(self, run: int, report: CrawlReport, meter: Meter | None = None) -> None:
        """Complete the row of a run; the meter tells what was asked of servers."""
        report, meter = storable(report), meter or Meter()
        values: dict[str, Any] = {name: getattr(report, name) for name in _COUNTERS}
        values |= {
            "requests": meter.requests,
            "bytes": meter.bytes,
            "fetch_seconds": meter.seconds,
            "finished_at": stamp(report.finished_at),
            "outcome": report.outcome,
            "detail": report.detail,
            "problems": json.dumps([asdict(p) for p in report.problems], ensure_ascii=False),
        }
        with self.store.writing() as db:
            db.table("runs").update(run, values)

    def last(self, source: str) -> dict[str, Any] | None:
        """Return the newest run of a source."""
        rows = self.store.rows(
            "SELECT * FROM runs WHERE source = ? ORDER BY id DESC LIMIT 1", [source]
        )
        return rows[0] if rows else None

    def last_of_each(self) -> dict[str, dict[str, Any]]:
        """Return the run of each source that began last, without a look at the others."""
        found = self.store.rows(
            "SELECT r.* FROM sources JOIN runs r ON r.id = (SELECT id FROM runs"
            " WHERE source = sources.name ORDER BY started_at DESC, id DESC LIMIT 1)"
        )
        return {row["source"]: row for row in found}

    def last_ok(self, source: str) -> str | None:
        """Return when the source last ended well."""
        (row,) = self.store.rows(
            "SELECT max(finished_at) AS at FROM runs WHERE source = ? AND outcome = 'ok'", [source]
        )
        return str(row["at"]) if row["at"] else None

    def recent(self, limit: int) -> list[dict[str, Any]]:
        """Return the newest runs of all sources."""
        return self.store.rows("SELECT * FROM runs ORDER BY id DESC LIMIT ?", [limit])

    def count_old(self, before: datetime) -> int:
        """Return how many runs `prune` would delete."""
        (row,) = self.store.rows(f"SELECT count(*) AS n FROM runs WHERE {_OLD}", [stamp(before)])  # noqa: S608
        return int(row["n"])

    def prune(self, before: datetime) -> int:
        """Delete the runs that began before a time, but for what `last` and `last_ok` tell; return how many."""
        found = f"SELECT id FROM runs WHERE {_OLD} LIMIT {BATCH}"  # noqa: S608
        sql = f"DELETE FROM runs WHERE id IN ({found})"  # noqa: S608
        return delete_in_batches(
            self.store, lambda db: int(db.conn.execute(sql, [stamp(before)]).rowcount)
        )
