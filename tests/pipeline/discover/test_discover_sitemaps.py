"""Sitemaps: news, indexes, what is new, faults in the middle, bombs, and the memory of 50,000 addresses."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.discover.robots_sitemaps import news_of, sitemaps_in_robots
from pipeline.discover.sitemaps import Child, parse_sitemap
from pipeline.errors import BadAnswer, LayoutChanged
from pipeline.records import Page

AT = "https://news.hanbit.example/sitemap.xml"
NOW = datetime(2026, 9, 27, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def page(body: str | bytes) -> Page:
    return Page(AT, "", NOW, raw=body.encode() if isinstance(body, str) else body)


def urlset(*blocks: str, root: str = "urlset") -> str:
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(blocks)}</{root}>'


def url(number: int, more: str = "", *, tag: str = "url") -> str:
    return f"<{tag}><loc>https://news.hanbit.example/a/{number}</loc>{more}</{tag}>\n"


def lastmod(days: float) -> str:
    return f"<lastmod>{(NOW - days * DAY).isoformat()}</lastmod>"


def found(body: str | bytes, **options: object) -> list[str]:
    return [entry.url.rpartition("/")[2] for entry in parse_sitemap(page(body), **options).entries]  # type: ignore[arg-type]


def test_news_have_headlines_and_times_and_pictures_are_theirs() -> None:
    news = (
        "<image:image><image:loc>https://img.example/1.jpg</image:loc><image:title>사진</image:title></image:image>"
        "<news:news><news:publication_date>2026-09-27T09:00:00+09:00</news:publication_date>"
        "<news:title><![CDATA[강변 & 산책로]]></news:title></news:news>"
    )
    (entry,) = parse_sitemap(
        page(urlset(f"<url>{news}<loc> {AT}?a=1&amp;b=2 </loc></url>"))
    ).entries
    assert (entry.headline, entry.url) == ("강변 & 산책로", f"{AT}?a=1&b=2")
    assert entry.published_at == datetime(2026, 9, 27, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("written", ["[기획] 강변[1]을 걷다", "<![CDATA[[기획] 강변[1]을 걷다]]>"])
def test_brackets_end_no_headline(written: str) -> None:
    said = f"<news:news><news:title>{written}</news:title></news:news>"
    (entry,) = parse_sitemap(page(urlset(url(1, said)))).entries
    assert entry.headline == "[기획] 강변[1]을 걷다"


@pytest.mark.parametrize(
    "written",
    [
        "<![CDATA[<속보> 강변 <b>A</b><B]]>",
        "&lt;속보&gt; 강변 A&lt;B",
        "<![CDATA[&lt;속보&gt; 강변 A<B]]>",
    ],
)
def test_angle_brackets_end_no_headline(written: str) -> None:
    said = f"<news:news><news:title>{written}</news:title></news:news>"
    (entry,) = parse_sitemap(page(urlset(url(1, said)))).entries
    assert entry.headline == "<속보> 강변 A<B"


def test_what_is_commented_out_is_not_there() -> None:
    body = urlset(url(1), "<!--", url(2), url(3), "-->", url(4), "<!-- none -->", url(5))
    assert found(body) == ["1", "4", "5"]
    assert found(urlset(url(1), "<!-- not closed", url(2))) == ["1"]
    far = "<!--" + "".join(url(n) for n in range(10_000, 20_000)) + "-->"  # longer than a piece
    assert found(urlset(url(1), far, url(4))) == ["1", "4"]


def test_newest_first_each_once_and_nothing_old() -> None:
    body = urlset(
        url(1, lastmod(3)), url(2, lastmod(0.5)), url(3, lastmod(0.1)), url(2, lastmod(0.5))
    )
    assert found(body, since=NOW - DAY) == ["3", "2"]
    assert found(body) == ["3", "2", "1"]


def test_an_old_article_with_a_new_lastmod_is_edited_not_new() -> None:
    old = "<n:publication_date>2026-01-01</n:publication_date>"
    read = parse_sitemap(page(urlset(url(1, old + lastmod(0.1)))), since=NOW - DAY)
    assert (read.entries, [entry.url[-1] for entry in read.edited]) == ([], ["1"])


def test_without_times_what_was_there_at_first_is_old() -> None:
    first = parse_sitemap(page(urlset(url(1), url(2))), since=NOW - DAY)
    assert (first.entries, first.listed) == ([], 2)
    assert found(urlset(url(1), url(2), url(3)), since=NOW - DAY, known=first.undated) == ["3"]


def test_a_lastmod_that_all_share_says_nothing() -> None:
    blocks = [url(n, lastmod(0.01)) for n in range(50)]
    first = parse_sitemap(page(urlset(*blocks)), since=NOW - DAY)
    assert (first.entries, first.listed) == ([], 50)
    again = parse_sitemap(
        page(urlset(*blocks, url(99, lastmod(0.01)))), since=NOW - DAY, known=first.undated
    )
    assert [(entry.url[-2:], entry.modified_at) for entry in again.entries] == [("99", None)]


def test_an_index_is_read_newest_first_and_robots_lines_name_sitemaps() -> None:
    body = urlset(url(1, lastmod(3), tag="sitemap"), url(2, tag="sitemap"), url(3, lastmod(1), tag="sitemap"),
                  root="sitemapindex")  # fmt: skip
    assert [child.url[-1] for child in parse_sitemap(page(body)).children] == ["2", "3", "1"]
    text = (
        "User-agent: *\nDisallow: /x\nsitemap : /s1.xml\nSitemap: https://o.example/s2.xml # two\n"
    )
    assert [child.url for child in sitemaps_in_robots(page(text))] == [
        "https://news.hanbit.example/s1.xml", "https://o.example/s2.xml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fault",
    ["<url><loc>", "&nbsp; & <", "<url><lastmod>x</url>", "<!-- <url><loc>https://x.example/no</loc></url> -->",
     "\x00\x08", "<url></url>", "</url>"],
)  # fmt: skip
def test_a_fault_in_the_middle_costs_nothing_behind_it(fault: str) -> None:
    assert {"1", "2"} <= set(found(urlset(url(1), fault + "\n", url(2))))


def test_cp949_and_prefixes() -> None:
    declared = '<?xml version="1.0" encoding="euc-kr"?>'
    body = declared + '<s:urlset xmlns:s="x"><s:url><s:loc>/a/펲</s:loc></s:url></s:urlset>'
    (entry,) = parse_sitemap(page(body.encode("cp949"))).entries
    assert entry.url == "https://news.hanbit.example/a/펲"


@pytest.mark.parametrize("body", ["", "<html><body>x</body></html>", "<rss><channel/></rss>"])
def test_what_is_no_sitemap_is_said_so(body: str) -> None:
    with pytest.raises(LayoutChanged):
        parse_sitemap(page(body))


def test_entities_are_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a "b">]>' + urlset(url(1))[21:]
    with pytest.raises(BadAnswer, match="entities"):
        parse_sitemap(page(bomb))


def test_fifty_thousand_addresses_take_little_memory() -> None:
    """17 MB of it: what is old leaves nothing behind but the pieces it is read in."""
    blocks = "".join(
        url(n, f"<lastmod>2026-0{1 + n % 8}-01T00:00:{n % 60:02}Z</lastmod>{' ' * 250}")
        for n in range(50_000)
    )
    body = page(urlset(blocks, url(99, lastmod(0.1))))
    tracemalloc.start()
    read = parse_sitemap(body, since=NOW - DAY)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read.listed == 50_001
    assert len(read.entries) == 1
    assert peak < 5_000_000


@pytest.mark.parametrize(
    ("path", "is_for_news"),
    [
        ("/sitemap-news.xml", True),
        ("/news_sitemap.xml.gz", True),
        ("/sitemap/news/latest.xml", True),
        ("/googlenews.xml", True),
        ("/NewsSitemap.xml", True),
        ("/sitemap.xml", False),
        ("/newsletter-sitemap.xml", False),
        ("/sitemap_newspaper.xml", False),
    ],
)
def test_sitemaps_for_news_are_known_by_their_names(path: str, is_for_news: bool) -> None:
    one, other = Child(f"https://news.hanbit.example{path}"), Child("https://hanbit.example/a.xml")
    assert news_of([other, one]) == ((one,) if is_for_news else (other, one))
