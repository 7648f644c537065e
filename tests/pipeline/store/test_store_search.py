"""Search in a database: found after an insert, an edit and a removal; filtered, ranked, and mended."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3

from pipeline.errors import RecordRefused
from pipeline.records import Article, Author, Block
from pipeline.store import Store, open_store, search

Later = Callable[..., Article]


def ids(store: Store, query: str, **only: object) -> list[str]:
    return [hit.article_id for hit in store.search(query, **only)]  # type: ignore[arg-type]


@pytest.fixture
def several(store: Store, article: Article) -> Store:
    """Four articles, an hour apart, the newest first."""
    for number, (headline, text, publisher) in enumerate(
        [
            ("쌀값 오른다", "정부는 쌀을 사들인다. " + "말이 이어진다. " * 30, "한빛일보"),
            ("정부, 쌀 수매", "말이 이어진다. " * 30, "다온신문"),
            (
                "날씨",
                "대한민국정부 청사에 비가 온다. 정부는 쉰다. " + "말이 이어진다. " * 30,
                "한빛 일보",
            ),
            ("GPT-5 나온다", "AI는 빠르다. 융감 감독 독원 금융. " + "말이 이어진다. " * 30, None),
        ],
        1,
    ):
        at = article.published_at
        assert at is not None
        made = replace(
            article, id=f"daum:{number}", headline=headline, text=text, publisher=publisher,
            authors=(Author(f"기자{number}"),), published_at=at - timedelta(hours=number),
        )  # fmt: skip
        store.articles.save(made, "politics" if number < 3 else "society")
    return store


def test_every_field_is_searched_and_the_headline_counts_most(several: Store) -> None:
    assert ids(several, "정부") == ["daum:2", "daum:3", "daum:1"]
    assert ids(several, "다온신문") == ["daum:2"]
    assert ids(several, "기자4") == ["daum:4"]
    assert ids(several, "AI") == ids(several, "gpt5") == ["daum:4"]
    assert ids(several, "금융감독원") == []
    assert ids(several, unicodedata.normalize("NFD", "대한민국")) == ["daum:3"]
    assert ids(several, "정부 -쌀") == ["daum:3"]
    assert ids(several, "쌀값 OR 날씨") == ["daum:1", "daum:3"]


def test_hits_are_typed_and_say_where(several: Store, article: Article) -> None:
    first, _, last = several.search("정부")
    assert (first.headline, first.headline_ranges) == ("정부, 쌀 수매", ((0, 2),))
    assert (first.ranges, first.snippet[:6]) == ((), "말이 이어진")
    assert (last.publisher, last.authors) == ("한빛일보", ("기자1",))
    assert last.published_at == article.published_at - timedelta(hours=1)  # type: ignore[operator]
    assert [last.snippet[start:end] for start, end in last.ranges] == ["정부"]
    assert first.score > last.score > 0


def test_filters(several: Store, article: Article) -> None:
    at = article.published_at
    assert at is not None
    hour = timedelta(hours=1)
    assert ids(several, "정부", since=at - 2 * hour) == ["daum:2", "daum:1"]
    assert ids(several, "정부", until=at - 2 * hour) == ["daum:3"]
    assert ids(several, "정부", since=at - 2 * hour, until=at - hour) == ["daum:2"]
    assert ids(several, "정부", source="society") == ["daum:3"]
    assert ids(several, "정부", publisher="한빛일보") == ["daum:3", "daum:1"]
    assert ids(several, "정부", publisher="한빛") == []
    assert ids(several, "정부", limit=1) == ["daum:2"]
    assert ids(several, "정부", limit=1, offset=1) == ["daum:3"]
    assert ids(several, "정부", limit=0) == ids(several, "정부", offset=9) == []
    for odd in ("\udcff", '"', "", "\0"):
        assert ids(several, "정부", source=odd) == ids(several, "정부", publisher=odd) == []


def test_without_a_time_of_publication_the_first_sight_counts(
    store: Store, later: Later, noon: datetime
) -> None:
    store.articles.save(later(0, published_at=None), "politics")
    assert ids(store, "예산안", since=noon) == ids(store, "예산안", until=noon + timedelta(1))
    assert ids(store, "예산안", since=noon + timedelta(1)) == []


def test_an_edit_changes_what_is_found(store: Store, article: Article, later: Later) -> None:
    store.articles.save(article, "politics")
    changed = later(1, text="국회는 28일 새 법안을 의결했다.", authors=(Author("이새로"),))
    store.articles.save(replace(changed, headline="국회, 의결"), "politics")
    assert ids(store, "국회") == ids(store, "이새로") == [article.id]
    assert ids(store, "정부") == ids(store, "김기자") == []
    assert ids(store, "한겨레") == [article.id]
    sound(store)


def test_what_the_content_hash_leaves_out_is_indexed_too(store: Store, later: Later) -> None:
    """A new parser takes a caption for text: no revision, and found."""
    store.articles.save(later(0), "politics")
    text = "정부는 27일 새 예산안을 발표했다.\n\n회견장에서"
    assert store.articles.save(later(1, text=text), "politics") == "unchanged"
    assert ids(store, "회견장") == [later(0).id]
    sound(store)


def test_a_removed_article_is_found_and_says_so(
    store: Store, article: Article, later: Later, noon: datetime
) -> None:
    store.articles.save(article, "politics")
    store.articles.mark_removed(article.id, noon + timedelta(hours=1))
    (hit,) = store.search("예산안")
    assert hit.removed_at == noon + timedelta(hours=1)
    store.articles.save(later(2), "politics")
    (hit,) = store.search("예산안")
    assert hit.removed_at is None
    sound(store)


def test_a_doubted_text_is_not_found_until_it_is_believed(store: Store, later: Later) -> None:
    long, short = "정부는 말했다. " * 60, "국회는 쉰다."
    store.articles.save(later(0, text=long, body=(Block("paragraph", long),)), "politics")
    shrunk = {"text": short, "body": (Block("paragraph", short),)}
    assert store.articles.save(later(1, **shrunk), "politics") == "doubted"
    assert (ids(store, "말했다"), ids(store, "쉰다")) == ([later(0).id], [])
    assert store.articles.save(later(2, **shrunk), "politics") == "revised"
    assert (ids(store, "말했다"), ids(store, "쉰다")) == ([], [later(0).id])
    sound(store)


def test_a_refused_record_leaves_no_trace(store: Store, article: Article) -> None:
    bad = replace(article, id="daum:2", published_at_source=object())  # type: ignore[arg-type]
    good = replace(article, id="daum:3")
    store.articles.save_all([article, bad, good], "politics")
    assert sorted(ids(store, "예산안")) == ["daum:20260927095437316", "daum:3"]

    def fails_at_last() -> None:
        with store.writing():
            store.articles.save(replace(article, id="daum:4"), "politics")
            store.articles.save(bad, "politics")

    with pytest.raises(RecordRefused):
        fails_at_last()
    assert len(ids(store, "예산안")) == 2
    sound(store)


def test_without_the_index_articles_are_missing_until_it_is_completed(
    path: Path, store: Store, article: Article, later: Later
) -> None:
    store.articles.save(article, "politics")
    other = replace(article, id="daum:2", headline="다른 제목")
    with open_store(path, index=False) as bare:
        bare.articles.save(other, "politics")
        bare.articles.save(later(1, text="국회는 새 법안을 의결했다."), "politics")
        with bare.scratch_copy() as copy:
            assert copy.indexing is False
    assert ids(store, "예산안") == ids(store, "국회") == []
    assert store.search_index.missing() == 2
    assert store.search_index.complete() == 2
    assert (store.search_index.missing(), store.search_index.complete()) == (0, 0)
    assert sorted(ids(store, "발표")) == ["daum:2", article.id]
    assert ids(store, "국회") == [article.id]
    assert store.search_index.rebuild() == 2
    assert ids(store, "국회") == [article.id]
    sound(store)


def test_an_article_that_was_missing_comes_in_with_its_next_edit(
    path: Path, store: Store, later: Later
) -> None:
    with open_store(path, index=False) as bare:
        bare.articles.save(later(0), "politics")
    store.articles.save(later(1, text="국회는 새 법안을 의결했다."), "politics")
    assert ids(store, "국회") == [later(0).id]
    sound(store)


def test_a_dry_run_finds_its_own_and_leaves_the_file_alone(store: Store, article: Article) -> None:
    store.articles.save(article, "politics")
    with store.scratch_copy() as copy:
        copy.articles.save(replace(article, id="daum:2"), "politics")
        assert len(ids(copy, "예산안")) == 2
    assert len(ids(store, "예산안")) == 1


@pytest.mark.parametrize(
    "text",
    ["😀🇰🇷", "\0", "العربية", "日本語テキスト", "a\0b 정부", "𠀀𠀁", "ﬁ", "x" * 200_000],
    ids=["emoji", "NUL", "Arabic", "Japanese", "NUL inside", "rare Han", "ligature", "long"],
)
def test_foreign_and_odd_text_is_stored_found_and_changed(
    store: Store, later: Later, text: str
) -> None:
    article = later(0, text=f"{text} 끝", headline=f"{text[:50]} 제목")
    store.articles.save(article, "politics")
    assert ids(store, "제목") == [article.id]
    assert ids(store, text[:100]) == ([article.id] if text not in ("😀🇰🇷", "\0") else [])
    for hours in (1, 2):  # what shrank so much is believed the second time
        store.articles.save(later(hours, text="바뀐 글", headline="바뀐 제목"), "politics")
    assert ids(store, "끝") == []
    sound(store)


@pytest.mark.parametrize(
    "query",
    [
        "^정부",
        "정부*",
        "(정부",
        "정부)",
        "{정부}",
        "정부 +예산",
        '정부"',
        "¦정부",
        "§한겨레",
        ": 정부",
    ],
)
def test_signs_round_a_word_do_not_matter(store: Store, article: Article, query: str) -> None:
    store.articles.save(article, "politics")
    assert ids(store, query) == [article.id]


@pytest.mark.parametrize(
    "query",
    [
        *(
            "\0",
            '"',
            "'",
            '""',
            "AND",
            "OR",
            "NOT",
            "NEAR(",
            "NEAR(정부 예산, 5)",
            "*",
            "-",
            ":",
            "terms:정부",
        ),
        *(
            "정부;DROP TABLE articles",
            "\ud800",
            "-정부",
            "정부 -정부",
            "articles_fts",
            "' OR 1=1 --",
        ),
    ],
)
def test_no_text_is_a_wrong_query(store: Store, article: Article, query: str) -> None:
    store.articles.save(article, "politics")
    assert ids(store, query) == []


def test_more_than_are_ranked_are_found_page_by_page(
    store: Store, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_RANKED", 10)
    monkeypatch.setattr(search, "_AT_ONCE", 4)
    old = replace(article, id="daum:0", headline="예산안 나왔다", text="금융감독원")
    many = [
        replace(article, id=f"daum:{n}", headline="제목", text="금융 융감 감독 독원")
        for n in range(1, 40)
    ]
    store.articles.save_all([old, *many], "politics")
    assert ids(store, "금융감독원") == ["daum:0"]  # behind 39 that only have its pairs
    assert ids(store, "예산안") == ["daum:0"]
    assert ids(store, "금융", limit=3) == ["daum:39", "daum:38", "daum:37"]
    pages = [ids(store, "감독", limit=5, offset=start) for start in range(0, 45, 5)]
    assert sum(map(len, pages)) == len({key for page in pages for key in page}) == 40
    assert ids(store, "나왔다 금융", limit=3) == ["daum:0"]
    many[20] = replace(many[20], id="daum:99", headline="융감 제목")
    store.articles.save(many[20], "politics")
    assert ids(store, "융감 제목", limit=2)[0] == "daum:99"


def test_plain_sqlite_can_ask_the_index(store: Store, article: Article, path: Path) -> None:
    """As docs/search.md shows it."""
    store.articles.save(article, "politics")
    with sqlite3.connect(path) as db:
        rows = db.execute(
            "SELECT a.id FROM articles_fts JOIN articles AS a ON a.seq = articles_fts.rowid"
            " WHERE articles_fts MATCH '\"예산\" AND \"산안\"' AND a.text LIKE '%예산안%'"
        ).fetchall()
    db.close()
    assert rows == [(article.id,)]


def sound(store: Store) -> None:
    """The index is whole, and has the terms that the articles have: a new one of them is the same."""
    store.db.conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
    store.db.conn.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms_now USING fts5vocab (main, articles_fts, row)"
    )
    terms = "SELECT term, doc FROM temp.terms_now ORDER BY term"
    before = [tuple(row) for row in store.db.conn.execute(terms)]
    store.search_index.rebuild()
    assert [tuple(row) for row in store.db.conn.execute(terms)] == before
