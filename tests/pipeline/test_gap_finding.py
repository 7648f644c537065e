"""Gaps, on made-up histories: what is missed is found, and ordinary days are left alone."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from math import exp
from zoneinfo import ZoneInfo

import pytest

from pipeline.gaps import Gap, History, Hole, find
from pipeline.pauses import HOUR, unwatched, usual_pause, watched

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = datetime(2026, 9, 27, 15, tzinfo=UTC)  # midnight of Monday, 28 September, in Seoul
WEEK = timedelta(weeks=1)


def chance(mean: float, dice: random.Random) -> int:
    """A Poisson number."""
    left, number, limit = 1.0, -1, exp(-mean)
    while left > limit:
        left *= dice.random()
        number += 1
    return number


def usual(hour: datetime, busy: float) -> float:
    """A newsroom: little at night, half on weekends."""
    local = hour.astimezone(SEOUL)
    by_day = busy if 7 <= local.hour < 23 else busy / 20
    return by_day if local.weekday() < 5 else by_day / 2


def newsroom(weeks: int, busy: float, seed: int = 1) -> dict[datetime, int]:
    dice = random.Random(seed)
    hours = [MONDAY + n * HOUR for n in range(-weeks * 168, 168)]
    return {hour: chance(usual(hour, busy), dice) for hour in hours}


def gaps_of(counts: dict[datetime, int], holes: list[Hole] | None = None) -> list[Gap]:
    history = History(counts, list(counts), SEOUL)
    return find([*history.hours(MONDAY, MONDAY + WEEK)], holes or [], history.spread())


def test_an_hour_is_expected_to_be_as_the_same_hour_of_the_weeks_before() -> None:
    counts = {MONDAY - n * WEEK: value for n, value in enumerate([99, 4, 5, 6, 5, 40, 0], 0)}
    expected = History(counts, list(counts), SEOUL).expected(MONDAY)
    assert expected is not None
    assert (expected.samples, expected.by) == (6, "hour of week")
    assert expected.articles == 5  # 4, 5, 5, 6: neither the day of big news nor the silent one
    assert expected.low == 2
    assert expected.high == 23


def test_with_little_history_days_of_the_same_kind_help_out() -> None:
    tuesday = MONDAY + timedelta(days=1)
    days = [tuesday - timedelta(days=n) for n in range(1, 9)]
    expected = History(dict.fromkeys(days, 3), days, SEOUL).expected(tuesday)
    assert expected is not None
    # Monday, and five days of the week before: Saturday and Sunday are of another kind
    assert (expected.articles, expected.samples, expected.by) == (3, 6, "hour of day")


def test_with_too_little_history_nothing_is_expected_and_nothing_judged() -> None:
    days = [MONDAY - n * WEEK for n in (1, 2, 3)]
    history = History(dict.fromkeys(days, 50), days, SEOUL)
    (hour,) = history.hours(MONDAY, MONDAY + HOUR)
    assert (hour.expected, hour.missing, hour.seen) == (None, None, 0)
    assert find([hour], [], history.spread()) == []


def test_hours_that_nobody_watched_teach_nothing() -> None:
    counts = {MONDAY - n * WEEK: 6 for n in range(1, 9)}
    seen = [MONDAY - n * WEEK for n in range(1, 6)]
    for hour in [MONDAY - n * WEEK for n in range(6, 9)]:
        counts[hour] = 0
    expected = History(counts, seen, SEOUL).expected(MONDAY)
    assert expected is not None
    assert (expected.articles, expected.low) == (6, 6)


@pytest.mark.parametrize("busy", [0.5, 4, 30])
def test_eight_ordinary_weeks_have_no_gaps(busy: float) -> None:
    found = [gaps_of(newsroom(8, busy, seed)) for seed in range(12)]
    assert sum(map(len, found)) == 0, "12 weeks of 168 hours each"


@pytest.mark.parametrize(("busy", "lost"), [(4, 8), (12, 3), (30, 2)])
def test_a_stretch_that_is_lost_is_found_where_it_is(busy: float, lost: int) -> None:
    counts = newsroom(8, busy)
    start = MONDAY + timedelta(days=2, hours=9)
    for n in range(lost):
        counts[start + n * HOUR] = 0
    (gap,) = gaps_of(counts)
    # a poor hour beside it may be taken for a part of it
    assert start - HOUR <= gap.start <= start < start + lost * HOUR <= gap.end
    assert gap.end <= start + (lost + 1) * HOUR
    assert gap.seen <= busy
    assert gap.kinds == ("few",)
    assert gap.missing == pytest.approx(busy * lost, rel=0.35)


def test_a_stretch_over_night_is_one_gap() -> None:
    counts = newsroom(8, 20)
    start = MONDAY + timedelta(days=1, hours=20)
    for n in range(14):
        counts[start + n * HOUR] = 0
    (gap,) = gaps_of(counts)
    assert (gap.start, gap.end) == (start, start + 14 * HOUR)


def test_a_few_of_many_are_too_few() -> None:
    counts = newsroom(8, 20)
    start = MONDAY + timedelta(hours=9)
    for n in range(6):
        counts[start + n * HOUR] = 3
    (gap,) = gaps_of(counts)
    assert (gap.start, gap.seen) == (start, 18)


def test_a_newsroom_whose_weeks_differ_is_given_more_room() -> None:
    dice = random.Random(3)
    counts = {}
    for week in range(-8, 1):
        loud = dice.choice([0.4, 1.0, 1.6])
        for n in range(168):
            hour = MONDAY + week * WEEK + n * HOUR
            counts[hour] = chance(loud * usual(hour, 20), dice)
    history = History(counts, list(counts), SEOUL)
    assert history.spread() > 3
    assert History(newsroom(8, 20), list(counts), SEOUL).spread() < 1.5


def test_what_is_known_to_be_missed_is_a_gap_at_once_and_neighbours_are_one() -> None:
    start = MONDAY + timedelta(hours=10)
    holes = [
        Hole(start + timedelta(minutes=20), start + timedelta(minutes=50), "rolled_over", "a"),
        Hole(start + timedelta(minutes=55), start + timedelta(minutes=70), "rolled_over", "b"),
        Hole(start + 5 * HOUR, start + 6 * HOUR, "not_read_since", "c"),
    ]
    first, second = gaps_of({MONDAY - WEEK: 1}, holes)
    assert (first.start, first.end, first.kinds) == (start, start + 2 * HOUR, ("rolled_over",))
    assert first.said == ("a", "b")
    assert (first.expected, first.missing) == (None, None)
    assert (second.start, second.end) == (start + 5 * HOUR, start + 6 * HOUR)


def test_only_the_hours_between_looks_without_a_long_pause_are_watched() -> None:
    looks = [MONDAY + timedelta(minutes=m) for m in (50, 65, 80, 95, 305, 320, 335, 400, 460)]
    assert usual_pause(looks) == timedelta(minutes=15)
    assert unwatched(looks, 2 * HOUR) == [(looks[3], looks[4])]
    assert [*watched(looks, 2 * HOUR)] == [MONDAY + 6 * HOUR]
    assert [*watched(looks, 10 * HOUR)] == [MONDAY + n * HOUR for n in range(1, 7)]
    assert [*watched([], HOUR)] == []
    assert usual_pause(looks[:2]) is None


def test_an_hour_is_that_of_the_clock_on_the_wall() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    summer = [datetime(2026, 10, day, 7, tzinfo=UTC) for day in (5, 12, 19)]
    winter = datetime(2026, 10, 26, 8, tzinfo=UTC)  # nine o'clock all the same
    hours = [*summer, datetime(2026, 9, 28, 7, tzinfo=UTC)]
    expected = History(dict.fromkeys(hours, 2), hours, berlin).expected(winter)
    assert expected is not None
    assert expected.samples == 4
