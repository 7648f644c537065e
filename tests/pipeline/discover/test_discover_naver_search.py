"""Answers of Naver's news search to entries: addresses, marks in titles, times, and what is no answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.discover.naver_query import from_start, query_of, search_url
from pipeline.discover.naver_search import parse_search
from pipeline.errors import LayoutChanged
from pipeline.records import Page

NOW = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)
API = "https://api.example/search/v1/news"
URL = search_url(API, "소버린 AI")
AT_NAVER = "https://n.news.naver.com/mnews/article/901/0000000001?sid=102"


def item(**said: Any) -> dict[str, Any]:
    return {
        "title": "<b>소버린 AI</b> 예산 &quot;두 배로&quot;",
        "originallink": "http://www.hanbit.example/news/1?utm_source=x",
        "link": AT_NAVER,
        "description": "온새시가 <b>소버린 AI</b> 예산을 늘린다.",
        "pubDate": "Sun, 27 Sep 2026 11:30:00 +0900",
    } | said


def page(*items: Any, text: str | None = None) -> Page:
    answer = {"total": len(items), "start": 1, "display": len(items), "items": list(items)}
    return Page(URL, text if text is not None else json.dumps(answer), NOW)


def test_an_address_has_query_number_and_order() -> None:
    assert f"{API}?query=%EC%86%8C%EB%B2%84%EB%A6%B0+AI&display=100&start=1&sort=date" == URL
    assert query_of(URL) == "소버린 AI"
    assert from_start(URL, 201) == search_url(API, "소버린 AI", 201)
    assert query_of(search_url(API, "A&B=C+D")) == "A&B=C+D"


def test_a_result_is_the_publishers_article_under_its_headline() -> None:
    (entry,) = parse_search(page(item())).entries
    assert entry.listed_url == "http://www.hanbit.example/news/1?utm_source=x"
    assert entry.url == "http://www.hanbit.example/news/1"
    assert entry.headline == '소버린 AI 예산 "두 배로"'
    assert entry.published_at == datetime(2026, 9, 27, 2, 30, tzinfo=UTC)
    assert entry.article_id.startswith("web:")
    assert entry.rank == 1


@pytest.mark.parametrize(
    ("originallink", "link", "expected"),
    [
        ("", "https://www.hanbit.example/news/2", "https://www.hanbit.example/news/2"),
        (AT_NAVER, "https://www.hanbit.example/news/2", "https://www.hanbit.example/news/2"),
        (" https://hanbit.example/3 ", AT_NAVER, "https://hanbit.example/3"),
        ("https://naver.com.hanbit.example/4", "", "https://naver.com.hanbit.example/4"),
    ],
)
def test_the_address_that_is_not_navers_is_taken(
    originallink: str, link: str, expected: str
) -> None:
    (entry,) = parse_search(page(item(originallink=originallink, link=link))).entries
    assert entry.listed_url == expected


def test_what_stands_at_naver_only_is_left_out_unless_its_pages_are_wanted() -> None:
    answer = page(item(), item(originallink=""), item(originallink=AT_NAVER))
    found = parse_search(answer)
    assert (len(found.entries), found.listed, len(found.at_naver)) == (1, 3, 2)
    own = parse_search(answer, own_pages=True)
    assert [entry.article_id for entry in own.entries][1:] == ["naver:901:0000000001"]
    assert own.at_naver == ()


def test_each_article_once_and_one_broken_result_costs_one() -> None:
    found = parse_search(page(item(), item(), item(originallink=7, link=None), item(pubDate="?")))
    assert (len(found.entries), found.listed, found.at_naver) == (1, 4, ())


def test_nothing_found_is_an_answer() -> None:
    assert parse_search(page()).entries == ()


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (page(text="<html><body>점검 중</body></html>"), "JSON"),
        (page(text="[" * 100_000), "JSON"),
        (page(text=""), "JSON"),
        (page(text="[]"), "items"),
        (page(text='{"total": 3}'), "items"),
        (page(text='{"items": {"0": {}}}'), "items"),
        (page("하나", "둘"), "items"),
        (page(item(originallink=None, link=None)), "link"),
        (page(item(pubDate=None), item(pubDate="어느 날")), "pubDate"),
    ],
)
def test_another_shape_is_a_changed_layout(answer: Page, what: str) -> None:
    with pytest.raises(LayoutChanged, match=what):
        parse_search(answer)
