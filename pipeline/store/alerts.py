"""Troubles of sources, each once while it lasts; what was said about it, and for how long nothing is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pipeline.store.connection import Connection
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp

Kind = Literal["drift", "blocked", "failed", "missed"]
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a source. `problem` is the first page that showed it, or empty."""

    source: str
    kind: Kind
    since: datetime
    detail: str
    problem: str = ""
    last_ok_at: str | None = None


@dataclass(frozen=True)
class Alerts:
    """Tables `alerts` and `mutes`."""

    store: Connection

    def note(self, it: Trouble, at: datetime) -> None:
        """Open an alert, or note that it lasts."""
        with self.store.writing() as db:
            db.execute(
                "INSERT INTO alerts (source, kind, since, seen_at, last_ok_at, detail, problem)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, kind) WHERE recovered_at IS NULL"
                " DO UPDATE SET seen_at = excluded.seen_at, detail = excluded.detail,"
                " problem = excluded.problem",
                [
                    it.source, it.kind, stamp(it.since), stamp(at), it.last_ok_at,
                    storable(it.detail)[:_LONGEST], storable(it.problem)[:_LONGEST],
                ],
            )  # fmt: skip

    def recover(self, source: str, kinds: Sequence[Kind], at: datetime) -> None:
        """Close alerts of a source; where there are none, nothing is written."""
        which = f"source = ? AND kind IN ({', '.join('?' * len(kinds))}) AND recovered_at IS NULL"
        given = [source, *kinds]
        if not self.store.rows(f"SELECT 1 FROM alerts WHERE {which}", given):  # noqa: S608
            return
        with self.store.writing() as db:
            db.execute(
                f"UPDATE alerts SET recovered_at = ? WHERE {which}",  # noqa: S608
                [stamp(at), *given],
            )

    def untold(self) -> list[dict[str, Any]]:
        """Return open alerts that no message was written about."""
        return self._where("recovered_at IS NULL AND sent_at IS NULL")

    def to_remind(self, before: datetime) -> list[dict[str, Any]]:
        """Return open alerts whose last message was written before a time."""
        return self._where(
            "recovered_at IS NULL AND coalesce(reminded_at, sent_at) <= ?", stamp(before)
        )

    def over(self) -> list[dict[str, Any]]:
        """Return alerts that were told and have ended, and nothing says so yet."""
        return self._where(
            "recovered_at NOT NULL AND sent_at NOT NULL AND recovery_sent_at IS NULL"
        )

    def told(
        self,
        rows: Sequence[dict[str, Any]],
        what: Literal["sent_at", "reminded_at", "recovery_sent_at"],
        at: datetime,
    ) -> None:
        """Note that a message about each of these was written."""
        with self.store.writing() as db:
            db.conn.executemany(
                f"UPDATE alerts SET {what} = ? WHERE id = ?",  # noqa: S608
                [(stamp(at), row["id"]) for row in rows],
            )

    def open(self) -> list[dict[str, Any]]:
        """Return the alerts that last."""
        return self._where("recovered_at IS NULL")

    def recovered(self, limit: int) -> list[dict[str, Any]]:
        """Return the alerts that ended last, newest first."""
        return self.store.rows(
            "SELECT * FROM alerts WHERE recovered_at NOT NULL ORDER BY recovered_at DESC, id DESC"
            " LIMIT ?",
            [limit],
        )

    def mute(self, until: datetime) -> None:
        """Send nothing until a time; one that is over ends it."""
        with self.store.writing() as db:
            db.execute(
                "INSERT INTO mutes VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET until = excluded.until",
                [stamp(until)],
            )

    def muted_until(self, now: datetime) -> datetime | None:
        """Return until when nothing is sent; None where messages go out."""
        rows = self.store.rows("SELECT until FROM mutes")
        until = moment(rows[0]["until"]) if rows else None
        return until if until and until > now else None

    def _where(self, condition: str, *values: Any) -> list[dict[str, Any]]:
        return self.store.rows(
            f"SELECT * FROM alerts WHERE {condition} ORDER BY id",  # noqa: S608
            values,
        )
