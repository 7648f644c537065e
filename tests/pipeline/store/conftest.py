"""Fixtures of the store's tests: a database in a temporary folder, and articles to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from pipeline.records import (
    Article,
    Author,
    Block,
    Entry,
    Image,
    Related,
    Rights,
    Signal,
    Source,
    Summary,
    Uses,
)
from pipeline.store import Store, open_store

KST = timezone(timedelta(hours=9))
NOON = datetime(2026, 9, 27, 12, 0, tzinfo=KST)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gisa.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path) as opened:
        for name in ("politics", "society"):
            opened.sources.remember(Source(name, "daum", (f"http://h/{name}",)), NOON)
        yield opened


ARTICLE = Article(
    id="daum:20260927095437316",
    portal="daum",
    publisher="한겨레",
    url="http://localhost/v/20260927095437316?f=m",
    canonical_url="https://v.daum.net/v/20260927095437316",
    headline="정부, 새 예산안 발표",
    body=(Block("paragraph", "정부는 27일 새 예산안을 발표했다."), Block("caption", "회견장")),
    text="정부는 27일 새 예산안을 발표했다.",
    fetched_at=NOON,
    parser="daum/1",
    original_url="https://press.example/1",
    labels=("단독", "속보"),
    subheadline="첫 줄\n둘째 줄",
    summary=Summary("예산안이 나왔다.", "portal"),
    images=(Image("https://img.example/1.jpg", "회견장", None), Image("https://img.example/2.jpg")),
    authors=(Author("김기자", "kim@press.example", "기자"), Author("박선임", None, None)),
    section="정치",
    keywords=("예산", "정부"),
    language="ko",
    published_at=datetime(2026, 9, 27, 9, 54, 37, tzinfo=KST),
    modified_at=datetime(2026, 9, 27, 10, 0, tzinfo=KST),
    published_at_source="meta",
    related=(Related("다른 기사", "https://v.daum.net/v/20260927095437317"),),
    rights=Rights(
        "무단 전재 금지", "한겨레", None, Uses("prohibited", "reserved", "prohibited"),
        (Signal("notice", "무단 전재 금지", NOON),),
    ),
    warnings=("declared utf-8, is cp949",),
)  # fmt: skip


@pytest.fixture
def article() -> Article:
    return ARTICLE


@pytest.fixture
def later(article: Article) -> Callable[..., Article]:
    """The article as another visit, `hours` later, found it."""

    def seen(hours: float, **changes: object) -> Article:
        at = NOON + timedelta(hours=hours)
        return replace(article, fetched_at=at, **changes)

    return seen


@pytest.fixture
def entries() -> Callable[..., list[Entry]]:
    def made(*numbers: int) -> list[Entry]:
        return [
            Entry(f"daum:{n}", f"http://h/v/{n}", f"http://h/v/{n}?f=m", rank, f"기사 {n}")
            for rank, n in enumerate(numbers, 1)
        ]

    return made


@pytest.fixture
def dump() -> Callable[[Store], dict[str, list[tuple[object, ...]]]]:
    """Every row of every table."""

    def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
        connection = store.db.conn
        return {
            table: [tuple(row) for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY 1')]
            for table in store.db.table_names()
        }

    return rows


assert NOON.astimezone(UTC).hour == 3
