"""States of an article, one at a time and in brief."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pipeline.records import Article, Block
from pipeline.store import Store, revisions


@pytest.fixture
def edited(store: Store, article: Article, later: Callable[..., Article], noon: object) -> Store:
    store.articles.save(article, "politics")
    longer = {"text": article.text + " 끝.", "body": (Block("paragraph", article.text + " 끝."),)}
    store.articles.save(later(1, headline="정부, 예산안 고쳐", **longer), "politics")
    store.articles.save(later(2, headline="정부, 예산안 고쳐", parser="daum/2"), "politics")
    store.articles.mark_removed(article.id, later(3).fetched_at)
    return store


def test_turns_are_newest_first_with_headline_and_length(
    edited: Store, article: Article, later: Callable[..., Article]
) -> None:
    turns = edited.revisions.turns(article.id)
    assert [(t.revision, t.cause, t.headline, t.characters) for t in turns] == [
        (4, "removed", "정부, 예산안 고쳐", len(article.text)),
        (3, "parser", "정부, 예산안 고쳐", len(article.text)),
        (2, "publisher", "정부, 예산안 고쳐", len(article.text) + 3),
        (1, "publisher", article.headline, len(article.text)),
    ]
    assert turns[0].seen_at - turns[-1].seen_at == timedelta(hours=3)
    assert edited.revisions.turns(article.id, 2) == turns[:2]
    assert edited.revisions.turns("daum:0") == []


def test_get_returns_each_state_as_the_whole_history_does(edited: Store, article: Article) -> None:
    for state in edited.articles.revisions(article.id):
        assert edited.revisions.get(article.id, state.revision) == state
    assert edited.revisions.get(article.id, 5) is None
    assert edited.revisions.get("daum:0", 1) is None


def test_records_too_long_for_a_list_are_not_read_for_it(
    edited: Store, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "_READ_MOST", 10)
    newest, *older = edited.revisions.turns(article.id)
    assert newest.headline == "정부, 예산안 고쳐"
    assert {(t.headline, t.characters) for t in older} == {(None, None)}
