"""Articles in great numbers: all, those of a selection, and those that changed, in the order they did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.records import Article, Rights, Uses
from pipeline.store import Store, changes, open_store
from pipeline.store.changes import Mark, Selection
from pipeline.store.schema import STEPS

ALL = Selection()
Later = Callable[..., Article]


def ids(store: Store, only: Selection = ALL, after: int | None = None) -> list[str]:
    chosen = store.changes.choose(only, after)
    return [it.stored.article.id for some in store.changes.read(chosen, only) for it in some]


def newest(store: Store) -> int:
    return store.changes.choose(ALL).mark.number


@pytest.fixture
def three(store: Store, article: Article, noon: datetime) -> Store:
    for number in (1, 2, 3):
        it = replace(
            article,
            id=f"daum:{number}",
            published_at=noon - timedelta(days=number) if number < 3 else None,
            publisher=f"신문 {number}",
            headline=f"제목 {'가뭄' if number == 2 else '장마'}",
        )
        store.articles.save(it, "politics" if number < 3 else "society")
    return store


def test_everything_is_whole_and_in_the_order_of_storing(three: Store) -> None:
    chosen = three.changes.choose(ALL)
    (some,) = three.changes.read(chosen, ALL)
    assert [it.stored for it in some] == [three.articles.get(f"daum:{n}") for n in (1, 2, 3)]
    assert [it.source for it in some] == ["politics", "politics", "society"]
    assert chosen.mark == Mark(3, "daum:3")


def test_nothing_at_all(store: Store) -> None:
    assert ids(store) == ids(store, after=0) == []
    mark = store.changes.choose(ALL).mark
    assert mark == Mark(0, "")
    assert not store.changes.is_of_the_past(mark)


@pytest.mark.parametrize("after", [None, 0])
@pytest.mark.parametrize(
    ("only", "found"),
    [
        ({"sources": ("society",)}, ["3"]),
        ({"sources": ("society", "politics")}, ["1", "2", "3"]),
        ({"sources": ("nobody",)}, []),
        ({"publisher": "신문2"}, ["2"]),
        ({"publisher": "신문"}, []),
        ({"query": "장마"}, ["1", "3"]),
        ({"query": "장마 -가뭄", "sources": ("politics",)}, ["1"]),
        ({"query": "없는말"}, []),
    ],
)
def test_selections(
    three: Store, only: dict[str, object], found: list[str], after: int | None
) -> None:
    expected = [f"daum:{n}" for n in found]
    assert ids(three, Selection(**only), after) == expected  # type: ignore[arg-type]


def test_times_are_of_publishing_or_else_of_the_first_sight(three: Store, noon: datetime) -> None:
    day = timedelta(days=1)
    assert ids(three, Selection(since=noon - day)) == ["daum:1", "daum:3"]
    assert ids(three, Selection(until=noon - day)) == ["daum:2"]
    assert ids(three, Selection(since=noon - 2 * day, until=noon)) == ["daum:1", "daum:2"]
    assert ids(three, Selection(since=noon - day), after=1) == ["daum:3"]


def test_what_is_read_again_as_it_was_is_no_change(three: Store, later: Later) -> None:
    before = newest(three)
    stored = three.articles.get("daum:2")
    assert stored
    again = replace(stored.article, fetched_at=later(3).fetched_at)
    assert three.articles.save(again, "politics") == "unchanged"
    three.articles.confirm("daum:1", later(4).fetched_at)
    assert ids(three, after=before) == []


def test_edits_removals_returns_and_other_rights_are_changes(three: Store, later: Later) -> None:
    before = newest(three)
    second, first = (three.articles.get(f"daum:{n}") for n in (2, 1))
    assert first
    assert second
    at = later(1).fetched_at
    three.articles.save(replace(second.article, headline="새 제목", fetched_at=at), "politics")
    assert ids(three, after=before) == ["daum:2"]
    three.articles.mark_removed("daum:3", at)
    assert ids(three, after=before) == ["daum:2", "daum:3"]
    # the same text, and its publisher now forbids a use: no revision, and yet another record
    other = Rights(first.article.rights.notice, uses=Uses("prohibited", "prohibited", "prohibited"))
    assert three.articles.save(replace(first.article, rights=other), "politics") == "unchanged"
    assert ids(three, after=before) == ["daum:2", "daum:3", "daum:1"]
    three.articles.save(replace(second.article, headline="또 새 제목", fetched_at=at), "politics")
    assert ids(three, after=before) == ["daum:3", "daum:1", "daum:2"]


def test_what_is_stored_late_with_an_old_time_is_not_skipped(three: Store, later: Later) -> None:
    before = newest(three)
    three.articles.save(replace(later(-9000), id="daum:old"), "politics")
    assert ids(three, after=before) == ["daum:old"]


def test_what_changes_between_the_parts_is_neither_lost_nor_torn(
    three: Store, path: Path, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "AT_ONCE", 1)
    chosen = three.changes.choose(ALL, 0)
    parts = three.changes.read(chosen, ALL)
    assert [it.stored.article.id for it in next(parts)] == ["daum:1"]
    with open_store(path) as neighbour:  # nobody is in its way between the parts
        stored = neighbour.articles.get("daum:2")
        assert stored
        edited = replace(stored.article, headline="고친 제목", fetched_at=later(1).fetched_at)
        neighbour.articles.save(edited, "politics")
        neighbour.articles.save(replace(later(2), id="daum:4"), "politics")
    rest = [it for some in parts for it in some]
    assert [it.stored.article.id for it in rest] == ["daum:2", "daum:3"]
    assert rest[0].stored.article.headline == "고친 제목"
    assert ids(three, after=chosen.mark.number) == ["daum:2", "daum:4"]


def test_between_the_parts_the_log_can_be_emptied(
    three: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "AT_ONCE", 1)
    parts = three.changes.read(three.changes.choose(ALL), ALL)
    next(parts)
    with open_store(path) as neighbour:
        busy, left, _ = neighbour.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert (busy, left) == (0, 0)
    assert len([*parts]) == 2


def test_a_database_that_was_put_back_is_told(
    three: Store, path: Path, tmp_path: Path, later: Later
) -> None:
    kept = tmp_path / "kept.db"
    three.db.conn.execute("VACUUM INTO ?", [str(kept)])
    three.articles.save(replace(later(1), id="daum:4"), "politics")
    mark = three.changes.choose(ALL).mark
    assert not three.changes.is_of_the_past(mark)
    three.articles.save(replace(later(2), id="daum:5"), "politics")
    assert not three.changes.is_of_the_past(mark)
    with open_store(kept) as back:
        assert back.changes.is_of_the_past(mark)
        for number in range(6, 12):  # it went another way since
            back.articles.save(replace(later(3), id=f"daum:{number}"), "politics")
        assert back.changes.is_of_the_past(mark)


def test_an_older_database_gets_its_articles_in_their_order(three: Store, path: Path) -> None:
    three.db.conn.executescript(
        "DROP TRIGGER articles_stored; DROP TRIGGER articles_changed; DROP TABLE changes;"
        "DELETE FROM _sqlite_migrations WHERE name = 'step_017_changes';"
    )
    three.close()
    with open_store(path) as again:
        assert "step_017_changes" in {step.name for step in STEPS.applied(again.db)}
        assert ids(again, after=1) == ["daum:2", "daum:3"]
        assert again.changes.choose(ALL).mark == Mark(3, "daum:3")
