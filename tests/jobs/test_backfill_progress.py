"""What is said of a backfill's end: nothing without a pace, and "at least" while listings are unread."""

from __future__ import annotations

import pytest

from jobs.backfill_progress import Lines, Shown, estimate, sentence
from pipeline.backfilling.work import Told


def told(days: int, done: int, known: int, now: int | None = None, unit: str = "days") -> Told:
    return Told("paper", unit, days, 10, done, known, done if now is None else now)


def test_nothing_is_said_without_a_pace() -> None:
    assert estimate(told(0, 0, 0), 0) is None
    assert estimate(told(1, 4, 40), 4) is None
    assert sentence(told(1, 4, 40), 4) == "1/10 days, 4/40+ articles"


def test_while_days_are_unlisted_it_takes_at_least_so_long() -> None:
    found = estimate(told(2, 40, 60), 40)
    assert found is not None
    assert (found.rate, found.at_least.total_seconds()) == (1.0, 20)
    assert found.perhaps is not None
    assert found.perhaps.total_seconds() == 260  # ten days of thirty, without the forty
    said = "2/10 days, 40/60+ articles, 1/s, at least 20s left, perhaps 4m 20s"
    assert sentence(told(2, 40, 60), 40) == said


def test_once_all_days_are_listed_the_end_is_known() -> None:
    assert sentence(told(10, 100, 400), 200) == "10/10 days, 100/400 articles, 0.5/s, 10m 00s left"
    assert sentence(told(10, 400, 400), 200) == "10/10 days, 400/400 articles"


def test_the_pace_is_that_of_this_command() -> None:
    found = estimate(told(10, 1000, 1100, now=10), 100)
    assert found is not None
    assert (found.rate, found.at_least.total_seconds()) == (0.1, 1000)


def test_sitemaps_do_not_tell_what_others_will_name() -> None:
    found = estimate(told(2, 40, 60, unit="sitemaps"), 40)
    assert found is not None
    assert found.perhaps is None


def test_long_times_are_rounded() -> None:
    assert sentence(told(10, 10, 10_000), 10).endswith("1/s, 2h 46m left")
    assert sentence(told(10, 10, 1_000_000), 10).endswith("1/s, 11d 13h left")


def test_lines_come_every_half_minute(capsys: pytest.CaptureFixture[str]) -> None:
    clock = [0.0]
    shown = Shown(Lines(now=lambda: clock[0]), now=lambda: clock[0])
    for second in range(65):
        clock[0] = float(second)
        shown.progress(told(10, second, 100))
    shown.waiting("politics")
    assert capsys.readouterr().err.splitlines() == [
        "paper: 10/10 days, 0/100 articles",
        "paper: 10/10 days, 30/100 articles, 1/s, 1m 10s left",
        "paper: 10/10 days, 60/100 articles, 1/s, 40s left",
    ]
    clock[0] = 100.0
    shown.waiting("politics")
    assert capsys.readouterr().err == "paper: waiting for the crawl of politics\n"
