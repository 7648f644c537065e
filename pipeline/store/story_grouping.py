"""One batch of articles put into their stories. A story begins with an article; others are compared with it.

No story is ever joined with another one, and no copy is found by its likeness to a copy: a chain of drifting
texts cannot glue two stories together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from sqlite_utils import Database

from pipeline.store.story_sketches import Sketches
from pipeline.store.times import moment
from pipeline.stories import (
    NEARLY_ALL,
    Relation,
    Told,
    headline_key,
    publisher_key,
    relation,
    url_of,
    wording,
)

_OF_A_KEY = 20
"""Articles looked at that have the same headline or address."""
_OF_A_STORY = 200

_ARTICLE = (
    "SELECT portal, publisher, headline, original_url, canonical_url, text, published_at, first_seen_at"
    " FROM articles WHERE seq = ?"
)
_WRITE = (
    "INSERT INTO story_articles (article, story, relation, of_article, likeness, url_key, headline_key)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (article) DO UPDATE SET story = excluded.story,"
    " relation = excluded.relation, of_article = excluded.of_article, likeness = excluded.likeness,"
    " url_key = excluded.url_key, headline_key = excluded.headline_key"
)
_MEMBERS = (
    "SELECT article FROM story_articles WHERE article = ?1 AND story = ?1"
    " UNION ALL SELECT article FROM story_articles WHERE story = ?1 AND relation <> 'first'"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands: its story, and to which article of it how."""

    story: int
    relation: Literal["first", "same", "copy"]
    of_article: int | None = None
    likeness: float | None = None


@dataclass
class Grouping:
    """One transaction's work."""

    db: Database
    joined: int = 0
    _touched: set[int] = field(default_factory=set)
    _known: dict[int, tuple[Told, datetime]] = field(default_factory=dict)

    @cached_property
    def sketches(self) -> Sketches:
        """The texts of the last days."""
        return Sketches(self.db)

    def place(self, article: int) -> None:
        """Find an article's story, or begin one with it. One whose text changed stays where it still fits."""
        told, seen = self._told(article)
        before = self._place_of(article)
        place: Place | None
        if before is None:
            place = self._found(article, told, seen)
        elif before.relation == "first" and len(self._members(article)) > 1:
            place = before  # the others were compared with it: it holds them together
        else:
            place = self._stays(before, told) or self._found(article, told, seen)
            self._touched.add(before.story)
        self._write(article, place or Place(article, "first"), told, seen)

    def sketch_again(self, article: int, seen: datetime) -> None:
        """Make the sketch of a text as this version makes it."""
        self.sketches.put(article, self._told(article)[0].wording, seen)

    def finish(self) -> None:
        """Count the stories that changed; one of a single article is no row."""
        for story in sorted(self._touched):
            members = self._members(story)
            if len(members) < 2:
                self.db.conn.execute("DELETE FROM stories WHERE id = ?", [story])
                continue
            rows = list(self._rows(members))
            seen = sorted(row[1] for row in rows)
            presses = {publisher_key(row[0]) for row in rows if row[0]}
            self.db.conn.execute(
                "INSERT OR REPLACE INTO stories (id, first_seen_at, last_seen_at, articles, publishers)"
                " VALUES (?, ?, ?, ?, ?)",
                [story, seen[0], seen[-1], len(rows), len(presses)],
            )

    def _write(self, article: int, place: Place, told: Told, seen: datetime) -> None:
        self.db.conn.execute(
            _WRITE,
            [
                article, place.story, place.relation, place.of_article, place.likeness, told.url_key,
                told.headline_key,
            ],
        )  # fmt: skip
        if place.relation == "first":
            self.sketches.put(article, told.wording, seen)
        else:
            self.sketches.drop(article)
            self._touched.add(place.story)
            self.joined += 1

    def _stays(self, before: Place, told: Told) -> Place | None:
        """A member whose text changed is compared anew with the article it was like."""
        if before.of_article is None:
            return None
        found = relation(told, self._told(before.of_article)[0])
        if found is None:
            return None
        return Place(before.story, found[0], before.of_article, round(found[1].of_shorter, 3))

    def _found(self, article: int, told: Told, seen: datetime) -> Place | None:
        return self._same(article, told) or self._like(article, told, seen)

    def _same(self, article: int, told: Told) -> Place | None:
        """The same article elsewhere, by its address or by publisher and headline; the oldest of them."""
        for column, key in (("url_key", told.url_key), ("headline_key", told.headline_key)):
            rows = self.db.conn.execute(
                "SELECT article FROM story_articles"  # noqa: S608
                f" WHERE {column} = ? AND article <> ? ORDER BY article DESC LIMIT ?",
                [key, article, _OF_A_KEY],
            )
            for other in sorted(row[0] for row in rows):
                place = self._compared(article, told, other)
                if place and place.relation == "same":
                    return place
        return None

    def _like(self, article: int, told: Told, seen: datetime) -> Place | None:
        """The story that began with a like text; within it, the article of the same publisher."""
        for first in self.sketches.near(article, told.wording, seen):
            place = self._compared(article, told, first)
            if place is None:
                continue
            if place.relation == "copy" and told.publisher:
                return self._same_within(article, told, first) or place
            return place
        return None

    def _same_within(self, article: int, told: Told, story: int) -> Place | None:
        members = sorted(set(self._members(story)[:_OF_A_STORY]) - {article, story})
        names = {seq: name for seq, name in self._named(members) if name}
        for member, name in names.items():
            if publisher_key(name) == told.publisher:
                place = self._compared(article, told, member)
                if place and place.relation == "same":
                    return place
        return None

    def _compared(self, article: int, told: Told, other: int) -> Place | None:
        known = self._told(other)[0]
        found = relation(told, known)
        if found is None:
            return None
        kind, like = found
        kept: Relation = kind
        beside = self._place_of(other)
        assert beside is not None, "what is found by a key or a sketch has its place"
        of_article = other
        if kind == "same" and beside.relation == "same" and beside.of_article is not None:
            of_article = beside.of_article
        by_address = told.url is not None and told.url == known.url
        if kind == "same" and not by_address and self._is_taken(article, told, beside, of_article):
            if not told.wording.is_long or like.of_shorter < NEARLY_ALL:
                return None
            kept = "copy"
        return Place(beside.story, kept, of_article, round(like.of_shorter, 3))

    def _is_taken(self, article: int, told: Told, beside: Place, of_article: int) -> bool:
        """Is there another article of this portal that is the same one already?"""
        if self._told(of_article)[0].portal == told.portal:
            return True
        row = self.db.conn.execute(
            "SELECT 1 FROM story_articles AS s JOIN articles AS a ON a.seq = s.article"
            " WHERE s.story = ? AND s.relation <> 'first' AND s.relation = 'same'"
            " AND s.of_article = ? AND s.article <> ? AND a.portal = ? LIMIT 1",
            [beside.story, of_article, article, told.portal],
        ).fetchone()
        return row is not None

    def _told(self, article: int) -> tuple[Told, datetime]:
        if article not in self._known:
            row = self.db.conn.execute(_ARTICLE, [article]).fetchone()
            seen = moment(row["first_seen_at"])
            told = Told(
                portal=row["portal"],
                publisher=publisher_key(row["publisher"]),
                headline=headline_key(row["headline"]),
                url=url_of(row["original_url"], row["canonical_url"]),
                at=moment(row["published_at"]) or seen,
                wording=wording(row["text"], row["publisher"]),
            )
            self._known[article] = (told, seen)
        return self._known[article]

    def _place_of(self, article: int) -> Place | None:
        row = self.db.conn.execute(
            "SELECT story, relation, of_article, likeness FROM story_articles WHERE article = ?",
            [article],
        ).fetchone()
        return Place(*row) if row else None

    def _members(self, story: int) -> list[int]:
        return [row[0] for row in self.db.conn.execute(_MEMBERS, [story])]

    def _rows(self, articles: Iterable[int]) -> Iterator[tuple[str | None, str]]:
        sql = "SELECT publisher, first_seen_at FROM articles WHERE seq = ?"
        for article in articles:
            yield tuple(self.db.conn.execute(sql, [article]).fetchone())

    def _named(self, articles: Iterable[int]) -> Iterator[tuple[int, str | None]]:
        for article, (name, _) in zip(articles, self._rows(articles), strict=True):
            yield article, name
