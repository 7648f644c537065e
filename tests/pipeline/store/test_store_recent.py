"""What came and what changed lately: newest articles, edited headlines, removals, articles an hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.records import Article
from pipeline.store import Store, recent


def test_newest_articles_come_first_with_what_became_of_them(
    store: Store, later: Callable[..., Article]
) -> None:
    for n in range(1, 5):
        store.articles.save(later(n, id=f"daum:{n}", headline=f"기사 {n}"), "politics")
    store.articles.save(later(6, id="daum:1", headline="고친 기사 1"), "politics")
    store.articles.save(
        later(6, id="daum:2", headline="다시 읽은 기사"), "politics", cause="parser"
    )
    store.articles.mark_removed("daum:3", later(7).fetched_at)
    found = store.recent.arrivals(3)
    assert [it.article_id for it in found] == ["daum:4", "daum:3", "daum:2"]
    assert [it.headline for it in found] == ["기사 4", "기사 3", "다시 읽은 기사"]
    assert [bool(it.removed_at) for it in found] == [False, True, False]
    assert [it.edited for it in store.recent.arrivals(9)] == [False, False, False, True]
    assert found[0].labels == ("단독", "속보")
    assert found[0].first_seen_at == later(4).fetched_at


def test_newest_articles_of_a_source_are_its_own(
    store: Store, later: Callable[..., Article]
) -> None:
    for n, source in enumerate(("politics", "society", "politics"), 1):
        store.articles.save(later(n, id=f"daum:{n}"), source)
    assert [it.article_id for it in store.recent.arrivals(5, "politics")] == ["daum:3", "daum:1"]
    assert store.recent.arrivals(5, "culture") == []


def test_edited_headlines_say_what_they_were_before(
    store: Store, later: Callable[..., Article]
) -> None:
    store.articles.save(later(0, headline="처음 제목"), "politics")
    store.articles.save(later(1, headline="둘째 제목"), "politics")
    store.articles.save(later(2, headline="둘째 제목", subheadline="다른 부제"), "politics")
    store.articles.save(later(3, headline="셋째 제목"), "politics")
    found = store.recent.headline_edits(9)
    assert [(it.before, it.headline, it.revision) for it in found] == [
        ("둘째 제목", "셋째 제목", 4), ("처음 제목", "둘째 제목", 2),
    ]  # fmt: skip
    assert found[0].seen_at == later(3).fetched_at
    assert (found[0].source, found[0].publisher) == ("politics", "한겨레")
    assert [it.headline for it in store.recent.headline_edits(1)] == ["셋째 제목"]


def test_what_another_parser_reads_is_no_edit(store: Store, later: Callable[..., Article]) -> None:
    store.articles.save(later(0, headline="처음 제목"), "politics")
    store.articles.save(later(1, headline="새 파서의 제목"), "politics", cause="parser")
    assert store.recent.headline_edits(9) == store.recent.removals(9) == []


def test_removals_and_what_came_back(store: Store, later: Callable[..., Article]) -> None:
    store.articles.save(later(0), "politics")
    store.articles.mark_removed(later(0).id, later(1).fetched_at)
    store.articles.save(later(2), "politics")
    found = store.recent.removals(9)
    assert [(it.cause, it.revision, it.seen_at) for it in found] == [
        ("restored", 3, later(2).fetched_at), ("removed", 2, later(1).fetched_at),
    ]  # fmt: skip


def test_a_look_for_changes_goes_through_so_many_states_and_no_more(
    store: Store, later: Callable[..., Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "_STATES", recent._STATES.replace("LIMIT 2000", "LIMIT 3"))
    store.articles.save(later(0, id="daum:0", headline="처음"), "politics")
    store.articles.save(later(1, id="daum:0", headline="고침"), "politics")
    assert len(store.recent.headline_edits(9)) == 1
    for n in range(1, 4):
        store.articles.save(later(0, id=f"daum:{n}"), "politics")
        store.articles.mark_removed(f"daum:{n}", later(2).fetched_at)
    assert store.recent.headline_edits(9) == []
    assert len(store.recent.removals(9)) == 3


def test_articles_an_hour_are_counted_by_who_found_them_first(
    store: Store, article: Article
) -> None:
    begin = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)
    for n, (minutes, source) in enumerate(
        ((-1, "politics"), (0, "politics"), (59, "politics"), (60, "politics"), (61, "society"))
    ):
        at = begin + timedelta(minutes=minutes)
        store.articles.save(replace(article, id=f"daum:{n}", fetched_at=at), source)
    hour = timedelta(hours=1)
    assert store.recent.by_hour(begin) == {
        "politics": {begin: 2, begin + hour: 1}, "society": {begin + hour: 1},
    }  # fmt: skip
