"""The drifts of the sources: since when something is missing, until when, and whether that was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.history import LISTING, YIELD, Sign, Standing
from pipeline.pauses import HOUR
from pipeline.store.connection import Connection
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp


@dataclass(frozen=True)
class Drifts:
    """Table `drifts`."""

    store: Connection

    def standing(self, source: str) -> dict[str, Standing]:
        """Return the drifts of a source that have not ended, by name."""
        return {
            row["name"]: Standing(
                row["name"], moment(row["began_at"]), row["expected"], row["found"], row["of"]
            )
            for row in self.all(source)
        }

    def all(self, source: str, *, ended: bool = False) -> list[dict[str, Any]]:
        """Return the drifts of a source that stand, or also those that have ended, newest first."""
        return self.store.rows(
            "SELECT * FROM drifts WHERE source = ? AND (? OR ended_at IS NULL) ORDER BY id DESC",
            [source, ended],
        )

    def of_each(self) -> dict[str, list[dict[str, Any]]]:
        """Return the drifts that stand, by source, as `all` does."""
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.store.rows("SELECT * FROM drifts WHERE ended_at IS NULL ORDER BY id DESC"):
            found.setdefault(row["source"], []).append(row)
        return found

    def mark(self, source: str) -> tuple[Any, ...]:
        """Return what is another tuple after every change of the drifts of a source."""
        found: tuple[Any, ...] = self.store.db.conn.execute(
            "SELECT max(id), max(seen_at), count(ended_at) FROM drifts WHERE source = ?", [source]
        ).fetchone()
        return found

    def accept(self, source: str, at: datetime) -> list[str]:
        """Take what drifted for what is usual from now on: its history counts anew. Return which measures."""
        with self.store.writing() as db:
            names = [row["name"] for row in self.all(source)]
            for name in names:
                kind, _, rest = name.partition(":")
                db.conn.execute(
                    "DELETE FROM measures WHERE source = ? AND name = ?", [source, name]
                )
                if f"{kind}:" in (LISTING, YIELD):
                    db.conn.execute(
                        "DELETE FROM yields WHERE source = ? AND listing = ?", [source, rest]
                    )
            db.conn.execute(
                "UPDATE drifts SET ended_at = ?, accepted = 1 WHERE source = ? AND ended_at IS NULL",
                [stamp(at), source],
            )
            return names

    def note(self, source: str, run: int, signs: Sequence[Sign], now: datetime) -> None:
        """Begin, continue and end drifts, as a run says. Call it in the transaction that ends the run."""
        db, standing = self.store.db.conn, self.standing(source)
        for sign in signs:
            if sign.name in standing:
                # what was found at first stays: a drift ends beside that, not beside the last page
                db.execute(
                    "UPDATE drifts SET detail = ?, seen_at = ?"
                    " WHERE source = ? AND name = ? AND ended_at IS NULL",
                    [sign.detail, stamp(now), source, storable(sign.name)],
                )
            else:
                db.execute(
                    "INSERT INTO drifts (source, name, run, began_at, seen_at, last_good_at, expected,"
                    ' found, "of", detail) VALUES (?, ?, ?, ?, ?, (SELECT max(finished_at) FROM runs'
                    " WHERE source = ? AND outcome = 'ok'), ?, ?, ?, ?)",
                    [
                        source,
                        storable(sign.name),
                        run,
                        stamp(now),
                        stamp(now),
                        source,
                        sign.expected,
                        sign.found,
                        sign.of,
                        sign.detail,
                    ],
                )
            if sign.name.startswith((LISTING, YIELD)):
                begin = now - max(sign.hours, 1) * HOUR
                db.execute(
                    "UPDATE yields SET drifted = 1 WHERE source = ? AND listing = ? AND hour >= ?",
                    [source, sign.name.partition(":")[2], stamp(begin)],
                )
        over = [(stamp(now), source, n) for n in standing if n not in {s.name for s in signs}]
        db.executemany(
            "UPDATE drifts SET ended_at = ? WHERE source = ? AND name = ? AND ended_at IS NULL",
            over,
        )
