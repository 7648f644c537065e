"""`gisa add`: from an address to articles, on the sample publisher; who must be asked, and hostile pages."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.adding.offering import asked as wanted_of
from jobs.adding.searching import ASKED_MOST
from jobs.sample_portal import Answer, SamplePortal
from tests.jobs.desk import ROOT, Desk

RSS = {"Content-Type": "application/rss+xml"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A configuration without sources, beside a publisher whose robots.txt names its sitemaps."""
    with SamplePortal(articles=24, entries=8) as portal:
        portal.robots = f"User-agent: *\nAllow: /\nSitemap: {portal.base_url}/paper/sitemap.xml\n"
        it = Desk(tmp_path, portal)
        it.configure()
        yield it


def paper(desk: Desk, path: str = "") -> str:
    return f"{desk.portal.base_url}/paper{path}"


def home(desk: Desk, body: str, head: str = "") -> str:
    """Let the publisher's home page be another one, and return its address."""
    html = (
        f"<!doctype html><html><head><title>온새미</title>{head}</head><body>{body}</body></html>"
    )
    desk.portal.answer("/home", Answer(body=html))
    return f"{desk.portal.base_url}/home"


def asked(desk: Desk) -> list[str]:
    return [seen.path for seen in desk.portal.requests]


def test_a_page_gives_its_feed_its_sitemaps_and_itself_each_tried(desk: Desk) -> None:
    before = desk.config.read_bytes()
    done = desk.gisa("add", paper(desk), "--format", "json")
    assert (done.code, done.json["added"]) == (0, [])
    found = [
        (it["number"], it["kind"], it["url"].rpartition("/")[2]) for it in done.json["candidates"]
    ]
    assert found == [
        (1, "feed", "rss.xml"),
        (2, "sitemap", "sitemap.xml"),
        (3, "sitemap", "news.xml"),
        (4, "listing", "paper"),
    ]
    for it in done.json["candidates"]:
        assert it["problem"] is None
        assert it["listed"] >= 8
        assert it["record"]["text"]
        assert it["entry"].startswith("[source.127-0-0-1]\n")
    assert done.json["candidates"][0]["newest"].startswith("2026-09-27T")
    assert [it["doubt"] for it in done.json["candidates"]][1:] == [
        None,
        *["nothing that 1 does not have"] * 2,
    ]
    assert desk.config.read_bytes() == before
    assert desk.rows("SELECT count(*) FROM articles") == [(0,)]
    # each document once, whatever it was tried as
    assert len(asked(desk)) == len(set(asked(desk))) == done.json["asked"] + 1 == 7


def test_what_was_added_is_crawled(desk: Desk) -> None:
    before = desk.config.read_bytes()
    done = desk.gisa("add", paper(desk), "--yes", "--every", "15m")
    assert done.code == 0
    assert done.out.endswith(f"added 127-0-0-1 to {desk.config}; gisa run 127-0-0-1 reads it\n")
    assert desk.config.read_bytes() == before + (
        f'\n[source.127-0-0-1]\nfeed = "{paper(desk)}/rss.xml"\nevery = "15m"\n'.encode()
    )
    assert desk.gisa("run", "127-0-0-1").summary["new"] == 8


def test_several_can_be_chosen_by_number_and_named(desk: Desk) -> None:
    done = desk.gisa(
        "add",
        paper(desk),
        "--choose",
        "4",
        "2",
        "--name",
        "onsaemi",
        "--disabled",
        "--format",
        "json",
    )
    assert [it["name"] for it in done.json["added"]] == ["onsaemi", "onsaemi-2"]
    rows = desk.gisa("sources", "--format", "json").json
    assert [(row["name"], row["kind"], row["enabled"]) for row in rows] == [
        ("onsaemi", "listing", False),
        ("onsaemi-2", "sitemap", False),
    ]
    assert desk.gisa("run", "onsaemi", "onsaemi-2").summary["new"] == 8


def test_an_address_that_is_configured_is_told_and_not_added_again(desk: Desk) -> None:
    desk.gisa("add", paper(desk), "--yes")
    before = desk.config.read_bytes()
    for url in (paper(desk), paper(desk, "/rss.xml")):
        done = desk.gisa("add", url, "--yes")
        assert done.code == 0
        assert f"configured already, as 127-0-0-1: {paper(desk, '/rss.xml')}" in done.out
    assert desk.config.read_bytes() == before


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/paper/atom.xml", "feed"),
        ("/paper/feed.json", "feed"),
        ("/paper/news.xml", "sitemap"),
        ("/paper/all.xml.gz", "sitemap"),
        ("/robots.txt", "sitemap"),
        ("/politics", "portal"),
    ],
)
def test_an_address_may_be_the_source_itself(desk: Desk, path: str, kind: str) -> None:
    done = desk.gisa("add", desk.portal.base_url + path, "--yes", "--format", "json")
    best = done.json["candidates"][0]
    assert (best["kind"], best["url"]) == (kind, desk.portal.base_url + path)
    (name,) = (it["name"] for it in done.json["added"])
    done = desk.gisa("run", name, "--limit", "1")
    assert done.code == 0
    # a sitemap's articles are taken for two days, and the sample's are older
    assert done.summary["new"] == (0 if kind == "sitemap" else 1)


def test_without_a_word_for_it_nothing_changes(desk: Desk) -> None:
    before = desk.config.read_bytes()
    assert "nothing was added: --yes adds the first" in desk.gisa("add", paper(desk)).out
    assert desk.gisa("add", paper(desk), "--dry-run").code == 0
    assert desk.gisa("add", paper(desk), "--choose", "9").code == 2
    assert desk.config.read_bytes() == before


def test_on_a_terminal_it_asks(desk: Desk) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "jobs", "add", "-q", "--config", str(desk.config), paper(desk)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, env=env
    ) as running:
        os.close(theirs)
        os.write(ours, b"9\n2 1\n")
        while _read(ours):
            pass
        assert running.stderr is not None
        assert running.stderr.read().count(b"Add which? [1, or several of 1 to 4; q for none]") == 2
        assert running.wait(30) == 0
    os.close(ours)
    rows = desk.gisa("sources", "--format", "json").json
    assert [row["kind"] for row in rows] == ["sitemap", "feed"]


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ([""], [1]),
        (["2"], [2]),
        ([" 3, 1 3 "], [3, 1]),
        (["q"], []),
        (["Q"], []),
        (["none"], []),
        (["4", "x", "-1", "1 x", "²", "99999999999999999999", "2"], [2]),
        ([], []),
    ],
)
def test_answers_are_understood_or_asked_for_again(typed: list[str], chosen: list[int]) -> None:
    answers = iter(typed)

    def ask(question: str) -> str:
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    assert wanted_of(3, ask) == chosen
    assert next(answers, None) is None


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # on Linux, how the end of the other side is told
        return b""


def test_a_page_of_feeds_is_looked_into(desk: Desk) -> None:
    url = home(desk, '<a href="/service/rss">RSS</a>')
    rows = (
        f'<tr><td>전체</td><td><a href="{paper(desk)}/rss.xml">{paper(desk)}/rss.xml</a></td></tr>'
    )
    desk.portal.answer(
        "/service/rss", Answer(body=f"<html><body><table>{rows}</table></body></html>")
    )
    desk.portal.robots = 404
    done = desk.gisa("add", url, "--format", "json")
    assert [(it["kind"], it["found"]) for it in done.json["candidates"]] == [("feed", "linked")]


def test_guesses_are_the_last_resort_and_few(desk: Desk) -> None:
    desk.portal.robots = 404
    done = desk.gisa("add", home(desk, "<p>소개</p>"))
    assert done.code == 1
    assert "nothing that can be read was found" in done.out
    assert asked(desk)[2:] == ["/feed", "/rss.xml", "/rss/allArticle.xml", "/sitemap.xml"]


def test_500_links_to_feeds_cost_a_few_requests(desk: Desk) -> None:
    links = "".join(
        f'<a href="/{"rss" if n % 2 else "section"}/{n}.xml">RSS {n}</a>' for n in range(500)
    )
    done = desk.gisa(
        "add", home(desk, links + "".join(f'<a href="/rss/{n}/">RSS</a>' for n in range(50)))
    )
    assert done.code == 0  # the sitemap
    assert len(asked(desk)) <= ASKED_MOST + 1
    assert "not tried: 195 more, such as" in done.out


def test_a_search_ends_at_its_bound(desk: Desk) -> None:
    item = "<item><title>제목 {n}</title><link>{base}/gone/{feed}/{n}</link></item>"
    for feed in range(5):
        items = "".join(item.format(n=n, feed=feed, base=desk.portal.base_url) for n in range(5))
        body = f'<rss version="2.0"><channel>{items}</channel></rss>'
        desk.portal.answer(f"/f/{feed}.xml", Answer(headers=RSS, body=body))
        index = f"<sitemapindex><sitemap><loc>{desk.portal.base_url}/s/{feed}</loc></sitemap></sitemapindex>"
        desk.portal.answer(f"/s/{feed}", Answer(headers={"Content-Type": "text/xml"}, body=index))
    links = "".join(f'<a href="/f/{feed}.xml">RSS</a>' for feed in range(5))
    desk.portal.robots = "".join(f"Sitemap: {desk.portal.base_url}/s/{n}\n" for n in range(5))
    done = desk.gisa("add", home(desk, links), "--format", "json")
    assert done.code == 1
    assert done.json["asked"] <= ASKED_MOST
    assert len(asked(desk)) == done.json["asked"] + 1
    assert all("gone" in it["problem"] or it["kind"] == "sitemap" for it in done.json["not_usable"])


def test_a_feed_that_is_a_page_is_not_usable_and_says_why(desk: Desk) -> None:
    desk.portal.robots = 404
    head = '<link rel="alternate" type="application/rss+xml" href="/paper">'
    done = desk.gisa("add", home(desk, "", head), "--format", "json")
    assert done.code == 1
    assert "a feed, RSS" in done.json["not_usable"][0]["problem"]


def test_a_home_page_that_robots_keep_us_from_is_blocked(desk: Desk) -> None:
    desk.portal.robots = "User-agent: *\nDisallow: /\n"
    done = desk.gisa("add", paper(desk), "--yes")
    assert (done.code, asked(desk)) == (5, ["/robots.txt"])
    assert "disallows it for gisa" in done.err


def test_articles_that_robots_keep_us_from_are_blocked(desk: Desk) -> None:
    desk.portal.robots = "User-agent: *\nDisallow: /paper/article/\n"
    done = desk.gisa("add", paper(desk, "/rss.xml"), "--yes")
    assert done.code == 5
    assert "not usable" in done.out


def test_a_redirect_into_the_own_network_is_refused(desk: Desk) -> None:
    desk.portal.answer("/away", Answer(302, {"Location": "http://127.0.0.2:80/"}))
    done = desk.gisa("add", f"{desk.portal.base_url}/away", "--yes")
    assert done.code == 1
    assert "forbidden_address" in done.err
    head = '<link rel="alternate" type="application/rss+xml" href="http://127.0.0.2/rss">'
    done = desk.gisa("add", home(desk, "", head), "--format", "json")
    assert "forbidden_address" in done.json["not_usable"][0]["problem"]


def test_titles_cannot_steer_the_terminal_or_the_file(desk: Desk) -> None:
    title = "제목&#27;]0;pwned&#7;\r\n[source.evil]&#10;feed = 'https://evil.example/'"
    head = (
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="/paper/rss.xml">'
    )
    done = desk.gisa("add", home(desk, "", head), "--yes")
    assert done.code == 0
    assert all(line.isprintable() for line in done.out.splitlines())
    assert [row["name"] for row in desk.gisa("sources", "--format", "json").json] == ["127-0-0-1"]


@pytest.mark.parametrize(
    "target",
    [
        "ftp://a.example/",
        "nothing.opml",
        "nothing",
        "http://user:word@a.example/",
        "http://",
        "https://a b/",
    ],
)
def test_what_is_no_address_is_a_usage_error(desk: Desk, target: str) -> None:
    assert desk.gisa("add", target).code == 2
    assert asked(desk) == []


def test_a_name_that_is_taken_is_a_usage_error_before_anything_is_asked(desk: Desk) -> None:
    desk.configure("politics")
    assert desk.gisa("add", paper(desk), "--yes", "--name", "politics").code == 2
    assert desk.gisa("add", paper(desk), "--yes", "--name", "한빛").code == 2
    assert asked(desk) == []


def test_a_read_only_configuration_is_told_with_the_entry(desk: Desk) -> None:
    desk.config.chmod(0o444)
    done = desk.gisa("add", paper(desk), "--yes")
    assert done.code == 2
    assert f'feed = "{paper(desk)}/rss.xml"' in done.err


def test_where_articles_are_out_of_bounds_nothing_is_guessed(desk: Desk) -> None:
    desk.portal.robots = "User-agent: *\nDisallow: /paper/article/\n"
    done = desk.gisa("add", paper(desk), "--yes", "--format", "json")
    assert done.code == 5
    assert {it["found"] for it in done.json["not_usable"]} == {"given", "announced"}
    assert asked(desk) == ["/robots.txt", "/paper", "/paper/rss.xml"]
