"""The history of crawls: every run is a row from its start, so that a crash is seen too; and what did not run
at its time is a row that says so.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from pipeline.records import CrawlReport
from pipeline.store.connection import Connection
from pipeline.store.space import BATCH, delete_in_batches
from pipeline.store.storable import storable
from pipeline.store.times import stamp
from pipeline.tally import Meter

_COUNTERS = (
    "listed", "new", "revised", "unchanged", "removed", "skipped", "quarantined", "errors", "open",
)  # fmt: skip
Skipped: TypeAlias = Literal["missed", "overrun"]
"""Why a run did not run: nobody was there at its time, or the crawl before it was still running."""
SKIPPED: tuple[Skipped, ...] = ("missed", "overrun")

_NEWEST = 5000

CRAWLS = f"outcome NOT IN {SKIPPED}"
"""SQL: rows of `runs` that are crawls. Whoever asks how a source is doing must ask for these only."""

_KEPT = (
    f"SELECT max(id) FROM runs WHERE {CRAWLS} GROUP BY source"  # noqa: S608
    " UNION SELECT max(id) FROM runs WHERE outcome = 'ok' GROUP BY source"
)
_OLD = f"started_at < ? AND outcome <> 'running' AND id NOT IN ({_KEPT})"
"""Runs that may go: the last of each source, and the last that went well, are what its health is told by."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Runs of a source that did not run: since when they were due, how many, and what there is to say."""

    source: str
    why: Skipped
    due: datetime
    times: int
    detail: str = ""


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
            begun = db.execute(
                "INSERT INTO runs (source, started_at, outcome, holder) VALUES (?, ?, 'running', ?)",
                [source, stamp(at), holder],
            )
            return int(str(begun.lastrowid))

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
        columns = ", ".join(f"{name} = :{name}" for name in values)
        with self.store.writing() as db:
            db.execute(f"UPDATE runs SET {columns} WHERE id = :id", {**values, "id": run})  # noqa: S608

    def note_skipped(self, skip: Skip, at: datetime, row: int | None = None) -> int:
        """Write down what did not run, or renew its row, and return the number of the row.

        One row stands for as many times as came in a row: a week of them is one row, not a thousand.
        The source is remembered already.
        """
        values = [skip.times, stamp(at), skip.detail]
        with self.store.writing() as db:
            if row is not None:
                db.conn.execute(
                    "UPDATE runs SET times = ?, finished_at = ?, detail = ? WHERE id = ?",
                    [*values, row],
                )
                return row
            done = db.conn.execute(
                "INSERT INTO runs (times, finished_at, detail, source, started_at, outcome, due_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [*values, skip.source, stamp(at), skip.why, stamp(skip.due)],
            )
            assert done.lastrowid is not None
            return done.lastrowid

    def skipped(self, source: str, since: datetime) -> dict[str, Any] | None:
        """Return the newest run of a source that did not run, with `times` of all since then; None if none."""
        rows = self.store.rows(
            "SELECT outcome, due_at, detail, sum(times) AS times, max(id) AS id FROM runs"  # noqa: S608
            f" WHERE source = ? AND started_at >= ? AND NOT {CRAWLS} GROUP BY source",
            [source, stamp(since)],
        )
        return rows[0] if rows else None

    def newest(self, source: str, limit: int) -> list[dict[str, Any]]:
        """Return the outcomes of the newest runs of a source, by their start, newest first."""
        return self.store.rows(
            "SELECT id, started_at, outcome, detail, times FROM runs WHERE source = ?"
            " ORDER BY started_at DESC, id DESC LIMIT ?",
            [source, limit],
        )

    def last(self, source: str) -> dict[str, Any] | None:
        """Return the newest crawl of a source; a run that did not run is none."""
        rows = self.store.rows(
            f"SELECT * FROM runs WHERE source = ? AND {CRAWLS} ORDER BY id DESC LIMIT 1",  # noqa: S608
            [source],
        )
        return rows[0] if rows else None

    def found_by_hour(self, source: str, since: datetime) -> list[dict[str, Any]]:
        """Return what good crawls found, by hours in UTC: `hour` (2026-09-27T03), `new`, `found_at`."""
        return self.store.rows(
            "SELECT substr(started_at, 1, 13) AS hour, sum(new) AS new,"
            " max(iif(new > 0, started_at, NULL)) AS found_at FROM runs"
            " WHERE source = ? AND started_at >= ? AND outcome = 'ok' GROUP BY hour ORDER BY hour",
            [source, stamp(since)],
        )

    def last_of_each(self) -> dict[str, dict[str, Any]]:
        """Return the newest crawl of each source, as `last` does, without a look at the others."""
        # most are among the newest rows; the others are found by their start
        found = self.store.rows(
            "WITH newest AS (SELECT source, max(id) AS id FROM runs NOT INDEXED"  # noqa: S608
            f" WHERE id > (SELECT max(id) - {_NEWEST} FROM runs) AND {CRAWLS} GROUP BY source)"
            " SELECT r.* FROM sources LEFT JOIN newest ON newest.source = sources.name"
            " JOIN runs r ON r.id = coalesce(newest.id, (SELECT id FROM runs"
            f"  WHERE source = sources.name AND {CRAWLS} ORDER BY started_at DESC, id DESC LIMIT 1))"
        )
        return {row["source"]: row for row in found}

    def last_ok(self, source: str) -> str | None:
        """Return when the source last ended well."""
        (row,) = self.store.rows(
            "SELECT max(finished_at) AS at FROM runs WHERE source = ? AND outcome = 'ok'", [source]
        )
        return str(row["at"]) if row["at"] else None

    def since_last_good(self, source: str) -> str | None:
        """Return the start of the first crawl after the last that went well; None where that was the last."""
        (row,) = self.store.rows(
            f"SELECT min(started_at) AS at FROM runs WHERE source = :source AND {CRAWLS}"  # noqa: S608
            " AND started_at > coalesce((SELECT last_started_at FROM run_totals"
            "  WHERE source = :source AND outcome = 'ok'), '')",
            {"source": source},
        )
        return str(row["at"]) if row["at"] else None

    def get(self, number: int) -> dict[str, Any] | None:
        """Return one run, None where there is none of that number."""
        rows = self.store.rows("SELECT * FROM runs WHERE id = ?", [number])
        return rows[0] if rows else None

    def page(self, source: str, limit: int, before: int | None = None) -> list[dict[str, Any]]:
        """Return runs of a source, newest first, those that did not run too; `before` is the last one shown."""
        return self.store.rows(
            "SELECT * FROM runs WHERE source = :source AND (:before IS NULL OR (started_at, id) <"
            " (SELECT started_at, id FROM runs WHERE id = :before))"
            " ORDER BY started_at DESC, id DESC LIMIT :limit",
            {"source": source, "before": before, "limit": limit},
        )

    def reasons(self, source: str, since: datetime) -> list[dict[str, Any]]:
        """Return why pages of a source could not be had or read since a time, the most frequent reason first:
        `reason`, `times`, `last_at`, and `url`, `detail` and `run` of the last one.
        """
        return self.store.rows(
            "SELECT json_extract(value, '$.reason') AS reason, count(*) AS times,"
            " max(started_at) AS last_at, json_extract(value, '$.url') AS url,"
            " json_extract(value, '$.detail') AS detail, runs.id AS run"
            " FROM runs, json_each(problems) WHERE source = ? AND started_at >= ?"
            " GROUP BY reason ORDER BY times DESC, reason",
            [source, stamp(since)],
        )

    def recent(self, limit: int) -> list[dict[str, Any]]:
        """Return the newest crawls of all sources."""
        return self.store.rows(
            f"SELECT * FROM runs WHERE {CRAWLS} ORDER BY id DESC LIMIT ?",  # noqa: S608
            [limit],
        )

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
