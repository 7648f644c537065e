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
        "/archives/{n}",
        "/policy/view/{n}",
        "/news/company/{n}",
        "/page/view/{n}",
        "/bbs/board.php?bo_table=news&wr_id={n}",
        "/article/a{w}3f9{w}2c7d1",
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


@pytest.mark.parametrize("pattern", ["/news/{n}", "/view.php?no={n}", "/?p={n}", "/news/{n}.html"])
def test_a_young_paper_has_short_numbers(pattern: str) -> None:
    items = "".join(
        f'<li><a href="{pattern.format(n=n)}">온새시 {word} 새로 문을 연다</a></li>'
        for n, word in enumerate(WORDS, 7)
    )
    pager = "".join(f'<a href="/list.php?page={n}">{n} 번째 쪽으로 가기</a>' for n in range(20))
    days = "".join(f'<a href="/2026/09/{n:02}">9월 {n}일 지면 보기</a>' for n in range(1, 30))
    read = headline_links(page(f"<ul>{items}</ul><p>{pager}</p><p>{days}</p>"))
    assert [entry.headline for entry in read.entries] == [
        f"온새시 {word} 새로 문을 연다" for word in WORDS
    ]
    assert read.confidence == 1


LEAD = "온새시는 27일 주민 설명회를 세 차례 열고 의견을 듣겠다고 밝혔다. " * 12
CARDS = {
    "a picture with a text of its own": (
        '<a href="{at}"><img alt="온새시청 앞 모습 {n} 장"></a><h4><a href="{at}">{said}</a></h4>'
    ),
    "read more first": '<a href="{at}">기사 전체 보기</a><a href="{at}">{said}</a><a href="{at}">'
    + LEAD,
    "a picture and no text": '<a href="{at}"><img alt="{said}"></a><a href="{at}">기사 전체 보기</a>',
    "all of it one link": '<a href="{at}"><div><p>사회</p><p>{said}</p><p>'
    + LEAD
    + "</p></div></a>",
    "the name of a section first": '<a href="{at}"><b class="cate_tit">사회</b><h3>{said}</h3></a>',
    "its place in a ranking": '<a href="{at}"><em>{n}</em><span>{said}</span><i>[{n}]</i></a>',
    "its time in the link": '<a href="{at}">{said}<span>2026.09.27 10:00</span></a>',
}


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_the_headline_of_a_card_is_told_from_what_else_it_says(card: str) -> None:
    said = [f"온새시 {word} 새로 문을 연다" for word in WORDS]
    cards = (card.format(at=f"/a/{7000 + n}", n=n, said=it) for n, it in enumerate(said))
    read = headline_links(page("".join(f"<div>{it}</div>" for it in cards)))
    assert [entry.headline for entry in read.entries] == said
    assert read.confidence >= 0.8


@pytest.mark.parametrize(
    "around",
    [
        '<div id="wrap" class="has-nav"><div>{}</div></div>',
        '<div class="search-list">{}</div>',
        '<form id="form1">{}</form>',
        '<div class="post hentry category-news tag-busan">{}</div>',
    ],
)
def test_a_frame_around_all_is_no_menu(around: str) -> None:
    menu = f"<nav>{links('/section/{w}', '{word}')}</nav>"
    read = headline_links(page(menu + around.format(links("/a/{n}"))))
    assert len(read.entries) == len(WORDS)


def test_a_front_page_has_a_few_articles_of_each_section() -> None:
    def box(section: str, at: int, size: int) -> str:
        items = (
            f'<li class="a"><a href="/{section}/{at + n}">{section} {word} 새로 문을 연다</a></li>'
            for n, word in enumerate(WORDS[:size])
        )
        return f'<ul class="box">{"".join(items)}</ul>'

    few = "".join(box(it, 7000, 2) for it in ("politics", "society", "economy", "culture"))
    assert len(headline_links(page(few)).entries) == 8
    events = '<p><a href="/event/3001">온새시 걷기 대회 참가 신청</a></p>'
    with_many = headline_links(page(box("sports", 8000, 10) + few + events))
    assert len(with_many.entries) == 18
    assert not any("event" in entry.url for entry in with_many.entries)


def test_boxes_beside_the_list_are_none_of_it() -> None:
    """A notice board in the same plain tags, and the most read with addresses of the same shape."""
    notices = "".join(
        f'<li><a href="/notice/{n}">누리집 점검 안내 {n} 번째</a></li>' for n in range(100, 103)
    )
    side = f'<div class="side_box">{links("/a/5{n}", "많이 읽은 {word} 새 소식")}</div>'
    around = f"<nav>{links('/menu/{n}', '{word}')}</nav><ul>{notices}</ul>{side}"
    read = headline_links(page(f'{around}<div class="no-sidebar">{links("/a/{n}")}</div>'))
    assert [entry.headline for entry in read.entries] == [
        f"온새시 {word} 새로 문을 연다" for word in WORDS
    ]


def test_links_are_resolved_as_browsers_do() -> None:
    base = '<base href="https://www.hanbit.example/mobile/">'
    read = headline_links(page(base + links("a/{n}")))
    assert read.entries[0].url == "https://www.hanbit.example/mobile/a/1000"
    assert linked(page(base + links("a/{n}")), "li")[0].url == read.entries[0].url


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
