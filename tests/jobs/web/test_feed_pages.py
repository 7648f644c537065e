"""Feeds of the page: of any search, asked again and again by readers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from jobs.web.guard import Guard
from pipeline.records import Article, Author, Block, Rights, Source, Uses
from pipeline.store import Store
from tests.pipeline.feeds.validating import faults_of_atom, faults_of_json

NOON = datetime(2026, 9, 27, 12, 0, tzinfo=ZoneInfo("Asia/Seoul"))
WATCH = '[watch.budget]\nany = ["예산"]\n'
TOKEN = "a-token-that-is-long-enough"


def article(number: int, **changes: object) -> Article:
    url = f"https://v.daum.net/v/{number}"
    made = Article(
        id=f"daum:{number}", portal="daum", publisher="한빛일보", url=url, canonical_url=url,
        headline=f"정부, {number}번째 예산안", body=(Block("paragraph", "정부는 예산안을 냈다."),),
        text="정부는 예산안을 냈다.", fetched_at=NOON + timedelta(hours=number), parser="daum/1",
        authors=(Author("김하나"),), section="정치", published_at=NOON, published_at_source="meta",
    )  # fmt: skip
    return replace(made, **changes)


@pytest.fixture
def filled(store: Store) -> Store:
    for name in ("politics", "society"):
        store.sources.remember(Source(name, "daum", (f"http://h/{name}",)), NOON)
    for number in range(60):
        store.articles.save(article(number), "politics")
    odd = article(
        99, headline="국회, 살핀다", section="사회", authors=(Author("이두리"),), publisher="다온신문",
        rights=Rights(uses=Uses(tdm="reserved")),
    )  # fmt: skip
    store.articles.save(odd, "society")
    return store


def titles(client: httpx.Client, **params: str) -> list[str]:
    return [item["title"] for item in client.get("/feed.json", params=params).json()["items"]]


def test_both_formats_are_valid_and_typed(page: httpx.Client, filled: Store) -> None:
    atom = page.get("/feed.atom", params={"q": "정부"})
    assert atom.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert faults_of_atom(atom.content) == []
    said = page.get("/feed.json")
    assert said.headers["content-type"] == "application/feed+json; charset=utf-8"
    assert faults_of_json(said.content) == []
    assert len(said.json()["items"]) == 50
    assert said.json()["feed_url"] == f"{page.base_url}/feed.json".replace("//feed", "/feed")
    for answer in (atom, said):
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "private, no-cache"


def test_a_feed_is_of_what_the_search_finds(page: httpx.Client, filled: Store) -> None:
    for params in (
        {"q": "국회"}, {"source": "society"}, {"section": "사회"}, {"author": "이두리"},
        {"publisher": "다온신문"}, {"rights": "tdm:reserved"},
        {"q": "국회", "source": "society", "section": "사회", "rights": "tdm:reserved", "day": "2026-09-27"},
    ):  # fmt: skip
        assert titles(page, **params) == ["국회, 살핀다"], params
    assert titles(page, q="!?") == titles(page, q="없는말") == titles(page, day="2026-09-26") == []
    assert len(titles(page, q="정부", page="2", sort="newest")) == 50


def test_a_reader_who_has_it_is_told_so(page: httpx.Client, filled: Store) -> None:
    first = page.get("/feed.atom", params={"q": "정부"})
    tag, at = first.headers["etag"], first.headers["last-modified"]
    assert at == "Thu, 01 Oct 2026 06:00:00 GMT"  # 99 hours after noon in Seoul
    for headers in (
        {"if-none-match": tag},
        {"if-none-match": f'"other", W/{tag}'},
        {"if-none-match": "*"},
        {"if-modified-since": at},
    ):
        again = page.get("/feed.atom", params={"q": "정부"}, headers=headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for headers in (
        {"if-none-match": '"other"', "if-modified-since": at},
        {"if-modified-since": "Thu, 01 Oct 2026 05:59:59 GMT"},
        {"if-modified-since": "gestern"},
    ):
        assert page.get("/feed.atom", params={"q": "정부"}, headers=headers).status_code == 200
    filled.articles.save(article(70), "politics")
    after = page.get("/feed.atom", params={"q": "정부"}, headers={"if-none-match": tag})
    assert after.status_code == 200


def test_what_is_not_there_is_404_and_what_cannot_be_is_400(
    config: Path, store: Store, serve: Callable[..., httpx.Client]
) -> None:
    config.write_text(config.read_text(encoding="utf-8") + WATCH, encoding="utf-8")
    client = serve()
    assert client.get("/feed.json", params={"watch": "budget"}).json()["items"] == []
    own = client.get("/feed.json", params={"watch": "budget", "section": "a"}).json()["feed_url"]
    assert own.endswith("/feed.json?section=a&watch=budget")
    assert client.get("/feed.atom", params={"watch": "other"}).status_code == 404
    assert client.get("/feed.atom", params={"source": "other"}).status_code == 404
    assert client.get("/feed.rss").status_code == 404
    assert client.get("/feed.atom", params={"watch": "budget", "q": "예산"}).status_code == 400


def test_readers_show_the_token_as_they_can(
    filled: Store, serve: Callable[..., httpx.Client]
) -> None:
    client = serve(Guard(token=TOKEN))
    assert client.get("/feed.atom").status_code == 401
    assert client.get("/feed.atom", auth=("reader", TOKEN)).status_code == 200
    shown = client.get("/feed.json", params={"token": TOKEN, "q": "국회"})
    assert shown.status_code == 200
    assert TOKEN not in shown.text
