"""The past in the database: what waits for a backfill, and what was read for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from pipeline.discover.archives import Days
from pipeline.records import Article, Entry
from pipeline.store import Store
from pipeline.store.backfill_listings import DayRead, ToRead
from pipeline.store.backfills import Backfill
from pipeline.store.checks import broken
from pipeline.store.visits import MAX_TRIES, NEVER_SEEN

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 3)
Entries = Callable[..., list[Entry]]


def begun(store: Store, noon: datetime, last: date = LAST) -> Backfill:
    return store.backfills.begin("politics", Days(FIRST, last), noon)


def opened(store: Store, it: Backfill, entries: list[Entry], day: date, noon: datetime) -> int:
    return store.backfills.discover(it, [(e, day) for e in entries], noon, dated=False)


def due(store: Store, it: Backfill, upto: date, at: datetime) -> list[str]:
    return [visit.article_id for visit in store.backfills.due(it, upto, at, 100)]


def test_what_waits_for_a_backfill_is_not_due_for_a_run(
    store: Store, entries: Entries, noon: datetime
) -> None:
    it = begun(store, noon)
    assert opened(store, it, entries(1, 2), FIRST, noon) == 2
    assert opened(store, it, entries(3), LAST, noon) == 1
    assert opened(store, it, entries(3), FIRST, noon) == 0
    assert store.visits.due("politics", noon) == []
    assert store.visits.count_open() == 0
    assert due(store, it, FIRST, noon) == ["daum:2", "daum:1"]
    assert due(store, it, LAST, noon) == ["daum:2", "daum:1", "daum:3"]
    assert broken(store) == []


def test_a_backlog_of_the_past_costs_a_run_nothing(store: Store) -> None:
    plan = store.rows(
        "EXPLAIN QUERY PLAN SELECT * FROM visits WHERE source = ? AND not_before <= ?"
        " AND backfill_day IS NULL ORDER BY state = 'settled', seq LIMIT ?",
        ["politics", "2026", 1],
    )
    assert any(
        "USING INDEX visits_due (source=? AND not_before<?)" in row["detail"] for row in plan
    )
    (index,) = store.rows("SELECT sql FROM sqlite_master WHERE name = 'visits_due'")
    assert "backfill_day IS NULL" in index["sql"]


def test_a_settled_visit_belongs_to_the_crawls(
    store: Store, entries: Entries, noon: datetime
) -> None:
    it = begun(store, noon)
    opened(store, it, entries(1), FIRST, noon)
    (visit,) = store.backfills.due(it, LAST, noon, 1)
    assert visit.since.date() == FIRST
    again = noon + timedelta(days=1)
    store.visits.settle(visit, "not_an_article", noon, again=again, seen=NEVER_SEEN)
    assert store.backfills.count_waiting(it) == 0
    assert store.backfills.count_done(it) == 1
    assert [v.article_id for v in store.visits.due("politics", again)] == ["daum:1"]


def test_what_is_stored_or_known_is_not_opened(
    store: Store, entries: Entries, article: Article, noon: datetime
) -> None:
    """An article that came from a file has no visit, and is not fetched all the same."""
    store.articles.save(replace(article, id="daum:1"), "society")
    store.visits.discover("politics", "http://h/politics", entries(2), noon)
    it = begun(store, noon)
    assert opened(store, it, entries(1, 2, 3), FIRST, noon) == 1
    assert due(store, it, LAST, noon) == ["daum:3"]
    assert [v.article_id for v in store.visits.due("politics", noon)] == ["daum:2"]


def test_what_was_given_up_is_tried_again(store: Store, entries: Entries, noon: datetime) -> None:
    store.visits.discover("politics", "http://h/politics", entries(1), noon)
    (visit,) = store.visits.due("politics", noon)
    store.visits.postpone(replace(visit, tries=MAX_TRIES), "timeout", noon, again=noon)
    it = begun(store, noon)
    assert opened(store, it, entries(1), FIRST, noon) == 1
    assert due(store, it, LAST, noon) == ["daum:1"]


def test_a_listing_of_today_takes_what_waits(
    store: Store, entries: Entries, noon: datetime
) -> None:
    it = begun(store, noon)
    opened(store, it, entries(1, 2), FIRST, noon)
    store.visits.discover("politics", "http://h/politics", entries(2), noon)
    assert due(store, it, LAST, noon) == ["daum:1"]
    assert [v.article_id for v in store.visits.due("politics", noon)] == ["daum:2"]


def test_two_ranges_share_their_days(store: Store, entries: Entries, noon: datetime) -> None:
    one = begun(store, noon)
    opened(store, one, entries(1), LAST, noon)
    store.backfill_listings.note_day("politics", "a", LAST, DayRead(2, 9, b"", done=True), noon)
    other = begun(store, noon, LAST + timedelta(days=9))
    assert other.id != one.id
    assert due(store, other, LAST, noon) == ["daum:1"]
    read = store.backfill_listings.day("politics", "a", LAST)
    assert read == DayRead(2, 9, b"", done=True)
    assert store.backfill_listings.good_day("politics", "a") == LAST
    assert begun(store, noon).id == one.id


def test_again_forgets_what_was_read_of_the_range_alone(store: Store, noon: datetime) -> None:
    it, listings = begun(store, noon), store.backfill_listings
    outside = LAST + timedelta(days=1)
    for day in (FIRST, outside):
        listings.note_day("politics", "a", day, DayRead(1, 1, done=True), noon)
    listings.add_sitemaps(it, [ToRead("http://h/s", 0, it.days)])
    assert listings.unread_sitemaps(it) == [ToRead("http://h/s", 0, it.days)]
    listings.sitemap_read(it, "http://h/s", 3, noon)
    listings.add_sitemaps(it, [ToRead("http://h/s")])
    assert listings.unread_sitemaps(it) == []
    assert listings.counts_of_sitemaps(it) == (1, 1, 3)
    store.backfills.note(it, "ok", "", noon, finished=True)
    assert begun(store, noon).finished_at == noon
    assert store.backfills.filled("politics") == [it.days]
    store.backfills.begin("politics", it.days, noon, again=True)
    assert listings.day("politics", "a", FIRST) is None
    assert listings.day("politics", "a", outside) is not None
    assert listings.counts_of_sitemaps(it) == (0, 0, 0)
    assert store.backfills.filled("politics") == []


def test_watches_are_not_told_of_the_past(
    store: Store, entries: Entries, later: Callable[..., Article], noon: datetime
) -> None:
    it = begun(store, noon)
    opened(store, it, entries(1, 2, 3), FIRST, noon)
    for number, days in ((1, 8), (2, 6)):
        at = noon - timedelta(days=days)
        store.articles.save(later(0, id=f"daum:{number}", published_at=at), "politics")
    store.articles.save(later(0, id="daum:9", published_at=noon - timedelta(days=8)), "politics")
    assert [row["id"] for row in store.watch_hits.new_articles(0, 10)] == ["daum:2", "daum:9"]
