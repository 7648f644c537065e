"""Times that several pages state in the same words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.extract.moments import read_moment

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
