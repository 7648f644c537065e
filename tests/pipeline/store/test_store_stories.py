"""Stories in the database: found again in batches of any size, after a crash, after edits, without gluing."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.grouping_prose import WideWriter
from benchmarks.grouping_set import pairs
from pipeline import stories as likeness
from pipeline.errors import StoreError
from pipeline.records import Article, Block, Source
from pipeline.store import Store, open_store, story_grouping, story_sketches
from pipeline.store.stories import Story
from tests.pipeline.store.conftest import NOON

Dump = Callable[[Store], dict[str, list[tuple[object, ...]]]]
TABLES = ("stories", "story_articles", "sketches", "sketch_bands", "regroup")


def text(seed: object, paragraphs: int = 8) -> str:
    writer = WideWriter(random.Random(f"store:{seed}"))
    return "\n\n".join(writer.paragraph() for _ in range(paragraphs))


@pytest.fixture
def made(article: Article) -> Callable[..., Article]:
    def make(name: str, said: str, **changes: object) -> Article:
        portal = name.partition(":")[0]
        hours = changes.pop("hours", 0)
        at = NOON + timedelta(hours=hours)  # type: ignore[arg-type]
        url = f"https://{portal}.example/v/{name.partition(':')[2]:0>9}"
        base = replace(
            article, id=name, portal=portal, url=url, canonical_url=url, original_url=None,
            text=said, body=(Block("paragraph", said),), headline=f"제목 {said[:20]}",
            published_at=at, modified_at=None, fetched_at=at, publisher="한빛일보",
        )  # fmt: skip
        return replace(base, **changes)

    return make


def keep(store: Store, *articles: Article) -> None:
    for each in articles:
        store.articles.save(each, "politics")


def group(store: Store, limit: int = 200) -> int:
    total = 0
    while done := store.stories.group(limit).looked_at:
        total += done
    return total


def said(story: Story | None) -> dict[str, str]:
    assert story is not None
    assert story.articles == len(story.members)
    return {member.id: member.relation for member in story.members}


def tables(store: Store, dump: Dump) -> dict[str, list[tuple[object, ...]]]:
    whole = dump(store)
    return {name: sorted(whole[name], key=repr) for name in TABLES}


def test_daum_naver_and_the_publisher_are_one(store: Store, made: Callable[..., Article]) -> None:
    link = "https://www.hanbit.example/news/articleView.html?idxno=1234567"
    mobile = "https://m.hanbit.example/news/articleView.html?idxno=1234567&utm_source=x"
    one = made("daum:1", text(1), original_url=link)
    keep(
        store,
        one,
        made("naver:2", f"[한빛일보 김온결 기자] {text(1)}", headline=one.headline),
        made("web:3", text(1) + "\n\n" + text("more", 3), canonical_url=mobile, headline="새 제목"),
        made("daum:4", text(4)),
    )
    assert group(store) == 4
    story = store.stories.of("naver:2")
    assert said(story) == {"daum:1": "first", "naver:2": "same", "web:3": "same"}
    assert story == store.stories.of("daum:1")
    assert store.stories.list(10) == [story]
    assert store.stories.of("daum:4") is None
    assert story is not None
    assert story.publishers == 1
    assert all(member.of_id == "daum:1" for member in story.members if member.relation != "first")


def test_a_wire_copy_and_the_copys_other_portal(store: Store, made: Callable[..., Article]) -> None:
    wire = made("daum:1", f"(온새=다온통신) 김온결 기자 = {text(1)}", publisher="다온통신")
    copy = made("daum:2", text(1) + "\n\n" + text("own", 1), publisher="너울신문", hours=2)
    same = made("naver:3", copy.text, publisher="너울", headline="다른 제목", hours=3)
    keep(store, wire, copy, same)
    group(store)
    story = store.stories.of("daum:1")
    assert said(story) == {"daum:1": "first", "daum:2": "copy", "naver:3": "same"}
    assert story is not None
    assert [member.of_id for member in story.members] == [None, "daum:1", "daum:2"]
    assert story.publishers == 2
    assert (story.last_seen_at - story.first_seen_at) == timedelta(hours=3)


def test_the_earliest_published_stands_first_whoever_was_found_first(
    store: Store, made: Callable[..., Article]
) -> None:
    keep(store, made("daum:1", text(1), publisher="너울신문"))
    keep(store, made("daum:2", text(1), publisher="다온통신", hours=-2))
    group(store)
    story = store.stories.of("daum:1")
    assert story is not None
    assert [member.id for member in story.members] == ["daum:2", "daum:1"]


def test_one_headline_with_other_texts_is_no_story(
    store: Store, made: Callable[..., Article]
) -> None:
    for number in range(4):
        portal = ("daum", "naver")[number % 2]
        day = {"hours": 24 * (number // 2)}
        keep(
            store,
            made(f"{portal}:{number}1", text(number), headline="오늘의 날씨", **day),
            made(f"{portal}:{number}2", f"정부 발표 {number}보.", headline="[속보] 정부", **day),
            made(f"{portal}:{number}3", "", headline="[포토] 국회", **day),
        )
    group(store)
    assert store.stories.count() == 0


def test_photographs_of_one_series_pair_off_between_portals(
    store: Store, made: Callable[..., Article]
) -> None:
    caption = "27일 온새시 강변에 자전거 12대가 서 있다."
    ids = [f"{portal}:{n}" for portal in ("daum", "naver") for n in (1, 2, 3)]
    keep(store, *(made(name, caption, headline="[포토] 강변의 자전거") for name in ids))
    group(store)
    found = [set(said(story)) for story in store.stories.list(9)]
    assert sorted(map(sorted, found)) == [[f"daum:{n}", f"naver:{n}"] for n in (1, 2, 3)]


def test_a_chain_of_drifting_copies_does_not_glue(
    store: Store, made: Callable[..., Article]
) -> None:
    parts = [text(f"part{n}", 2) for n in range(12)]
    chain = ["\n\n".join(parts[n : n + 4]) for n in range(9)]
    pieces = [likeness.wording(each) for each in chain]
    steps = [likeness.likeness(*pair).of_shorter for pair in pairwise(pieces)]
    assert min(steps) > likeness.COPIED
    keep(store, *(made(f"daum:{n}", each, publisher=f"신문 {n}") for n, each in enumerate(chain)))
    group(store)
    of = {row["article"]: row["story"] for row in store.rows("SELECT * FROM story_articles")}
    assert len(set(of.values())) >= 3
    numbers = {row["id"]: row["seq"] for row in store.rows("SELECT id, seq FROM articles")}
    for name, article in numbers.items():
        founder = next(n for n, seq in numbers.items() if seq == of[article])
        n, first = int(name[5:]), int(founder[5:])
        assert likeness.likeness(pieces[n], pieces[first]).of_shorter >= likeness.COPIED


@pytest.fixture(scope="module")
def crowd() -> list[Article]:
    return [each for pair in pairs("crowd", 2) for each in (pair.first, pair.second)]


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_batches_of_any_size_and_later_arrivals_make_the_same_stories(
    store: Store, tmp_path: Path, crowd: list[Article], dump: Dump, limit: int
) -> None:
    store.articles.save_all(crowd, "politics")
    group(store)
    with open_store(tmp_path / "other.db") as other:
        other.sources.remember(_source(), NOON)
        for start in range(0, len(crowd), 50):
            other.articles.save_all(crowd[start : start + 50], "politics")
            group(other, limit)
        assert tables(other, dump) == tables(store, dump)
    assert store.stories.count() > 20
    before = tables(store, dump)
    assert store.stories.group().looked_at == 0
    store.stories.forget()
    assert store.stories.waiting() == len(crowd)
    group(store, 33)
    assert tables(store, dump) == before


def _source() -> Source:
    return Source("politics", "daum", ("http://h/politics",))


def test_a_crash_within_a_batch_leaves_none_of_it(
    store: Store, path: Path, crowd: list[Article], dump: Dump, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.articles.save_all(crowd, "politics")
    store.stories.group(20)
    before = tables(store, dump)
    place, calls = story_grouping.Grouping.place, []

    def fails_late(self: story_grouping.Grouping, article: int) -> None:
        calls.append(article)
        place(self, article)
        if len(calls) == 15:
            raise OSError("the power went")

    monkeypatch.setattr(story_grouping.Grouping, "place", fails_late)
    with pytest.raises(OSError, match="the power went"):
        store.stories.group(20)
    assert tables(store, dump) == before
    monkeypatch.undo()
    with open_store(path) as again:  # another process goes on
        group(again)
        after = tables(again, dump)
    store.stories.forget()
    group(store)
    assert tables(store, dump) == after


def test_an_edit_keeps_moves_or_parts(store: Store, made: Callable[..., Article]) -> None:
    wire, other = made("daum:1", text(1), publisher="다온통신"), made("daum:2", text(2))
    copy = made("naver:3", text(1), publisher="너울신문", headline="가")
    keep(store, wire, other, copy)
    group(store)
    assert set(said(store.stories.of("daum:1"))) == {"daum:1", "naver:3"}

    def body(words: str) -> Article:
        return replace(copy, text=words, body=(Block("paragraph", words),))

    for hours, words, together in (
        (1, text(1) + "\n\n" + text("added", 1), {"daum:1", "naver:3"}),
        (2, text(2), {"daum:2", "naver:3"}),
        (3, text("nothing like it"), None),
        (4, text(1), {"daum:1", "naver:3"}),
    ):
        keep(store, replace(body(words), fetched_at=NOON + timedelta(hours=hours)))
        assert store.stories.waiting() == 1
        assert group(store) == 1
        story = store.stories.of("naver:3")
        assert (story and set(said(story))) == together
        assert store.stories.count() == (together is not None)
        assert store.rows("PRAGMA foreign_key_check") == []


def test_what_began_a_story_holds_it_and_is_found_by_its_new_text(
    store: Store, made: Callable[..., Article]
) -> None:
    first = made("daum:1", text(1), publisher="다온통신")
    keep(store, first, made("daum:2", text(1), publisher="너울신문"))
    group(store)
    new = text("new")
    keep(
        store,
        replace(
            first, text=new, body=(Block("paragraph", new),), fetched_at=NOON + timedelta(hours=1)
        ),
    )
    keep(store, made("daum:3", new, publisher="한빛일보", hours=1))
    group(store)
    assert set(said(store.stories.of("daum:1"))) == {"daum:1", "daum:2", "daum:3"}


def test_a_link_learned_later_is_looked_at(store: Store, made: Callable[..., Article]) -> None:
    link = "https://www.hanbit.example/news/1234567"
    one = made("daum:1", "짧은 글", original_url=link)
    other = made("naver:2", "짧은 글 둘", headline=one.headline)
    keep(store, one, other)
    group(store)
    assert store.stories.count() == 0
    assert store.articles.save(replace(other, original_url=link), "politics") == "unchanged"
    group(store)
    assert said(store.stories.of("naver:2")) == {"daum:1": "first", "naver:2": "same"}


def test_confirmed_and_removed_articles_wait_for_nothing_and_stay(
    store: Store, made: Callable[..., Article]
) -> None:
    one, other = made("daum:1", text(1)), made("daum:2", text(1), publisher="너울신문")
    keep(store, one, other)
    group(store)
    store.articles.confirm("daum:1", NOON + timedelta(hours=1))
    keep(store, replace(other, section="사회", fetched_at=NOON + timedelta(hours=1)))
    store.articles.mark_removed("daum:1", NOON + timedelta(hours=2))
    assert store.stories.waiting() == 0
    story = store.stories.of("daum:2")
    assert story is not None
    assert [member.removed_at is not None for member in story.members] == [True, False]
    store.stories.forget()
    group(store)
    assert store.stories.of("daum:2") == story


def test_sketches_go_after_a_week_and_stories_stay(
    store: Store, made: Callable[..., Article]
) -> None:
    keep(store, made("daum:1", text(1)), made("daum:2", text(1), publisher="너울신문"))
    group(store)
    assert _count(store, "sketches") == 1
    assert _count(store, "sketch_bands") == 42
    keep(store, made("daum:3", text(3), hours=8 * 24))
    keep(store, made("daum:4", text(1), publisher="별마루", hours=8 * 24))
    group(store)
    assert _count(store, "sketches") == 2  # those of the two new ones
    assert _count(store, "sketch_bands") == 84
    assert set(said(store.stories.of("daum:1"))) == {"daum:1", "daum:2"}
    assert store.stories.of("daum:4") is None


def _count(store: Store, table: str) -> int:
    return int(store.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])


def test_sketches_of_another_version_are_made_anew_in_batches(
    store: Store, made: Callable[..., Article], monkeypatch: pytest.MonkeyPatch, dump: Dump
) -> None:
    keep(store, *(made(f"daum:{n}", text(n), publisher=f"신문 {n}") for n in range(5)))
    group(store)
    before = tables(store, dump)
    make = likeness.sketch
    with monkeypatch.context() as older:
        older.setattr(story_sketches, "VERSION", 0)
        older.setattr(story_sketches, "sketch", lambda told: make(told)[::-1])
        store.stories.forget()
        group(store)
    assert tables(store, dump) != before
    keep(store, made("naver:9", text(3), publisher="너울신문"))
    assert [store.stories.group(2).looked_at for _ in range(4)] == [2, 2, 1, 1]
    assert said(store.stories.of("naver:9")) == {"daum:3": "first", "naver:9": "copy"}
    sketches = tables(store, dump)
    assert [sketches[name] for name in ("sketches", "sketch_bands")] == [
        before[name] for name in ("sketches", "sketch_bands")
    ]


def test_a_form_of_the_day_does_not_make_the_look_up_grow(
    store: Store, made: Callable[..., Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many stories that began with nearly one text: only so many of them are looked at."""
    base = text("form", 6)
    for n in range(60):
        figures = " ".join(f"{n * 97 + k * 13}개" for k in range(20))
        keep(store, made(f"daum:{n}", f"{base} {figures}", publisher=f"신문 {n}"))
    group(store)
    assert store.stories.count() == 0  # other figures
    compared = []
    shared = story_sketches.shared
    monkeypatch.setattr(
        story_sketches, "shared", lambda *both: compared.append(both) or shared(*both)
    )
    keep(store, made("daum:99", f"{base} 1234개 777개", publisher="너울신문"))
    group(store)
    assert len(compared) == story_sketches._ESTIMATED


def test_listing(store: Store, made: Callable[..., Article]) -> None:
    def story(name: str, copies: int, hours: float) -> Iterable[Article]:
        for n in range(copies):
            yield made(f"daum:{name}{n}", text(name), publisher=f"신문 {n}", hours=hours)

    keep(store, *story("1", 4, 0), *story("2", 2, 5), *story("3", 3, 9))
    group(store)

    def first_of(**how: object) -> list[str]:
        limit = how.pop("limit", 10)
        found = store.stories.list(limit, **how)  # type: ignore[arg-type]
        return [story.members[0].id[5] for story in found]

    assert first_of() == ["3", "2", "1"]
    assert first_of(order="biggest") == ["1", "3", "2"]
    assert first_of(least=3) == ["3", "1"]
    assert first_of(limit=1) == ["3"]
    assert first_of(since=NOON + timedelta(hours=5)) == ["3", "2"]
    assert first_of(limit=1, offset=1) == ["2"]
    assert first_of(publisher="신문 0") == ["3", "2", "1"]
    assert first_of(publisher="신문 3") == ["1"]
    assert first_of(publisher="신문") == []


def test_a_story_by_its_number_and_where_its_first_article_went(
    store: Store, made: Callable[..., Article]
) -> None:
    keep(store, made("daum:1", text("a")), made("daum:2", text("a"), publisher="너울신문"))
    group(store)
    (story,) = store.stories.list(10)
    assert store.stories.get(story.id) == story
    assert store.stories.get(story.id + 1) is None
    assert store.stories.story_of(story.id) is None
    assert store.stories.story_of(story.id + 1) == story.id


def test_two_processes_group_side_by_side(
    store: Store, path: Path, crowd: list[Article], dump: Dump
) -> None:
    store.articles.save_all(crowd, "politics")
    with open_store(path) as other:
        while store.stories.group(9).looked_at + other.stories.group(5).looked_at:
            pass
    together = tables(store, dump)
    store.stories.forget()
    group(store)
    assert tables(store, dump) == together


def test_a_reader_meets_a_damaged_or_locked_file_as_a_store_error(
    path: Path, store: Store, made: Callable[..., Article]
) -> None:
    keep(store, made("daum:1", text(1)))
    with open_store(path) as other, store.writing():
        other.db.conn.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(StoreError, match=r"locked|busy"):
            other.stories.group()
    assert group(store) == 1
