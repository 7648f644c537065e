"""Looks at listings: one row each, placements only where something changed; old ones are folded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlite_utils import Database

from pipeline.records import Entry
from pipeline.store.connection import Connection
from pipeline.store.space import BATCH, delete_in_batches
from pipeline.store.storable import storable
from pipeline.store.times import stamp

Placement = tuple[int, int, int]
"""Rank, visit, number of the headline."""

_AT_ONCE = 400  # variables of one statement

_FOLD = """
    INSERT INTO past_standings
    SELECT v.seq, :listing, min(seen_at), max(seen_at), count(*), sum(seconds), min(rank),
        CAST(substr(max(printf('%s %012d ', seen_at, look) || rank), 35) AS INTEGER)
    FROM stands s JOIN visits v ON v.article_id = s.article_id
    WHERE s.source = :source AND s.listing = :url AND seen_at <= :until GROUP BY v.seq
    ON CONFLICT (visit, listing) DO UPDATE SET
        first_seen_at = min(first_seen_at, excluded.first_seen_at),
        last_rank = iif(excluded.last_seen_at >= last_seen_at, excluded.last_rank, last_rank),
        last_seen_at = max(last_seen_at, excluded.last_seen_at),
        looks = looks + excluded.looks,
        seconds = seconds + excluded.seconds,
        best_rank = min(best_rank, excluded.best_rank)
"""
"""What looks leave behind: how long which article stood there. A time has 20 characters."""
_THESE = "listing = :listing AND seen_at <= :until"


def note(
    store: Connection, source: str, listing: str, entries: Sequence[Entry], at: datetime
) -> None:
    """Note what a listing shows; one that shows what it showed last costs one row.

    Call it in the transaction that opened the visits of the entries; they are storable already.
    """
    with store.writing() as db:
        number = _listing(store, source, storable(listing))
        placed = _placed(store, entries)
        last = store.rows(
            "SELECT shows FROM looks WHERE listing = ? ORDER BY seen_at DESC, id DESC LIMIT 1",
            [number],
        )
        (look,) = db.conn.execute("SELECT coalesce(max(id), 0) + 1 FROM looks").fetchone()
        same = bool(last) and _placements(store, last[0]["shows"]) == placed
        db.conn.execute(
            "INSERT INTO looks (id, listing, shows, seen_at) VALUES (?, ?, ?, ?)",
            [look, number, last[0]["shows"] if same else look, stamp(at)],
        )
        if not same:
            db.conn.executemany(
                "INSERT INTO placements (look, rank, visit, headline) VALUES (?, ?, ?, ?)",
                [(look, *place) for place in sorted(placed)],
            )


def prune(store: Connection, before: str) -> int:
    """Fold looks before a time into `past_standings`, but for the newest of each listing; return how many."""
    gone = 0
    for listing in store.rows("SELECT id, source, url FROM listings ORDER BY id"):
        gone += delete_in_batches(store, partial(_fold_some, store, listing, before))
    return gone


def _fold_some(store: Connection, listing: dict[str, Any], before: str, db: Database) -> int:
    del db  # the transaction that these are part of
    until = _end_of_some(store, listing["id"], before)
    return _fold(store, listing, until) if until else 0


def count_old(store: Connection, before: str) -> int:
    """Return how many looks `prune` would fold."""
    (row,) = store.rows(
        "SELECT count(*) AS n FROM listings JOIN looks ON listing = listings.id WHERE seen_at"
        " < min(?, (SELECT max(seen_at) FROM looks newest WHERE newest.listing = listings.id))",
        [before],
    )
    return int(row["n"])


def _end_of_some(store: Connection, listing: int, before: str) -> str | None:
    (row,) = store.rows(
        "SELECT max(seen_at) AS until FROM (SELECT seen_at FROM looks WHERE listing = :listing"
        " AND seen_at < min(:before, (SELECT max(seen_at) FROM looks WHERE listing = :listing))"
        " ORDER BY seen_at LIMIT :most)",
        {"listing": listing, "before": before, "most": BATCH},
    )
    return str(row["until"]) if row["until"] else None


def _fold(store: Connection, listing: dict[str, Any], until: str) -> int:
    """Replace looks by what remains of them; those that go hand what younger ones show too on to one."""
    these = {"listing": listing["id"], "until": until}
    with store.writing() as db:
        db.conn.execute(_FOLD, these | {"source": listing["source"], "url": listing["url"]})
        heirs = store.rows(
            "SELECT old.id AS old, min(young.id) AS young FROM looks old"
            " JOIN looks young ON young.shows = old.id"
            " WHERE old.listing = :listing AND old.seen_at <= :until AND young.seen_at > :until"
            " GROUP BY old.id",
            these,
        )
        for heir in heirs:
            db.conn.execute("UPDATE placements SET look = :young WHERE look = :old", heir)
            db.conn.execute("UPDATE looks SET shows = :young WHERE shows = :old", heir)
        db.conn.execute(
            f"DELETE FROM placements WHERE look IN (SELECT id FROM looks WHERE {_THESE})",  # noqa: S608
            these,
        )
        return db.conn.execute(f"DELETE FROM looks WHERE {_THESE}", these).rowcount  # noqa: S608


def _listing(store: Connection, source: str, url: str) -> int:
    known = store.rows("SELECT id FROM listings WHERE source = ? AND url = ?", [source, url])
    if known:
        return int(known[0]["id"])
    done = store.db.conn.execute("INSERT INTO listings (source, url) VALUES (?, ?)", [source, url])
    assert done.lastrowid is not None
    return done.lastrowid


def _placed(store: Connection, entries: Sequence[Entry]) -> set[Placement]:
    """Return (rank, visit, number of the headline) of every entry; new headlines get a number."""
    ids = list({entry.article_id for entry in entries})
    visits: dict[str, int] = {}
    headlines: dict[str, dict[str, int]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        rows = store.db.conn.execute(
            "SELECT article_id, seq, number, text FROM visits LEFT JOIN listed_headlines"  # noqa: S608
            f" ON visit = seq WHERE article_id IN ({marks})",
            some,
        )
        for key, visit, number, text in rows:
            visits[key] = visit
            known = headlines.setdefault(key, {})
            if number:
                known[text] = number
    new, placed = [], set()
    for entry in entries:
        visit, known = visits[entry.article_id], headlines[entry.article_id]
        if entry.headline not in known:
            known[entry.headline] = len(known) + 1
            new.append((visit, known[entry.headline], entry.headline))
        placed.add((entry.rank, visit, known[entry.headline]))
    if new:
        store.db.conn.executemany(
            "INSERT INTO listed_headlines (visit, number, text) VALUES (?, ?, ?)", new
        )
    return placed


def _placements(store: Connection, look: int) -> set[Placement]:
    rows = store.db.conn.execute(
        "SELECT rank, visit, headline FROM placements WHERE look = ?", [look]
    )
    return {tuple(row) for row in rows}
