"""Imports: what was read from files, how far, and where in them each state of an article came from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pipeline.errors import RecordRefused
from pipeline.records import Article
from pipeline.store.articles import Articles
from pipeline.store.connection import Connection
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp

Kind = Literal["warc", "html", "jsonl"]

_AT_ONCE = 400  # variables of one statement
_DAMAGE_MOST = 20
"""Places of damage that are kept word for word; all of them are counted."""
_NEWEST = "SELECT id, revision, max(fetched_at, coalesce(removed_at, '')) AS newest FROM articles"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be imported: a file by what it holds, for a source, under these options (JSON)."""

    source: str
    path: str
    kind: Kind
    fingerprint: str
    options: str
    size: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands in what is imported: the byte at which its record begins (of a compressed file, where
    its member does), which record it is, from 1, and in a folder the name of its file.
    """

    position: int
    number: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """How far an import is. `position` and `number` are those of the last page that was done."""

    id: int
    source: str
    path: str
    kind: Kind
    size: int
    position: int
    number: int
    counts: dict[str, int]
    damage: tuple[str, ...]
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a state of an article was imported from."""

    revision: int
    source: str
    path: str
    kind: Kind
    place: Place


@dataclass(slots=True)
class Step:
    """What one transaction writes: articles in the order of the file, what became of its other pages by name,
    the places of damage, and how far it goes.
    """

    articles: list[tuple[Article, Place]] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    damage: list[str] = field(default_factory=list)
    upto: Place | None = None


@dataclass(frozen=True)
class Imports:
    """Tables `imports` and `origins`."""

    store: Connection

    def begin(self, wanted: Wanted, at: datetime, *, again: bool = False) -> Import:
        """Return the import of a file: a new one, or the one that was begun or finished earlier.

        Args:
            wanted: what is to be imported.
            at: aware time.
            again: from its beginning, also where it was finished.
        """
        of = storable(wanted)
        with self.store.writing() as db:
            row = [
                of.source,
                of.path,
                of.kind,
                of.fingerprint,
                of.options,
                of.size,
                *[stamp(at)] * 2,
            ]
            db.conn.execute(
                "INSERT INTO imports (source, path, kind, fingerprint, options, size, started_at,"
                " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (fingerprint, source, options) DO UPDATE SET path = excluded.path",
                row,
            )
            (number,) = self.store.rows(
                "SELECT id FROM imports WHERE fingerprint = ? AND source = ? AND options = ?",
                [of.fingerprint, of.source, of.options],
            )
            if again:
                db.conn.execute(
                    "UPDATE imports SET position = 0, number = 0, counts = '{}', damage = '[]',"
                    " started_at = ?, updated_at = ?, finished_at = NULL WHERE id = ?",
                    [stamp(at), stamp(at), number["id"]],
                )
            return self.get(number["id"])

    def get(self, number: int) -> Import:
        """Return an import by its number."""
        (row,) = self.store.rows("SELECT * FROM imports WHERE id = ?", [number])
        return Import(
            **{name: row[name] for name in ("id", "source", "path", "kind", "size", "position", "number")},
            counts=json.loads(row["counts"]),
            damage=tuple(json.loads(row["damage"])),
            finished_at=moment(row["finished_at"]),
        )  # fmt: skip

    def save(self, number: int, step: Step, at: datetime) -> Counter[str]:
        """Write a step, in one transaction: its articles, where they came from, and that it is done.

        A page that is older than what is known of its article (than its last fetch, or than its removal) is
        left out as "older": what came later must not be undone by what was so before.

        Returns:
            What became of the pages, by name: the step's own, and `new`, `revised`, `unchanged`,
            `older`, `doubted`, `refused`.
        """
        with self.store.writing() as db:
            it = self.get(number)
            outcomes = step.others + self._save(it, step.articles)
            counts = Counter(it.counts) + outcomes
            damage = [*it.damage, *storable(tuple(step.damage))][:_DAMAGE_MOST]
            upto = step.upto or Place(it.position, it.number)
            db.conn.execute(
                "UPDATE imports SET position = ?, number = ?, counts = ?, damage = ?, updated_at = ?"
                " WHERE id = ?",
                [upto.position, upto.number, _json(counts), _json(damage), stamp(at), it.id],
            )
        return outcomes

    def finish(self, number: int, at: datetime) -> None:
        """Note that a file was read to its end."""
        with self.store.writing() as db:
            db.conn.execute("UPDATE imports SET finished_at = ? WHERE id = ?", [stamp(at), number])

    def origins(self, article_id: str) -> list[Origin]:
        """Return where the states of an article were imported from, oldest first; crawled ones have none."""
        rows = self.store.rows(
            "SELECT o.*, i.source, i.path, i.kind FROM origins o JOIN imports i ON i.id = o.import"
            " WHERE o.article = (SELECT seq FROM articles WHERE id = ?) ORDER BY o.revision",
            [article_id],
        )
        return [
            Origin(
                row["revision"], row["source"], row["path"], row["kind"],
                Place(row["position"], row["number"], row["name"]),
            )
            for row in rows
        ]  # fmt: skip

    def _save(self, it: Import, pages: Sequence[tuple[Article, Place]]) -> Counter[str]:
        known = self._known(article.id for article, _ in pages)
        timely, outcomes = [], Counter[str]()
        for article, place in pages:
            seen = stamp(article.fetched_at)
            _, newest = known.get(article.id, (0, ""))
            if seen < newest:
                outcomes["older"] += 1
            else:
                known[article.id] = (known.get(article.id, (0, ""))[0], seen)
                timely.append((article, place))
        saved = Articles(self.store).save_all([article for article, _ in timely], it.source)
        states: list[tuple[Any, ...]] = []
        for (article, place), became in zip(timely, saved, strict=True):
            outcome = "refused" if isinstance(became, RecordRefused) else became
            outcomes[outcome] += 1
            if outcome in ("new", "revised"):
                revision, seen = known[article.id]
                known[article.id] = (revision + 1, seen)
                name = storable(place.name) if place.name else None
                states.append((revision + 1, it.id, place.position, place.number, name, article.id))
        self.store.db.conn.executemany(
            "INSERT INTO origins (article, revision, import, position, number, name)"
            " SELECT seq, ?, ?, ?, ?, ? FROM articles WHERE id = ?",
            states,
        )
        return outcomes

    def _known(self, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Return revision and newest time of those articles that are stored."""
        wanted, found = list(dict.fromkeys(ids)), dict[str, tuple[int, str]]()
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            rows = self.store.rows(f"{_NEWEST} WHERE id IN ({marks})", some)
            found |= {row["id"]: (row["revision"], row["newest"]) for row in rows}
        return found


def _json(value: Mapping[str, int] | Sequence[str]) -> str:
    return json.dumps(value, ensure_ascii=False)
