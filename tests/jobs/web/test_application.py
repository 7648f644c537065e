"""The page as a whole: Datasette behind our pages, read-only."""

from __future__ import annotations

from dataclasses import replace

import httpx

from pipeline.records import Source
from pipeline.store import Store
from tests.pipeline.store.conftest import ARTICLE, NOON


def test_front_page_is_served_in_the_language_of_the_browser(page: httpx.Client) -> None:
    assert '<html lang="ko">' in page.get("/").text
    english = page.get("/", headers={"accept-language": "en-GB,en;q=0.9,ko;q=0.2"})
    assert '<html lang="en">' in english.text
    assert english.headers["content-language"] == "en"


def test_tables_are_there_as_datasette_shows_them(page: httpx.Client) -> None:
    assert page.get("/data/articles.json").json()["rows"] == []
    assert "articles" in page.get("/data").text


def test_facets_of_a_table_are_counted_where_they_are_asked_for(
    page: httpx.Client, store: Store
) -> None:
    for name in ("politics", "society"):
        store.sources.remember(Source(name, "daum", (f"http://h/{name}",)), NOON)
    store.articles.save(ARTICLE, "politics")
    store.articles.save(replace(ARTICLE, id="daum:2", canonical_url="http://h/2"), "society")
    table = page.get("/data/articles.json", params={"_facet": "source"}).json()
    counted = table["facet_results"]["source"]["results"]
    assert {it["value"]: it["count"] for it in counted} == {"politics": 1, "society": 1}
    assert table["suggested_facets"] == []  # to find out which there could be takes seconds


def test_what_is_not_there_is_404_without_an_echo(page: httpx.Client) -> None:
    answer = page.get("/nothing", params={"a": "<script>alert(1)</script>"})
    assert answer.status_code == 404
    assert "alert" not in answer.text


def test_a_query_that_takes_too_long_is_stopped(page: httpx.Client) -> None:
    endless = "with recursive a(x) as (select 1 union all select x+1 from a) select count(*) from a"
    answer = page.get("/data.json", params={"sql": endless})
    assert answer.status_code == 503
    assert page.get("/data", params={"sql": endless}).status_code == 503


def test_nothing_can_be_written(page: httpx.Client) -> None:
    for sql in ("delete from articles", "drop table articles", "pragma journal_mode = delete"):
        assert page.get("/data.json", params={"sql": sql}).status_code == 400
    assert page.post("/data").status_code == 405
