"""Schedules: crontab expressions as cron(8) reads them, and when a source is due first. All of it pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jobs import crontab
from jobs.triggers import MOST_COUNTED, first_due, next_runs, times_due, trigger_for
from pipeline.errors import ConfigError
from pipeline.records import Source

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)  # a Sunday, 12:00 in Seoul
TEN_MINUTES = timedelta(minutes=10)


def source(cron: str | None = None, every: timedelta | None = None) -> Source:
    return Source("politics", "daum", ("https://news.daum.net/politics",), every=every, cron=cron)


def due(cron: str, most: int = 3, now: datetime = NOW, zone: ZoneInfo = SEOUL) -> list[str]:
    return [f"{at:%a %m-%d %H:%M}" for at in next_runs(source(cron), zone, now, most)]


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("*", "*"),
        ("0", "sun"),
        ("7", "sun"),
        ("1", "mon"),
        ("6", "sat"),
        ("1-5", "mon,tue,wed,thu,fri"),
        ("mon-fri", "mon,tue,wed,thu,fri"),
        ("MON,Wed", "mon,wed"),
        ("*/2", "sun,tue,thu,sat"),
        ("1-5/2", "mon,wed,fri"),
        ("2/2", "tue,thu,sat"),
        ("5-7", "fri,sat,sun"),
        ("fri-mon", "fri,sat,sun,mon"),
        ("0-7", "sun,mon,tue,wed,thu,fri,sat"),
        ("6,0,6", "sat,sun"),
    ],
)
def test_weekdays_are_those_of_cron(field: str, names: str) -> None:
    assert crontab.named_weekdays(field) == names


@pytest.mark.parametrize(
    "field",
    [
        "8",
        "-1",
        "",
        "1-",
        "-5",
        "1,",
        "mon-x",
        "1-5/0",
        "1-5/-1",
        "1#2",
        "L",
        "sunday",
        "²",
        "*/x",
        "1_0",
    ],
)
def test_a_wrong_weekday_is_refused_in_plain_words(field: str) -> None:
    with pytest.raises(ValueError, match=r"^weekday '.*' is not in 0-7 or sun-sat$"):
        crontab.named_weekdays(field)


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 9 * * 1", ["Mon 09-28 09:00", "Mon 10-05 09:00", "Mon 10-12 09:00"]),
        ("0 9 * * 0", ["Sun 10-04 09:00", "Sun 10-11 09:00", "Sun 10-18 09:00"]),
        ("*/15 7-23 * * *", ["Sun 09-27 12:00", "Sun 09-27 12:15", "Sun 09-27 12:30"]),
        ("5/20 * * * *", ["Sun 09-27 12:05", "Sun 09-27 12:25", "Sun 09-27 12:45"]),
        ("30 6 1,15 * *", ["Thu 10-01 06:30", "Thu 10-15 06:30", "Sun 11-01 06:30"]),
        # either of day and weekday suffices where both are given …
        ("0 0 1 * mon", ["Mon 09-28 00:00", "Thu 10-01 00:00", "Mon 10-05 00:00"]),
        # … but a field that begins with a star does not count as given
        ("0 0 */2 * mon", ["Mon 10-05 00:00", "Mon 10-19 00:00", "Mon 11-09 00:00"]),
        ("0 0 1 * */2", ["Thu 10-01 00:00", "Sun 11-01 00:00", "Tue 12-01 00:00"]),
        ("@daily", ["Mon 09-28 00:00", "Tue 09-29 00:00", "Wed 09-30 00:00"]),
        ("@Weekly", ["Sun 10-04 00:00", "Sun 10-11 00:00", "Sun 10-18 00:00"]),
        ("0 0 * jan-feb sun", ["Sun 01-03 00:00", "Sun 01-10 00:00", "Sun 01-17 00:00"]),
    ],
)
def test_expressions_come_due_as_in_cron(cron: str, expected: list[str]) -> None:
    assert due(cron) == expected


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("0 0 30 2 *", "never comes due"),
        ("0 0 31 4,6,9,11 *", "never comes due"),
        ("", "needs five fields"),
        ("* * * *", "needs five fields"),
        ("0 0 0 * * *", "needs five fields"),
        ("@reboot", "needs five fields"),
        ("60 * * * *", "60"),
        ("*/0 * * * *", "higher than 0"),
        ("0 24 * * *", "24"),
        ("0 0 0 * *", "minimum"),
        ("0 0 ? * 1", '"?"'),
        ("0 0 * * 8", "0-7 or sun-sat"),
        ("x * * * *", '"x"'),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_key_and_the_reason(cron: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        trigger_for(source(cron), SEOUL, NOW)
    assert str(refused.value).startswith(f"source.politics.cron: {cron!r}")
    assert said in str(refused.value)


def test_the_29th_of_february_is_waited_for() -> None:
    (at,) = next_runs(source("0 0 29 2 *"), SEOUL, NOW, 1)
    assert (at.year, at.month, at.day) == (2028, 2, 29)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", datetime(2026, 3, 8, 4, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 3, 0, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 12, 0, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2018, 11, 4, 1, 0, tzinfo=UTC)),  # midnight was skipped
        ("Asia/Seoul", datetime(1988, 5, 7, 12, 0, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("cron", ["*/30 * * * *", "30 2 * * *", "0 0 * * *", "30 1 * * *"])
def test_changes_of_the_clock_stop_nothing(zone: str, day: datetime, cron: str) -> None:
    trigger = trigger_for(source(cron), ZoneInfo(zone), day)
    at, fired = day, []
    while at < day + timedelta(days=3):
        at = trigger.get_next_fire_time(fired[-1] if fired else None, at)
        fired.append(at)
    in_utc = [at.astimezone(UTC) for at in fired]
    assert all(a < b for a, b in pairwise(in_utc))
    # at most the hour that comes twice longer than usual; and a daily run is daily
    usual = timedelta(minutes=30) if cron[0] == "*" else timedelta(days=1)
    assert max(b - a for a, b in pairwise(in_utc)) <= usual + timedelta(hours=1)
    if cron[0] != "*":
        assert [at.date() for at in fired] == [
            fired[0].date() + timedelta(days=n) for n in range(len(fired))
        ]


def test_the_zone_is_the_configured_one_whatever_the_machine_has() -> None:
    (at,) = next_runs(source("0 7 * * *"), SEOUL, NOW, 1)
    assert at.astimezone(UTC) == datetime(2026, 9, 27, 22, 0, tzinfo=UTC)


def test_intervals_go_on_from_the_last_run_with_a_little_jitter() -> None:
    trigger = trigger_for(source(every=TEN_MINUTES), SEOUL, NOW, jitter=True)
    after = {trigger.get_next_fire_time(NOW, NOW) - NOW for _ in range(20)}
    assert all(TEN_MINUTES <= it <= TEN_MINUTES + timedelta(seconds=20) for it in after)
    assert len(after) > 1


def test_crontab_times_have_jitter_too_and_none_comes_twice() -> None:
    trigger = trigger_for(source("* * * * *"), SEOUL, NOW, jitter=True)
    fired = [NOW]
    for _ in range(50):
        fired.append(trigger.get_next_fire_time(fired[-1], fired[-1]))
    assert [at.minute for at in fired[1:]] == [n % 60 for n in range(1, 51)]
    assert max(at.second for at in fired) < 20
    assert len({at.second for at in fired}) > 1


@pytest.mark.parametrize("zone", [SEOUL, ZoneInfo("America/New_York")])
@pytest.mark.parametrize("it", [source(every=TEN_MINUTES), source("*/10 * * * *")])
def test_after_a_pause_of_any_length_the_next_time_lies_ahead(it: Source, zone: ZoneInfo) -> None:
    """What APScheduler would otherwise go through one by one."""
    trigger = trigger_for(it, zone, NOW)
    for pause in (timedelta(hours=6), timedelta(days=7), timedelta(days=100)):
        woke = (NOW + pause).astimezone(zone)
        after = trigger.get_next_fire_time(NOW.astimezone(zone), woke)
        assert timedelta(0) < after.astimezone(UTC) - (NOW + pause) <= TEN_MINUTES


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, NOW),
        (NOW - timedelta(minutes=3), NOW + timedelta(minutes=7)),
        (NOW - timedelta(days=2), NOW - timedelta(days=2) + TEN_MINUTES),
        (NOW + timedelta(days=60), NOW),  # the clock was wrong once
    ],
)
def test_an_interval_counts_from_the_last_crawl(last: Any, expected: Any) -> None:
    it = source(every=TEN_MINUTES)
    assert first_due(it, trigger_for(it, SEOUL, NOW), last, NOW) == expected


@pytest.mark.parametrize(
    ("cron", "last", "hours"),
    [
        ("30 11 * * *", None, 23.5),
        ("30 11 * * *", NOW - timedelta(days=1), -0.5),
        ("30 11 * * *", NOW - timedelta(minutes=30), 23.5),  # it began in the second of its time
        ("30 11 * * *", NOW - timedelta(minutes=10), 23.5),
        ("30 11 * * *", NOW + timedelta(days=60), 23.5),  # the clock was wrong once
        ("0 3 * * *", NOW - timedelta(days=2), -33),
    ],
)
def test_a_crontab_time_in_the_pause_is_still_due(cron: str, last: Any, hours: float) -> None:
    it = source(cron)
    due = first_due(it, trigger_for(it, SEOUL, NOW), last, NOW)
    assert due == NOW + timedelta(hours=hours)


def test_missed_times_are_counted_up_to_a_bound() -> None:
    for it in (source(every=TEN_MINUTES), source("*/10 * * * *")):
        assert times_due(it, SEOUL, NOW, NOW) == 1
        assert times_due(it, SEOUL, NOW, NOW + timedelta(hours=1)) == 7
        assert times_due(it, SEOUL, NOW, NOW + timedelta(days=365)) == MOST_COUNTED
