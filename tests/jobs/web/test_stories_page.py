"""The pages of stories: which there are, who was first, and how the others told it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from jobs import wiring
from pipeline.records import Article, Source
from pipeline.store import Store
from tests.jobs.web.hostile import EVIL, EVIL_URL, text_of
from tests.pipeline.store.conftest import ARTICLE, NOON


def told(about: str) -> str:
    rng = random.Random(about)
    words = ["".join(chr(rng.randrange(0xAC00, 0xD7A4)) for _ in range(3)) for _ in range(120)]
    return f"{about} " + " ".join(words) + "."


def made(number: int, publisher: str | None, minutes: float, about: str, **more: object) -> Article:
    at, url = NOON + timedelta(minutes=minutes), f"https://v.daum.net/v/{number}77777"
    base = replace(
        ARTICLE, id=f"daum:{number}", publisher=publisher, url=url, canonical_url=url, original_url=None,
        text=told(about), published_at=at, fetched_at=at, headline=f"{about} 자전거 줄인다",
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def keep(store: Store, *articles: Article) -> None:
    store.sources.remember(Source("politics", "daum", ("http://h/politics",)), NOON)
    for each in articles:
        store.articles.save(each, "politics")
    while store.stories.group().looked_at:
        pass


@pytest.fixture
def two(store: Store) -> Store:
    keep(
        store,
        made(1, "다온통신", 0, "다온시"),
        made(2, "너울신문", 12, "다온시", headline="다온시 자전거 없앤다"),
        made(3, "미르일보", 95, "다온시", headline="시민단체 반발", published_at=None),
        made(4, "한빛경제", 600, "미르군"),
        made(5, "너울신문", 605, "미르군"),
    )
    return store


def heads(page: httpx.Client, **params: object) -> list[str]:
    html = page.get("/stories", params={"days": 0} | params).text  # type: ignore[arg-type]
    text_of(html)
    return [part.partition("</bdi>")[0] for part in html.split("<h2>")[1:]]


def test_stories_in_order_by_size_and_publisher(two: Store, page: httpx.Client) -> None:
    daon, mir = ("다온시 자전거 줄인다", "미르군 자전거 줄인다")
    found = [head.rpartition(">")[2] for head in heads(page)]
    assert found == [mir, daon]
    assert [head.rpartition(">")[2] for head in heads(page, sort="biggest")] == [daon, mir]
    assert [head.rpartition(">")[2] for head in heads(page, least=3)] == [daon]
    assert [head.rpartition(">")[2] for head in heads(page, publisher="미르일보")] == [daon]
    assert heads(page, publisher="없는신문") == []
    assert "조건에 맞는 사안이 없습니다" in page.get("/stories", params={"publisher": "x"}).text


def test_who_was_first_and_by_how_much(two: Store, page: httpx.Client) -> None:
    text = text_of(page.get("/stories?days=0").text)
    assert "기사 3건 · 발행사 3곳 최초 다온통신 다음 2026-09-27 12:00" in text
    assert (
        "12분 뒤 너울신문 다음 옮긴 글 100% 다온시 자전거 [삭제] 줄인다 [끝] [추가] 없앤다 [끝]"
        in text
    )
    assert "1시간 35분 뒤 미르일보 다음 옮긴 글 100% 시민단체 반발" in text
    assert "기사 3건이 1시간 35분 사이에 나왔고 다온통신 기사가 가장 빨랐습니다" in text
    assert "5분 뒤 너울신문 다음 옮긴 글 100% 미르군 자전거 줄인다: 제목 같음" in text


def test_only_stories_of_the_last_days(
    two: Store, page: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "now", lambda: NOON + timedelta(hours=30))
    assert len(heads(page, days=1)) == 1
    assert len(heads(page, days=7)) == 2
    monkeypatch.setattr(wiring, "now", lambda: NOON + timedelta(days=9))
    assert heads(page, days="nonsense") == []


def test_a_story_has_its_members_in_the_order_in_which_they_appeared(
    two: Store, page: httpx.Client
) -> None:
    two.articles.mark_removed("daum:2", NOON + timedelta(days=1))
    html = page.get("/stories/1").text
    text = text_of(html)
    assert "2026-09-27 12:12 12분 뒤 너울신문 다음 옮긴 글 100% 삭제됨" in text
    assert "1시간 35분 뒤 (처음 본 시각 기준) 미르일보" in text
    assert html.count('<svg class="mark ') == 3
    assert [html.index(f'href="/article/daum:{n}"') for n in (1, 2, 3)] == sorted(
        html.index(f'href="/article/daum:{n}"') for n in (1, 2, 3)
    )
    english = text_of(page.get("/stories/1", headers={"accept-language": "en"}).text)
    assert "12 min later 너울신문 Daum copy of the text 100%" in english


def test_the_number_of_a_member_leads_to_its_story(two: Store, page: httpx.Client) -> None:
    answer = page.get("/stories/3")
    assert (answer.status_code, answer.headers["location"]) == (302, "/stories/1")


def test_whatever_is_asked_for_is_clamped_or_not_there(two: Store, page: httpx.Client) -> None:
    for number in ("0", "99", "-1", "x", "1" * 15, "1" * 30, "%31%00", "1.5", "²"):
        assert page.get(f"/stories/{number}").status_code == 404, number
    for query in (
        "page=-1", "page=0", "page=" + "9" * 30, "page=x", "sort=;drop", "days=-7", "days=1e9", "least=0",
        "page=²",
        "page=%00", "publisher=%00%ff", "publisher=" + "가" * 1500, "sort=&days=&least=&publisher=&page=",
    ):  # fmt: skip
        answer = page.get(f"/stories?{query}")
        assert answer.status_code == 200, query
        text_of(answer.text)


def test_pages_follow_each_other(store: Store, page: httpx.Client) -> None:
    for n in range(0, 44, 2):
        keep(store, made(n, "가", n, f"제{n}동"), made(n + 1, "나", n + 1, f"제{n}동"))
    first, second = page.get("/stories?days=0&least=2"), page.get("/stories?days=0&page=2")
    query = "sort=newest&amp;days=0&amp;least=2"
    assert f'rel="next" href="/stories?{query}&amp;page=2"' in first.text
    assert f'rel="prev" href="/stories?{query}&amp;page=1"' in second.text
    assert (first.text.count("<h2>"), second.text.count("<h2>")) == (20, 2)
    assert 'rel="next"' not in second.text


def test_nothing_from_outside_gets_out_unescaped(store: Store, page: httpx.Client) -> None:
    keep(
        store,
        made(1, EVIL, 0, "다온시", headline=EVIL, url=EVIL_URL),
        made(2, EVIL + "2", 5, "다온시", headline=EVIL + "3"),
        made(3, None, 7, "다온시", headline=""),
    )
    for path in ("/stories?days=0", "/stories/1", "/stories?publisher=" + "%22%3E%3Cscript%3E"):
        answer = page.get(path)
        assert answer.status_code == 200
        text_of(answer.text)
    assert "<script>alert(1)</script>" in text_of(page.get("/stories/1").text)
