"""What listings showed, where and when: how long an article stood, and what a front showed at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pipeline.store import looks
from pipeline.store.connection import Connection
from pipeline.store.times import moment, stamp


@dataclass(frozen=True, slots=True)
class ListedHeadline:
    """A headline under which a listing showed an article, in one unbroken run of looks."""

    headline: str
    first_seen_at: datetime
    last_seen_at: datetime
    looks: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How an article stood on one listing; ranks count from 1.

    `minutes` adds, for every look that showed it, the time to the listing's next look, at most an hour of it:
    an article that left and came back was not there meanwhile, and what nobody looked at nobody knows.
    """

    source: str
    listing: str
    first_seen_at: datetime
    last_seen_at: datetime
    looks: int
    minutes: int
    best_rank: int
    last_rank: int
    headlines: tuple[ListedHeadline, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in which every look at a listing showed an article at one rank; `until` is the next look, at most
    an hour after the last of them, and that one itself where it is the listing's newest.
    """

    rank: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Course:
    """How an article rose and fell on one listing; between stays that do not touch it was not there, or nobody
    looked.
    """

    source: str
    listing: str
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a listing."""

    rank: int
    article_id: str
    headline: str


@dataclass(frozen=True, slots=True)
class Front:
    """What a listing showed; `seen_at` is the look that saw it."""

    source: str
    listing: str
    seen_at: datetime
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Sightings:
    """Tables `listings`, `looks`, `placements`, `listed_headlines`, `past_standings`, and views of them."""

    store: Connection

    def of(self, article_id: str) -> list[Standing]:
        """Return where an article stood, the listing that showed it first coming first."""
        found = self.store.rows(
            "SELECT * FROM standings WHERE article_id = ? ORDER BY first_seen_at, source, listing",
            [article_id],
        )
        headlines = self.store.rows(
            "SELECT * FROM listed_headline_changes WHERE article_id = ? ORDER BY first_seen_at",
            [article_id],
        )
        return [
            Standing(
                row["source"],
                row["listing"],
                moment(row["first_seen_at"]),
                moment(row["last_seen_at"]),
                row["looks"],
                row["minutes"],
                row["best_rank"],
                row["last_rank"],
                tuple(
                    _listed(it)
                    for it in headlines
                    if (it["source"], it["listing"]) == (row["source"], row["listing"])
                ),
            )
            for row in found
        ]

    def courses(self, article_id: str, most: int = 5000) -> list[Course]:
        """Return the ranks of an article over time, a course for each listing, in the order of `of`.

        Looks that were pruned are not known any more.

        Args:
            article_id: the article.
            most: looks that are read; of more the newest.
        """
        rows = self.store.rows(
            "SELECT source, listing, seen_at, rank, seconds FROM stands WHERE article_id = ?"
            " ORDER BY seen_at DESC, look DESC LIMIT ?",
            [article_id, most],
        )
        courses: dict[tuple[str, str], list[Stay]] = {}
        for row in reversed(rows):
            since = moment(row["seen_at"])
            stay = Stay(row["rank"], since, since + timedelta(seconds=row["seconds"]))
            stays = courses.setdefault((row["source"], row["listing"]), [])
            if stays and stays[-1].rank == stay.rank and stays[-1].until == stay.since:
                stays[-1] = replace(stays[-1], until=stay.until)
            else:
                stays.append(stay)
        found = [Course(*key, tuple(stays)) for key, stays in courses.items()]
        return sorted(found, key=lambda it: (it.stays[0].since, it.source, it.listing))

    def front(self, listing: str, at: datetime, *, source: str | None = None) -> Front | None:
        """Return what a listing showed at a time: its last look until then, None where there is none.

        Args:
            listing: its URL, as config.toml has it.
            at: the time; the newest look is that of any later time.
            source: one source, where several read the listing; by default whichever looked last.
        """
        found = self.store.rows(
            "SELECT li.source, li.url, l.seen_at, l.shows FROM listings li JOIN looks l"
            " ON l.id = (SELECT id FROM looks WHERE listing = li.id AND seen_at <= ?"
            "  ORDER BY seen_at DESC, id DESC LIMIT 1)"
            " WHERE li.source IN (SELECT name FROM sources WHERE ? IS NULL OR name = ?) AND li.url = ?"
            " ORDER BY l.seen_at DESC, l.id DESC LIMIT 1",
            [stamp(at), source, source, listing],
        )
        if not found:
            return None
        (look,) = found
        places = self.store.rows(
            "SELECT p.rank, v.article_id, h.text AS headline FROM placements p"
            " JOIN visits v ON v.seq = p.visit"
            " JOIN listed_headlines h ON h.visit = p.visit AND h.number = p.headline"
            " WHERE p.look = ? ORDER BY p.rank, p.visit, p.headline",
            [look["shows"]],
        )
        shown = tuple(Place(**place) for place in places)
        return Front(look["source"], look["url"], moment(look["seen_at"]), shown)

    def listings(self, name: str) -> list[tuple[str, str]]:
        """Return (source, URL) of the listings that this source, or a listing of this URL, names."""
        rows = self.store.rows(
            "SELECT source, url FROM listings WHERE source = ? OR url = ? ORDER BY id", [name, name]
        )
        return [(row["source"], row["url"]) for row in rows]

    def count_old(self, before: datetime) -> int:
        """Return how many looks `prune` would forget."""
        return looks.count_old(self.store, stamp(before))

    def prune(self, before: datetime) -> int:
        """Forget single looks before a time, and return how many; transactions are short.

        Of every article stays how it stood: first and last time, looks, minutes, ranks, by listing and
        headline. What a listing showed at a time before is not known any more. The newest look at each
        listing stays.
        """
        return looks.prune(self.store, stamp(before))


def _listed(row: dict[str, Any]) -> ListedHeadline:
    first, last = moment(row["first_seen_at"]), moment(row["last_seen_at"])
    return ListedHeadline(row["headline"], first, last, row["looks"])
