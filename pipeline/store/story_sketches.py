"""The sketches of the last days: which of them a new text may be like, at a cost that does not grow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlite_utils import Database

from pipeline.store.times import moment, stamp
from pipeline.stories import COPIED, VERSION, WINDOW, Wording, bands, of_shorter, shared, sketch

_OF_A_BAND = 40
"""Newest articles looked at in one band: a form that a newsroom fills in daily must not fill the candidates."""
_ESTIMATED, _COMPARED = 48, 4
_ERROR = 0.15
"""An estimate from 128 slots is off by less than this 99 times of 100."""

_IN_BAND = (
    "SELECT article FROM (SELECT article FROM sketch_bands WHERE band = ? ORDER BY article DESC"  # noqa: S608
    f" LIMIT {_OF_A_BAND})"
)

_KEPT = "SELECT article, shingles, sketch FROM sketches WHERE article = ? AND version = ? AND seen_at >= ?"
_STALE = (
    "SELECT article, sketch, seen_at FROM sketches WHERE version < ?1"
    " UNION ALL SELECT article, sketch, seen_at FROM sketches WHERE version > ?1 LIMIT ?2"
)


@dataclass
class Sketches:
    """Tables `sketches` and `sketch_bands`, inside one write transaction."""

    db: Database
    _newest: datetime | None = field(init=False)
    _last: tuple[Wording, bytes] | None = None
    """The text that was sketched last: an article that is like no other one is put where it was looked for."""

    def __post_init__(self) -> None:
        sql = "SELECT max(seen_at) FROM sketches WHERE version = ?"
        self._newest = moment(self.db.conn.execute(sql, [VERSION]).fetchone()[0])

    def horizon(self, seen: datetime) -> datetime:
        """Return since when articles must have been seen first to be compared with one seen then."""
        return (seen if self._newest is None else max(seen, self._newest)) - WINDOW

    def put(self, article: int, wording: Wording, seen: datetime) -> None:
        """Make the article findable by its text, in place of what it was findable by."""
        self.drop(article)
        if not wording.is_long or seen < self.horizon(seen):
            return
        packed = self._sketch(wording)
        self.db.conn.execute(
            "INSERT INTO sketches (article, version, seen_at, shingles, sketch) VALUES (?, ?, ?, ?, ?)",
            [article, VERSION, stamp(seen), len(wording.shingles), packed],
        )
        self.db.conn.executemany(
            "INSERT OR IGNORE INTO sketch_bands (band, article) VALUES (?, ?)",
            [(band, article) for band in bands(packed)],
        )
        self._newest = seen if self._newest is None else max(seen, self._newest)

    def drop(self, article: int) -> None:
        """Make it unfindable."""
        execute = self.db.conn.execute
        known = execute("SELECT sketch FROM sketches WHERE article = ?", [article]).fetchone()
        if known:
            self._remove([(article, known[0])])

    def near(self, article: int, wording: Wording, seen: datetime) -> list[int]:
        """Return the few articles whose text may be like this one, likest first."""
        if not wording.is_long:
            return []
        packed = self._sketch(wording)
        numbers = bands(packed)
        meeting = self.db.conn.execute(" UNION ALL ".join([_IN_BAND] * len(numbers)), numbers)
        found = Counter(row[0] for row in meeting)
        found.pop(article, None)
        size, like = len(wording.shingles), []
        for other, shingles, theirs in self._kept(found, seen):
            of_both = shared(packed, theirs)
            if of_shorter(of_both, (size, shingles)) >= COPIED - _ERROR:
                like.append((-of_both, other))
        return [other for _, other in sorted(like)[:_COMPARED]]

    def _sketch(self, wording: Wording) -> bytes:
        if self._last is None or self._last[0] is not wording:
            self._last = wording, sketch(wording)
        return self._last[1]

    def _kept(self, found: Counter[int], seen: datetime) -> Iterator[tuple[int, int, bytes]]:
        """Yield article, shingles and sketch of those that share most bands and are not too old."""
        since = stamp(self.horizon(seen))
        best = (
            row
            for other in sorted(found, key=lambda other: (-found[other], other))
            for row in self.db.conn.execute(_KEPT, [other, VERSION, since])
        )
        for row in islice(best, _ESTIMATED):
            yield row["article"], row["shingles"], row["sketch"]

    def stale(self, limit: int) -> list[tuple[int, datetime]]:
        """Return articles whose sketch was made by another version, with the time they were first seen."""
        rows = self.db.conn.execute(_STALE, [VERSION, limit])
        return [(row["article"], moment(row["seen_at"])) for row in rows]

    def prune(self, limit: int) -> int:
        """Drop sketches that nothing will be compared with any more; return how many."""
        if self._newest is None:
            return 0
        rows = self.db.conn.execute(
            "SELECT article, sketch FROM sketches WHERE version = ? AND seen_at < ? LIMIT ?",
            [VERSION, stamp(self._newest - WINDOW), limit],
        )
        return self._remove([(row[0], row[1]) for row in rows])

    def _remove(self, known: list[tuple[int, bytes]]) -> int:
        self.db.conn.executemany(
            "DELETE FROM sketch_bands WHERE band = ? AND article = ?",
            [(band, article) for article, packed in known for band in bands(packed)],
        )
        self.db.conn.executemany(
            "DELETE FROM sketches WHERE article = ?", [(article,) for article, _ in known]
        )
        return len(known)
