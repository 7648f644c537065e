"""The frontier: every URL we know of, what became of it, and when it is due. Discovered is never lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.records import Entry, VisitOutcome
from pipeline.source import SourceKind
from pipeline.store import looks
from pipeline.store.aliases import Aliases
from pipeline.store.connection import Connection
from pipeline.store.storable import is_storable, storable
from pipeline.store.times import stamp
from pipeline.store.visit import NEVER_SEEN as NEVER_SEEN
from pipeline.store.visit import Seen as Seen
from pipeline.store.visit import Visit as Visit
from pipeline.store.visit import visit_of

MAX_TRIES = 6
"""Failures in a row after which a visit is given up (with the back-off of crawl.py: over two days)."""

_GUESSED = ("portal", "listing")
"""Kinds of sources whose listings print times for readers: "3시간 전" is no time of publication."""
_OPEN = "state = 'open' AND not_before NOT NULL AND backfill_day IS NULL"
"""SQL: every open visit has a time, and the index of those that have one is a small part of the table."""
_LISTED_AGAIN = timedelta(hours=6)
"""A given-up or removed article that a listing still shows this much later is looked at again."""


@dataclass(frozen=True)
class Visits:
    """Table `visits`."""

    store: Connection

    def discover(
        self,
        source: str,
        listing: str,
        entries: Iterable[Entry],
        at: datetime,
        *,
        kind: SourceKind = "portal",
        look: bool = True,
    ) -> int:
        """Note where a listing shows what, and open a visit for every article not known yet.

        One that was given up or removed is opened again if it is still, or again, on a listing later. A sitemap
        is no front page: of it no look is noted, nor without `look`. One transaction: after it no crash loses a
        URL. Returns how many were new.
        """
        found = tuple(map(_storable, entries))
        if kind != "portal":
            found = self._under_their_names(found)
        seen = stamp(at)
        with self.store.writing() as db:
            before = db.conn.total_changes
            # Listings are newest first; reversed, the order of visits follows publication.
            db.conn.executemany(
                "INSERT OR IGNORE INTO visits"
                " (article_id, source, url, listed_url, state, first_listed_at, not_before, published_at)"
                " VALUES (?, ?, ?, ?, 'open', ?, ?, ?)",
                [
                    (e.article_id, source, e.url, e.listed_url, seen, seen,
                     None if kind in _GUESSED else stamp(e.published_at))
                    for e in reversed(found)
                ],
            )  # fmt: skip
            new = db.conn.total_changes - before
            self._open_again(found, at)
            if kind not in _GUESSED:
                self._note_times(found)
            if look and kind != "sitemap":
                looks.note(self.store, source, listing, found, at)
            return new

    def _open_again(self, entries: Iterable[Entry], at: datetime) -> None:
        """What is on a listing now is looked at again if it was given up, and waits for no backfill."""
        seen, long_ago = stamp(at), stamp(at - _LISTED_AGAIN)
        ids = [entry.article_id for entry in entries]
        conn = self.store.db.conn
        conn.executemany(
            "UPDATE visits SET state = 'open', tries = 0, not_before = ? WHERE article_id = ?"
            " AND not_before IS NULL AND (state = 'given_up' OR outcome = 'removed')"
            " AND last_visit_at <= ?",
            [(seen, each, long_ago) for each in ids],
        )
        conn.executemany(
            "UPDATE visits SET backfill_day = NULL WHERE article_id = ? AND backfill_day NOT NULL",
            [(each,) for each in ids],
        )

    def _note_times(self, entries: Iterable[Entry]) -> None:
        """Another document of the source may tell the time that the first one did not."""
        self.store.db.conn.executemany(
            "UPDATE visits SET published_at = ?1 WHERE article_id = ?2 AND published_at IS NULL",
            [(stamp(e.published_at), e.article_id) for e in entries if e.published_at],
        )

    def due_again(self, entries: Iterable[Entry], at: datetime) -> int:
        """Let articles be looked at again that changed since, as a feed or sitemap has it; return how many."""
        changed = [
            (stamp(at), e.article_id, stamp(e.modified_at)) for e in entries if e.modified_at
        ]
        with self.store.writing() as db:
            before = db.conn.total_changes
            db.conn.executemany(
                "UPDATE visits SET not_before = ?1 WHERE article_id = ?2 AND state = 'settled'"
                " AND outcome <> 'removed' AND last_visit_at < ?3"
                " AND (not_before IS NULL OR not_before > ?1)",
                changed,
            )
            return int(db.conn.total_changes - before)

    def state_of(self, article_id: str) -> str | None:
        """Return the state of an article's visit; None where there is none."""
        rows = self.store.rows("SELECT state FROM visits WHERE article_id = ?", [article_id])
        return rows[0]["state"] if rows else None

    def rename(self, visit: Visit, article_id: str) -> Visit:
        """Give a visit the id of the article that it led to, which has none yet."""
        with self.store.writing() as db:
            db.conn.execute(
                "UPDATE visits SET article_id = ? WHERE article_id = ?",
                [article_id, visit.article_id],
            )
        return replace(visit, article_id=article_id)

    def _under_their_names(self, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Return entries by the ids of the articles that their addresses led to."""
        known = Aliases(self.store).of(entry.article_id for entry in entries)
        if not known:
            return entries
        return tuple(replace(e, article_id=known.get(e.article_id, e.article_id)) for e in entries)

    def due(self, source: str, now: datetime, limit: int | None = None) -> list[Visit]:
        """Return the visits whose time has come: never settled ones first, oldest first; no backfill's."""
        rows = self.store.rows(
            "SELECT * FROM visits WHERE source = ? AND not_before <= ? AND backfill_day IS NULL"
            " ORDER BY state = 'settled', seq LIMIT ?",
            [source, stamp(now), -1 if limit is None else limit],
        )
        return [visit_of(row) for row in rows]

    def settle(
        self,
        visit: Visit,
        outcome: VisitOutcome,
        at: datetime,
        *,
        again: datetime | None,
        seen: Seen,
    ) -> None:
        """Close a visit; `again` is when the article is due for another look, None for never.

        Call it in the transaction that writes the article.
        """
        with self.store.writing() as db:
            db.execute(
                "UPDATE visits SET state = 'settled', outcome = ?, reason = NULL, tries = 0,"
                " last_visit_at = ?, not_before = ?, etag = ?, last_modified = ?, body_hash = ?,"
                " backfill_day = NULL"
                " WHERE article_id = ?",
                [
                    outcome,
                    stamp(at),
                    stamp(again),
                    seen.etag,
                    seen.last_modified,
                    seen.body_hash,
                    visit.article_id,
                ],
            )

    def postpone(
        self,
        visit: Visit,
        reason: str,
        at: datetime,
        *,
        again: datetime,
        counts: bool = True,
        at_last: datetime | None = None,
    ) -> None:
        """Keep a visit for later; after MAX_TRIES failures in a row it is given up, and says so.

        A failure that is the host's and not the article's does not count. An article that is stored already is
        not given up while it is due again: `at_last` is when, None for never.
        """
        tries = visit.tries + counts
        given_up = counts and tries >= MAX_TRIES
        due: datetime | None = again
        state = visit.state
        if given_up and at_last is not None:
            tries, due = 0, max(again, at_last)
        elif given_up:
            state, due = "given_up", None
        with self.store.writing() as db:
            db.execute(
                "UPDATE visits SET state = ?, reason = ?, tries = ?, last_visit_at = ?, not_before = ?"
                " WHERE article_id = ?",
                [state, reason, tries, stamp(at), stamp(due), visit.article_id],
            )

    def count_open(self, source: str | None = None) -> int:
        """Return how many articles are known and not yet fetched; what waits for a backfill is not counted."""
        if source is None:
            return sum(self.open_by_source().values())
        sql = f"SELECT count(*) AS n FROM visits WHERE source = ? AND {_OPEN}"  # noqa: S608
        return int(self.store.rows(sql, [source])[0]["n"])

    def open_by_source(self) -> dict[str, int]:
        """Return how many articles are known and not yet fetched, of each source that has any."""
        sql = f"SELECT source, count(*) AS n FROM visits WHERE {_OPEN} GROUP BY source"  # noqa: S608
        return {row["source"]: row["n"] for row in self.store.rows(sql)}


def _storable(entry: Entry) -> Entry:
    """Return the entry as it can be kept; most are so already, and polls are many."""
    written = (entry.article_id, entry.url, entry.listed_url, entry.headline)
    return entry if all(map(is_storable, written)) else storable(entry)
