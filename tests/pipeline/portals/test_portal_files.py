"""Pages that a user saved: without their URL they are known by their markup, and give the same article."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import portals
from pipeline.errors import LayoutChanged, NotAnArticle
from pipeline.records import Page, Summary

PAGES = Path(__file__).parent.parent.parent / "pages"
NEW = ("naver", "nate", "zum")


def _page(case: Path) -> Page:
    said = json.loads(case.read_text(encoding="utf-8"))
    html = case.with_suffix(".html").read_text(encoding="utf-8")
    return Page(said["url"], html, datetime.fromisoformat(said["fetched_at"]))


ARTICLES = [
    pytest.param(case, id=f"{case.parent.name}/{case.stem}")
    for name in NEW
    for case in sorted((PAGES / name).glob("article_*.json"))
    if "expected" in json.loads(case.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", ARTICLES)
def test_saved_page_without_url_gives_the_same_article(case: Path) -> None:
    page = _page(case)
    nameless = replace(page, url="")
    portal = portals.for_page(nameless)
    assert portal is not None
    assert case.parent.name == portal.NAME
    with_url, without = portal.parse_article(page), portal.parse_article(nameless)
    assert without.content_hash == with_url.content_hash
    assert (without.id, without.canonical_url) == (with_url.id, with_url.canonical_url)
    assert without.related == with_url.related


@pytest.mark.parametrize("case", ARTICLES)
def test_portals_do_not_take_each_other_for_their_own(case: Path) -> None:
    html = _page(case).html
    assert [n for n in portals.names() if portals.named(n).recognises(html)] == [case.parent.name]


@pytest.mark.parametrize("case", ARTICLES)
def test_permission_is_recorded_as_evidence(case: Path) -> None:
    portal = portals.named(case.parent.name)
    article = portal.parse_article(_page(case), permission="licence of 2026-09-01")
    assert article.rights.signals[-1].value == "licence of 2026-09-01"
    assert article.rights.uses.redistribute == "prohibited"


REQUIRED = [
    ("naver/article_two_times", "media_end_head_headline"),
    ("naver/article_two_times", "media_end_head_top_logo"),
    ("naver/article_two_times", "_ARTICLE_DATE_TIME"),
    ("naver/article_two_times", "dic_area"),
    ("naver/article_legacy_main", "articleTitle"),
    ("naver/article_legacy_main", "t11"),
    ("naver/article_legacy_sports", "pressLogo"),
    ("nate/article_plain", "articleSubecjt"),
    ("nate/article_plain", "firstDate"),
    ("nate/article_plain", "articleInfo"),
    ("nate/article_plain", "realArtcContents"),
    ("zum/article_plain", "news_title"),
    ("zum/article_plain", "article_body"),
    ("zum/article_plain", "article_info"),
]


@pytest.mark.parametrize(("case", "name"), REQUIRED)
def test_what_every_article_has_is_loud_when_renamed(case: str, name: str) -> None:
    page = _page(PAGES / f"{case}.json")
    assert name in page.html
    renamed = replace(page, html=page.html.replace(name, "renamed"))
    with pytest.raises(LayoutChanged):
        portals.named(case.split("/")[0]).parse_article(renamed)


SHELL = '<html><head><title>x</title></head><body><div id="root"></div></body></html>'


@pytest.mark.parametrize(
    "url",
    [
        "https://m.sports.naver.com/kbaseball/article/986/0000600999",
        "https://m.entertain.naver.com/article/986/0000600999",
        "https://entertain.naver.com/read?oid=986&aid=0000600999",
        "https://sports.news.naver.com/news.nhn?oid=986&aid=0000600999",
    ],
)
def test_a_shell_that_scripts_fill_is_no_article(url: str) -> None:
    page = Page(url, SHELL, datetime.fromisoformat("2026-09-27T11:00:00+09:00"))
    with pytest.raises(NotAnArticle):
        portals.named("naver").parse_article(page)


def test_a_shell_where_articles_come_whole_is_a_changed_layout() -> None:
    url = "https://n.news.naver.com/article/986/0000600999"
    page = Page(url, SHELL, datetime.fromisoformat("2026-09-27T11:00:00+09:00"))
    with pytest.raises(LayoutChanged):
        portals.named("naver").parse_article(page)


@pytest.mark.parametrize("portal", NEW)
def test_page_of_no_known_address_is_refused(portal: str) -> None:
    case = next(param.values[0] for param in ARTICLES if portal in str(param.id))
    assert isinstance(case, Path)
    page = _page(case)
    html = page.html.replace('property="og:url"', 'property="og:nothing"')
    with pytest.raises(LayoutChanged):
        portals.named(portal).parse_article(replace(page, url="", html=html))


def test_a_summary_that_the_browser_had_filled_in_is_the_portals() -> None:
    page = _page(PAGES / "naver" / "article_opinion.json")
    empty = '_SUMMARY_CONTENT_BODY"></div>'
    assert empty in page.html
    filled = page.html.replace(
        empty, '_SUMMARY_CONTENT_BODY">책방이 문을 닫는다.<br>조례가 먼저다.</div>'
    )
    article = portals.named("naver").parse_article(replace(page, html=filled))
    assert article.summary == Summary("책방이 문을 닫는다. 조례가 먼저다.", "portal")
    assert article.content_hash == portals.named("naver").parse_article(page).content_hash


@pytest.mark.parametrize("nest", ["<b>" * 20_000, "<table><tr><td>" * 2_000])
def test_nested_markup_costs_no_more_than_its_size(nest: str) -> None:
    """Read level by level either takes minutes: the time limit of a test is what tells."""
    page = _page(PAGES / "naver" / "article_opinion.json")
    head, body = page.html.split("</article>")
    html = f"{head}<br><br>{nest}끝까지 읽었다.</article>{body}"
    article = portals.named("naver").parse_article(replace(page, html=html))
    assert article.headline == "문 닫는 동네 책방, 보조금이 답은 아니다"
