"""`gisa feed` over what was crawled: valid, of the right articles, into a file in one step."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from jobs import feeding, wiring
from jobs.feeding import Feed, Wanted, feed_of
from pipeline.feeds.items import entry_id
from pipeline.records import Article, Author, Rights, Source, Uses
from pipeline.store import Store, open_store
from pipeline.store.updates import Selection
from pipeline.store.watch_hits import Cursor, Hit
from tests.jobs.desk import Desk
from tests.pipeline.feeds.validating import valid_atom, valid_json
from tests.pipeline.store.conftest import ARTICLE

NOW = wiring.now()


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Two sources with five articles each; the watch `budget` found two of them."""
    desk.configure("politics", "society")
    with desk.config.open("a", encoding="utf-8") as file:
        file.write('[watch.budget]\nany = ["예산"]\n')
    with open_store(desk.database) as store:
        for offset, name in ((0, "politics"), (5, "society")):
            store.sources.remember(Source(name, "daum", (f"http://h/{name}",)), NOW)
            store.articles.save_all([article(number + offset) for number in range(1, 6)], name)
        hits = [Hit("budget", f"daum:{number}", 1, ("예산",)) for number in (1, 7)]
        store.watch_hits.looked(hits, {"budget": Cursor(10, NOW)}, NOW)
    return desk


def article(number: int) -> Article:
    seen = NOW - timedelta(minutes=number)
    return replace(ARTICLE, id=f"daum:{number}", headline=f"예산 {number}호", fetched_at=seen)


def test_what_was_crawled_is_in_the_feed(desk: Desk) -> None:
    desk.gisa("run", "--limit", "3", "--quiet")
    read = valid_atom(desk.gisa("feed").out.encode())
    stored = desk.rows("SELECT id, canonical_url FROM articles")
    assert stored
    assert {(it.id, it.link) for it in read.entries} == {(entry_id(i), url) for i, url in stored}


def found(desk: Desk, *args: str) -> list[str]:
    done = desk.gisa("feed", "--format", "json", *args)
    assert (done.code, done.err) == (0, "")
    return [item["_gisa"]["record_id"] for item in valid_json(done.out.encode())["items"]]


def test_atom_is_what_it_writes_without_a_word(filled: Desk) -> None:
    done = filled.gisa("feed", "--self-url", "https://news.example/gisa.xml")
    assert (done.code, done.err) == (0, "")
    read = valid_atom(done.out.encode())
    assert len(read.entries) == 10
    assert read.feed.title == "gisa"
    assert read.feed.links[0].href == "https://news.example/gisa.xml"
    ids = {entry_id(row[0]) for row in filled.rows("SELECT id FROM articles")}
    assert {entry.id for entry in read.entries} == ids
    assert filled.gisa("feed", "--self-url", "https://news.example/gisa.xml").out == done.out


def test_of_a_source_a_watch_and_a_query(filled: Desk) -> None:
    of_politics = {r[0] for r in filled.rows("SELECT id FROM articles WHERE source = 'politics'")}
    assert set(found(filled, "--source", "politics")) == of_politics
    hits = {row[0] for row in filled.rows("SELECT article_id FROM watch_hits")}
    assert set(found(filled, "--watch", "budget")) == hits
    assert found(filled, "--query", "7호") == ["daum:7"]
    assert found(filled, "--query", "없는말이다") == []
    assert len(found(filled, "--limit", "3")) == 3
    assert len(found(filled, "--since", "1d")) == 10
    assert found(filled, "--since", "2100-01-01") == []
    title = filled.gisa("feed", "--source", "politics", "--query", "예산").out
    assert valid_atom(title.encode()).feed.title == "gisa: politics · 예산"


def test_of_a_section_an_author_a_publisher_and_rights(filled: Desk) -> None:
    other = replace(
        article(11), publisher="한빛일보", section="사회", authors=(Author("박선임"),),
        rights=Rights(uses=Uses("licensed", "allowed", "unknown")),
    )  # fmt: skip
    with open_store(filled.database) as store:
        store.articles.save(other, "politics")
    assert found(filled, "--section", "사회") == ["daum:11"]
    assert found(filled, "--publisher", "한빛 일보") == ["daum:11"]
    assert len(found(filled, "--section", "정치", "--author", "박선임")) == 10
    assert found(filled, "--author", "박선임", "--rights", "tdm=allowed") == ["daum:11"]
    assert found(filled, "--query", "예산", "--rights", "redistribute=licensed") == ["daum:11"]
    hits = filled.rows("SELECT count(*) FROM watch_hits")[0][0]
    assert len(found(filled, "--watch", "budget", "--rights", "tdm=reserved")) == hits
    assert found(filled, "--watch", "budget", "--section", "사회") == []
    title = filled.gisa("feed", "--section", "사회", "--rights", "tdm=allowed").out
    assert valid_atom(title.encode()).feed.title == "gisa: 사회 · tdm: allowed"


def test_texts_are_given_where_asked_for(filled: Desk) -> None:
    assert ARTICLE.text not in filled.gisa("feed").out
    whole = filled.gisa("feed", "--full-text")
    assert whole.out.count(ARTICLE.text) == 10
    assert valid_atom(whole.out.encode())


def test_a_file_is_replaced_in_one_step_and_only_when_something_changed(filled: Desk) -> None:
    target = filled.folder / "feed.xml"
    done = filled.gisa("feed", "--output", str(target))
    assert (done.code, done.out) == (0, f"{target}: 10 articles, 0 taken down\n")
    assert len(valid_atom(target.read_bytes()).entries) == 10
    assert stat.S_IMODE(target.stat().st_mode) == 0o666 & ~_umask()
    os.utime(target, (0, 0))
    assert filled.gisa("feed", "--output", str(target)).out.endswith(", as it was\n")
    assert target.stat().st_mtime == 0
    with open_store(filled.database) as store:
        gone = "daum:3"
        store.articles.mark_removed(gone, NOW + timedelta(hours=1))
    assert filled.gisa("feed", "--output", str(target), "--quiet").out == ""
    assert f'ref="{entry_id(gone)}"' in target.read_text(encoding="utf-8")
    assert [it.name for it in filled.folder.glob(".*")] == []


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_write_that_fails_leaves_the_old_file(
    filled: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = filled.folder / "feed.xml"
    target.write_text("before", encoding="utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = filled.gisa("feed", "--output", str(target))
    assert done.code == 1
    assert done.err == f"gisa: {target}: No space left on device: the feed was not written\n"
    assert target.read_text(encoding="utf-8") == "before"
    assert list(filled.folder.glob(".*")) == []


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("--source", "politic"), 2, "did you mean 'politics'?"),
        (("--watch", "no"), 2, "no watch 'no'; there are budget"),
        (("--watch", "budget", "--query", "예산"), 2, "not allowed with"),
        (("--limit", "1001"), 2, "at most 1000"),
        (("--limit", "0"), 2, "from 1 on"),
        (("--rights", "tdm=perhaps"), 2, "is none: redistribute, tdm, ai_train"),
        (("--self-url", "javascript:alert(1)"), 2, "is no address"),
        (("--format", "text"), 2, "invalid choice"),
        (("--output", "no/such/folder/feed.xml"), 1, "the feed was not written"),
    ],
)
def test_what_is_no_feed_is_told(filled: Desk, args: tuple[str, ...], code: int, said: str) -> None:
    done = filled.gisa("feed", *args)
    assert (done.code, done.out) == (code, "")
    assert said in done.err


def test_a_source_that_is_configured_no_more_has_its_feed(filled: Desk) -> None:
    filled.configure("society")
    assert len(found(filled, "--source", "politics")) == 5


@pytest.fixture
def store(filled: Desk) -> Iterator[Store]:
    with open_store(filled.database) as opened:
        yield opened


def test_what_the_web_sends(store: Store) -> None:
    wanted = Wanted(owner="mailto:desk@newsroom.example", limit=3, title="정치")
    feed = feed_of(store, Selection(source="politics"), wanted)
    assert feed == feed_of(store, Selection(source="politics"), wanted)
    assert (feed.articles, feed.removed, feed.media_type) == (3, 0, "application/atom+xml")
    newest = store.updates.newest(Selection(source="politics"), 1)[0]
    assert feed.last_modified == newest.changed_at
    assert feed.etag[0] == feed.etag[-1] == '"'
    store.articles.mark_removed(newest.stored.article.id, NOW + timedelta(hours=1))
    after = feed_of(store, Selection(source="politics"), wanted)
    assert after.etag != feed.etag
    assert after.last_modified > feed.last_modified
    assert _id(after) == _id(feed) != _id(feed_of(store, Selection(), wanted))


def test_the_id_of_a_feed_does_not_change_with_the_time_it_begins_at(store: Store) -> None:
    ids = {
        _id(feed_of(store, Selection(source="politics", since=since), Wanted(owner="a")))
        for since in (None, NOW, NOW - timedelta(days=1))
    }
    assert len(ids) == 1
    other = feed_of(store, Selection(source="politics"), Wanted(owner="b"))
    assert _id(other) not in ids


def test_more_than_a_feed_should_have_is_cut(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "MOST", 2)
    assert feed_of(store, Selection(), Wanted(owner="a", limit=10**9)).articles == 2
    assert feed_of(store, Selection(), Wanted(owner="a", limit=-1)).articles == 1


def _id(feed: Feed) -> str:
    return str(valid_atom(feed.body).feed.id)


def test_no_database_yet_is_told(desk: Desk) -> None:
    done = desk.gisa("feed")
    assert (done.code, done.out) == (1, "")
    assert "does not exist yet" in done.err
