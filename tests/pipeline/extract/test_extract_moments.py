"""Times that several pages state in the same words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.extract import parse_article
from pipeline.extract.moments import read_moment
from pipeline.records import Page

SAID, THEN = "4/5/2026 10:00", datetime(2026, 5, 4, 10, tzinfo=UTC)
A_YEAR = timedelta(days=365)


def test_a_time_is_in_the_future_of_one_page_and_in_the_past_of_another() -> None:
    for now, is_past in ((THEN - A_YEAR, False), (THEN + A_YEAR, True), (THEN - A_YEAR, False)):
        found = read_moment(SAID, zone=UTC, now=now)
        assert (found is not None) == is_past


def test_the_same_words_are_another_time_in_another_country() -> None:
    seoul, now = ZoneInfo("Asia/Seoul"), THEN + A_YEAR
    found = [
        read_moment(SAID, zone=zone, now=now, month_first=month_first)
        for zone in (UTC, seoul)
        for month_first in (False, True)
    ]
    assert [moment and moment.at for moment in found] == [
        datetime(2026, month, day, 10, tzinfo=zone)
        for zone in (UTC, seoul)
        for month, day in ((5, 4), (4, 5))
    ]


def test_a_saved_page_knows_its_zone_and_month_by_its_own_word() -> None:
    """Without the URL that it was fetched from, the address that it declares says as much."""
    html = (
        '<html lang="en"><head><meta property="og:url" content="https://www.daily.example.com/a/1">'
        '<meta property="og:title" content="A bridge of glass opens over the old river">'
        "</head><body><article><h1>A bridge of glass opens over the old river</h1>"
        "<p>Published 4/5/2023 10:30 AM</p>"
        + "<p>The bridge was opened on Wednesday, and hundreds walked over it at noon.</p>" * 6
        + "</article></body></html>"
    )
    at = datetime(2023, 6, 1, tzinfo=UTC)
    fetched = parse_article(Page("https://www.daily.example.com/a/1", html, at))
    saved = parse_article(Page("", html, at))
    assert fetched.published_at is not None
    assert (fetched.published_at.month, fetched.published_at.day) == (4, 5)
    assert saved.published_at == fetched.published_at
