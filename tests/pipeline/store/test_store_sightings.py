"""What listings showed: every sighting is kept, compactly, and answers how long and under which headline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from pipeline.records import Entry, Source
from pipeline.store import Store, looks, open_store, space
from pipeline.store.connection import through
from pipeline.store.schema import STEPS
from pipeline.store.sightings import Place, Standing
from tests.pipeline.store.conftest import NOON

FRONT = "http://h/politics"
MINUTE = timedelta(minutes=1)
SIGHTINGS = "SELECT article_id, source, listing, rank, headline, seen_at FROM sightings"


@dataclass(frozen=True)
class Editor:
    """Puts articles onto listings; `shows` is one look at one of them."""

    store: Store

    def shows(
        self,
        minutes: float,
        *placed: tuple[int, str],
        listing: str = FRONT,
        source: str = "politics",
    ) -> None:
        entries = [_entry(number, rank, head) for rank, (number, head) in enumerate(placed, 1)]
        self.store.visits.discover(source, listing, entries, NOON + minutes * MINUTE)

    def standing(self, number: int) -> Standing:
        (standing,) = self.store.sightings.of(f"daum:{number}")
        return standing

    def count(self, table: str) -> int:
        return int(self.store.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])

    def sightings(self) -> list[tuple[object, ...]]:
        return sorted(tuple(row.values()) for row in self.store.rows(SIGHTINGS))


def _entry(number: int, rank: int, headline: str) -> Entry:
    return Entry(f"daum:{number}", f"http://h/v/{number}", f"http://h/v/{number}", rank, headline)


def at(minutes: float) -> datetime:
    return NOON + minutes * MINUTE


@pytest.fixture
def editor(store: Store) -> Editor:
    return Editor(store)


ONE, TWO, THREE = (1, "하나"), (2, "둘"), (3, "셋")


# --- writing


def test_an_unchanged_listing_costs_one_row(editor: Editor) -> None:
    for minutes in (0, 10, 20, 30):
        editor.shows(minutes, ONE, TWO)
    assert (editor.count("looks"), editor.count("placements")) == (4, 2)
    assert len(editor.sightings()) == 8
    editor.shows(40, TWO, ONE)
    editor.shows(50, ONE, TWO)
    assert (editor.count("looks"), editor.count("placements")) == (6, 6)
    assert editor.standing(1).looks == 6


def test_an_empty_listing_is_a_look_too(editor: Editor) -> None:
    for minutes in (0, 10, 20):
        editor.shows(minutes, *([ONE] if minutes == 0 else []))
    assert (editor.count("looks"), editor.count("placements")) == (3, 1)
    front = editor.store.sightings.front(FRONT, at(15))
    assert front is not None
    assert (front.seen_at, front.places) == (at(10), ())
    assert editor.standing(1).minutes == 10


def test_the_same_rank_twice_and_an_article_twice(editor: Editor) -> None:
    entries = [
        _entry(1, 1, "위"), _entry(2, 1, "나란히"), _entry(1, 3, "아래"), _entry(1, 3, "아래"),
        _entry(1, 3, "아래, 다르게"),
    ]  # fmt: skip
    editor.store.visits.discover("politics", FRONT, entries, NOON)
    editor.shows(10, TWO)
    ranks = [(row[0], row[3], row[4]) for row in editor.sightings() if row[4] != "둘"]
    assert ranks == [
        ("daum:1", 1, "위"), ("daum:1", 3, "아래"), ("daum:1", 3, "아래, 다르게"),
        ("daum:2", 1, "나란히"),
    ]  # fmt: skip
    standing = editor.standing(1)
    assert (standing.looks, standing.minutes, standing.best_rank, standing.last_rank) == (
        1,
        10,
        1,
        1,
    )
    assert [it.headline for it in standing.headlines] == ["위"]


def test_two_sources_may_read_the_same_listing(editor: Editor) -> None:
    editor.shows(0, ONE)
    editor.shows(5, ONE, TWO, source="society")
    assert [s.source for s in editor.store.sightings.of("daum:1")] == ["politics", "society"]
    front = editor.store.sightings.front
    newest, own, none = (
        front(FRONT, at(9)), front(FRONT, at(9), source="politics"), front(FRONT, at(9), source="x"),
    )  # fmt: skip
    assert newest is not None
    assert own is not None
    assert none is None
    assert (newest.source, len(newest.places)) == ("society", 2)
    assert (own.source, len(own.places)) == ("politics", 1)
    assert editor.store.sightings.listings(FRONT) == [("politics", FRONT), ("society", FRONT)]
    assert editor.store.sightings.listings("society") == [("society", FRONT)]
    assert editor.store.sightings.listings("nobody") == []


def test_half_characters_and_odd_addresses_are_kept_as_they_can_be(editor: Editor) -> None:
    editor.shows(0, (1, "속보 \ud83d"), (2, "\0영\0"), listing="http://h/\udfff")
    editor.shows(5, (1, "속보 \ud83d"), (2, "\0영\0"), listing="http://h/\udfff")
    assert {(row[2], row[4]) for row in editor.sightings()} == {
        ("http://h/\ufffd", "속보 \ufffd"), ("http://h/\ufffd", "영"),
    }  # fmt: skip
    assert editor.count("placements") == 2


def test_more_entries_than_a_statement_has_variables(editor: Editor) -> None:
    editor.shows(0, *((n, f"기사 {n}") for n in range(1, 1002)))
    assert editor.count("placements") == len(editor.sightings()) == 1001
    editor.shows(1, *((n, f"기사 {n}") for n in range(1, 1002)))
    assert editor.count("placements") == 1001


def test_what_a_reader_sees_cannot_be_written_past_its_visit(editor: Editor) -> None:
    editor.shows(0, ONE)
    for sql in (
        "INSERT INTO placements VALUES (1, 1, 99, 1)",
        "INSERT INTO placements VALUES (99, 1, 1, 1)",
        "INSERT INTO listed_headlines VALUES (99, 1, 'x')",
        "INSERT INTO looks (listing, shows, seen_at) VALUES (1, 99, 'x')",
        "DELETE FROM visits",
        "DELETE FROM looks",
    ):
        with pytest.raises(sqlite3.IntegrityError), editor.store.writing() as db:
            db.execute(sql)


# --- how long, and under which headline


def test_how_long_an_article_stood(editor: Editor) -> None:
    editor.shows(0, TWO, THREE, ONE)
    editor.shows(10, ONE, TWO, THREE)
    editor.shows(20, TWO, ONE)
    editor.shows(35, THREE)
    standing = editor.standing(1)
    assert (standing.first_seen_at, standing.last_seen_at) == (NOON, at(20))
    assert (standing.looks, standing.minutes) == (3, 35)
    assert (standing.best_rank, standing.last_rank) == (1, 2)


def test_an_article_that_left_and_came_back_was_not_there_meanwhile(editor: Editor) -> None:
    for minutes, placed in ((0, [ONE]), (10, [TWO]), (30, [TWO]), (50, [TWO, ONE]), (55, [])):
        editor.shows(minutes, *placed)
    standing = editor.standing(1)
    assert (standing.first_seen_at, standing.last_seen_at) == (NOON, at(50))
    assert (standing.looks, standing.minutes) == (2, 15)
    assert (standing.best_rank, standing.last_rank) == (1, 2)
    (headline,) = standing.headlines
    assert (headline.headline, headline.looks) == ("하나", 2)


def test_a_look_speaks_for_an_hour_at_most_and_the_newest_for_nothing(editor: Editor) -> None:
    editor.shows(0, ONE)
    assert editor.standing(1).minutes == 0
    editor.shows(24 * 60, ONE)
    assert editor.standing(1).minutes == 60
    editor.shows(24 * 60, ONE, TWO)  # twice in one second
    editor.shows(24 * 60 + 10, ONE)
    assert (editor.standing(1).looks, editor.standing(1).minutes) == (4, 70)


def test_a_clock_that_went_back(editor: Editor) -> None:
    for minutes in (0, 60, 30):
        editor.shows(minutes, ONE, *([TWO] if minutes == 30 else []))
    assert (editor.standing(1).minutes, editor.standing(1).last_seen_at) == (60, at(60))
    front = editor.store.sightings.front(FRONT, at(45))
    assert front is not None
    assert front.seen_at == at(30)


def test_how_its_headline_changed_there_and_changed_back(editor: Editor) -> None:
    for minutes, headline in enumerate(["가", "가", "나", "나", "나", "가"]):
        editor.shows(minutes, (1, headline), listing="http://h/one")
    editor.shows(9, (1, "다"), listing="http://h/two")
    one, two = editor.store.sightings.of("daum:1")
    assert [(it.headline, it.looks) for it in one.headlines] == [("가", 2), ("나", 3), ("가", 1)]
    assert [it.first_seen_at for it in one.headlines] == [NOON, at(2), at(5)]
    assert [it.last_seen_at for it in one.headlines] == [at(1), at(4), at(5)]
    assert [it.headline for it in two.headlines] == ["다"]
    rows = editor.store.rows("SELECT listing, headlines FROM standings ORDER BY listing")
    assert [tuple(row.values()) for row in rows] == [("http://h/one", 2), ("http://h/two", 1)]
    assert editor.count("listed_headlines") == 3


def test_what_a_listing_showed_at_a_time(editor: Editor) -> None:
    editor.shows(0, ONE, TWO)
    editor.shows(10, ONE, TWO)
    editor.shows(20, (2, "둘, 고침"))
    front = editor.store.sightings.front
    assert front(FRONT, at(-1)) is None
    assert front("http://h/other", at(9)) is None
    for minutes, seen, places in (
        (0, 0, (Place(1, "daum:1", "하나"), Place(2, "daum:2", "둘"))),
        (19, 10, (Place(1, "daum:1", "하나"), Place(2, "daum:2", "둘"))),
        (999, 20, (Place(1, "daum:2", "둘, 고침"),)),
    ):
        found = front(FRONT, at(minutes))
        assert found is not None
        assert (found.source, found.listing) == ("politics", FRONT)
        assert (found.seen_at, found.places) == (at(seen), places)


def test_an_article_that_no_listing_showed(editor: Editor) -> None:
    assert editor.store.sightings.of("daum:9") == []


# --- pruning


def test_pruning_folds_looks_and_keeps_how_long_articles_stood(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (looks, space):
        monkeypatch.setattr(module, "BATCH", 2)
    heads = ["가", "가", "나", "나", "나", "나"]
    for number, headline in enumerate(heads):
        placed = [TWO, (1, headline)] if number % 2 else [(1, headline), TWO]
        editor.shows(10 * number, *placed, *([THREE] if number < 3 else []))
    editor.shows(60)
    before = {n: editor.store.sightings.of(f"daum:{n}") for n in (1, 2, 3)}
    assert editor.store.sightings.prune(at(35)) == 4
    assert (editor.count("looks"), editor.count("past_standings")) == (3, 3)
    assert min(str(row[5]) for row in editor.sightings()) == "2026-09-27T03:40:00Z"
    for number, known in before.items():
        assert [_folded(s) for s in editor.store.sightings.of(f"daum:{number}")] == [
            _folded(s) for s in known
        ]
    assert [it.headline for it in editor.standing(1).headlines] == ["나"]
    assert editor.standing(3).headlines == ()
    assert editor.count("listed_headlines") == 4
    editor.shows(70, THREE)
    editor.shows(75)
    assert (editor.standing(3).looks, editor.standing(3).minutes) == (4, 35)
    assert editor.store.sightings.prune(at(999)) == 4  # the newest look stays
    assert (editor.standing(3).looks, editor.standing(3).minutes) == (4, 35)
    assert editor.store.rows("PRAGMA foreign_key_check") == []


def _folded(standing: Standing) -> tuple[object, ...]:
    return (
        standing.source, standing.listing, standing.first_seen_at, standing.last_seen_at,
        standing.looks, standing.minutes, standing.best_rank, standing.last_rank,
    )  # fmt: skip


def test_what_younger_looks_show_is_not_pruned_away(editor: Editor) -> None:
    for minutes in range(0, 60, 10):
        editor.shows(minutes, ONE, TWO)
    assert editor.store.sightings.prune(at(25)) == 3
    assert (editor.count("looks"), editor.count("placements")) == (3, 2)
    assert len(editor.sightings()) == 6
    editor.shows(60, ONE, TWO)
    assert (editor.count("looks"), editor.count("placements")) == (4, 2)
    assert editor.standing(1).minutes == 60
    assert editor.store.sightings.prune(NOON) == 0


def test_pruning_leaves_nothing_open_and_other_listings_alone(editor: Editor) -> None:
    editor.shows(0, ONE, listing="http://h/one")
    for minutes in (0, 10):
        editor.shows(minutes, ONE)
    assert editor.store.sightings.prune(at(999)) == 1
    assert not editor.store.db.conn.in_transaction
    assert [(s.listing, s.looks) for s in editor.store.sightings.of("daum:1")] == [
        ("http://h/one", 1), (FRONT, 2),
    ]  # fmt: skip


# --- against a plain list of rows

ARTICLES, HEADLINES, URLS = st.integers(1, 5), st.sampled_from("가나다"), st.sampled_from("xy")
LOOK = st.tuples(
    URLS,
    st.integers(0, 90),
    st.lists(st.tuples(ARTICLES, HEADLINES), max_size=5, unique_by=lambda it: it[0]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LOOK, max_size=14), st.integers(0, 600), st.booleans())
def test_views_say_what_plain_rows_say(
    shown: list[tuple[str, int, list[tuple[int, str]]]], cut: int, pruned: bool
) -> None:
    with _in_memory() as store:
        editor, clock = Editor(store), 0
        rows: list[tuple[str, int, int, int, str]] = []
        seen: dict[str, list[int]] = {"x": [], "y": []}
        for listing, minutes, placed in shown:
            clock += minutes + 1
            seen[listing].append(clock)
            rows += [(listing, clock, rank, n, head) for rank, (n, head) in enumerate(placed, 1)]
            editor.shows(clock, *placed, listing=listing)
        if pruned:
            kept = {
                name: [t for t in times if t >= cut] or times[-1:] for name, times in seen.items()
            }
            gone = sum(len(times) - len(kept[name]) for name, times in seen.items())
            assert store.sightings.prune(at(cut)) == gone
        else:
            kept = seen
        stay = [row for row in rows if row[1] in kept[row[0]]]
        assert {(row[2], row[5], row[3], row[0], row[4]) for row in editor.sightings()} == {
            (name, looks.stamp(at(t)), rank, f"daum:{n}", head) for name, t, rank, n, head in stay
        }
        for number in range(1, 6):
            _same_standings(store, number, rows, stay, seen)
        for name, times in kept.items():
            for time in times:
                front = store.sightings.front(name, at(time))
                assert front is not None
                assert [(p.rank, p.article_id, p.headline) for p in front.places] == [
                    (rank, f"daum:{n}", head)
                    for li, t, rank, n, head in stay
                    if (li, t) == (name, time)
                ]


def _same_standings(
    store: Store,
    number: int,
    rows: list[tuple[str, int, int, int, str]],
    stay: list[tuple[str, int, int, int, str]],
    seen: dict[str, list[int]],
) -> None:
    found = {s.listing: s for s in store.sightings.of(f"daum:{number}")}
    for name, times in seen.items():
        mine = [row for row in rows if (row[0], row[3]) == (name, number)]
        if not mine:
            assert name not in found
            continue
        standing = found[name]
        following = dict(zip(times, [*times[1:], times[-1]], strict=True))
        assert standing.looks == len(mine)
        assert standing.minutes == sum(min(60, following[t] - t) for _, t, *_ in mine)
        assert (standing.first_seen_at, standing.last_seen_at) == (at(mine[0][1]), at(mine[-1][1]))
        assert (standing.best_rank, standing.last_rank) == (min(r[2] for r in mine), mine[-1][2])
        runs: list[list[object]] = []
        for _, t, _, _, head in (row for row in stay if (row[0], row[3]) == (name, number)):
            if not runs or runs[-1][0] != head:
                runs.append([head, at(t), at(t), 0])
            runs[-1][2:] = [at(t), int(str(runs[-1][3])) + 1]
        assert [
            [h.headline, h.first_seen_at, h.last_seen_at, h.looks] for h in standing.headlines
        ] == runs


def _in_memory() -> Store:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    store = Store(Path("memory"), through(connection))
    with store.writing() as db:
        STEPS.apply(db)
    connection.execute("PRAGMA foreign_keys = ON")
    store.sources.remember(Source("politics", "daum", ()), NOON)
    return store


# --- nobody pays for the sightings of others

BY_ARTICLE, BY_LISTING = "article_id = 'daum:1'", "source = 'politics' AND listing = 'x'"
ONE_LOOK = f"{BY_LISTING} AND seen_at = 't'"


@pytest.mark.parametrize(
    ("view", "condition"),
    [
        *((v, BY_ARTICLE) for v in ("sightings", "stands", "standings", "listed_headline_changes")),
        *((v, BY_LISTING) for v in ("sightings", "stands", "standings", "listed_headline_changes")),
        *((v, ONE_LOOK) for v in ("sightings", "stands")),
    ],
)
@pytest.mark.parametrize("analysed", [False, True])
def test_one_article_or_one_listing_is_read_alone(
    editor: Editor, view: str, condition: str, *, analysed: bool
) -> None:
    if analysed:
        with editor.store.writing():
            for minutes in range(240):
                heads = [(n, f"기사 {n}") for n in range(minutes + 9, minutes, -1)]
                editor.shows(minutes, *heads, listing=f"http://h/{minutes % 12}")
        editor.store.sightings.prune(at(120))
        editor.store.db.execute("ANALYZE")
    plan = editor.store.rows(f"EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE {condition}")
    steps = [row["detail"] for row in plan]
    # what a view itself made for this condition is read whole, tables never
    scans = [step for step in steps if step.startswith("SCAN")]
    assert any(step.startswith("SEARCH") for step in steps)
    assert [
        s for s in scans if not re.match(rf"SCAN (kept|stands|{view}|\(subquery-\d+\))$", s)
    ] == []


# --- from the table of step 003


def _older(path: Path, rows: list[tuple[object, ...]]) -> None:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    STEPS.apply(Database(connection, strict=True), stop_before="step_004_sightings")
    for name in ("politics", "society"):
        connection.execute(
            "INSERT INTO sources (name, portal, listings, enabled, updated_at)"
            " VALUES (?, 'daum', '[]', 1, '2026')",
            [name],
        )
    for key in dict.fromkeys(row[0] for row in rows):
        connection.execute(
            "INSERT INTO visits (article_id, source, url, listed_url, state, first_listed_at)"
            " VALUES (?, 'politics', 'u', 'u', 'open', '2026')",
            [key],
        )
    connection.executemany(
        "INSERT INTO sightings (article_id, source, listing, rank, headline, seen_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        rows,
    )
    connection.commit()
    connection.close()


def test_rows_of_the_old_table_are_carried_over(path: Path, noon: datetime) -> None:
    def row(
        number: int,
        minute: int,
        rank: int,
        headline: str,
        source: str = "politics",
        url: str = FRONT,
    ) -> tuple[object, ...]:
        return (f"daum:{number}", source, url, rank, headline, f"2026-09-27T03:{minute:02}:00Z")

    rows = [
        row(1, 0, 1, "가"), row(2, 0, 2, "나"),
        row(1, 0, 1, "가"),  # word for word
        row(1, 0, 3, "가"),  # twice on one listing
        row(3, 0, 1, "다"),  # the same rank twice
        row(1, 10, 1, "가, 고침"), row(1, 20, 1, "가"),  # changed, and changed back
        row(1, 10, 1, "가", "society"), row(2, 10, 1, "나", url="http://h/other"),
    ]  # fmt: skip
    _older(path, rows)
    with open_store(path) as store:
        editor = Editor(store)
        assert editor.sightings() == sorted(set(rows), key=lambda r: tuple(map(str, r)))
        assert editor.count("listed_headlines") == 4
        assert editor.count("looks") == 5
        standing = next(s for s in store.sightings.of("daum:1") if s.source == "politics")
        assert (standing.looks, standing.minutes, standing.best_rank) == (3, 20, 1)
        assert [h.headline for h in standing.headlines] == ["가", "가, 고침", "가"]
        editor.shows(30, (1, "가"))  # as at the last look
        assert editor.count("looks") == 6
        assert editor.count("placements") == len(set(rows))
        assert noon + 30 * MINUTE == editor.store.sightings.of("daum:1")[0].last_seen_at


def test_a_large_old_table_is_carried_over_whole(path: Path) -> None:
    rows: list[tuple[object, ...]] = [
        (
            f"daum:{look + rank}",
            "politics",
            FRONT,
            rank,
            f"기사 {look + rank}",
            f"2026-09-27T{look:08}",
        )
        for look in range(200)
        for rank in range(1, 41)
    ]
    _older(path, rows)
    with open_store(path) as store:
        assert len(Editor(store).sightings()) == len(rows)
        assert store.rows("SELECT name FROM sqlite_master WHERE name = 'sightings_article'") == []


def test_courses_are_stays_at_a_rank_with_gaps_where_it_was_not_there(editor: Editor) -> None:
    here, other = (1, "기사"), (2, "다른 기사")
    editor.shows(0, here, other)
    editor.shows(10, here, other)
    editor.shows(20, other, here)
    editor.shows(30, other)
    editor.shows(40, here)
    editor.shows(50, here, listing="http://h/all")
    first, second = editor.store.sightings.courses("daum:1")
    assert [(s.rank, s.since, s.until) for s in first.stays] == [
        (1, at(0), at(20)),
        (2, at(20), at(30)),
        (1, at(40), at(40)),
    ]
    assert (second.source, second.listing, len(second.stays)) == ("politics", "http://h/all", 1)
    minutes = sum((s.until - s.since).total_seconds() for s in first.stays) / 60
    assert minutes == editor.store.sightings.of("daum:1")[0].minutes
    assert [s.since for s in editor.store.sightings.courses("daum:1", 2)[0].stays] == [at(40)]
    assert editor.store.sightings.courses("daum:9") == []


def test_a_stay_ends_an_hour_after_a_look_that_none_followed(editor: Editor) -> None:
    editor.shows(0, (1, "기사"))
    editor.shows(300, (1, "기사"))
    (course,) = editor.store.sightings.courses("daum:1")
    assert [(s.since, s.until) for s in course.stays] == [(at(0), at(60)), (at(300), at(300))]
