"""The verdict on a crawl: nothing read is never success, and one bad page is no drift."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.errors import BadAnswer, Gone, LayoutChanged, PageError, Unreachable
from pipeline.records import CrawlReport, Outcome
from pipeline.tally import UNREACHABLE_IN_A_ROW, Tally

NOON = datetime(2026, 9, 27, 12, tzinfo=UTC)
DOWN = Unreachable("http://h/1", "timeout", "too late")
ODD = BadAnswer("http://h/2", "not_html", "is a picture")
BROKEN = LayoutChanged("http://h/3", "h3", expected=1, found=0)


@pytest.fixture
def tally() -> Tally:
    return Tally(CrawlReport("politics", NOON, NOON, "ok"), listings_read=1)


def verdict(tally: Tally) -> CrawlReport:
    return tally.verdict(NOON + timedelta(minutes=1), 7)


def test_a_good_crawl(tally: Tally) -> None:
    tally.count("new", 3)
    tally.count("new")
    report = verdict(tally)
    assert (report.outcome, report.new, report.open, report.detail) == ("ok", 4, 7, "")
    assert report.finished_at == NOON + timedelta(minutes=1)


def test_problems_are_counted_and_kept_in_order(tally: Tally) -> None:
    tally.note(DOWN, "errors")
    tally.note(BROKEN, "quarantined")
    report = verdict(tally)
    assert (report.errors, report.quarantined) == (1, 1)
    assert [problem.reason for problem in report.problems] == ["timeout", "layout_changed"]


def test_no_listing_read_is_a_failure(tally: Tally) -> None:
    tally.listings_read = 0
    assert (verdict(tally).outcome, verdict(tally).detail) == ("failed", "no listing could be read")


def test_no_listing_read_says_why(tally: Tally) -> None:
    tally.listings_read = 0
    tally.note(Gone("http://h/politics", "answered 404"), "errors")
    assert (verdict(tally).outcome, verdict(tally).detail) == ("failed", "answered 404")


@pytest.mark.parametrize(
    ("between", "ends"), [(None, True), (ODD, False), (BROKEN, False), ("answered", False)]
)
def test_failures_in_a_row_end_the_crawl(tally: Tally, between, ends: bool) -> None:
    for number in range(UNREACHABLE_IN_A_ROW):
        if isinstance(between, PageError) and number:
            tally.note(between, "errors")
        elif between:
            tally.answered()
        assert not tally.ended
        tally.note(DOWN, "errors")
    assert tally.ended is ends
    assert verdict(tally).outcome == ("failed" if ends else "ok")


def test_the_first_reason_to_end_is_told(tally: Tally) -> None:
    tally.end("blocked", "answered 403")
    tally.end("failed", "something else")
    assert (verdict(tally).outcome, verdict(tally).detail) == ("blocked", "answered 403")


@pytest.mark.parametrize(
    ("parsed", "unreadable", "outcome"),
    [(0, 0, "ok"), (0, 2, "ok"), (0, 3, "drift"), (12, 3, "ok"), (11, 3, "drift"), (90, 10, "ok")],
)
def test_a_share_of_unreadable_articles_is_drift(
    tally: Tally, parsed: int, unreadable: int, outcome: Outcome
) -> None:
    tally.parsed = parsed
    for _ in range(unreadable):
        tally.note(BROKEN, "quarantined")
    assert verdict(tally).outcome == outcome


@pytest.mark.parametrize(
    ("parsed", "others", "outcome"),
    [(0, 3, "ok"), (0, 7, "ok"), (0, 8, "drift"), (1, 30, "ok")],
)
def test_nothing_but_videos_is_a_quiet_day_for_a_while(
    tally: Tally, parsed: int, others: int, outcome: Outcome
) -> None:
    """A few videos in a row are common; if every page seems to have no text, the parser lost it."""
    tally.parsed = parsed
    for _ in range(others):
        tally.not_articles += 1
        tally.count("skipped")
    assert verdict(tally).outcome == outcome


def test_removed_articles_are_no_drift(tally: Tally) -> None:
    tally.count("skipped", 30)
    assert verdict(tally).outcome == "ok"
