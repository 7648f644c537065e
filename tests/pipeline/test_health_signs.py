"""What is drift and what is ordinary life, decided from histories that a test writes down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.health import signs
from pipeline.history import Day, History, Sign, Standing
from pipeline.lulls import silence
from pipeline.measures import Count, Look
from pipeline.odds import group, total
from pipeline.pauses import HOUR
from pipeline.rhythm import Hour, learn

NOW = datetime(2026, 9, 29, 3, 0, tzinfo=UTC)  # Tuesday, noon in Korea
LIST = "http://news.example/politics"
TODAY = NOW.toordinal()


def days(*counts: tuple[int, int]) -> list[Day]:
    """A day each of one run, up to yesterday."""
    return [Day(TODAY - len(counts) + i, group(*it)) for i, it in enumerate(counts)]


def judged(name: str, history: Iterable[tuple[int, int]], matched: int, of: int) -> list[Sign]:
    past = History(days={name: days(*history)})
    return list(signs(past, [], {name: Count(matched, of)}, NOW))


ALWAYS = [(17, 17), (17, 17)]
VARIES = [(8, 20), (14, 20), (11, 20), (13, 20), (9, 20), (12, 20)] * 4


@pytest.mark.parametrize(
    ("history", "matched", "of", "drifts"),
    [
        (ALWAYS, 0, 29, True),  # 34 of 34, and 0 of 29 now: one run
        (ALWAYS, 0, 8, True),
        (ALWAYS, 0, 3, False),
        (ALWAYS, 28, 29, False),
        (ALWAYS * 10, 10, 20, True),
        (ALWAYS * 10, 15, 20, False),
        (VARIES, 6, 20, False),
        (VARIES, 8, 20, False),
        (VARIES, 0, 60, True),
        ([(1, 20), (0, 20)] * 14, 0, 40, False),  # rare fields may be absent
        ([(4, 4)], 0, 29, False),  # next to nothing is known
        ([(20, 20), (0, 20)] * 8, 0, 20, False),  # all or nothing, by the day
        ([], 0, 29, False),
    ],
)
def test_a_field_in_one_run(
    history: list[tuple[int, int]], matched: int, of: int, drifts: bool
) -> None:
    found = judged("field:authors", history, matched, of)
    assert [sign.name for sign in found] == (["field:authors"] if drifts else [])


def test_a_sentence_says_which_and_how_much() -> None:
    (sign,) = judged("field:authors", ALWAYS, 0, 29)
    assert sign.detail == "authors on 0 of 29 articles, usual are 99%"


def test_few_articles_are_taken_with_those_of_the_hours_before() -> None:
    history = History(
        days={"field:authors": days(*[(17, 17)] * 20)},
        recent=[(NOW - i * HOUR, {"field:authors": Count(0, 2)}) for i in range(1, 4)],
    )
    # these runs were taken for good ones: they are in the history too
    history.days["field:authors"].append(Day(TODAY, total([group(0, 2)] * 3)))  # type: ignore[attr-defined]
    (sign,) = signs(history, [], {"field:authors": Count(0, 2)}, NOW)
    assert (sign.found, sign.of, sign.hours) == (0, 8, 6)
    assert "in 6 hours" in sign.detail
    alone = replace(history, recent=())
    assert signs(alone, [], {"field:authors": Count(0, 2)}, NOW) == ()


def test_what_goes_away_little_by_little_is_found_beside_the_weeks_before() -> None:
    falling = [(20, 20)] * 20 + [(20 - 2 * i, 20) for i in range(7)]
    found = judged("field:images", falling, 14, 20)
    assert [sign.hours for sign in found] == [168]
    assert "in 7 days" in found[0].detail
    assert judged("field:images", [(20, 20), (17, 20)] * 13, 16, 20) == []


def test_a_selector_is_judged_only_where_it_always_matched_and_is_gone() -> None:
    assert judged("selector:h3.a", ALWAYS, 0, 12)
    assert not judged("selector:h3.a", ALWAYS * 10, 1, 12)
    assert not judged("selector:h3.a", VARIES, 0, 60)


@pytest.mark.parametrize(
    ("matched", "of", "stands"), [(0, 1, True), (1, 1, False), (0, 0, True), (9, 10, False)]
)
def test_a_drift_stands_until_an_article_shows_that_it_is_over(
    matched: int, of: int, stands: bool
) -> None:
    standing = {"field:authors": Standing("field:authors", NOW - HOUR, 0.98, 0, 29)}
    history = History(days={"field:authors": days(*ALWAYS)}, standing=standing)
    counts = {"field:authors": Count(matched, of)} if of else {}
    assert bool(signs(history, [], counts, NOW)) is stands


def least(entries: int, count_of_days: int) -> dict[str, list[tuple[datetime, int]]]:
    return {LIST: [(NOW - i * HOUR, entries) for i in range(24 * count_of_days, 0, -1)]}


@pytest.mark.parametrize(
    ("entries", "least_days", "shown", "drifts"),
    [
        (20, 14, 9, True), (20, 14, 11, False), (20, 3, 9, False), (20, 3, 4, True),
        (20, 0, 1, False), (3, 14, 1, False),
    ],
)  # fmt: skip
def test_a_listing_of_which_much_is_gone(
    entries: int, least_days: int, shown: int, drifts: bool
) -> None:
    history = History(least=least(entries, least_days) if least_days else {})
    found = signs(history, [Look(LIST, NOW, shown, 0, NOW - HOUR)], {}, NOW)
    assert bool(found) is drifts
    if drifts:
        assert found[0].detail == f"{shown} entries on {LIST}, never fewer than {entries} before"


def rate(at: datetime) -> float:
    """Twelve an hour by day in Korea, half of that at weekends, nothing at night."""
    local = at + timedelta(hours=9)
    by_day = 12.0 if 8 <= local.hour < 22 else 0.0
    return by_day / 2 if local.weekday() >= 5 else by_day


def hours(count_of_days: int, *, silent: int = 0, now: datetime = NOW) -> list[Hour]:
    """Whole hours up to now; the last `silent` brought nothing."""
    all_ = [now - i * HOUR for i in range(24 * count_of_days, 0, -1)]
    quiet = now - silent * HOUR
    return [Hour(at, 1.0, 0.0 if at >= quiet else rate(at)) for at in all_]


def is_silence(count_of_days: int, silent: int, now: datetime = NOW) -> bool:
    past = History(hours={LIST: hours(count_of_days, silent=silent, now=now)})
    return silence(past, LIST, now) is not None


def test_the_rhythm_is_that_of_the_hours_of_the_week() -> None:
    rhythm = learn(hours(28))
    assert (rhythm.tier, rhythm.days) == ("hour of week", 29)
    monday_noon, sunday_noon, night = 3, 6 * 24 + 3, 18
    assert rhythm.usual[monday_noon] == pytest.approx(12, rel=0.15)
    assert rhythm.usual[sunday_noon] == pytest.approx(6, rel=0.3)
    assert rhythm.usual[night] < 0.1
    assert rhythm.quiet[monday_noon] == pytest.approx(0.4 * 6, rel=0.1)
    assert learn([]).tier == "none"
    assert learn(hours(1)).tier == "overall"
    assert learn(hours(6)).tier == "hour of day"


def test_silence_by_day_is_drift_and_by_night_it_is_not() -> None:
    evening = NOW.replace(hour=12)  # 21:00 in Korea
    assert is_silence(28, 12, evening)
    assert not is_silence(28, 3, evening)
    morning = NOW.replace(hour=22) - timedelta(days=1)  # 07:00
    assert not is_silence(28, 9, morning)


def test_in_the_first_days_only_a_long_silence_is_drift() -> None:
    evening = NOW.replace(hour=12)
    assert not is_silence(2, 12, evening)
    assert not is_silence(6, 12, evening)
    assert not is_silence(8, 12, evening)


def test_a_holiday_is_no_drift_but_ten_silent_days_are() -> None:
    def weekdays_only(silent: int) -> History:
        past = [replace(h, fresh=0.0 if h.at.weekday() >= 5 else h.fresh / 8) for h in hours(40)]
        begin = NOW - timedelta(days=silent)
        return History(hours={LIST: [replace(h, fresh=0.0) if h.at >= begin else h for h in past]})

    assert silence(weekdays_only(6), LIST, NOW) is None
    found = silence(weekdays_only(10), LIST, NOW)
    assert found is not None
    assert "0 new entries" in found.detail
    assert "in 10 days" in found.detail


def test_half_of_the_yield_is_drift_after_four_weeks() -> None:
    whole = hours(56)
    begin = NOW - timedelta(days=28)
    half = [replace(h, fresh=h.fresh / 2) if h.at >= begin else h for h in whole]
    found = silence(History(hours={LIST: half}), LIST, NOW)
    assert found is not None
    assert found.hours == 28 * 24
    three_quarters = [replace(h, fresh=h.fresh * 0.75) if h.at >= begin else h for h in whole]
    assert silence(History(hours={LIST: three_quarters}), LIST, NOW) is None


def test_hours_that_nobody_looked_at_are_no_silence() -> None:
    evening = NOW.replace(hour=12)
    seen = [h for h in hours(28, now=evening) if h.at < evening - 12 * HOUR]
    assert silence(History(hours={LIST: seen}), LIST, evening) is None
