"""A morning at a newsroom's desk, in a database: what the browser tests look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.errors import LayoutChanged
from pipeline.history import Sign
from pipeline.records import Article, Block, Entry, Page, Source
from pipeline.store import Store
from tests.jobs.lived import brought, drifted, ran
from tests.pipeline.store.conftest import ARTICLE

POLITICS = Source("politics", "daum", ("https://news.daum.net/politics",), timedelta(minutes=10))
SOCIETY = Source("society", "daum", ("https://news.daum.net/society",), timedelta(minutes=10))
EDITED = "daum:1"
"""Its headline and its text were edited once."""
_WORDS = (
    "정부는 어제 다온시에서 열린 회의에서 자전거 대여소 마흔 곳을 내년 봄까지 줄인다고 밝혔다. "
)
_MORE = "시민단체는 의견을 듣지 않았다며 반발했다. " + " ".join(
    f"{name}동에서는 대여소 {number}곳이 문을 닫고 {number * 7}대가 창고로 간다."
    for number, name in enumerate(
        [
            "가람",
            "나루",
            "다솔",
            "라온",
            "마루",
            "바다",
            "사랑",
            "아름",
            "자람",
            "차오름",
            "하늘",
            "한빛",
        ],
        2,
    )
)
"""Long enough for a copy of it to be known as one."""


def fill(store: Store) -> None:
    """Put articles with revisions, copies, looks, runs, a drift and a page that could not be read there."""
    now = datetime.now(UTC).replace(microsecond=0)
    for source in (POLITICS, SOCIETY):
        store.sources.remember(source, now)
        brought(store, source, now, 10, 4, 3)
    _articles(store, now)
    _looks(store, now)
    ran(store, POLITICS, now - timedelta(minutes=4), listed=20, new=3)
    drift = Sign("field:authors", 0.9, 0.1, 20)
    drifted(store, SOCIETY, now - timedelta(minutes=5), drift)
    page = Page("https://v.daum.net/v/9", "<p><script>alert(1)</script>본문</p>", now)
    store.quarantine.keep(
        page, "society", LayoutChanged(page.url, "h3.tit_view", expected=1, found=0)
    )


def _articles(store: Store, now: datetime) -> None:
    first = now - timedelta(hours=5)
    text = f"{_WORDS}\n\n{_MORE}"
    store.articles.save(_made(1, "다온통신", first, "다온시 자전거 줄인다", text), "politics")
    edited = text.replace("마흔 곳", "쉰 곳") + " 시장은 물러서지 않겠다고 했다."
    later = _made(1, "다온통신", first, "다온시 자전거 쉰 곳 줄인다", edited)
    store.articles.save(replace(later, fetched_at=now - timedelta(hours=3)), "politics")
    copy = first + timedelta(minutes=12)
    store.articles.save(_made(2, "너울신문", copy, "다온시 자전거 없앤다", text), "society")
    for number in range(3, 9):
        at = now - timedelta(hours=number)
        other = f"기상청은 {number}일 미르군에 비가 온다고 내다봤다. 정부는 대비를 마쳤다고 전했다."
        made = _made(number, "한빛경제", at, f"미르군에 비 {number}mm", other)
        store.articles.save(made, "society")
    store.articles.mark_removed("daum:8", now - timedelta(hours=1))
    while store.stories.group().looked_at:
        pass


def _made(number: int, publisher: str, at: datetime, headline: str, text: str) -> Article:
    url = f"https://v.daum.net/v/{number}"
    blocks = tuple(Block("paragraph", part) for part in text.split("\n\n"))
    return replace(
        ARTICLE, id=f"daum:{number}", publisher=publisher, url=url, canonical_url=url, original_url=None,
        headline=headline, text=text, body=blocks, published_at=at, modified_at=None, fetched_at=at,
    )  # fmt: skip


def _looks(store: Store, now: datetime) -> None:
    for hours, rank in ((4, 1), (3, 2), (2, 6)):
        entry = Entry(
            EDITED, "https://v.daum.net/v/1", "https://v.daum.net/v/1", rank, "다온시 자전거"
        )
        at = now - timedelta(hours=hours)
        store.visits.discover("politics", POLITICS.listings[0], [entry], at)
