"""Alerts, messages and what watches found, as the database keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.records import Article, Source
from pipeline.store import Store, open_store
from pipeline.store.alerts import Trouble
from pipeline.store.messages import LEASE, TRIES, Message
from pipeline.store.watch_hits import Cursor, Hit
from tests.pipeline.store.conftest import NOON

HOUR = timedelta(hours=1)
HOOK = "1 json://h"
DRIFT = Trouble("politics", "drift", NOON, "예산 면이 비었다", "http://h/ layout_changed")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "gisa.db") as opened:
        opened.sources.remember(Source("politics", "daum", ("http://h/",)), NOON)
        yield opened


def test_a_trouble_is_one_alert_while_it_lasts_and_another_when_it_comes_again(
    store: Store,
) -> None:
    store.alerts.note(DRIFT, NOON)
    store.alerts.note(Trouble("politics", "drift", NOON + HOUR, "noch"), NOON + HOUR)
    (alert,) = store.alerts.open()
    assert (alert["since"], alert["detail"]) == ("2026-09-27T03:00:00Z", "noch")
    assert alert["seen_at"] == "2026-09-27T04:00:00Z"
    store.alerts.recover("politics", ("blocked", "failed"), NOON)
    store.alerts.recover("society", ("drift",), NOON)
    assert len(store.alerts.open()) == 1
    store.alerts.recover("politics", ("drift",), NOON + 2 * HOUR)
    assert store.alerts.open() == []
    assert store.alerts.over() == []  # nobody was told of it
    store.alerts.note(DRIFT, NOON + 3 * HOUR)
    assert len(store.alerts.open()) == 1
    assert len(store.alerts.recovered(10)) == 1


def test_a_claim_shuts_others_out_and_ends_after_a_while(store: Store) -> None:
    store.messages.write([Message(HOOK, "제목", "글")], NOON)
    assert store.messages.claim(NOON, ["2 json://h"]) == []
    with open_store(store.path) as other:
        (mine,) = store.messages.claim(NOON, [HOOK])
        assert other.messages.claim(NOON, [HOOK]) == []
        assert other.messages.claim(NOON + LEASE - timedelta(seconds=1), [HOOK]) == []
        (theirs,) = other.messages.claim(NOON + LEASE, [HOOK])
        assert (mine["id"], mine["tries"], theirs["tries"]) == (theirs["id"], 1, 2)
        other.messages.delivered([theirs], NOON)
    assert store.messages.claim(NOON + 1000 * HOUR, [HOOK]) == []
    assert store.messages.undelivered() == []


def test_a_message_that_is_not_taken_waits_longer_each_time_and_is_given_up(store: Store) -> None:
    store.messages.write([Message(HOOK, "제목", "글")], NOON)
    at, waits = NOON, []
    while claimed := store.messages.claim(at, [HOOK]):
        store.messages.failed(claimed, at)
        (row,) = store.messages.undelivered()
        if row["next_at"] is None:
            break
        due = datetime.fromisoformat(row["next_at"])
        assert store.messages.claim(due - timedelta(seconds=1), [HOOK]) == []
        waits.append((due - at).total_seconds() / 60)
        at = due
    assert waits == [1, 4, 16, 64]
    assert row["tries"] == TRIES
    assert store.messages.claim(at + 1000 * HOUR, [HOOK]) == []


def test_old_messages_go(store: Store) -> None:
    store.messages.write([Message("a", "옛", "글")], NOON)
    store.messages.write([Message("a", "새", "글")], NOON + 31 * 24 * HOUR)
    assert [row["subject"] for row in store.messages.undelivered()] == ["새"]


def test_a_mute_ends_by_itself(store: Store) -> None:
    assert store.alerts.muted_until(NOON) is None
    store.alerts.mute(NOON + HOUR)
    assert store.alerts.muted_until(NOON) == NOON + HOUR
    assert store.alerts.muted_until(NOON + HOUR) is None
    store.alerts.mute(NOON)
    assert store.alerts.muted_until(NOON) is None


def test_a_cursor_never_goes_back_and_an_article_is_found_once(
    store: Store, article: Article
) -> None:
    store.articles.save(article, "politics")
    hit = Hit("w", article.id, 1, ("예산",))
    ahead, behind = Cursor(9, NOON + HOUR), Cursor(3, NOON)
    store.watch_hits.looked([hit], {"w": ahead}, NOON)
    store.watch_hits.looked([hit], {"w": behind}, NOON)
    assert store.watch_hits.cursors(["w"], NOON, NOON) == {"w": ahead}
    (row,) = store.watch_hits.unsent("w", NOON)
    assert (row["headline"], row["terms"]) == (article.headline, ["예산"])
    assert store.watch_hits.unsent("w", NOON + 8 * 24 * HOUR) == []
    # a watch that was away for a week begins anew, with what its first run stored
    later = NOON + 8 * 24 * HOUR
    (cursor,) = store.watch_hits.cursors(["w"], NOON - HOUR, later).values()
    assert cursor.seq == 0
    (cursor,) = store.watch_hits.cursors(["w"], later, later).values()
    assert cursor.seq == 1


def test_edits_of_the_publisher_are_looked_at_and_none_of_the_parser(
    store: Store, article: Article, later: Callable[..., Article]
) -> None:
    store.articles.save(article, "politics")
    assert store.watch_hits.edited_articles(NOON, 10) == []
    store.articles.save(later(1, headline="새 제목"), "politics", cause="parser")
    assert store.watch_hits.edited_articles(NOON, 10) == []
    store.articles.save(later(2, headline="또 새 제목"), "politics")
    (row,) = store.watch_hits.edited_articles(NOON + HOUR, 10)
    assert (row["headline"], row["revision"]) == ("또 새 제목", 3)
    plan = " ".join(
        str(tuple(step))
        for step in store.db.conn.execute(
            "EXPLAIN QUERY PLAN SELECT article_id FROM revisions WHERE revision > 1 AND seen_at >= '2026'"
        )
    )
    assert "revisions_edited" in plan
    store.articles.mark_removed(article.id, NOON + 3 * HOUR)
    assert store.watch_hits.edited_articles(NOON, 10) == []
