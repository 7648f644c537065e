"""Feeds, sitemaps and pages of links from config.toml to the database, by the command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.sample_portal import Answer, SamplePortal
from tests.jobs.desk import Desk

KINDS = ("feed", "sitemap", "listing", "picked")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A source of each kind at the sample publisher."""
    with SamplePortal(articles=24, entries=8) as portal:
        it = Desk(tmp_path, portal)
        it.configure()
        paper = f"{portal.base_url}/paper"
        with it.config.open("a", encoding="utf-8") as file:
            file.write(
                f'[source.feed]\nfeed = "{paper}/rss.xml"\nevery = "10m"\n'
                f'[source.sitemap]\nsitemap = "{paper}/sitemap.xml"\nmax_age = "520w"\n'
                f'[source.listing]\nlisting = "{paper}"\n'
                f'[source.picked]\nlisting = ["{paper}"]\nlink = ".card-title a"\n'
                'fields = { headline = "h1.story-title", body = ".story-text" }\n'
            )
        yield it


def test_one_run_reads_all_kinds_and_stores_each_article_once(desk: Desk) -> None:
    done = desk.gisa("run", *KINDS)
    assert (done.code, done.err.count("Traceback")) == (0, 0)
    every = [a for a in desk.portal.newsroom.articles() if a.kind == "article" and a.id.isdecimal()]
    assert desk.rows("SELECT count(*) FROM articles") == [(len(every),)]
    assert sorted(desk.rows("SELECT name, kind, portal FROM sources")) == [
        (name, "listing" if name == "picked" else name, "web") for name in sorted(KINDS)
    ]


def test_kinds_are_shown(desk: Desk) -> None:
    kinds = {row["name"]: row["kind"] for row in desk.gisa("sources", "--format", "json").json}
    assert kinds == {
        "feed": "feed",
        "sitemap": "sitemap",
        "listing": "listing",
        "picked": "listing",
    }
    desk.gisa("run", "feed")
    status = desk.gisa("status", "--format", "json").json
    assert {row["name"]: row["kind"] for row in status["sources"]} == kinds
    rows = {row["key"]: row for row in desk.gisa("config", "--format", "json").json}
    assert rows["source.feed.feed"]["value"] == [f"{desk.portal.base_url}/paper/rss.xml"]
    assert rows["source.picked.fields.headline"]["value"] == "h1.story-title"
    assert rows["source.picked.link"]["origin"].startswith("config.toml:")
    assert "source.feed.portal" not in rows


def test_check_shows_what_is_recognised_and_stores_nothing(desk: Desk) -> None:
    done = desk.gisa("check", "--format", "json")
    assert done.code == 0
    for each in done.json:
        assert each["problem"] is None
        assert each["listed"] >= 8
        assert each["record"]["headline"]
        assert each["record"]["text"]
    assert {each["source"]: each["confidence"] for each in done.json}["listing"] > 0.9
    assert (
        desk.rows("SELECT count(*) FROM articles")
        == desk.rows("SELECT count(*) FROM visits")
        == [(0,)]
    )
    text = desk.gisa("check", "listing").out
    assert "recognised with confidence" in text
    assert "the first record" in text


def test_check_says_what_is_wrong(desk: Desk) -> None:
    desk.portal.break_layout("paper")
    desk.portal.answer("/paper/rss.xml", Answer(body="<html><body><p>없음</p></body></html>"))
    done = desk.gisa("check", "--format", "json")
    assert done.code == 1
    problems = {each["source"]: each["problem"] for each in done.json}
    assert "a feed, RSS" in problems["feed"]
    assert ".card-title a" in problems["picked"]
    assert problems["listing"] is None


def test_reparse_reads_kept_pages_of_the_web(desk: Desk) -> None:
    desk.gisa("run", "picked")
    text = desk.config.read_text(encoding="utf-8").replace('"h1.story-title"', '".story-title"')
    desk.config.write_text(text, encoding="utf-8")
    before = desk.rows("SELECT id, content_hash FROM articles ORDER BY id")
    done = desk.gisa("reparse", "picked", "--format", "json")
    assert done.code == 0
    assert desk.rows("SELECT id, content_hash FROM articles ORDER BY id") == before
    (parser,) = {row[0] for row in desk.rows("SELECT parser FROM articles")}
    assert parser.startswith("web/1+")
