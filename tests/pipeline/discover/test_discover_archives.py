"""Addresses of archives by date, and the days that addresses speak of."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipeline import portals
from pipeline.discover.archives import Days, archive_fault, day_of, is_paged, page_url, period_of

DAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("https://a.example/{date}?p={page}", "https://a.example/20260105?p=3"),
        ("https://a.example/{date:%Y-%m-%d}/", "https://a.example/2026-01-05/"),
        ("https://a.example/{date:%Y/%m}/{day}", "https://a.example/2026/01/05"),
        ("https://a.example/{year}/{month}/{day}/{page}", "https://a.example/2026/01/05/3"),
        ("https://a.example/?q={{x}}&d={date}", "https://a.example/?q={x}&d=20260105"),
    ],
)
def test_the_address_of_a_page(template: str, url: str) -> None:
    assert archive_fault(template) is None
    assert page_url(template, DAY, 3) == url
    assert is_paged(template) == ("{page}" in template)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("https://a.example/news?page={page}", "name the day"),
        ("https://a.example/{year}/{month}", "name the day"),
        ("https://a.example/{date.__class__}", "no placeholders but"),
        ("https://a.example/{date!r}", "no placeholders but"),
        ("https://a.example/{date:%H}", "no placeholders but"),
        ("https://a.example/{date:>30}", "name the day"),
        ("https://a.example/{date:%Y-%m}", "name the day"),
        ("https://a.example/{date}/{page:03}", "no placeholders but"),
        ("https://a.example/{date}/{section}", "no placeholders but"),
        ("https://a.example/{}", "no placeholders but"),
        ("https://a.example/{date", "closed"),
        ("ftp://a.example/{date}", "http(s) URL"),
        ("/archive/{date}", "http(s) URL"),
    ],
)
def test_what_is_no_archive(template: str, said: str) -> None:
    assert said in (archive_fault(template) or "")


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2026/01/05/slug", DAY),
        ("https://a.example/2026-01-05", DAY),
        ("https://a.example/article/20260105093012345", DAY),
        ("https://a.example/20260105_1", DAY),
        ("https://a.example/2026/13/05/slug", None),
        ("https://a.example/2026/02/30/slug", None),
        ("https://a.example/article/1120260105", None),
        ("https://a.example/article?day=20260105", None),
        ("https://a.example/article/202601051", None),
    ],
)
def test_the_day_of_an_article(url: str, day: date | None) -> None:
    assert day_of(url) == day


@pytest.mark.parametrize(
    ("url", "first", "last"),
    [
        ("https://a.example/sitemap-2026-02.xml", "2026-02-01", "2026-02-28"),
        ("https://a.example/sitemap_202612.xml.gz", "2026-12-01", "2026-12-31"),
        ("https://a.example/2026/01/05/sitemap.xml", "2026-01-05", "2026-01-05"),
        ("https://a.example/sitemap.xml?yyyy=2026&mm=1&dd=5", "2026-01-05", "2026-01-05"),
        ("https://a.example/sitemap.xml?yyyy=2024&mm=02", "2024-02-01", "2024-02-29"),
    ],
)
def test_the_days_of_a_sitemap(url: str, first: str, last: str) -> None:
    assert period_of(url) == Days(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/sitemap.xml",
        "https://a.example/sitemap-17.xml",
        "https://a.example/sitemap-2026011.xml",
        "https://a.example/sitemap-2026-01-2026-02.xml",
        "https://2026-01.example/sitemap-2026-03.xml",
    ],
)
def test_addresses_that_speak_of_no_days(url: str) -> None:
    assert period_of(url) is None


def test_days() -> None:
    days = Days(date(2026, 1, 30), date(2026, 2, 2))
    assert [f"{day:%d}" for day in days] == ["30", "31", "01", "02"]
    assert date(2026, 2, 2) in days
    assert date(2026, 2, 3) not in days
    march = Days(date(2026, 2, 3), date(2026, 3, 1))
    assert not days.meets(march)
    assert days.meets(march, timedelta(days=1))


@pytest.mark.parametrize(
    ("portal", "listing", "archive"),
    [
        (
            "nate",
            "https://news.nate.com/recent?cate=eco&mid=n0301&type=c&date=20260927&page=2",
            "https://news.nate.com/recent?cate=eco&mid=n0301&type=c&date={date}&page={page}",
        ),
        ("nate", "https://news.nate.com/rank/interest?sc=all", None),
        (
            "naver",
            "https://news.naver.com/breakingnews/section/101/259",
            "https://news.naver.com/breakingnews/section/101/259?date={date}",
        ),
        ("naver", "https://news.naver.com/section/101", None),
        ("daum", "https://news.daum.net/politics", None),
    ],
)
def test_archives_that_portals_know(portal: str, listing: str, archive: str | None) -> None:
    found = portals.archive_of(portals.named(portal), listing)
    assert found == archive
    assert found is None or archive_fault(found) is None
