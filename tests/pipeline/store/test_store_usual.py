"""What sources usually bring, summed by SQLite: the same as learned hour by hour; shares of fields."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from pipeline.history import LEARNED_FROM
from pipeline.measures import Count, Look, Measures
from pipeline.pauses import HOUR
from pipeline.rhythm import learn
from pipeline.store import Store

LIST, OTHER = "https://h/politics", "https://h/politics/2"


@pytest.mark.parametrize("days", [0, 2, 5, 20, 35])
def test_pace_is_what_is_learned_from_the_same_hours(
    store: Store, noon: datetime, days: int
) -> None:
    rng = random.Random(days)
    looks = []
    for listing in (LIST, OTHER):
        before = noon - timedelta(days=days)
        while before < noon:
            at = before + timedelta(minutes=rng.randint(5, 90))
            looks.append(Look(listing, at, 20, rng.randint(0, 9), before))
            before = at
    store.health.note_looks("politics", looks)
    with store.writing() as db:
        db.conn.execute("UPDATE yields SET drifted = 1 WHERE fresh > 8")
    for until in (noon, noon - timedelta(days=1)):
        hours = store.health.history("politics", noon, {}).hours
        assert set(store.usual.listings("politics")) == set(hours)
        for listing in (LIST, OTHER):
            these = [
                hour
                for hour in hours.get(listing, ())
                if until - LEARNED_FROM <= hour.at < until and not hour.drifted
            ]
            rhythm, pace = learn(these), store.usual.pace("politics", listing, until)
            assert (pace.tier, pace.usual) == (rhythm.tier, pytest.approx(rhythm.usual))


def test_hours_of_a_listing_are_its_own_and_in_order(store: Store, noon: datetime) -> None:
    looks = [Look(LIST, noon + n * HOUR, 20, n, noon + (n - 1) * HOUR) for n in (3, 1, 2)]
    store.health.note_looks("politics", [*looks, Look(OTHER, noon, 20, 9, noon - HOUR)])
    store.health.note_looks("society", [Look(LIST, noon, 20, 9, noon - HOUR)])
    assert [hour.fresh for hour in store.usual.hours("politics", LIST, noon)] == [1, 2, 3]
    assert [hour.fresh for hour in store.usual.hours("politics", LIST, noon + HOUR)] == [2, 3]
    assert [*store.usual.listings("politics")] == [LIST, OTHER]
    assert [*store.usual.listings("culture")] == []


def _run(store: Store, source: str, at: datetime, **shares: tuple[int, int]) -> None:
    run = store.runs.begin(source, at, "pid 1")
    counts = {f"field:{name}": Count(*of) for name, of in shares.items()}
    counts["selector:.author"] = Count(1, 1)
    with store.writing():
        store.health.learn(source, run, Measures(counts=counts), set(), at)


def test_shares_of_fields_by_source_and_by_day(store: Store, noon: datetime) -> None:
    day = timedelta(days=1)
    _run(store, "politics", noon - 9 * day, authors=(0, 50))
    _run(store, "politics", noon - day, authors=(1, 4), text=(4, 4))
    _run(store, "politics", noon, authors=(3, 4))
    _run(store, "society", noon, authors=(2, 2))
    assert store.usual.shares(noon - 2 * day) == {
        "politics": {"authors": Count(4, 8), "text": Count(4, 4)},
        "society": {"authors": Count(2, 2)},
    }
    assert store.usual.shares_by_day("politics", noon - 2 * day) == {
        "authors": {"2026-09-26": Count(1, 4), "2026-09-27": Count(3, 4)},
        "text": {"2026-09-26": Count(4, 4)},
    }
