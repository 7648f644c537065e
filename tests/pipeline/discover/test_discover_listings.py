"""Pages of links: by a selector, and by their own structure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.discover.listings import headline_links, linked
from pipeline.errors import LayoutChanged
from pipeline.records import Page

AT = "https://www.hanbit.example/news/"
NOW = datetime(2026, 9, 27, 12, 0, tzinfo=UTC)
PAGES = Path(__file__).parent.parent.parent / "pages"
WORDS = (
    "산책로",
    "도서관",
    "시장",
    "마을버스",
    "체육관",
    "수영장",
    "박물관",
    "정류장",
    "놀이터",
    "온실",
)


def page(body: str) -> Page:
    return Page(AT, f"<html><body>{body}</body></html>", NOW)


def links(pattern: str, text: str = "온새시 {word} 새로 문을 연다", block: str = "li") -> str:
    items = (
        f'<{block}><a href="{pattern.format(n=1000 + n, w="abcdefghij"[n])}">'
        f"{text.format(word=word)}</a></{block}>"
        for n, word in enumerate(WORDS)
    )
    return f"<ul>{''.join(items)}</ul>"


@pytest.mark.parametrize(
    "pattern",
    [
        "/news/articleView.html?idxno={n}",
        "/article/{n}",
        "/2026/09/27/new-library-opens-in-{w}",
        "/politics/2026/09/27/A20260927{n}.html",
        "https://m.hanbit.example/view/AKR20260927{n}",
        "/기사/온새시-새로-문을-연다-{w}",
    ],
)
def test_articles_are_told_from_menus_tags_and_pages(pattern: str) -> None:
    around = (
        f"<nav>{links('/section/{n}')}</nav><div class='tag-list'>{links('/x/{n}')}</div>"
        f"{links('/tag/{n}')}{links('/list?page={w}')}<footer>{links('/about/{n}')}</footer>"
        f"{links('https://ads.example/{n}')}{links('/author/{n}', '{word}')}"
    )
    read = headline_links(page(around + links(pattern)))
    assert [entry.headline for entry in read.entries] == [
        f"온새시 {word} 새로 문을 연다" for word in WORDS
    ]
    assert [entry.rank for entry in read.entries] == list(range(1, 11))
    assert read.confidence >= 0.9


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>점검 중입니다</p>",
        links("/section/{w}", "{word}"),
        links("/article/{n}", "더 보기 를 누르세요 지금"),
        f"<nav>{links('/article/{n}')}</nav>",
    ],
)
def test_where_there_are_none_it_is_not_sure(body: str) -> None:
    assert headline_links(page(body)).confidence < 0.5


def test_a_picture_and_its_headline_are_one_entry() -> None:
    doubled = links("/article/{n}", "<img alt=''>") + links("/article/{n}")
    assert len(headline_links(page(doubled)).entries) == len(WORDS)


# of real portals' markup, cut down to a few entries: that few is why it is not sure of most
SAVED = [
    "daum/section_politics",
    "nate/section_rank",
    "naver/section_society",
    "zum/section_economy",
]


@pytest.mark.parametrize("case", SAVED)
def test_saved_listings_are_recognised_without_their_selectors(case: str) -> None:
    said = json.loads((PAGES / f"{case}.json").read_text(encoding="utf-8"))
    html = (PAGES / f"{case}.html").read_text(encoding="utf-8")
    read = headline_links(Page(said["url"], html, datetime.fromisoformat(said["fetched_at"])))
    expected = {entry["id"] for entry in said["expected"]["entries"]}
    assert {entry.article_id for entry in read.entries} == expected


def test_a_selector_names_links_or_what_holds_them() -> None:
    body = f"<main>{links('/a/{n}')}</main><aside>{links('/b/{n}')}</aside>"
    for css in ("main a", "main li", "main"):
        assert [entry.url.partition("example/")[2] for entry in linked(page(body), css)] == [
            f"a/{1000 + n}" for n in range(10)
        ]


@pytest.mark.parametrize("css", ["main .gone a", "p", "img"])
def test_a_selector_without_links_is_loud(css: str) -> None:
    with pytest.raises(LayoutChanged):
        linked(page(f"<p>없음</p><img>{links('/a/{n}')}"), css)
