"""What runs measured, in tables: hours, days, drifts, acceptance, and what is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline.history import Sign
from pipeline.measures import Look, Measures
from pipeline.records import Article, CrawlReport, Entry
from pipeline.store import Store

HOUR = timedelta(hours=1)
LIST = "http://h/politics"


def run(
    store: Store, at: datetime, measures: Measures, *signs: Sign, bad: frozenset[str] = frozenset()
) -> int:
    number = store.runs.begin("politics", at, "")
    store.health.note_looks("politics", measures.looks)
    store.health.learn("politics", number, measures, {s.name for s in signs} | bad, at)
    store.drifts.note("politics", number, signs, at)
    outcome = "drift" if signs else "ok"
    store.runs.finish(number, CrawlReport("politics", at, at, outcome))  # type: ignore[arg-type]
    return number


def measured(article: Article, *, authors: int, of: int) -> Measures:
    measures = Measures()
    for i in range(of):
        named = article.authors if i < authors else ()
        measures.article(replace(article, authors=named, text=f"{article.text} {i}"))
    return measures


def test_a_look_knows_what_the_look_before_did_not_show(
    store: Store, noon: datetime, entries: Callable[..., list[Entry]]
) -> None:
    first = store.health.look("politics", LIST, entries(1, 2, 3), noon)
    assert (first.entries, first.before, first.is_whole) == (3, None, False)
    store.visits.discover("politics", LIST, entries(1, 2, 3), noon)
    # that another source knows an article already does not make it old here
    store.visits.discover("society", "http://h/society", entries(5), noon)
    look = store.health.look("politics", LIST, entries(5, 4, 1, 2), noon + HOUR)
    assert (look.fresh, look.entries, look.is_whole) == (2, 4, True)
    assert look.before == noon
    all_new = store.health.look("politics", LIST, entries(7, 8), noon + HOUR)
    assert not all_new.is_whole, "nobody knows how many more there were"


def test_what_appeared_is_spread_over_the_hours_since_the_look_before(
    store: Store, noon: datetime
) -> None:
    at = noon + 2.5 * HOUR
    store.health.note_looks("politics", [Look(LIST, at, 20, 5, noon + 0.5 * HOUR)])
    store.health.note_looks("politics", [Look(LIST, at + 0.5 * HOUR, 8, 1, at)])
    hours = store.health.history("politics", at, {}).hours[LIST]
    assert [(h.covered, h.fresh) for h in hours] == [(0.5, 1.25), (1, 2.5), (1, 2.25)]
    history = store.health.history("politics", at, {})
    assert [n for _, n in history.least[LIST]] == [20, 20, 8]


def test_counts_are_learned_by_day_and_what_drifts_is_not(
    store: Store, noon: datetime, article: Article
) -> None:
    run(store, noon, measured(article, authors=3, of=4))
    run(store, noon + HOUR, measured(article, authors=4, of=4))
    sign = Sign("field:authors", 0.9, 0, 6)
    run(store, noon + 2 * HOUR, measured(article, authors=0, of=6), sign)
    history = store.health.history("politics", noon + 3 * HOUR, {})
    (day,) = history.days["field:authors"]
    assert (day.counted.matched, day.counted.of) == (7, 8)
    assert (day.counted.matched_squared, day.counted.product, day.counted.of_squared) == (
        25,
        28,
        32,
    )
    assert history.days["field:headline"][0].counted.of == 14
    recent = [counts.get("field:authors") for _, counts in history.recent]
    assert [it and (it.matched, it.of) for it in recent] == [None, (4, 4), (3, 4)]


def test_a_drift_begins_stands_and_ends(store: Store, noon: datetime, article: Article) -> None:
    good = measured(article, authors=4, of=4)
    run(store, noon, good)
    sign = Sign("field:authors", 0.9, 0, 6)
    number = run(store, noon + HOUR, measured(article, authors=0, of=6), sign)
    run(store, noon + 2 * HOUR, measured(article, authors=0, of=1), replace(sign, of=1))
    (row,) = store.drifts.all("politics")
    assert (row["run"], row["found"], row["of"]) == (number, 0, 6)
    assert row["detail"] == "authors on 0 of 1 articles, usual are 90%"
    assert row["last_good_at"] < row["began_at"] < row["seen_at"]
    assert store.drifts.standing("politics")["field:authors"].expected == 0.9
    run(store, noon + 3 * HOUR, good)
    assert store.drifts.all("politics") == []
    (row,) = store.drifts.all("politics", ended=True)
    assert (row["accepted"], row["ended_at"]) == (0, "2026-09-27T06:00:00Z")


@pytest.mark.parametrize("name", [f"yield:{LIST}", f"listing:{LIST}"])
def test_hours_of_a_drift_teach_nothing_and_acceptance_forgets_all(
    store: Store, noon: datetime, name: str
) -> None:
    looks = Measures(looks=[Look(LIST, noon + 9 * HOUR, 20, 5, noon)])
    run(store, noon + 9 * HOUR, looks, Sign(name, 20, 1, 0, 4))
    hours = store.health.history("politics", noon + 9 * HOUR, {}).hours[LIST]
    assert [h.drifted for h in hours][:4] == [False] * 4
    assert hours[-1].drifted
    assert store.drifts.accept("politics", noon + 10 * HOUR) == [name]
    assert store.health.history("politics", noon + 10 * HOUR, {}).hours == {}
    (row,) = store.drifts.all("politics", ended=True)
    assert row["accepted"] == 1
    assert store.drifts.accept("politics", noon + 10 * HOUR) == []


def test_what_no_decision_looks_at_is_forgotten(
    store: Store, noon: datetime, article: Article
) -> None:
    old = measured(article, authors=4, of=4)
    old.looks.append(Look(LIST, noon, 20, 5, noon - HOUR))
    run(store, noon, old)
    run(store, noon + timedelta(days=100), measured(article, authors=1, of=1))
    (days,) = store.rows("SELECT count(DISTINCT day) AS n FROM measures")
    (hours,) = store.rows("SELECT count(*) AS n FROM yields")
    (runs,) = store.rows("SELECT count(*) AS n FROM run_measures")
    assert (days["n"], hours["n"], runs["n"]) == (1, 0, 1)


def test_runs_that_are_pruned_take_their_measures_along(
    store: Store, noon: datetime, article: Article
) -> None:
    for i in range(3):
        run(store, noon + i * HOUR, measured(article, authors=1, of=1))
    assert store.runs.prune(noon + timedelta(days=9)) == 2
    assert store.rows("SELECT count(*) AS n FROM run_measures") == [{"n": 1}]
    assert store.rows("PRAGMA foreign_key_check") == []
