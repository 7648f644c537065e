"""Every invariant that is checked: it holds in a database in use, and its breach is told."""

from __future__ import annotations

import pytest

from pipeline.store import Store, checks
from pipeline.store.visits import NEVER_SEEN


@pytest.fixture
def used(store: Store, article, later, entries, noon) -> Store:
    """A visit that led to an article with three revisions, one that failed, and a run."""
    store.visits.discover("politics", "http://h/politics", entries(1, 2), noon)
    with store.writing() as db:
        db.execute("UPDATE visits SET article_id = ? WHERE article_id = 'daum:1'", [article.id])
    store.runs.begin("politics", noon, "test")
    visit = next(v for v in store.visits.due("politics", noon) if v.article_id == article.id)
    with store.writing():
        store.articles.save(article, "politics")
        store.visits.settle(visit, "new", noon, again=None, seen=NEVER_SEEN)
    store.articles.save(later(1, headline="정부, 예산안 고쳐"), "politics")
    store.articles.mark_removed(article.id, later(2).fetched_at)
    assert checks.damage(store, full=True) == []
    assert checks.broken(store) == []
    return store


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("INSERT INTO visits (article_id, source, url, listed_url, state, outcome, first_listed_at)"
         " VALUES ('daum:9', 'politics', 'u', 'u', 'settled', 'new', 't')", "there is none: daum:9"),
        ("UPDATE visits SET not_before = NULL WHERE state = 'open'", "1 visits have a state"),
        ("UPDATE visits SET outcome = NULL WHERE state = 'settled'", "1 visits have a state"),
        ("UPDATE articles SET revision = 4", "do not have the revisions"),
        ("DELETE FROM revisions WHERE revision = 2", "do not have the revisions"),
        ("DELETE FROM revisions WHERE revision = 3", "do not have the revisions"),
        ("UPDATE revisions SET record = NULL WHERE revision = 1", "without its record"),
        ("UPDATE revisions SET record = '{}' WHERE revision = 3", "differ from their newest"),
        ("UPDATE articles SET content_hash = 'x'", "differ from their newest"),
        ("UPDATE articles SET removed_at = NULL", "differ from their newest"),
        ("UPDATE articles SET first_seen_at = '2999'", "seen last before"),
        ("DELETE FROM article_authors WHERE position = 1", "a part of their article_authors"),
        ("UPDATE images SET position = 7 WHERE position = 2", "a part of their images"),
        ("UPDATE links SET position = 2", "a part of their links"),
        ("UPDATE runs SET outcome = 'ok'", "runs have an end"),
    ],
)  # fmt: skip
def test_a_breach_is_told(used: Store, change: str, said: str) -> None:
    with used.writing() as db:
        db.execute(change)
    assert any(said in line for line in checks.broken(used)), checks.broken(used)


def test_many_breaches_take_one_line(store: Store, article, later) -> None:
    for number in range(5):
        store.articles.save(later(0, id=f"daum:{number}"), "politics")
    with store.writing() as db:
        db.execute("UPDATE articles SET revision = 2")
    (line, *_) = checks.broken(store)
    assert line.startswith("5 articles do not")
    assert line.endswith("daum:0, daum:1, daum:2 …")


def test_broken_references_are_damage(store: Store) -> None:
    store.db.conn.execute("PRAGMA foreign_keys = OFF")
    with store.writing() as db:
        db.execute("INSERT INTO images VALUES ('daum:none', 1, 'u', NULL, NULL)")
    assert checks.damage(store) == ["broken references"]
