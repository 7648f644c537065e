"""Paces that are kept from page to page are those of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs import paces
from jobs.paces import Paces
from jobs.yields import yields
from pipeline.history import YIELD, Sign
from pipeline.records import Source
from pipeline.store import Store, open_store
from tests.jobs.lived import HOUR, brought, drifted, ran

NOW = datetime(2026, 9, 27, 12, 0, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
LISTING = "https://news.daum.net/a"
SOURCE = Source("a", "daum", (LISTING,))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A source that brought six an hour for three weeks."""
    with open_store(tmp_path / "gisa.db") as opened:
        brought(opened, SOURCE, NOW, days=21, an_hour=6, last_day=6)
        yield opened


@pytest.fixture
def learned(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The hours up to which a pace was learned from the database."""
    until, learn = [], type(store.usual).pace

    def pace(self: object, source: str, listing: str, at: datetime) -> object:
        until.append(at)
        return learn(self, source, listing, at)  # type: ignore[arg-type]

    monkeypatch.setattr(type(store.usual), "pace", pace)
    return until


def test_a_pace_is_learned_once_an_hour(store: Store, learned: list[datetime]) -> None:
    kept = Paces()
    for minutes in (1, 20, 59):
        now = NOW + minutes * _MINUTE
        assert yields(store, "a", now, paces=kept) == yields(store, "a", now)
    assert len(learned) == 1 + 3
    yields(store, "a", NOW + 61 * _MINUTE, paces=kept)
    assert len(learned) == 2 + 3


def test_what_was_accepted_in_the_same_hour_shows_at_once(store: Store) -> None:
    kept = Paces()
    at = [NOW + minutes * _MINUTE for minutes in (10, 20, 30, 40, 50)]
    assert yields(store, "a", at[0], paces=kept).usual > 100
    drifted(store, SOURCE, at[1], Sign(YIELD + LISTING, 6, 1, 0, 48))
    assert yields(store, "a", at[2], paces=kept) == yields(store, "a", at[2])
    with store.writing():  # the drift goes on, and spoils more hours
        store.drifts.note("a", 2, [Sign(YIELD + LISTING, 6, 1, 0, 480)], at[2])
    after = yields(store, "a", at[3], paces=kept)
    assert after == yields(store, "a", at[3])
    assert after.learned_by != "hour of week"
    store.drifts.accept("a", at[3])
    brought(store, SOURCE, at[3].replace(minute=0), days=1, an_hour=6, last_day=6)
    anew = yields(store, "a", at[4], paces=kept)
    assert anew == yields(store, "a", at[4])
    assert anew.learned_by == "overall"  # by the one hour that is a day old


def test_a_run_without_a_drift_is_no_reason_to_learn_anew(
    store: Store, learned: list[datetime]
) -> None:
    kept = Paces()
    yields(store, "a", NOW + _MINUTE, paces=kept)
    ran(store, SOURCE, NOW + _MINUTE)
    yields(store, "a", NOW + 2 * _MINUTE, paces=kept)
    assert len(learned) == 1


def test_not_more_are_kept_than_fit(
    store: Store, learned: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces, "_MOST", 2)
    kept = Paces()
    for hour in range(5):
        kept.of(store, "a", LISTING, NOW + hour * HOUR)
        assert len(kept._kept) <= 2
    assert len(learned) == 5
