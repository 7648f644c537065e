"""What changed last: new articles, edits and removals, of everything, a source, a watch, a query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline.records import Article, Author, Rights, Uses
from pipeline.store import Store
from pipeline.store.updates import Selection
from pipeline.store.watch_hits import Cursor, Hit

Later = Callable[..., Article]


@pytest.fixture
def five(store: Store, later: Later) -> Store:
    """daum:1 to daum:5, an hour apart; those with odd numbers of politics, the others of society."""
    for number in range(1, 6):
        article = later(number, id=f"daum:{number}", headline=f"예산 {number}호")
        store.articles.save(article, "politics" if number % 2 else "society")
    return store


def newest(store: Store, limit: int = 10, **wanted: object) -> list[str]:
    return [
        change.stored.article.id.removeprefix("daum:")
        for change in store.updates.newest(Selection(**wanted), limit)  # type: ignore[arg-type]
    ]


def test_new_articles_come_newest_first(five: Store) -> None:
    assert newest(five) == ["5", "4", "3", "2", "1"]
    assert newest(five, 2) == ["5", "4"]
    assert newest(five, source="society") == ["4", "2"]
    assert newest(five, source="sports") == []


def test_an_old_page_that_was_imported_late_is_no_news(five: Store, later: Later) -> None:
    five.articles.save(later(-1000, id="daum:6"), "politics")
    assert newest(five, 2) == ["5", "4"]
    assert newest(five, 2, source="politics") == ["5", "3"]


def test_an_edit_a_removal_and_a_return_bring_an_article_back(
    five: Store, later: Later, noon: datetime
) -> None:
    five.articles.save(later(6, id="daum:1", headline="예산 1호, 고침"), "politics")
    assert newest(five, 2) == ["1", "5"]
    five.articles.mark_removed("daum:2", noon + timedelta(hours=7))
    (first, *_) = five.updates.newest(Selection(), 2)
    assert (first.stored.article.id, first.changed_at) == ("daum:2", noon + timedelta(hours=7))
    assert first.stored.observed.removed_at == noon + timedelta(hours=7)
    assert newest(five, 1, source="society") == ["2"]
    assert newest(five, 1, source="politics") == ["1"]
    five.articles.save(later(8, id="daum:2", headline="예산 2호"), "society")
    (first, *_) = five.updates.newest(Selection(), 2)
    assert (first.changed_at, first.stored.observed.removed_at) == (noon + timedelta(hours=8), None)


def test_what_only_our_parser_changed_is_no_news(five: Store, later: Later, noon: datetime) -> None:
    changed = later(6, id="daum:1", headline="예산1호", parser="daum/2")
    assert five.articles.save(changed, "politics", cause="parser") == "revised"
    assert newest(five, 1) == ["5"]
    (last,) = [it for it in five.updates.newest(Selection(), 5) if it.stored.article.id == "daum:1"]
    assert (last.changed_at, last.stored.article.headline) == (noon + timedelta(hours=1), "예산1호")


def test_since_leaves_out_what_changed_before(five: Store, later: Later, noon: datetime) -> None:
    five.articles.save(later(6, id="daum:1", headline="예산 1호, 고침"), "politics")
    assert newest(five, since=noon + timedelta(hours=4)) == ["1", "5", "4"]
    assert newest(five, 1, since=noon + timedelta(hours=4)) == ["1"]
    assert newest(five, since=noon + timedelta(hours=7)) == []


def test_a_query_finds_new_and_edited_articles(five: Store, later: Later, noon: datetime) -> None:
    assert newest(five, query="예산") == ["5", "4", "3", "2", "1"]
    assert newest(five, 2, query="예산", source="society") == ["4", "2"]
    assert newest(five, query="3호") == ["3"]
    assert newest(five, query="…") == newest(five, query="없는말") == []
    five.articles.save(later(6, id="daum:1", headline="예산 1호, 고침"), "politics")
    assert newest(five, 1, query="예산") == ["1"]
    assert newest(five, 1, query="예산", source="society") == ["4"]
    assert newest(five, query="예산", publisher="한겨레", since=noon + timedelta(hours=6)) == ["1"]
    assert newest(five, query="예산", publisher="다른일보") == []
    assert newest(five, query="예산", published_since=noon) == []
    assert len(newest(five, query="예산", published_until=noon)) == 5


def test_a_watch_has_what_it_found_and_its_edits(five: Store, later: Later, noon: datetime) -> None:
    hits = [Hit("budget", f"daum:{number}", 1, ("예산",)) for number in (1, 2, 4)]
    five.watch_hits.looked(hits, {"budget": Cursor(5, noon)}, noon)
    assert newest(five, watch="budget") == ["4", "2", "1"]
    assert newest(five, 2, watch="budget", source="society") == ["4", "2"]
    for number in (1, 3):
        edited = later(5 + number, id=f"daum:{number}", headline=f"예산 {number}호, 고침")
        five.articles.save(edited, "politics")
    assert newest(five, 2, watch="budget") == ["1", "4"]
    assert newest(five, watch="other") == []


def test_of_articles_that_somebody_else_chose(five: Store, noon: datetime) -> None:
    numbers = {row["id"]: row["seq"] for row in five.rows("SELECT id, seq FROM articles")}
    chosen = [numbers[f"daum:{number}"] for number in (2, 5, 3)] + [10**6]
    found = five.updates.of(chosen, 2)
    assert [it.stored.article.id for it in found] == ["daum:5", "daum:3"]
    assert five.updates.of(chosen, 9, since=noon + timedelta(hours=5)) == found[:1]
    assert five.updates.of([], 9) == []


def test_any_selection_is_narrowed_down(five: Store, later: Later, noon: datetime) -> None:
    odd = later(6, id="daum:9", publisher="다온신문", section="경제", authors=(Author("이두리"),))
    five.articles.save(replace(odd, rights=Rights(uses=Uses(tdm="allowed"))), "politics")
    five.articles.save(later(7, id="daum:2", headline="예산 2호, 고침"), "politics")
    for narrowed in (
        {"publisher": "다온 신문"},
        {"section": "경제"},
        {"author": "이두리"},
        {"rights": {"tdm": "allowed"}},
        {"publisher": "다온신문", "source": "politics"},
    ):
        assert newest(five, **narrowed) == newest(five, query="정부", **narrowed) == ["9"]
        assert newest(five, publisher="다른일보", section="경제") == []
    assert newest(five, 2, section="정치") == ["2", "5"]
    assert newest(five, published_since=noon) == []
    hits = [Hit("budget", f"daum:{number}", 1, ("예산",)) for number in (1, 9)]
    five.watch_hits.looked(hits, {"budget": Cursor(6, noon)}, noon)
    assert newest(five, watch="budget", section="경제") == ["9"]


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ValueError, match="not with a query"):
        Selection(watch="budget", query="예산")


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Selection(), "articles_first_seen_at"),
        (Selection(source="politics"), "articles_source_seen (source=?)"),
    ],
)
def test_the_newest_are_read_from_an_index_without_sorting(
    store: Store, wanted: Selection, index: str
) -> None:
    asked: list[str] = []
    store.db.conn.set_trace_callback(asked.append)
    store.updates.newest(wanted, 50)
    store.db.conn.set_trace_callback(None)
    (sql,) = [it for it in asked if "first_seen_at DESC" in it]
    plan = " ".join(row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {sql}"))
    assert index in plan
    assert "TEMP B-TREE" not in plan
