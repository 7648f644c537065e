"""Articles in batches: one bad record is refused alone, and a text that vanished never replaces a good one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.errors import RecordRefused
from pipeline.records import Article, Author, Block, Related
from pipeline.store import Store

LONG = "정부는 새 예산안을 발표했다. " * 40


def texts(store: Store) -> dict[str, str]:
    return {a.article.id: a.article.text for a in store.articles.latest(1000)}


def numbered(article: Article, count: int) -> list[Article]:
    return [replace(article, id=f"daum:{n}", headline=f"제목 {n}") for n in range(count)]


def test_a_batch_says_of_each_what_became_of_it(store: Store, article: Article, later) -> None:
    assert store.articles.save_all(numbered(article, 5), "politics") == ["new"] * 5
    again = [replace(a, fetched_at=later(1).fetched_at) for a in numbered(article, 7)]
    again[2] = replace(again[2], headline="고친 제목")
    done = store.articles.save_all(again, "politics")
    assert done == ["unchanged", "unchanged", "revised", "unchanged", "unchanged", "new", "new"]
    assert store.articles.count() == 7
    for number, made in enumerate(again):
        stored = store.articles.get(f"daum:{number}")
        assert stored is not None
        assert stored.article == made


def test_a_batch_of_more_than_a_statement_can_name(store: Store, article: Article) -> None:
    many = numbered(article, 1001)
    assert store.articles.save_all(many, "politics") == ["new"] * 1001
    assert store.articles.save_all(many, "politics") == ["unchanged"] * 1001


def test_an_article_twice_in_a_batch_is_written_twice(store: Store, article: Article) -> None:
    first, second = article, replace(article, headline="다른 제목")
    assert store.articles.save_all([first, second, first, first], "politics") == [
        "new", "revised", "revised", "unchanged",
    ]  # fmt: skip
    assert len(store.articles.revisions(article.id)) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"section": 2**70},
        {"section": float("nan")},
        {"language": ["ko"]},
        {"text": None},
        {"headline": 7},
        {"text": "가" * 5_000_001},
        {"authors": (Author(None), )},  # type: ignore[arg-type]
        {"authors": (Author({"name": "x"}), )},  # type: ignore[arg-type]
        {"related": (Related("제목", None), )},  # type: ignore[arg-type]
        {"published_at": "2026-09-27"},
        {"published_at": 2**80},
        {"body": ("그냥 글",)},
        {"rights": None},
        {"fetched_at": None},
    ],
    ids=lambda changes: f"{next(iter(changes))}={str(next(iter(changes.values())))[:20]}",
)  # fmt: skip
def test_one_bad_record_is_refused_alone(
    store: Store, article: Article, changes: dict[str, object]
) -> None:
    before, bad, after = numbered(article, 3)
    bad = replace(bad, **changes)  # type: ignore[arg-type]
    done = store.articles.save_all([before, bad, after], "politics")
    assert (done[0], done[2]) == ("new", "new")
    assert isinstance(done[1], RecordRefused)
    assert set(texts(store)) == {"daum:0", "daum:2"}
    assert store.rows("SELECT * FROM article_authors WHERE article_id = 'daum:1'") == []
    with pytest.raises(RecordRefused, match="daum:1"):
        store.articles.save(bad, "politics")


def test_odd_text_is_cleaned_and_compared_clean(store: Store, article: Article) -> None:
    odd = replace(
        article,
        headline="정부\0 발표",
        text="정부",  # decomposed Hangul
        keywords=("예\0산",),
        related=(Related("반쪽 \ud800", "https://h/1"),),
    )
    assert store.articles.save(odd, "politics") == "new"
    stored = store.articles.get(article.id)
    assert stored is not None
    it = stored.article
    assert (it.headline, it.text, it.keywords) == ("정부 발표", "정부", ("예산",))
    assert it.related[0].headline == "반쪽 \ufffd"
    assert store.articles.save(odd, "politics") == "unchanged"
    assert len(store.articles.revisions(article.id)) == 1


def test_a_long_text_is_kept(store: Store, article: Article) -> None:
    long = replace(article, text="가" * 4_000_000)
    assert store.articles.save(long, "politics") == "new"
    assert len(texts(store)[article.id]) == 4_000_000


def test_the_same_id_from_another_portal_is_refused(store: Store, article: Article) -> None:
    store.articles.save(article, "politics")
    other = replace(article, portal="naver", headline="다른 기사", text="다른 글")
    (refused,) = store.articles.save_all([other], "society")
    assert isinstance(refused, RecordRefused)
    assert "'daum'" in refused.detail
    assert texts(store) == {article.id: article.text}


def test_an_unknown_source_is_a_bug_and_stores_nothing(store: Store, article: Article) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.articles.save_all(numbered(article, 3), "nobody")
    assert store.articles.count() == 0


def test_a_bug_in_the_middle_leaves_nothing(store: Store, article: Article) -> None:
    def broken():
        yield article
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.articles.save_all(broken(), "politics")
    assert store.articles.count() == 0


@pytest.mark.parametrize("changes", [{"text": "", "body": ()}, {"text": ""}, {"headline": ""}])
def test_what_came_back_empty_never_replaces(
    store: Store, article: Article, later, changes
) -> None:
    store.articles.save(article, "politics")
    for hours in (1, 2, 3):
        assert store.articles.save(later(hours, **changes), "politics") == "doubted"
    stored = store.articles.get(article.id)
    assert stored is not None
    assert stored.article == article
    assert stored.observed.last_seen_at == article.fetched_at
    assert len(store.articles.revisions(article.id)) == 1


def test_an_article_that_never_had_text_may_stay_so(store: Store, article: Article, later) -> None:
    flash = replace(article, text="", body=())
    assert store.articles.save(flash, "politics") == "new"
    assert (
        store.articles.save(later(1, text="", body=(), section="사회"), "politics") == "unchanged"
    )
    assert store.articles.save(later(2), "politics") == "revised"


def test_what_never_had_a_headline_is_as_it_was(store: Store, article: Article, later) -> None:
    store.articles.save(replace(article, headline=""), "politics")
    assert store.articles.save(later(1, headline="", section="사회"), "politics") == "unchanged"


def test_a_text_that_shrank_is_believed_the_second_time(
    store: Store, article: Article, later
) -> None:
    long = replace(article, text=LONG, body=(Block("paragraph", LONG),))
    store.articles.save(long, "politics")
    short = {"text": LONG[:100], "body": (Block("paragraph", LONG[:100]),)}
    assert store.articles.save(later(1, **short), "politics") == "doubted"
    assert texts(store)[article.id] == LONG
    assert store.articles.save(later(2, **short), "politics") == "revised"
    assert texts(store)[article.id] == LONG[:100]
    first, second = store.articles.revisions(article.id)
    assert first.record["text"] == LONG
    assert second.cause == "publisher"


def test_a_doubt_is_forgotten_when_the_text_is_back(store: Store, article: Article, later) -> None:
    whole = {"text": LONG, "body": (Block("paragraph", LONG),)}
    short = {"text": LONG[:100], "body": (Block("paragraph", LONG[:100]),)}
    store.articles.save(later(0, **whole), "politics")
    assert store.articles.save(later(1, **short), "politics") == "doubted"
    assert store.articles.save(later(2, **whole), "politics") == "unchanged"
    assert store.articles.save(later(3, **short), "politics") == "doubted"


def test_a_text_that_lost_less_is_an_edit(store: Store, article: Article, later) -> None:
    store.articles.save(later(0, text=LONG), "politics")
    half = LONG[: len(LONG) // 2]
    assert store.articles.save(later(1, text=half, body=()), "politics") == "revised"


def test_reading_anew_is_marked_as_the_parsers(store: Store, article: Article, later) -> None:
    store.articles.save(article, "politics")
    better = replace(article, headline="더 잘 읽은 제목")
    assert store.articles.save(better, "politics", cause="parser") == "revised"
    assert [r.cause for r in store.articles.revisions(article.id)] == ["publisher", "parser"]


def test_the_newest_state_is_kept_once_and_older_ones_whole(
    store: Store, article: Article, later, noon
) -> None:
    store.articles.save(article, "politics")
    kept = store.rows("SELECT record FROM revisions")
    assert kept == [{"record": None}]
    store.articles.save(later(1, headline="둘째"), "politics")
    store.articles.mark_removed(article.id, noon + timedelta(hours=2))
    records = [r.record for r in store.articles.revisions(article.id)]
    assert [r["headline"] for r in records] == [article.headline, "둘째", "둘째"]
    assert [r["revision"] for r in records] == [1, 2, 3]
    assert [r["removed_at"] for r in records] == [None, None, "2026-09-27T05:00:00Z"]
    kept = store.rows("SELECT record IS NULL AS newest FROM revisions ORDER BY revision")
    assert [row["newest"] for row in kept] == [0, 0, 1]
