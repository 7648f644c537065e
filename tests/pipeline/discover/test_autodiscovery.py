"""What a page offers to be read from: announced feeds, links to feeds, robots.txt, itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.discover.autodiscovery import (
    Candidate,
    announced,
    as_list,
    distinct,
    guesses,
    in_robots,
    key_of,
    kind_of,
    likeliest_first,
    linked,
    written,
)
from pipeline.records import Page

AT = "https://www.hanbit.example/"
NOW = datetime(2026, 9, 27, 12, 0, tzinfo=UTC)
PAGES = Path(__file__).parent.parent.parent / "pages"


def page(html: str, url: str = AT) -> Page:
    return Page(url, html, NOW)


def urls(found: list[Candidate] | tuple[Candidate, ...]) -> list[str]:
    return [it.url for it in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<!doctype html><html><body>rss</body></html>", "page"),
        ("", "page"),
        ('<?xml version="1.0"?>\n<!-- <html> --><rss version="2.0"/>', "feed"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", "feed"),
        ("<rdf:RDF/>", "feed"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "feed"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><rss/>", "feed"),  # whose parser refuses it
        ("<urlset/>", "sitemap"),
        ("<ns0:sitemapindex/>", "sitemap"),
        ("<OPML version='2.0'/>", "opml"),
    ],
)
def test_a_document_is_told_by_its_first_element(text: str, kind: str) -> None:
    assert kind_of(page(text)) == kind
    assert kind_of(page(text, "https://www.hanbit.example/robots.txt")) == "robots"


def test_announced_feeds_are_those_whose_type_or_name_is_a_feed() -> None:
    html = """<head>
<link rel="alternate" type="application/rss+xml" title="한빛일보 전체기사" href="/rss/all.xml">
<LINK REL="Alternate" TYPE="application/atom+xml; charset=utf-8" HREF="atom.xml">
<link rel="alternate" type="application/feed+json" href="/feed.json">
<link rel="alternate" type="text/xml" title="RSS" href="/section?format=xml">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="alternate" type="application/json+oembed" href="/oembed?url=feed">
<link rel="alternate" hreflang="en" href="/en/"><link rel="alternate" type="application/rss+xml">
<link rel="alternate" type="application/rss+xml" href="javascript:rss()">
<link rel="alternate" type="application/rss+xml" href="http://www.hanbit.example/rss/all.xml/">
<link rel="stylesheet" type="application/rss+xml" href="/rss.css"></head>"""
    found = announced(page(html))
    assert urls(found) == [
        f"{AT}rss/all.xml", f"{AT}atom.xml", f"{AT}feed.json", f"{AT}section?format=xml",
    ]  # fmt: skip
    assert found[0] == Candidate("feed", f"{AT}rss/all.xml", "announced", "한빛일보 전체기사")


def test_links_to_feeds_and_to_lists_of_feeds_but_not_those_of_readers() -> None:
    html = """<body><a href="/rss/politics.xml">정치</a><a href="//rss.hanbit.example/society">사회</a>
<a href="/rss/"><img alt="">RSS</a><a href="/service/about.html">RSS</a><a href="/sitemap_news.xml">지도</a>
<a href="https://feedly.example/i/subscription/feed/x.xml">구독</a><a href="/newsfeeder/1">기사</a>
<a href="/rss/politics.xml">again</a><a href="https://www.hanbit.example/#rss">여기</a>
<a href="/data.json">자료</a><a href="/feedback">의견</a><a href="mailto:rss@hanbit.example">RSS</a></body>"""
    found = linked(page(html))
    assert [(it.kind, it.url) for it in found.feeds] == [
        ("feed", f"{AT}rss/politics.xml"),
        ("sitemap", f"{AT}sitemap_news.xml"),
    ]
    assert found.pages == (f"{AT}rss/", f"{AT}service/about.html")


def test_addresses_that_are_written_and_not_linked() -> None:
    html = """<td>https://www.hanbit.example/rss/all.xml</td><input value="http://rss.hanbit.example/s.xml">
<a href="javascript:copy('https://www.hanbit.example/rss/culture.xml')">복사</a> https://other.example/rss.xml
https://www.hanbit.example/page.html http://www.hanbit.example:x/rss.xml"""
    assert urls(written(page(html))) == [
        f"{AT}rss/all.xml", "http://rss.hanbit.example/s.xml", f"{AT}rss/culture.xml",
    ]  # fmt: skip


def test_hosts_for_feeds_belong_to_the_site() -> None:
    html = '<a href="https://rss.other.example/all.xml">RSS</a><a href="http://feeds.feedburner.com/x.xml">RSS</a>'
    assert len(linked(page(html)).feeds) == 2


def test_500_links_to_feeds_are_bounded() -> None:
    html = "".join(f'<a href="/rss/{n}.xml">{n}</a>' for n in range(500))
    assert len(linked(page(html)).feeds) == 200


def test_twins_are_one_and_the_first_stays() -> None:
    twins = [
        "https://a.example/rss",
        "http://a.example/rss/",
        "https://A.example/rss?utm_source=x#top",
    ]
    assert len({key_of(url) for url in twins}) == 1
    assert key_of("https://a.example/rss?section=1") != key_of("https://a.example/rss?section=2")
    assert urls(distinct(Candidate("feed", url, "linked") for url in twins)) == twins[:1]


def test_all_articles_come_before_sections_and_comments_last() -> None:
    said = [
        ("https://a.example/comments/feed/", "댓글"),
        ("https://a.example/rss/politics.xml", "정치"),
        ("https://a.example/rss/S1.xml", "전체기사"),
        ("https://a.example/rss/allArticle.xml", ""),
        ("https://a.example/rss/ballet.xml", ""),
    ]
    found = likeliest_first(Candidate("feed", url, "linked", title) for url, title in said)
    assert [url.rpartition("/")[2] or "comments" for url in urls(found)] == [
        "S1.xml", "allArticle.xml", "politics.xml", "ballet.xml", "comments",
    ]  # fmt: skip


def test_sitemaps_of_robots_with_those_of_news_first() -> None:
    robots = page(
        "User-agent: *\nSitemap: https://a.example/sitemap.xml\nsitemap: /news-sitemap.xml\nSitemap: ftp://x/y\n",
        "https://a.example/robots.txt",
    )
    assert urls(in_robots(robots)) == [
        "https://a.example/news-sitemap.xml",
        "https://a.example/sitemap.xml",
    ]
    assert in_robots(replace(robots, html="")) == []


def test_a_page_of_headlines_is_a_listing_and_any_other_is_not() -> None:
    words = (
        "산책로",
        "도서관",
        "시장",
        "마을버스",
        "체육관",
        "수영장",
        "박물관",
        "정류장",
        "놀이터",
    )
    lines = "".join(
        f'<li><a href="/article/{1000 + n}">온새시 {word} 새로 문을 연다</a></li>'
        for n, word in enumerate(words)
    )
    assert list(as_list(page(f"<ul>{lines}</ul>"))) == [Candidate("listing", AT, "given")]
    assert list(as_list(page("<p>회사 소개</p>"))) == []


def test_a_page_that_a_portal_module_reads_is_its_listing() -> None:
    few = (PAGES / "ndsoft" / "section_list.html").read_text(encoding="utf-8")
    html = few + few.replace("idxno=204", "idxno=203")
    at = "https://www.onsae-shinmun.example/news/articleList.html?sc_section_code=S1N3"
    assert list(as_list(page(html, at))) == [Candidate("portal", at, "given", portal="ndsoft")]
    # what leads to another site's articles is not that site's listing
    elsewhere = html.replace('href="/news', 'href="https://www.onsae-shinmun.example/news')
    assert not [
        it for it in as_list(page(elsewhere, "https://copy.example/")) if it.portal != "web"
    ]


def test_guesses_are_few() -> None:
    assert len(guesses(page("", "https://a.example/section/x"))) == 4
    assert all(it.found == "guessed" for it in guesses(page("")))
