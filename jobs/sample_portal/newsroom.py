"""The fictional newsroom: which articles exist, in what state, at what time of its own clock."""

import random
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Final

from jobs.sample_portal.article import Kind, RelatedLink, SampleArticle
from jobs.sample_portal.composing import Seat, compose, edited, headline_of

KST: Final = timezone(timedelta(hours=9))
DEFAULT_NOW: Final = datetime(2026, 9, 27, 10, 0, tzinfo=KST)
SECTIONS: Final = ("politics", "society", "economic", "foreign", "culture", "digital")
# The oldest article is at least this old, so that every form of relative time occurs.
_SHORTEST_SPAN: Final = timedelta(days=3)
_RELATED: Final = 4
_POPULAR: Final = 11
# Articles kept ready; all others are written again when asked for, so that memory stays flat.
_KEPT: Final = 256
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class _Edits:
    count: int
    last_at: datetime
    shown_at: datetime


class Newsroom:
    """Deterministic articles; every edit, removal and publication moves the clock by one second."""

    def __init__(
        self,
        seed: int = 1,
        articles: int = 60,
        now: datetime = DEFAULT_NOW,
        sections: tuple[str, ...] = SECTIONS,
    ) -> None:
        if now.tzinfo is None:
            raise ValueError("now must be an aware datetime")
        self.seed = seed
        self.sections = sections
        self._now = now.astimezone(KST)
        self._rng = random.Random(seed)
        self._lock = threading.RLock()
        self._seats: list[Seat] = []
        self._by_id: dict[str, Seat] = {}
        self._edits: dict[str, _Edits] = {}
        self._removed: set[str] = set()
        self._popular: list[RelatedLink] = []
        self._ready: OrderedDict[str, SampleArticle] = OrderedDict()
        span = max(_SHORTEST_SPAN, timedelta(minutes=4) * articles)
        for number in range(articles):
            # Squared: the newest lie minutes apart, the oldest hours.
            age = span * ((articles - 1 - number) / articles) ** 2
            self._seat(number, self._now - age - timedelta(seconds=articles - number + 9))
        self._first_count = articles

    @property
    def now(self) -> datetime:
        """Return the newsroom's own time, in KST."""
        with self._lock:
            return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move the clock forward."""
        with self._lock:
            self._now += by
            return self._now

    def ids(self, section: str | None = None) -> list[str]:
        """Return the ids that are online, newest first."""
        with self._lock:
            return [
                seat.id
                for seat in reversed(self._seats)
                if section in (None, seat.section) and seat.id not in self._removed
            ]

    def article(self, article_id: str) -> SampleArticle:
        """Return the truth about an article, removed or not; KeyError if it never was."""
        with self._lock:
            seat = self._by_id[article_id]
            ready = self._ready.get(article_id)
            if ready is None:
                ready = self._ready[article_id] = self._written(seat)
                if len(self._ready) > _KEPT:
                    self._ready.popitem(last=False)
            return ready

    def articles(self, section: str | None = None) -> Iterator[SampleArticle]:
        """Yield every article online, newest first, one at a time."""
        return (self.article(article_id) for article_id in self.ids(section))

    def listing(self, section: str, limit: int | None = None) -> list[SampleArticle]:
        """Return the section's articles newest first, at most `limit`."""
        return [self.article(article_id) for article_id in self.ids(section)[:limit]]

    def is_online(self, article_id: str) -> bool:
        """Tell whether the article exists and was not removed."""
        with self._lock:
            return article_id in self._by_id and article_id not in self._removed

    def last_change(self, article_id: str) -> datetime:
        """Return when the article last changed, to the second (its page says it to the minute)."""
        with self._lock:
            seat = self._by_id[article_id]
            edits = self._edits.get(article_id)
            return edits.last_at if edits else seat.modified_at or seat.published_at

    def popular(self) -> list[RelatedLink]:
        """Return some articles of the first stock, always the same: pages change by edits alone."""
        with self._lock:
            if not self._popular:
                step = max(1, self._first_count // _POPULAR)
                seats = self._seats[: self._first_count : step][:_POPULAR]
                self._popular = [self._link(seat) for seat in seats]
            return self._popular

    def edit(self, article_id: str) -> SampleArticle:
        """Change words of the headline and one paragraph, and add a paragraph."""
        with self._lock:
            seat = self._by_id[article_id]
            now = self._tick()
            before = self.article(article_id).modified_at or seat.published_at
            shown_at = max(now, before + timedelta(minutes=1)).replace(second=0, microsecond=0)
            count = self._edits[article_id].count if article_id in self._edits else 0
            self._edits[article_id] = _Edits(count + 1, now, shown_at)
            self._ready.pop(article_id, None)
            return self.article(article_id)

    def remove(self, article_id: str) -> None:
        """Take the article offline."""
        with self._lock:
            self._removed.add(self._by_id[article_id].id)
            self._tick()

    def publish(self, section: str) -> SampleArticle:
        """Write a new article, newer than all others."""
        with self._lock:
            if section not in self.sections:
                raise KeyError(section)
            published_at = self._tick()
            return self.article(self._seat(len(self._seats), published_at, section).id)

    def _tick(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def _seat(self, number: int, published_at: datetime, section: str | None = None) -> Seat:
        kind: Kind = "video" if number % 17 == 2 else "gallery" if number % 19 == 12 else "article"
        is_creator_post = number % 23 == 5
        if section:  # Published on request: always an ordinary article.
            kind, is_creator_post = "article", False
        published_at = published_at.replace(microsecond=0)
        modified_at = None
        if number % 4 == 2:
            later = published_at + timedelta(minutes=self._rng.randint(3, 180))
            later = later.replace(second=0)
            modified_at = later if later <= self._now and not section else None
        seat = Seat(
            number=number,
            id=self._new_id(published_at, is_creator_post=is_creator_post),
            section=section or self.sections[number % len(self.sections)],
            kind=kind,
            is_creator_post=is_creator_post,
            published_at=published_at,
            modified_at=modified_at,
        )
        self._seats.append(seat)
        self._by_id[seat.id] = seat
        return seat

    def _new_id(self, published_at: datetime, *, is_creator_post: bool) -> str:
        while True:
            new_id = f"{published_at:%Y%m%d%H%M%S}{self._rng.randint(0, 999):03}"
            if is_creator_post:
                new_id = "V" + "".join(self._rng.choices(_LETTERS, k=9))
            if new_id not in self._by_id:
                return new_id

    def _written(self, seat: Seat) -> SampleArticle:
        article = compose(self.seed, seat, self._related(seat))
        edits = self._edits.get(seat.id)
        if edits is None:
            return article
        for edit in range(1, edits.count + 1):
            article = edited(self.seed, seat, article, edit)
        return replace(article, modified_at=edits.shown_at)

    def _related(self, seat: Seat) -> tuple[RelatedLink, ...]:
        """Return neighbours under their first headlines: an edit there changes no page here."""
        stock = self._first_count if seat.number < self._first_count else seat.number + 1
        steps = range(1, min(_RELATED, stock - 1) + 1)
        return tuple(self._link(self._seats[(seat.number - step) % stock]) for step in steps)

    def _link(self, seat: Seat) -> RelatedLink:
        return RelatedLink(headline_of(self.seed, seat), seat.id)
