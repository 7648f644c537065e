"""What was published when, and between which looks a listing rolled over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline.records import Article, Entry
from pipeline.store import Store
from pipeline.store.times import stamp

MINUTE = timedelta(minutes=1)
LISTING = "http://h/politics"
Made = Callable[..., list[Entry]]


@pytest.fixture
def look(
    store: Store, article: Article, entries: Made, noon: datetime
) -> Callable[[int, range], None]:
    """A look after some minutes; article n was published n minutes after noon and is stored at once."""

    def looked(minutes: int, numbers: range, *, fetched: bool = True) -> None:
        at = noon + minutes * MINUTE
        store.visits.discover("politics", LISTING, entries(*numbers), at)
        for number in numbers if fetched else ():
            own = replace(
                article,
                id=f"daum:{number}",
                canonical_url=f"https://v.daum.net/v/{number}",
                published_at=noon + number * MINUTE,
                fetched_at=at,
            )
            store.articles.save(own, "politics")

    return looked


def rolled(store: Store, since: datetime) -> list[tuple[str, str]]:
    found = store.coverage.rolled_over("politics", since)
    return [(stamp(it.newest)[11:16], stamp(it.oldest)[11:16]) for it in found]


def test_looks_that_share_an_article_missed_nothing(store: Store, look, noon: datetime) -> None:
    look(10, range(10))
    look(20, range(9, 20))
    look(30, range(19, 30))
    look(40, range(19, 30))
    assert rolled(store, noon) == []


def test_looks_that_share_nothing_did(store: Store, look, noon: datetime) -> None:
    look(10, range(10))
    look(60, range(40, 60))
    look(70, range(55, 70))
    look(90, range(75, 90))
    assert rolled(store, noon) == [("03:09", "03:40"), ("04:09", "04:15")]
    (first, _) = store.coverage.rolled_over("politics", noon)
    assert first.looked_at == noon + 10 * MINUTE
    assert first.listing == LISTING


def test_the_look_before_the_time_counts(store: Store, look, noon: datetime) -> None:
    look(10, range(10))
    look(60, range(40, 60))
    assert rolled(store, noon + 30 * MINUTE) == [("03:09", "03:40")]
    assert rolled(store, noon + 61 * MINUTE) == []


def test_an_old_article_on_a_listing_tells_nothing(store: Store, look, noon: datetime) -> None:
    """A ranking is in no order of time: what it does not show may never have been there."""
    look(10, range(5, 10))
    look(60, range(5))
    assert rolled(store, noon) == []


def test_articles_that_were_never_fetched_may_be_what_they_share(
    store: Store, look, noon: datetime
) -> None:
    look(10, range(5))
    look(20, range(4, 12), fetched=False)
    look(60, range(11, 13), fetched=False)
    look(60, range(12, 20))
    assert rolled(store, noon) == []


def test_articles_count_for_the_hour_in_which_they_were_published(
    store: Store, article: Article, noon: datetime
) -> None:
    for number, published in enumerate([noon - 2 * MINUTE, noon, noon + 59 * MINUTE, None]):
        own = replace(
            article,
            id=f"daum:{number}",
            canonical_url=f"https://v.daum.net/v/{number}",
            published_at=published,
            fetched_at=noon + 130 * MINUTE,
        )
        store.articles.save(own, "politics" if number else "society")
    assert store.coverage.published(noon) == {
        "politics": {noon: 2, noon + 120 * MINUTE: 1},
    }
    assert store.coverage.published(noon - 60 * MINUTE)["society"] == {noon - 60 * MINUTE: 1}
