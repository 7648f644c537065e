"""Imports in the database: what is older is left out, what is known stays, how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipeline.records import Article
from pipeline.store import Store
from pipeline.store.imports import Import, Place, Step, Wanted

WANTED = Wanted("politics", "/archives/a.warc.gz", "warc", "f1", "{}", 1000)


@pytest.fixture
def begun(store: Store, noon: datetime) -> Import:
    return store.imports.begin(WANTED, noon)


def test_each_state_has_its_place(
    store: Store, begun: Import, noon: datetime, article: Article, later: Callable[..., Article]
) -> None:
    pages = [
        (article, Place(0, 1)),
        (later(1, headline="고친 제목"), Place(70, 2)),
        (later(2, headline="고친 제목"), Place(90, 3, "sub/c.html")),
        (later(3, headline="또 고친 제목"), Place(99, 4, "sub/d.html")),
    ]
    step = Step(pages, upto=Place(99, 4))
    assert store.imports.save(begun.id, step, noon) == {"new": 1, "revised": 2, "unchanged": 1}
    found = store.imports.origins(article.id)
    assert [(it.revision, it.place) for it in found] == [
        (1, Place(0, 1)), (2, Place(70, 2)), (3, Place(99, 4, "sub/d.html")),
    ]  # fmt: skip
    assert {(it.path, it.kind, it.source) for it in found} == {
        ("/archives/a.warc.gz", "warc", "politics")
    }
    stored = store.articles.get(article.id)
    assert stored is not None
    assert stored.observed.first_seen_at == noon


def test_what_is_older_than_known_is_left_out(
    store: Store, begun: Import, noon: datetime, article: Article, later: Callable[..., Article],
    dump: Callable[[Store], dict[str, Any]],
) -> None:  # fmt: skip
    store.articles.save(later(5), "politics")
    before = dump(store)["articles"]
    step = Step([(later(4, headline="옛 제목"), Place(0, 1))], upto=Place(0, 1))
    assert store.imports.save(begun.id, step, noon) == {"older": 1}
    # removed at the tenth hour: a page of the ninth does not bring it back, one of the eleventh does
    assert dump(store)["articles"] == before
    store.articles.mark_removed(article.id, noon + timedelta(hours=10))
    for hours, outcome in ((9, "older"), (11, "revised")):
        step = Step([(later(hours), Place(hours, hours))], upto=Place(hours, hours))
        assert store.imports.save(begun.id, step, noon) == {outcome: 1}


def test_a_record_of_another_portal_is_refused_alone(
    store: Store, begun: Import, noon: datetime, article: Article, later: Callable[..., Article]
) -> None:
    other = replace(later(2), portal="web")
    step = Step([(article, Place(0, 1)), (other, Place(5, 2))], upto=Place(5, 2))
    assert store.imports.save(begun.id, step, noon) == {"new": 1, "refused": 1}
    assert len(store.imports.origins(article.id)) == 1


def test_counts_and_damage_add_up(store: Store, begun: Import, noon: datetime) -> None:
    for number in range(1, 31):
        step = Step(damage=[f"place {number}"], upto=Place(number * 10, number))
        step.others["damaged"] += 1
        store.imports.save(begun.id, step, noon)
    it = store.imports.begin(WANTED, noon)
    assert (it.id, it.position, it.number, it.counts) == (begun.id, 300, 30, {"damaged": 30})
    assert (it.damage[0], len(it.damage)) == ("place 1", 20)
    store.imports.finish(it.id, noon)
    moved = store.imports.begin(replace(WANTED, path="/elsewhere/b.warc.gz"), noon)
    assert (moved.id, moved.path, moved.finished_at) == (it.id, "/elsewhere/b.warc.gz", noon)
    again = store.imports.begin(WANTED, noon, again=True)
    assert (again.id, again.position, again.counts, again.finished_at) == (it.id, 0, {}, None)


def test_other_options_are_another_import(store: Store, begun: Import, noon: datetime) -> None:
    changes: list[dict[str, Any]] = [
        {"options": '{"domains": ["a"]}'}, {"source": "society"}, {"fingerprint": "f2"}
    ]  # fmt: skip
    for change in changes:
        assert store.imports.begin(replace(WANTED, **change), noon).id != begun.id
