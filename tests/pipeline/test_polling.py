"""Adaptive intervals: what is learned from the history of a source, how it is bounded, how it is explained."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from benchmarks.polling import agency, compare, local_paper
from pipeline.polling import Hour, plan

SEOUL = ZoneInfo("Asia/Seoul")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
EVERY, AT_MOST = 10 * MINUTE, 2 * HOUR
MONDAY = datetime(2026, 9, 28, 0, 0, tzinfo=SEOUL)


def days(count: int, quiet: range, until: datetime, per_hour: int = 6) -> list[Hour]:
    """So many days of looks in every hour before a time, with nothing new in the quiet hours."""
    first = until.replace(minute=0) - count * 24 * HOUR
    starts = [first + n * HOUR for n in range(count * 24 + 1)]
    return [Hour(it, 0 if it.hour in quiet else per_hour) for it in starts]


NIGHT = range(1, 5)


def test_a_busy_hour_is_asked_as_configured() -> None:
    at = MONDAY + 12 * HOUR
    assert plan(days(14, NIGHT, at), EVERY, AT_MOST, at, at - 3 * HOUR).interval == EVERY


def test_a_quiet_night_is_asked_less_often_and_says_why() -> None:
    at = MONDAY + 1 * HOUR + 20 * MINUTE
    it = plan(days(14, NIGHT, at), EVERY, AT_MOST, at, at - 2 * HOUR)
    assert it.interval == AT_MOST
    assert it.why == "nothing new between 01:00 and 05:00 on 10 of 10 days"  # working days


def test_a_long_wait_ends_where_a_busy_hour_begins() -> None:
    at = MONDAY + 4 * HOUR + 20 * MINUTE
    it = plan(days(14, NIGHT, at), EVERY, AT_MOST, at, at - 5 * HOUR)
    assert it.interval == 40 * MINUTE
    at = MONDAY + 4 * HOUR + 55 * MINUTE
    assert plan(days(14, NIGHT, at), EVERY, AT_MOST, at, at - 5 * HOUR).interval == EVERY


def test_something_new_at_night_wakes_it_at_once() -> None:
    at = MONDAY + 2 * HOUR
    history = days(14, NIGHT, at)
    assert plan(history, EVERY, AT_MOST, at, at).interval == EVERY
    assert plan(history, EVERY, AT_MOST, at, at - 59 * MINUTE).interval == EVERY
    assert plan(history, EVERY, AT_MOST, at, at - 60 * MINUTE).interval > EVERY


@pytest.mark.parametrize(("nights", "interval"), [(0, EVERY), (1, EVERY), (3, 40 * MINUTE)])
def test_little_evidence_moves_little(nights: int, interval: timedelta) -> None:
    at = MONDAY + 1 * HOUR
    it = plan(days(nights, NIGHT, at), EVERY, AT_MOST, at, None)
    assert abs(it.interval - interval) <= 10 * MINUTE


def test_a_night_that_brought_something_counts_against_it() -> None:
    at = MONDAY + 2 * HOUR
    history = days(14, NIGHT, at)
    busy = {at - 24 * 4 * HOUR}
    now_and_then = [Hour(it.start, 1 if it.start in busy else it.new) for it in history]
    slow, faster = (plan(it, EVERY, AT_MOST, at, None) for it in (history, now_and_then))
    assert EVERY < faster.interval < slow.interval
    assert faster.why.endswith("on 10 of 11 days")


def test_week_ends_have_days_of_their_own() -> None:
    sunday = MONDAY + 6 * 24 * HOUR + 11 * HOUR
    history = [
        Hour(it.start, 0 if it.start.weekday() >= 5 else 6) for it in days(14, range(0), sunday)
    ]
    it = plan(history, EVERY, AT_MOST, sunday, None)  # four such days are little evidence
    assert 40 * MINUTE <= it.interval <= 50 * MINUTE
    assert it.why == "nothing new at any hour on 7 of 7 days"
    assert plan(history, EVERY, AT_MOST, sunday + 24 * HOUR, None).interval == EVERY


def test_hours_between_two_looks_are_known_hours_without_any_are_not() -> None:
    at = MONDAY + 1 * HOUR
    rare = [it for it in days(14, NIGHT, at) if it.start.hour % 2]
    assert plan(rare, EVERY, AT_MOST, at, None).interval > HOUR
    once_a_day = [it for it in rare if it.start.hour == 13]
    assert plan(once_a_day, EVERY, AT_MOST, at, None).interval == EVERY


def test_a_night_that_crosses_midnight_is_one() -> None:
    at = MONDAY + 23 * HOUR + 30 * MINUTE
    it = plan(days(14, range(22, 24), at, 6), EVERY, AT_MOST, at, None)
    assert it.interval == 30 * MINUTE
    quiet = [
        Hour(h.start, 0 if h.start.hour in (22, 23, 0, 1, 2) else 6) for h in days(14, NIGHT, at)
    ]
    said = plan(quiet, EVERY, AT_MOST, at, None).why
    assert said.startswith("nothing new between 22:00 and 03:00 on ")


def test_the_bounds_hold_whatever_the_history() -> None:
    for hour in range(24):
        at = MONDAY + hour * HOUR
        for history in (days(14, range(24), at), days(14, range(0), at, 100), []):
            for most in (EVERY, 25 * MINUTE, AT_MOST):
                assert EVERY <= plan(history, EVERY, most, at, None).interval <= most


def test_what_it_saves_and_what_it_costs() -> None:
    """The figures of docs/scheduling.md, on a shorter simulation of the same sources."""
    paper, busy = compare(local_paper, 3, 1), compare(agency, 3, 1)
    assert paper["saved"] > 0.35
    assert paper["mean adaptive"] < paper["mean"] + 1.5
    assert paper["longest adaptive"] <= 60
    assert paper["late"] < 0.05
    assert busy["saved"] < 0.02
    assert busy["longest adaptive"] <= 10
