"""The database of `serving.py`: 100,000 fictional articles, and what 50 sources lived through in two weeks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from benchmarks.searching_corpus import Corpus, Piece
from benchmarks.searching_store import article_of
from pipeline.errors import LayoutChanged
from pipeline.history import FIELD, REMEMBERED, SELECTOR, YIELD, Sign
from pipeline.measures import Look
from pipeline.pauses import HOUR, whole
from pipeline.records import Article, Entry, Page, Rights, Source, Uses
from pipeline.store import Store, open_store
from pipeline.store.times import stamp

REVISIONS, SIGHTINGS = 50, 2_000
"""What the one article has that everybody edited and every listing showed."""
LIVED_ID = "daum:1"
_SPAN, _EVERY = timedelta(days=14), timedelta(minutes=10)
_SOURCES, _LISTINGS, _BATCH = 50, 2, 400
_SECTIONS = ("정치", "경제", "사회", "문화", "국제")
_FIELDS = (
    "headline", "publisher", "authors", "published_at", "modified_at", "images", "section", "keywords",
    "summary", "rights_notice", "text", "article",
)  # fmt: skip
_SELECTORS = 20
_USES = (
    *(Uses("prohibited", "reserved", "prohibited"),) * 5, *(Uses(),) * 3, Uses("reserved"),
    Uses("licensed", "licensed", "licensed"),
)  # fmt: skip
_EDITED, _REMOVED, _COPIED = 0.06, 0.004, 0.12
_RUN = """
    INSERT INTO runs (source, started_at, finished_at, outcome, detail, listed, new, errors, open, problems,
        requests) VALUES (?, ?, ?, ?, ?, 20, ?, ?, 2, ?, 14)
"""


@dataclass
class Life:
    """Writes it all, up to a time."""

    store: Store
    count: int
    until: datetime

    def __post_init__(self) -> None:
        """Make up the sources; a few bring much, most bring little."""
        self._rng = random.Random(7)
        self.sources = [
            Source(f"press-{n:02}", "daum", _listings(n), every=_EVERY) for n in range(_SOURCES)
        ]
        self._weights = [1 / (n + 4) for n in range(_SOURCES)]

    def write(self) -> None:
        """Fill the database; some minutes."""
        for source in self.sources:
            self.store.sources.remember(source, self.until - _SPAN)
        self._articles()
        self._one_with_a_long_life()
        self._fetch_all()
        self._runs()
        for n, source in enumerate(self.sources):
            self._yields(source, 60 * self._weights[n])
        self._measures()
        self._faults()
        while self.store.stories.group(_BATCH).looked_at:
            pass

    def _articles(self) -> None:
        made = self._made()
        while batch := list(islice(made, _BATCH)):
            with self.store.writing():
                for source in self.sources:
                    mine = [article for name, article in batch if name == source.name]
                    if mine:
                        self._save(source, mine)

    def _save(self, source: Source, mine: list[Article]) -> None:
        at = mine[-1].fetched_at
        self.store.articles.save_all(mine, source.name)
        edits = [_edited(it, 1) for it in mine if self._rng.random() < _EDITED]
        self.store.articles.save_all(edits, source.name)
        for article in mine:
            if self._rng.random() < _REMOVED:
                self.store.articles.mark_removed(
                    article.id, article.fetched_at + timedelta(hours=3)
                )
        for listing in source.listings:
            shown = self._rng.sample(mine, min(20, len(mine)))
            entries = [
                Entry(it.id, it.url, it.url, rank, it.headline) for rank, it in enumerate(shown, 1)
            ]
            self.store.visits.discover(source.name, listing, entries, at)

    def _made(self) -> Iterator[tuple[str, Article]]:
        """Yield articles with their sources; some are copies of one of the last hours."""
        rng, recent = self._rng, list[Piece]()
        for number, piece in enumerate(Corpus().pieces(self.count), 1):
            if recent and rng.random() < _COPIED:
                piece = replace(rng.choice(recent[-400:]), publisher=piece.publisher)
            recent.append(piece)
            at = self.until - _SPAN * (self.count - number) / self.count
            article = replace(
                article_of(number, piece),
                fetched_at=at,
                published_at=at - timedelta(minutes=rng.randrange(2, 90)),
                section=rng.choice(_SECTIONS),
                rights=Rights("무단 전재 금지", piece.publisher, uses=rng.choice(_USES)),
            )
            (source,) = rng.choices(self.sources, self._weights)
            yield source.name, article

    def _one_with_a_long_life(self) -> None:
        stored = self.store.articles.get(LIVED_ID)
        assert stored is not None
        source, it = self.sources[0], stored.article
        for revision in range(1, REVISIONS):
            self.store.articles.save(_edited(it, revision), source.name)
        for n in range(SIGHTINGS):
            at = self.until - (SIGHTINGS - n) * timedelta(minutes=2)
            entry = Entry(it.id, it.url, it.url, 1 + n % 15, it.headline)
            self.store.visits.discover(source.name, source.listings[n % _LISTINGS], [entry], at)

    def _fetch_all(self) -> None:
        """All that was listed is done, but for a backlog of some hundreds."""
        with self.store.writing() as db:
            db.conn.execute(
                "UPDATE visits SET state = 'settled', not_before = NULL WHERE seq % 200"
            )

    def _runs(self) -> None:
        rows, steps = [], int(_SPAN / _EVERY)
        for step in range(steps):
            for n, source in enumerate(self.sources):
                at = self.until - _EVERY * (steps - step) + timedelta(seconds=7 * n)
                failed = self._rng.random() < 0.003 or (n in (3, 17) and step > steps - 20)
                rows.append((source.name, stamp(at), *self._end(at, failed=failed)))
        with self.store.writing() as db:
            db.conn.executemany(_RUN, rows)

    def _end(self, at: datetime, *, failed: bool) -> tuple[object, ...]:
        ended = stamp(at + timedelta(seconds=self._rng.randint(3, 40)))
        if not failed:
            return ended, "ok", "", self._rng.randint(0, 3), 0, "[]"
        problem = {"url": "https://portal.example/v/1", "reason": "timeout", "detail": "30 s"}
        return ended, "failed", "unreachable: timed out", 0, 1, json.dumps([problem])

    def _yields(self, source: Source, an_hour: float) -> None:
        begin, looks = whole(self.until - REMEMBERED), []
        for n in range(int((self.until - begin) / HOUR)):
            at = begin + (n + 1) * HOUR
            rate = an_hour * (1.6 if 7 <= at.hour <= 19 else 0.5)
            for listing in source.listings:
                fresh = int(rate * self._rng.uniform(0.6, 1.4))
                looks.append(Look(listing, at, fresh + 20, fresh, at - HOUR))
        self.store.health.note_looks(source.name, looks)

    def _measures(self) -> None:
        names = [FIELD + name for name in _FIELDS]
        names += [f"{SELECTOR}.part-{n}" for n in range(_SELECTORS)]
        rows = []
        for source in self.sources:
            for name in names:
                for days in range(REMEMBERED.days):
                    day, k = stamp(self.until - timedelta(days))[:10], self._rng.randint(50, 60)
                    rows.append((source.name, name, day, k, 60, k * k, k * 60, 3600))
        with self.store.writing() as db:
            db.conn.executemany("INSERT INTO measures VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _faults(self) -> None:
        """Two drifts, and pages that could not be read."""
        at, source = self.until - timedelta(hours=3), self.sources[5]
        signs = (
            Sign(f"{FIELD}authors", 0.97, 2, 14),
            Sign(YIELD + source.listings[0], 40, 3, 0, 24),
        )
        with self.store.writing():
            self.store.drifts.note(source.name, 1, signs, at)
        for n in range(200):
            url, html = (
                f"https://portal.example/odd/{n}",
                f"<title>{n}</title>" + "<p>문단</p>" * 5_000,
            )
            error = LayoutChanged(url, ".text", expected=1, found=0)
            self.store.quarantine.keep(Page(url, html, at), self.sources[n % _SOURCES].name, error)


def made(folder: Path, count: int, now: datetime) -> Path:
    """Make the configuration and, unless it is there, the database; return the configuration."""
    config = folder / "config.toml"
    with open_store(folder / "gisa.db") as store:
        life = Life(store, count, now)
        tables = (
            f'[source.{it.name}]\nportal = "daum"\nlistings = {json.dumps(it.listings)}\nevery = "10m"\n'
            for it in life.sources
        )
        contact = '[pipeline]\ncontact = "mailto:desk@newsroom.example"\n'
        config.write_text(contact + "".join(tables), encoding="utf-8")
        if not store.articles.count():
            life.write()
    return config


def _listings(number: int) -> tuple[str, ...]:
    return tuple(f"https://news.daum.net/{number}/{n}" for n in range(_LISTINGS))


def _edited(article: Article, revision: int) -> Article:
    seen = article.fetched_at + timedelta(minutes=20 * revision)
    return replace(
        article,
        headline=f"{article.headline} ({revision}보)",
        text=f"{article.text}\n\n덧붙인 문단 {revision}이다.",
        fetched_at=seen,
    )
