"""Pages of a system that many sites run: its addresses are known, its markup is not always the one of today."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.discover.publisher import Publisher
from pipeline.errors import LayoutChanged
from pipeline.reading import read_any
from pipeline.records import Page
from pipeline.source import Source

LISTING = "http://www.aramgol.example/news/articleList.html"
AT = "http://www.aramgol.example/news/articleView.html?idxno=4021"
NOW = datetime(2026, 9, 27, 12, 0, tzinfo=UTC)
TEXT = "온새시는 강변 산책로를 넓히는 공사를 다음 달 시작한다고 밝혔다. 공사는 석 달 걸린다. "


def page(body: str) -> Page:
    head = (
        f'<title>온새시 산책로 넓힌다 - 아람골신문</title><meta property="og:url" content="{AT}">'
    )
    return Page(AT, f"<html lang=ko><head>{head}</head><body>{body}</body></html>", NOW)


def old() -> Page:
    told = f"<font class=t>온새시 산책로 넓힌다</font><div id=articleBody>{f'<p>{TEXT * 2}</p>' * 3}</div>"
    return page(
        f"<table><tr><td><h1>온새시 산책로 넓힌다</h1>2026년 09월 26일 (토) 10:20{told}</td></tr></table>"
    )


def test_an_older_template_is_read_as_any_publishers_and_stays_the_systems_article() -> None:
    source = Source("aramgol", "web", (LISTING,), kind="listing")
    for article in (Publisher(source).parse_article(old()), read_any(old())):
        assert (article.id, article.portal) == ("ndsoft:aramgol.example:4021", "ndsoft")
        assert article.headline == "온새시 산책로 넓힌다"
        assert TEXT.strip() in article.text
        assert article.parser.startswith("web/")


def test_its_fields_are_the_operators() -> None:
    fields = (("headline", "h1"), ("body", "#articleBody"))
    source = Source("aramgol", "web", (LISTING,), kind="listing", fields=fields)
    assert Publisher(source)


def test_todays_template_that_lost_its_headline_is_loud() -> None:
    body = f'<div id="article-view-content-div"><p>{TEXT * 3}</p></div>'
    source = Source("aramgol", "web", (LISTING,), kind="listing")
    with pytest.raises(LayoutChanged):
        Publisher(source).parse_article(page(body))
    with pytest.raises(LayoutChanged):
        read_any(page(body))
