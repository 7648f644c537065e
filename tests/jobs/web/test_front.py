"""The front page: what a desk sees first, in every state that a newsroom's sources can be in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from jobs import wiring
from pipeline.config import load
from pipeline.history import Sign
from pipeline.records import Source
from pipeline.store import Store
from tests.jobs.lived import brought, drifted, ran
from tests.pipeline.store.conftest import ARTICLE

NOW = datetime(2026, 9, 27, 5, 30, tzinfo=UTC)  # 14:30 in Seoul
_MINUTE = timedelta(minutes=1)
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "now", lambda: NOW)


@pytest.fixture
def sources(config: Path) -> dict[str, Source]:
    return dict(load(config, {}).sources)


def _tree(page: httpx.Client, **options: object) -> LexborHTMLParser:
    answer = page.get("/", **options)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return LexborHTMLParser(answer.text)


def _text(tree: LexborHTMLParser, css: str) -> str:
    return " ".join(" ".join(node.text() for node in tree.css(css)).split())


def test_a_fresh_database_says_what_to_do_first(page: httpx.Client) -> None:
    tree = _tree(page)
    assert _text(tree, "h1") == "수집원 2곳이 설정되어 있고, 아직 수집을 시작하지 않았습니다."
    assert [node.text() for node in tree.css("section.card code")] == [
        "gisa check", "gisa run", "gisa daemon",
    ]  # fmt: skip
    assert "실행 전" in _text(tree, ".source")
    english = _tree(page, headers=ENGLISH)
    assert _text(english, "h1") == "Sources: 2 configured, none has run yet."


def test_without_any_source_the_configuration_comes_first(
    config: Path, store: Store, serve: Callable[..., httpx.Client]
) -> None:
    config.write_text('[pipeline]\ncontact = "mailto:desk@newsroom.example"\n', encoding="utf-8")
    tree = _tree(serve(headers=ENGLISH))
    assert _text(tree, "h1") == "No source is configured and enabled."
    assert "config.toml" in _text(tree, "section.card li")


def test_when_all_is_well_one_sentence_says_so(
    page: httpx.Client, store: Store, sources: dict[str, Source]
) -> None:
    for source in sources.values():
        ran(store, source, NOW - 3 * _MINUTE)
    tree = _tree(page)
    assert _text(tree, "h1") == "수집원 2곳이 모두 정상입니다."
    assert not tree.css("section.card, ul.troubles")
    row = _text(tree, ".source")
    assert "2분 전" in row
    assert "7분 뒤" in row


def test_trouble_comes_first_and_says_since_when_and_what_there_is_less_of(
    page: httpx.Client, store: Store, sources: dict[str, Source]
) -> None:
    ran(store, sources["politics"], NOW - 3 * _MINUTE)
    ran(store, sources["society"], NOW - 30 * _MINUTE)
    drifted(store, sources["society"], NOW - 10 * _MINUTE, Sign("field:authors", 0.97, 2, 14))
    tree = _tree(page)
    assert _text(tree, "h1") == "수집원 2곳 중 1곳이 정상입니다."
    assert _text(tree, "ul.troubles") == "society: 14:20부터 기자 이름 누락이 늘었습니다"
    assert [node.text() for node in tree.css(".source h3")] == ["society", "politics"]
    assert "이상" in _text(tree, ".source .badge")
    english = _tree(page, headers=ENGLISH)
    assert _text(english, "h1") == "2 sources, 1 well."
    assert _text(english, "ul.troubles") == "society: has shown fewer authors since 14:20"


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("blocked", "14:10부터 차단되어 있습니다"),
        ("failed", "14:10부터 수집에 실패하고 있습니다"),
        ("drift", "14:10부터 읽지 못하는 페이지가 늘었습니다"),
    ],
)
def test_bad_ends_are_told(
    page: httpx.Client, store: Store, sources: dict[str, Source], outcome: str, said: str
) -> None:
    ran(store, sources["politics"], NOW - 20 * _MINUTE, outcome, "why so")  # type: ignore[arg-type]
    assert _text(_tree(page), "ul.troubles") == f"politics: {said}"
    assert "why so" in _text(_tree(page), ".source")


def test_silence_and_crashes_are_told(
    page: httpx.Client, store: Store, sources: dict[str, Source]
) -> None:
    ran(store, sources["politics"], NOW - timedelta(days=1))
    store.sources.remember(sources["society"], NOW)
    store.runs.begin("society", NOW - 5 * _MINUTE, "pid 1 on desk")
    assert [node.text().strip() for node in _tree(page).css("ul.troubles li")] == [
        "society: 14:25 실행이 도중에 멈췄습니다",
        "politics: 09-26 14:30 이후 실행되지 않았습니다",
    ]


def test_yield_is_drawn_beside_what_is_usual(
    page: httpx.Client, store: Store, sources: dict[str, Source]
) -> None:
    brought(store, sources["politics"], NOW, days=10, an_hour=6, last_day=2)
    ran(store, sources["politics"], NOW - _MINUTE)
    tree = _tree(page)
    (row,) = [node for node in tree.css(".source") if "politics" in node.text()]
    assert "적음" in row.text()
    (chart,) = row.css("svg")
    assert "지난 24시간: 새 항목 47건, 평소 1" in chart.css_first("title").text()
    assert chart.css("polyline.expected")
    assert _text(tree, "h1") == "수집원 2곳 중 1곳이 정상입니다.", "the other one never ran"
    assert not tree.css("ul.troubles")
    figures = tree.css_first("details table").text()
    assert "2 / 6" in figures


def test_articles_an_hour_are_stacked_and_tabled(page: httpx.Client, store: Store) -> None:
    for n in range(9):
        store.sources.remember(Source(f"s{n}", "daum", ("http://h",)), NOW)
        for k in range(n + 1):
            at = NOW - timedelta(hours=k)
            store.articles.save(replace(ARTICLE, id=f"daum:{n}{k}", fetched_at=at), f"s{n}")
    tree = _tree(page)
    chart = tree.css_first("svg.stacked")
    assert "모두 45건, 가장 많은 시간에 9건" in chart.css_first("title").text()
    names = [" ".join(node.text().split()) for node in tree.css("ul.legend li")]
    assert names == ["s8 9", "s7 8", "s6 7", "s5 6", "s4 5", "그 밖의 4곳 10"]
    row = tree.css("table.figures")[-1].css("tbody tr")[0]
    assert [cell.text() for cell in row.css("td")] == ["1", "1", "1", "1", "1", "4", "9"]
    assert row.css_first("th").text() == "9월 27일 14시"
    assert len(tree.css("table.figures")[-1].css("tbody tr")) == 48


def test_newest_articles_and_what_changed(page: httpx.Client, store: Store) -> None:
    store.sources.remember(Source("politics", "daum", ("http://h",)), NOW)
    for n in range(3):
        at = NOW - timedelta(minutes=30 - n)
        store.articles.save(
            replace(ARTICLE, id=f"daum:{n}", headline=f"시의회 예산안 {n}", fetched_at=at),
            "politics",
        )
    edited = replace(ARTICLE, id="daum:0", headline="시의회 추경 0", fetched_at=NOW - 5 * _MINUTE)
    store.articles.save(edited, "politics")
    store.articles.mark_removed("daum:1", NOW - 4 * _MINUTE)
    tree = _tree(page)
    rows = tree.css("section[aria-labelledby=newest] li")
    assert [node.css_first("a").attributes["href"] for node in rows] == [
        "/article/daum:2", "/article/daum:1", "/article/daum:0",
    ]  # fmt: skip
    assert [[b.text() for b in node.css(".badge")] for node in rows] == [
        ["단독", "속보"], ["단독", "속보", "삭제됨"], ["단독", "속보", "수정됨"],
    ]  # fmt: skip
    assert "한겨레" in rows[0].text()
    assert "28분 전" in rows[0].text()
    changed = tree.css_first("section[aria-labelledby=changed]")
    assert [node.text().strip() for node in changed.css("del")] == ["예산안"]
    assert [node.text().strip() for node in changed.css("ins")] == ["추경"]
    assert changed.css_first(".sides a").attributes["href"] == "/article/daum:0/diff?from=1&to=2"
    assert "삭제" in changed.css("ul")[1].text()
    figures = _text(tree, ".key-figures")
    assert "지난 24시간 새 기사3" in figures


def test_a_source_that_is_not_configured_any_more_is_shown_and_not_counted(
    page: httpx.Client, store: Store, sources: dict[str, Source]
) -> None:
    for source in (*sources.values(), replace(sources["politics"], name="culture")):
        ran(store, source, NOW - 3 * _MINUTE, "failed" if source.name == "culture" else "ok")
    tree = _tree(page)
    assert _text(tree, "h1") == "수집원 2곳이 모두 정상입니다."
    assert "설정에서 빠짐" in tree.css(".source")[-1].text()


def test_many_sources_that_are_well_stand_behind_a_fold(
    config: Path, store: Store, serve: Callable[..., httpx.Client]
) -> None:
    text = config.read_text(encoding="utf-8")
    text += "".join(
        f'[source.s{n:02}]\nportal = "daum"\nlistings = ["https://news.daum.net/{n}"]\nevery = "10m"\n'
        for n in range(30)
    )
    config.write_text(text, encoding="utf-8")
    for n, source in enumerate(load(config, {}).sources.values()):
        ran(store, source, NOW - 3 * _MINUTE, "failed" if n == 20 else "ok")
    tree = _tree(serve(headers=ENGLISH))
    assert tree.css_first(".source h3").text() == "s18"
    assert len(tree.css("section > ul.sources > li")) == 12
    assert len(tree.css("details > ul.sources > li")) == 20
    assert _text(tree, "h1") == "32 sources, 31 well."


def test_headings_are_in_order_and_every_table_has_heads(
    page: httpx.Client, store: Store, sources: dict[str, Source]
) -> None:
    brought(store, sources["politics"], NOW, days=2, an_hour=6, last_day=2)
    store.articles.save(replace(ARTICLE, fetched_at=NOW), "politics")
    tree = _tree(page)
    levels = [int(node.tag[1]) for node in tree.css("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert tree.css("table")
    assert all(node.attributes.get("scope") for node in tree.css("th"))
    assert not tree.css("[style], script, style")
