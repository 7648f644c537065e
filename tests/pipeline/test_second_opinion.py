"""The generic extractor beside a portal's parser, and elements that may hold what a selector held."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pipeline import portals
from pipeline.candidates import candidates, selector_of, stated
from pipeline.measures import OWN_TEXT, Look, Measures
from pipeline.records import Page
from pipeline.second_opinion import ONE_IN, agrees, opinion, wanted
from pipeline.select import one, parse
from tests.jobs.desk import ROOT

NOON = datetime(2026, 9, 27, 3, tzinfo=UTC)
HTML = (ROOT / "tests/pages/daum/article_plain.html").read_text(encoding="utf-8")
PAGE = Page("https://v.daum.net/v/20260927081532104", HTML, NOON)


def test_a_parser_that_sees_half_of_the_text_is_found_out() -> None:
    article = portals.named("daum").parse_article(PAGE)
    assert agrees(PAGE, article)
    assert not agrees(PAGE, replace(article, text=article.text[: len(article.text) // 4]))
    assert not agrees(PAGE, None), "the parser found no article, and there is one"
    assert agrees(replace(PAGE, html="<p>점검 중입니다"), None)


def test_the_sample_is_the_same_every_time_and_bounded() -> None:
    ids = [f"daum:{n}" for n in range(2000)]
    chosen = [it for it in ids if wanted(it, 0, 0)]
    assert chosen == [it for it in ids if wanted(it, 0, 0)]
    assert 0.5 < len(chosen) / (len(ids) / ONE_IN) < 1.5
    assert wanted("daum:1", 0, 0, doubtful=True)
    assert not wanted("daum:1", 1, ONE_IN - 1, doubtful=True)
    assert wanted("daum:1", 1, ONE_IN, doubtful=True)


def test_the_selectors_of_a_page_are_counted() -> None:
    page = replace(PAGE, matches={})
    portals.named("daum").parse_article(page)
    assert page.matches is not None
    assert page.matches["h3.tit_view"] == 1
    assert page.matches[".article_view [dmcf-ptype]"] > 3
    assert page == PAGE, "what was counted makes no other page"


def test_candidates_stand_in_the_place_or_hold_the_value() -> None:
    renamed = HTML.replace("tit_view", "headline_main").replace("txt_info", "info_item")
    page = replace(PAGE, html=renamed)
    found = candidates(page, ["h3.tit_view", ".info_view .txt_info"], opinion(page))
    held = {(it.field, it.selector) for it in found}
    assert ("headline", "h3.headline_main") in held
    assert (".info_view .txt_info", "span.info_item") in held
    assert ("authors", "span.info_item") in held
    assert list(stated(page, "headline")) == ["meta og:title", "meta twitter:title"]
    assert stated(page, "published_at") == {"meta og:regdate": "20260927081532"}
    assert stated(page, "summary") == {}


def test_a_selector_names_what_is_near() -> None:
    tree = parse("<div id=a><p class='b c'>1</p><p><em>2</em></p></div>")
    assert selector_of(one(tree, ".b", url="")) == "p.b"
    assert selector_of(one(tree, "em", url="")) == "div#a > p > em"


def test_measures_of_a_crawl() -> None:
    article = portals.named("daum").parse_article(PAGE)
    measures = Measures()
    measures.article(article)
    measures.article(replace(article, authors=(), published_at=None))
    counts = {name: (it.matched, it.of) for name, it in measures.counts.items()}
    assert counts["field:authors"] == counts["field:published_at_plausible"] == (1, 2)
    assert counts[OWN_TEXT] == (1, 2), "two articles with one text"
    assert counts["field:text_200"] == (2, 2)
    assert measures.text_length == len(article.text)
    assert not Look("u", NOON, 3, 3, NOON).is_whole
