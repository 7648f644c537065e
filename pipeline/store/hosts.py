"""What all processes share about a host, so that daemon, cron and hand together stay polite."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline.store.connection import Connection
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp

_BELIEVABLE = 2 * 86_400.0
"""Seconds. No turn or wait is ever set further ahead: one that is was set by a clock that ran wrong."""
_TAKE = """
    INSERT INTO hosts
        (authority, next_request_at, last_request_at, last_url, day, requests, requests_that_day)
    VALUES (?, ?, ?, ?, ?, 1, 1)
    ON CONFLICT (authority) DO UPDATE SET
        next_request_at = excluded.next_request_at,
        last_request_at = excluded.last_request_at,
        last_url = coalesce(excluded.last_url, last_url),
        requests = requests + 1,
        requests_that_day = iif(day = excluded.day, requests_that_day + 1, 1),
        day = excluded.day
"""
_CALL = """
    INSERT INTO api_calls (authority, day, calls) VALUES (?, ?, 1)
    ON CONFLICT (authority) DO UPDATE SET
        calls = iif(day = excluded.day, calls + 1, 1),
        day = excluded.day
"""


@dataclass(frozen=True)
class Hosts:
    """Tables `hosts`, `robots` and `api_calls`; the fetcher sees them as its `HostMemory`."""

    store: Connection

    def reserve(
        self, authority: str, now: float, gap: float, patience: float, *, url: str | None = None
    ) -> float:
        """Take the next turn at a host, atomically across processes.

        Args:
            authority: host or host:port.
            now: Unix time, seconds.
            gap: seconds that must lie between two requests.
            patience: seconds the caller is ready to wait.
            url: what will be requested.

        Returns:
            Unix time of the turn. If it lies beyond `now + patience`, no turn was taken.
        """
        with self.store.writing() as db:
            row = db.conn.execute(
                "SELECT next_request_at, retry_at FROM hosts WHERE authority = ?", [authority]
            ).fetchone()
            set_before = map(float, row or ())
            turn = max([now, *(at for at in set_before if at <= now + _BELIEVABLE)])
            if turn - now > patience:
                return turn
            at = stamp(datetime.fromtimestamp(turn, UTC))
            db.conn.execute(_TAKE, [authority, turn + gap, at, storable(url), at[:10]])
            return turn

    def wait_until(self, authority: str, retry_at: float) -> None:
        """Note that the host asked us to stay away until then (Unix time, seconds)."""
        with self.store.writing() as db:
            db.execute(
                "INSERT INTO hosts (authority, retry_at, failures) VALUES (?, ?, 1)"
                " ON CONFLICT (authority) DO UPDATE SET failures = failures + 1, retry_at ="
                " iif(retry_at > excluded.retry_at + ?, excluded.retry_at,"
                " max(retry_at, excluded.retry_at))",
                [authority, retry_at, _BELIEVABLE],
            )

    def set_back(self, by: timedelta, now: datetime) -> None:
        """Note that the clock was set back: turns and waits that it set before lie as far ahead as they did."""
        seconds, at = by.total_seconds(), stamp(now)
        with self.store.writing() as db:
            db.conn.execute(
                "UPDATE hosts SET next_request_at = next_request_at - ?, last_request_at = ?,"
                " retry_at = max(0, retry_at - ?) WHERE last_request_at > ?",
                [seconds, at, seconds, at],
            )

    def waits_until(self, authority: str, now: float) -> float:
        """Return the Unix time until which the host is to be left alone, 0 for no such time."""
        rows = self.store.rows("SELECT retry_at FROM hosts WHERE authority = ?", [authority])
        until = float(rows[0]["retry_at"]) if rows else 0.0
        return until if now < until <= now + _BELIEVABLE else 0.0

    def failures(self, authority: str) -> int:
        """Return how often in a row the host answered with a failure."""
        rows = self.store.rows("SELECT failures FROM hosts WHERE authority = ?", [authority])
        return int(rows[0]["failures"]) if rows else 0

    def answered_well(self, authority: str) -> None:
        """Forget earlier failures of the host."""
        if self.failures(authority):
            with self.store.writing() as db:
                db.execute("UPDATE hosts SET failures = 0 WHERE authority = ?", [authority])

    def take_call(self, authority: str, day: str, most: int) -> bool:
        """Count a call of an API, atomically across processes.

        Args:
            authority: host or host:port.
            day: the date for which its operator counts; an earlier day's count is forgotten.
            most: calls that may be made on a day.

        Returns:
            False where they are made already: then nothing was counted.
        """
        with self.store.writing() as db:
            if self.calls(authority, day) >= most:
                return False
            db.conn.execute(_CALL, [authority, day])
            return True

    def calls(self, authority: str, day: str) -> int:
        """Return how many calls of an API were made on a day."""
        rows = self.store.rows(
            "SELECT calls FROM api_calls WHERE authority = ? AND day = ?", [authority, day]
        )
        return int(rows[0]["calls"]) if rows else 0

    def robots(self, origin: str) -> tuple[int, str, datetime] | None:
        """Return the kept robots.txt of an origin: status, text, when it was fetched."""
        rows = self.store.rows(
            "SELECT status, text, fetched_at FROM robots WHERE origin = ?", [origin]
        )
        return next(((r["status"], r["text"], moment(r["fetched_at"])) for r in rows), None)

    def keep_robots(self, origin: str, status: int, text: str, at: datetime) -> None:
        """Keep a robots.txt answer."""
        row = {"origin": origin, "status": status, "text": storable(text), "fetched_at": stamp(at)}
        with self.store.writing() as db:
            db.table("robots", pk="origin").upsert(row)

    def all(self) -> list[dict[str, Any]]:
        """Return what `gisa status` shows: a row per host."""
        return self.store.rows(
            "SELECT authority, requests, day, requests_that_day, last_request_at, last_url, failures,"
            " retry_at FROM hosts ORDER BY authority"
        )

    def all_robots(self) -> list[dict[str, Any]]:
        """Return every robots.txt that is kept: origin, status, text, fetched_at."""
        return self.store.rows("SELECT * FROM robots ORDER BY origin")
