"""`gisa gaps`: what an outage cost, why, and what would have to be fetched again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from jobs import wiring
from pipeline.config import load
from pipeline.pauses import HOUR
from pipeline.store import open_store
from tests.jobs.desk import Desk

EVERY = timedelta(minutes=30)
NOW = datetime(2026, 9, 27, 3, tzinfo=UTC)
AN_HOUR = 12
"""Articles."""


def outage(hours_ago: int) -> bool:
    return 50 < hours_ago <= 58


class Past:
    """Six weeks of a source that brings twelve articles an hour."""

    def __init__(self, desk: Desk) -> None:
        desk.configure("politics", source='every = "30m"')
        self.source = load(desk.config, {}).sources["politics"]
        self.desk = desk

    def write(self, *, lost: bool, outcome: str = "ok", looks: bool = True) -> None:
        hours = range(24 * 42, 0, -1)
        articles = [
            (f"daum:{ago}-{number}", f"{NOW - ago * HOUR:%FT%T}Z")
            for ago in hours
            if not (lost and outage(ago))
            for number in range(AN_HOUR)
        ]
        runs = [
            (f"{at:%FT%T}Z", *((outcome, "refused") if outage(ago) else ("ok", "")))
            for ago in hours
            if looks or not outage(ago)
            for at in (NOW - ago * HOUR, NOW - ago * HOUR + EVERY)
        ]
        with open_store(self.desk.database) as store, store.writing() as db:
            store.sources.remember(self.source, NOW)
            db.conn.executemany(_ARTICLE, articles)
            db.conn.executemany(
                "INSERT INTO runs (source, started_at, outcome, detail) VALUES ('politics', ?, ?, ?)",
                runs,
            )


_COLUMNS = (
    "url", "canonical_url", "headline", "first_seen_at", "last_seen_at", "fetched_at", "redistribute",
    "tdm", "ai_train", "parser", "content_hash", "labels", "keywords", "warnings", "rights", "body",
    "text",
)  # fmt: skip
_EMPTY = ", ''" * len(_COLUMNS)
_ARTICLE = (
    f"INSERT INTO articles (id, published_at, portal, source, revision, {', '.join(_COLUMNS)})"
    f" VALUES (?, ?, 'daum', 'politics', 1{_EMPTY})"
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty past the hour, whenever the tests run."""
    monkeypatch.setattr(wiring, "now", lambda: NOW + timedelta(minutes=20))


@pytest.fixture
def past(desk: Desk, clock: None) -> Past:
    return Past(desk)


def test_six_ordinary_weeks_have_no_gap(desk: Desk, past: Past) -> None:
    past.write(lost=False)
    done = desk.gisa("gaps")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"politics: 0 gaps in 16[67] hours\n", done.out)
    hours = desk.gisa("gaps", "--hours", "--since", "2d").out
    assert (
        len(re.findall(r"^politics +\S+ \d\d:00 +12 +12-12 +12 +0\.0$", hours, re.MULTILINE)) > 40
    )


def test_a_daemon_that_was_down(desk: Desk, past: Past) -> None:
    past.write(lost=True, looks=False)
    done = desk.gisa("gaps", "politics", "--format", "json").json
    ((gap,),) = [it["gaps"] for it in done]
    start = NOW - 58 * HOUR
    assert datetime.fromisoformat(gap["from"]) == start
    assert datetime.fromisoformat(gap["to"]) == start + 8 * HOUR
    assert (gap["expected"], gap["seen"], gap["missing"]) == (96, 0, 96)
    assert gap["kinds"] == ["few"]
    (why,) = gap["why"]
    assert why.startswith("no listing was read from ")
    text = desk.gisa("gaps").out
    assert re.search(r"^politics: 1 gaps in 16[67] hours$", text, re.MULTILINE)
    # the outage was from 2 to 10 o'clock in Seoul
    assert text.endswith("\ngisa backfill politics --from 2026-09-25 --to 2026-09-25\n")


def test_runs_that_failed(desk: Desk, past: Past) -> None:
    past.write(lost=True, outcome="failed")
    (found,) = desk.gisa("gaps", "--format", "json").json
    (gap,) = found["gaps"]
    assert gap["missing"] == 96
    assert gap["why"][0] == "16 of 16 runs failed: refused"
    assert found["watched_hours"] < 24 * 42 - 8


def test_runs_that_went_well_and_brought_nothing(desk: Desk, past: Past) -> None:
    past.write(lost=True)
    (found,) = desk.gisa("gaps", "--format", "json").json
    (gap,) = found["gaps"]
    assert gap["why"] == [
        "every run went well: fewer were published, or the listings leave some out"
    ]


def test_a_source_that_is_not_read_any_more(desk: Desk, past: Past) -> None:
    past.write(lost=False)
    with open_store(desk.database) as store, store.writing() as db:
        db.execute("DELETE FROM runs WHERE started_at > ?", [f"{NOW - 5 * HOUR:%FT%T}Z"])
        db.execute("DELETE FROM changes")
        db.execute("DELETE FROM articles WHERE published_at > ?", [f"{NOW - 5 * HOUR:%FT%T}Z"])
    (found,) = desk.gisa("gaps", "--format", "json").json
    (gap,) = found["gaps"]
    assert "not_read_since" in gap["kinds"]
    assert datetime.fromisoformat(gap["to"]) >= NOW
    assert gap["missing"] >= 48
    assert gap["why"][0].startswith("no listing was read since ")


def test_little_history_is_told_and_nothing_is_judged(desk: Desk) -> None:
    desk.gisa("run")
    done = desk.gisa("gaps", "--since", "1d")
    assert done.code == 0
    assert done.out.startswith("politics: 0 gaps in 0 hours")
    assert "backfill" not in done.out


def test_before_any_run(desk: Desk) -> None:
    open_store(desk.database).close()
    assert desk.gisa("gaps").out == "politics: no listing was read yet\n"
    assert desk.gisa("gaps", "nowhere").code == 2


def test_a_listing_that_rolled_over_between_two_crawls(desk: Desk) -> None:
    """The whole way: crawls of the sample portal, whose front was exchanged meanwhile."""
    newsroom, listing = desk.portal.newsroom, desk.portal.listing_url("politics")
    desk.gisa("run")
    desk.happened_at(newsroom.now)
    known = newsroom.ids("politics")
    newsroom.advance(timedelta(hours=5))
    for number in known:
        newsroom.remove(number)
    for _ in range(25):
        newsroom.publish("politics")
    desk.gisa("run")
    desk.happened_at(newsroom.now)
    since = f"{newsroom.now - timedelta(hours=12):%FT%T%z}"
    (found,) = desk.gisa("gaps", "--since", since, "--format", "json").json
    gap = found["gaps"][0]
    assert "rolled_over" in gap["kinds"]
    assert (gap["expected"], gap["missing"]) == (None, None)
    assert gap["why"][0].startswith("the listing rolled over: the last of ")
    assert gap["why"][0].endswith(listing)
    start = datetime.fromisoformat(gap["from"])
    assert newsroom.now - timedelta(hours=6) < start < newsroom.now - timedelta(hours=4)
