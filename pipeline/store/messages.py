"""Messages on their way out: written with what they tell, in one transaction, and kept until delivered.

A message has one receiver, named by a label that holds no secret. Whoever sends claims it first, so that of two
processes one sends; a process that dies after it sent and before it said so may have it sent a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline.store.connection import Connection
from pipeline.store.storable import storable
from pipeline.store.times import stamp

TRIES = 5
LEASE = timedelta(minutes=2)
"""How long a claim holds: longer than a sender is allowed to take."""
_WAIT = timedelta(minutes=1)
_KEEP = timedelta(days=30)
_MOST = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one receiver; `watch` names the watch whose digest it is, None for an alert."""

    receiver: str
    subject: str
    body: str
    watch: str | None = None


@dataclass(frozen=True)
class Messages:
    """Table `messages`."""

    store: Connection

    def write(self, messages: Iterable[Message], at: datetime) -> None:
        """Put messages in line; those older than a month go."""
        rows = [
            (m.receiver, m.watch, storable(m.subject), storable(m.body), stamp(at), stamp(at))
            for m in messages
        ]
        if not rows:
            return
        with self.store.writing() as db:
            db.execute("DELETE FROM messages WHERE made_at < ?", [stamp(at - _KEEP)])
            db.conn.executemany(
                "INSERT INTO messages (receiver, watch, subject, body, made_at, next_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )

    def claim(self, at: datetime, receivers: Sequence[str]) -> list[dict[str, Any]]:
        """Take the messages to these receivers that are due, oldest first: nobody else gets them while
        LEASE lasts. Those to others wait for a process that knows them.
        """
        due = f"next_at <= ? AND receiver IN ({', '.join('?' * len(receivers))})"
        given = [stamp(at), *receivers]
        if not self.store.rows(f"SELECT 1 FROM messages WHERE {due} LIMIT 1", given):  # noqa: S608
            return []
        with self.store.writing():
            rows = self.store.rows(
                f"SELECT * FROM messages WHERE {due} ORDER BY id LIMIT ?",  # noqa: S608
                [*given, _MOST],
            )
            ends = stamp(at + LEASE)
            self._set("next_at = ?, tries = tries + 1", [(ends, row["id"]) for row in rows])
        return [row | {"tries": row["tries"] + 1} for row in rows]

    def delivered(self, rows: Iterable[dict[str, Any]], at: datetime) -> None:
        """Note that claimed messages got out."""
        self._set("next_at = NULL, sent_at = ?", [(stamp(at), row["id"]) for row in rows])

    def failed(self, rows: Iterable[dict[str, Any]], at: datetime) -> None:
        """Put claimed messages back: after 1, 4, 16 and 64 minutes they are due again, then given up."""
        waits = [
            (stamp(at + _WAIT * 4 ** (r["tries"] - 1)) if r["tries"] < TRIES else None, r["id"])
            for r in rows
        ]
        self._set("next_at = ?", waits)

    def undelivered(self) -> list[dict[str, Any]]:
        """Return what did not get out, given up or still to be tried."""
        return self.store.rows("SELECT * FROM messages WHERE sent_at IS NULL ORDER BY id")

    def last(self, limit: int) -> list[dict[str, Any]]:
        """Return what got out last, newest first."""
        return self.store.rows(
            "SELECT * FROM messages WHERE sent_at NOT NULL ORDER BY id DESC LIMIT ?", [limit]
        )

    def _set(self, what: str, values: list[tuple[str | None, int]]) -> None:
        if values:
            with self.store.writing() as db:
                db.conn.executemany(
                    f"UPDATE messages SET {what} WHERE id = ?",  # noqa: S608
                    values,
                )
