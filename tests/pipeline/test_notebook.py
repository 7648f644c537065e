"""The store for notebooks: typed, read-only, clear about times and threads, and beside a writer."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline import ReadOnlyStore, open_store
from pipeline.errors import StoreError
from pipeline.records import Article, Author, Entry, Rights, Source, StoredArticle, Uses
from pipeline.store import Store
from pipeline.store.articles import Revision
from pipeline.store.opening import open_store as open_to_write
from tests.pipeline.store.conftest import ARTICLE, NOON

ROOT = Path(__file__).parent.parent.parent
Later = Callable[..., Article]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gisa.db"


@pytest.fixture
def writer(path: Path) -> Iterator[Store]:
    """Three articles, an hour apart; the first was edited, listed, and copied by the second."""
    text = "온새시가 공공 자전거 대여소 마흔 곳을 새로 놓는다고 밝혔다. " * 8
    with open_to_write(path) as store:
        for name in ("politics", "society"):
            store.sources.remember(Source(name, "daum", (f"http://h/{name}",)), NOON)
        for number in (1, 2, 3):
            at = NOON + timedelta(hours=number)
            article = replace(
                ARTICLE, id=f"daum:{number}", headline=f"자전거 {number}호", text=text, fetched_at=at,
                published_at=at, publisher=f"신문{number}", summary=None,
            )  # fmt: skip
            store.articles.save(article, "politics" if number < 3 else "society")
        edited = replace(
            ARTICLE, id="daum:1", headline="자전거 1호 고침", text=text, publisher="신문1",
            fetched_at=NOON + timedelta(hours=4), published_at=NOON + timedelta(hours=1),
        )  # fmt: skip
        store.articles.save(edited, "politics")
        entry = Entry("daum:1", "http://h/v/1", "http://h/v/1", 1, "자전거 1호")
        store.visits.discover("politics", "http://h/politics", [entry], NOON)
        store.stories.group()
        yield store


@pytest.fixture
def store(writer: Store, path: Path) -> Iterator[ReadOnlyStore]:
    with open_store(path) as opened:
        yield opened


def ids(found: Iterator[StoredArticle]) -> list[str]:
    return [it.article.id.removeprefix("daum:") for it in found]


def test_everything_is_read_as_typed_records(store: ReadOnlyStore) -> None:
    hits = store.search("자전거", since=NOON + timedelta(hours=1, minutes=30), limit=5)
    assert {hit.article_id for hit in hits} == {"daum:2", "daum:3"}
    assert "자전거" in hits[0].snippet
    found = store.article("daum:1")
    assert isinstance(found, StoredArticle)
    assert found.article.headline == "자전거 1호 고침"
    assert found.observed.first_seen_at.utcoffset() == timedelta()
    assert store.article("daum:9") is None
    first, second = store.revisions("daum:1")
    assert isinstance(first, Revision)
    assert (first.record["headline"], second.record["headline"]) == (
        "자전거 1호",
        "자전거 1호 고침",
    )
    (standing,) = store.sightings("daum:1")
    assert (standing.source, standing.best_rank) == ("politics", 1)
    (story,) = store.stories(least=2)
    assert story == store.story("daum:2")
    assert {member.id for member in story.members} >= {"daum:1", "daum:2"}
    assert store.count() == 3
    assert store.sql("SELECT count(*) AS n FROM articles WHERE source = ?", ["society"]) == [
        {"n": 1}
    ]


def test_articles_are_iterated_over_with_filters(store: ReadOnlyStore) -> None:
    assert ids(store.articles()) == ["1", "2", "3"]
    assert ids(store.articles(source="politics")) == ["1", "2"]
    assert ids(store.articles(since=NOON + timedelta(hours=2))) == ["2", "3"]
    assert ids(store.articles(until=NOON + timedelta(hours=2))) == ["1"]
    assert ids(store.articles(publisher="신문3", source="society")) == ["3"]
    assert ids(store.articles(source="sports")) == []


def test_many_articles_are_read_some_at_a_time_while_a_writer_goes_on(
    path: Path, writer: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline import notebook

    monkeypatch.setattr(notebook, "_AT_ONCE", 1)
    with open_store(path) as store:
        articles = store.articles()
        assert next(articles).article.id == "daum:1"
        writer.articles.mark_removed("daum:2", NOON + timedelta(hours=5))
        second, third = articles
        assert second.observed.removed_at == NOON + timedelta(hours=5)
        assert third.article.id == "daum:3"


def test_the_file_may_be_named_by_a_text(writer: Store, path: Path) -> None:
    with open_store(str(path)) as store:
        assert store.count() == 3
        assert repr(store) == f"ReadOnlyStore({str(path)!r})"


def test_what_is_written_meanwhile_is_seen(
    store: ReadOnlyStore, writer: Store, later: Later
) -> None:
    with writer.writing():
        writer.articles.save(later(9, id="daum:9"), "society")
        assert store.count() == 3  # a writer in the middle of it neither waits nor is waited for
    assert store.count() == 4


@pytest.fixture
def later() -> Later:
    return lambda hours, **changes: replace(
        ARTICLE, fetched_at=NOON + timedelta(hours=hours), **changes
    )


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM articles",
        "CREATE TABLE x (y)",
        "PRAGMA user_version = 9",
        "DROP TABLE articles",
    ],
)
def test_nothing_can_be_written(store: ReadOnlyStore, sql: str) -> None:
    with pytest.raises(StoreError, match="readonly"):
        store.sql(sql)
    assert store.count() == 3


def test_a_search_is_limited_to_a_section_an_author_and_rights(
    store: ReadOnlyStore, writer: Store
) -> None:
    other = replace(
        ARTICLE, id="daum:4", headline="자전거 4호", section="사회", authors=(Author("박선임"),),
        rights=Rights(uses=Uses("licensed", "allowed", "unknown")),
    )  # fmt: skip
    writer.articles.save(other, "society")

    def found(**only: Any) -> set[str]:
        return {hit.article_id for hit in store.search("자전거", **only)}

    old = {"daum:1", "daum:2", "daum:3"}
    assert found(section="사회") == {"daum:4"}
    assert (
        found(section="정치") == found(author="김기자") == found(rights={"tdm": "reserved"}) == old
    )
    assert found(author="박선임") == {*old, "daum:4"}
    assert found(author="박선임", rights={"redistribute": "licensed", "tdm": "allowed"}) == {
        "daum:4"
    }
    assert found(section="사회", rights={"tdm": "reserved"}) == set()
    with pytest.raises(ValueError, match="no use of a text: id"):
        found(rights={"id": "reserved"})


def test_a_time_without_a_zone_is_refused(store: ReadOnlyStore) -> None:
    naive = datetime(2026, 9, 27, 13)  # noqa: DTZ001
    for call in (
        lambda: store.search("자전거", since=naive),
        lambda: store.search("자전거", until=naive),
        lambda: store.articles(since=naive),
        lambda: store.stories(since=naive),
    ):
        with pytest.raises(ValueError, match=r"has no time zone; add one: tzinfo=ZoneInfo"):
            call()


def test_a_day_as_text_is_refused_with_what_to_write(store: ReadOnlyStore) -> None:
    day: Any = "2026-09-27"
    with pytest.raises(TypeError, match=r"since='2026-09-27' is no datetime: datetime\(2026"):
        store.search("자전거", since=day)


def test_times_of_pandas_are_times(store: ReadOnlyStore) -> None:
    import pandas as pd  # half a second that no other test needs

    at = pd.Timestamp(NOON + timedelta(hours=2)) + pd.Timedelta(nanoseconds=1)
    assert ids(store.articles(since=at)) == ["2", "3"]
    assert [hit.article_id for hit in store.search("3호", since=at.tz_convert("UTC"))] == ["daum:3"]


def test_another_thread_is_told_to_open_its_own(store: ReadOnlyStore, path: Path) -> None:
    said: list[str] = []

    def elsewhere() -> None:
        for use in (store.count, store.close, lambda: next(store.articles())):
            with pytest.raises(StoreError) as refused:
                use()
            said.append(str(refused.value))
        with open_store(path) as own:
            said.append(str(own.count()))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert len(said) == 4
    assert said[0].endswith("belongs to one: call open_store there, too")
    assert said[3] == "3"
    assert store.count() == 3


def test_a_process_that_inherited_it_is_told_to_open_its_own(
    store: ReadOnlyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as forked:
        forked.setattr(os, "getpid", lambda: 1)
        with pytest.raises(StoreError, match="another thread or process"):
            store.count()
    assert store.count() == 3


def test_what_was_closed_says_so(writer: Store, path: Path) -> None:
    store = open_store(path)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="was closed"):
        store.count()


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist yet"):
        open_store(tmp_path / "nothing.db")
    (tmp_path / "text.db").write_text("no database" * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(tmp_path / "text.db")


def test_the_library_itself_loads_nothing() -> None:
    code = (
        "import sys, pipeline; before = set(sys.modules); pipeline.open_store;"
        "print(*sorted(m for m in before if m.startswith(('pipeline', 'sqlite', 'orjson'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split() == ["pipeline"]
    with pytest.raises(AttributeError, match="no attribute 'opened'"):
        _ = pipeline.opened
