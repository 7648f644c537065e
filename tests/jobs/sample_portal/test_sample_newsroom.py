"""The newsroom: the same seed gives the same articles; edits, removals and new articles show."""

import re
from datetime import datetime, timedelta

import pytest

from jobs.sample_portal import DEFAULT_NOW, SECTIONS, Newsroom


def test_same_seed_and_time_give_the_same_articles() -> None:
    assert list(Newsroom(seed=7).articles()) == list(Newsroom(seed=7).articles())


def test_another_seed_gives_other_articles() -> None:
    assert next(Newsroom(seed=7).articles()).headline != next(Newsroom(seed=8).articles()).headline


def test_same_changes_in_the_same_order_give_the_same_articles() -> None:
    def changed() -> list[object]:
        newsroom = Newsroom(seed=3)
        newsroom.edit(newsroom.ids()[4])
        newsroom.publish("society")
        newsroom.edit(newsroom.ids()[5])
        return list(newsroom.articles())

    assert changed() == changed()


def test_id_is_the_time_of_publication_or_ten_letters() -> None:
    articles = list(Newsroom().articles())
    for article in articles:
        stamp = f"{article.published_at:%Y%m%d%H%M%S}"
        assert re.fullmatch(rf"{stamp}\d{{3}}|V[A-Za-z]{{9}}", article.id)
    assert len({article.id for article in articles}) == 60
    assert 1 <= sum(article.id.startswith("V") for article in articles) <= 6


def test_every_shape_occurs_among_sixty_articles() -> None:
    articles = list(Newsroom().articles())
    assert {article.kind for article in articles} == {"article", "video", "gallery"}
    assert {article.wrapping for article in articles} == {"p", "div_br", "div_p", "mixed"}
    pieces = {piece.kind for article in articles for piece in article.pieces}
    assert pieces == {
        *("paragraph", "subhead", "quote", "list", "table", "figure", "image_table"),
        *("embed", "kakaotv", "line", "empty"),
    }
    kinds = {kind for article in articles for kind, _ in article.body}
    assert kinds == {"paragraph", "subhead", "quote", "list", "table", "caption"}
    assert {len(article.labels) for article in articles} == {0, 1, 2}
    assert {len(article.subheadline_lines) for article in articles} == {0, 1, 2}
    assert {len(article.authors) for article in articles} == {0, 1, 2}
    assert {bool(article.modified_at) for article in articles} == {True, False}
    assert {bool(article.summary) for article in articles} == {True, False}
    assert {bool(article.dateline) for article in articles} == {True, False}
    assert any("AI학습" not in article.notice for article in articles)
    assert any("All rights reserved" in article.notice for article in articles)


def test_listing_is_newest_first() -> None:
    newsroom = Newsroom(articles=100)
    for section in SECTIONS:
        times = [article.published_at for article in newsroom.listing(section)]
        assert times == sorted(times, reverse=True)
    assert len(newsroom.listing("politics", 5)) == 5
    assert newsroom.article(newsroom.ids()[0]).published_at <= DEFAULT_NOW


def test_edit_changes_headline_and_text_and_tells_when() -> None:
    newsroom = Newsroom()
    before = next(article for article in newsroom.articles() if article.kind == "article")
    after = newsroom.edit(before.id)
    assert after == newsroom.article(before.id)
    assert after.headline != before.headline
    assert len(after.body) == len(before.body) + 1
    assert len(set(before.body) - set(after.body)) == 1
    assert after.modified_at is not None
    assert after.modified_at > before.published_at.replace(second=0)
    assert after.modified_at.second == 0
    again = newsroom.edit(before.id)
    assert again.modified_at is not None
    assert again.modified_at > after.modified_at
    assert again.headline != after.headline


def test_edit_of_one_article_leaves_all_others() -> None:
    newsroom = Newsroom()
    before = {article.id: article for article in newsroom.articles()}
    edited = newsroom.edit(newsroom.ids()[10]).id
    newsroom.publish("digital")
    changed = {
        article_id
        for article_id, article in before.items()
        if newsroom.article(article_id) != article
    }
    assert changed == {edited}


def test_removed_article_is_offline_but_its_truth_is_kept() -> None:
    newsroom = Newsroom()
    article = newsroom.listing("culture")[0]
    newsroom.remove(article.id)
    assert article.id not in newsroom.ids("culture")
    assert not newsroom.is_online(article.id)
    assert newsroom.article(article.id) == article


def test_published_article_is_the_newest_of_all() -> None:
    newsroom = Newsroom()
    newsroom.advance(timedelta(hours=2))
    first, second = newsroom.publish("foreign"), newsroom.publish("foreign")
    assert newsroom.ids()[:2] == [second.id, first.id]
    assert newsroom.listing("foreign")[0] == second
    assert second.published_at > first.published_at > DEFAULT_NOW + timedelta(hours=2)
    assert first.kind == "article"


def test_ten_thousand_articles_are_written_only_when_asked_for() -> None:
    newsroom = Newsroom(articles=10_000)
    assert len(newsroom.ids()) == len(set(newsroom.ids())) == 10_000
    assert newsroom.article(newsroom.ids()[9_999]).body


def test_unknown_names_are_refused() -> None:
    with pytest.raises(KeyError):
        Newsroom().article("20000101000000000")
    with pytest.raises(KeyError):
        Newsroom().publish("weather")
    with pytest.raises(ValueError, match="aware"):
        Newsroom(now=datetime(2026, 9, 27, 10, 0))  # noqa: DTZ001
