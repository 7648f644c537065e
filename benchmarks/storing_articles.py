"""Fictional articles for the benchmarks of the store: Korean prose of about 4 kB, each different."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from jobs.sample_portal.prose import Writer
from jobs.sample_portal.section_words import BY_SECTION
from pipeline.records import (
    Article,
    Author,
    Block,
    Image,
    Related,
    Rights,
    Signal,
    Source,
    Uses,
)

NOW = datetime(2026, 9, 27, 3, tzinfo=UTC)
SOURCE = Source("bench", "daum", ("https://news.example/politics",))
_BYTES = 4000
_NOTICE = "무단 전재, 재배포 및 AI학습 이용 금지"


def articles(count: int, *, seed: int = 1) -> list[Article]:
    """Return so many articles, the same for the same seed."""
    rng = random.Random(seed)
    return [_article(number, rng) for number in range(count)]


def _article(number: int, rng: random.Random) -> Article:
    writer = Writer(rng, rng.choice(sorted(BY_SECTION)))
    paragraphs = [writer.lead()]
    while sum(len(p.encode()) for p in paragraphs) < _BYTES:
        paragraphs.append(writer.paragraph())
    published = NOW - timedelta(minutes=number % 100_000)
    key = f"{number:017d}"
    related = (Related(writer.headline(), f"https://v.news.example/v/{key}{i}") for i in range(4))
    return Article(
        id=f"daum:{key}",
        portal="daum",
        publisher=f"{writer.town}일보",
        url=f"https://v.news.example/v/{key}?f=m",
        canonical_url=f"https://v.news.example/v/{key}",
        headline=writer.headline(),
        body=tuple(Block("paragraph", text) for text in paragraphs),
        text="\n\n".join(paragraphs),
        fetched_at=NOW,
        parser="daum/1",
        original_url=f"https://press.example/article/{key}",
        images=(Image(f"https://img.example/{key}.jpg", writer.caption(), None),),
        authors=(Author(writer.person(), f"reporter{number % 500}@press.example", "기자"),),
        section="정치",
        language="ko",
        published_at=published,
        published_at_source="meta",
        related=tuple(related),
        rights=Rights(
            _NOTICE, None, None, Uses("prohibited", "reserved", "prohibited"),
            (Signal("notice", _NOTICE, NOW),),
        ),
    )  # fmt: skip
