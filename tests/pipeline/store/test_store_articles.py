"""Articles: what a second look at one does, and that every field comes back as it was given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.records import (
    Article,
    Author,
    Block,
    Image,
    Related,
    Rights,
    Signal,
    Summary,
    Uses,
)
from pipeline.store import Store
from pipeline.store.storable import storable


def causes(store: Store, article: Article) -> list[str]:
    return [revision.cause for revision in store.articles.revisions(article.id)]


def rows(store: Store, table: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in store.db.conn.execute(f"SELECT * FROM {table}")]


def test_every_field_comes_back(store: Store, article: Article) -> None:
    assert store.articles.save(article, "politics") == "new"
    stored = store.articles.get(article.id)
    assert stored is not None
    assert stored.article == article
    assert stored.article.content_hash == article.content_hash
    assert stored.observed.first_seen_at == stored.observed.last_seen_at == article.fetched_at
    assert (stored.observed.revision, stored.observed.removed_at) == (1, None)


def test_unchanged_confirms_without_a_revision(store: Store, article: Article, later) -> None:
    store.articles.save(article, "politics")
    assert store.articles.save(later(2), "politics") == "unchanged"
    stored = store.articles.get(article.id)
    assert stored is not None
    assert causes(store, article) == ["publisher"]
    assert stored.observed.revision == 1
    assert stored.observed.first_seen_at == article.fetched_at
    assert stored.observed.last_seen_at == article.fetched_at + timedelta(hours=2)


def test_unchanged_text_still_takes_new_rights(store: Store, article: Article, later) -> None:
    """A publisher that starts to send noai must be heard though the article is as it was."""
    store.articles.save(article, "politics")
    noai = Signal("x-robots-tag", "noai", article.fetched_at)
    rights = replace(article.rights, uses=Uses("prohibited", "prohibited", "prohibited"),
                     signals=(*article.rights.signals, noai))  # fmt: skip
    now = later(2, rights=rights, section="사회", parser="daum/2", related=())
    assert store.articles.save(now, "politics") == "unchanged"
    stored = store.articles.get(article.id)
    assert stored is not None
    assert stored.article == now
    assert store.articles.parser_of(article.id) == "daum/2"
    assert stored.observed.revision == 1
    assert causes(store, article) == ["publisher"]


def test_a_change_revises_and_keeps_the_first_sight(store: Store, article: Article, later) -> None:
    store.articles.save(article, "politics")
    changed = later(3, headline="정부, 예산안 철회", authors=(Author("이새롬"),), images=())
    assert store.articles.save(changed, "politics") == "revised"
    stored = store.articles.get(article.id)
    assert stored is not None
    assert stored.article == changed
    assert stored.observed.first_seen_at == article.fetched_at
    assert stored.observed.revision == 2
    first, second = store.articles.revisions(article.id)
    assert (first.revision, first.cause) == (1, "publisher")
    assert (second.revision, second.cause) == (2, "publisher")
    assert first.record["headline"] == article.headline
    assert second.record["headline"] == changed.headline
    assert second.seen_at == changed.fetched_at


def test_what_belongs_to_an_article_is_replaced(store: Store, article: Article, later) -> None:
    store.articles.save(article, "politics")
    for hours in (1, 2, 3):
        store.articles.save(later(hours, headline=f"제목 {hours}"), "politics")
    assert len(rows(store, "article_authors")) == len(article.authors)
    assert len(rows(store, "images")) == len(article.images)
    assert len(rows(store, "links")) == len(article.related)
    assert len(rows(store, "authors")) == len(article.authors)


def test_authors_are_shared_by_articles(store: Store, article: Article) -> None:
    store.articles.save(article, "politics")
    twice = (*article.authors, article.authors[0])
    store.articles.save(replace(article, id="daum:2", authors=twice), "society")
    assert len(rows(store, "authors")) == 2
    other = store.articles.get("daum:2")
    assert other is not None
    assert other.article.authors == twice


def test_another_parser_is_named_as_the_cause(store: Store, article: Article, later) -> None:
    store.articles.save(article, "politics")
    better = later(1, parser="daum/2", headline="더 잘 읽은 제목")
    assert store.articles.save(better, "politics") == "revised"
    assert causes(store, article) == ["publisher", "parser"]


def test_removed_keeps_the_text_and_restored_forgets_it(
    store: Store, article: Article, later, noon: datetime
) -> None:
    store.articles.save(article, "politics")
    at = noon + timedelta(hours=1)
    assert store.articles.mark_removed(article.id, at) is True
    assert store.articles.mark_removed(article.id, at) is False
    assert store.articles.mark_removed("daum:unknown", at) is False
    removed = store.articles.get(article.id)
    assert removed is not None
    assert removed.article == article
    assert removed.observed.removed_at == at
    assert removed.observed.revision == 2
    assert store.articles.save(later(2), "politics") == "revised"
    restored = store.articles.get(article.id)
    assert restored is not None
    assert restored.observed.removed_at is None
    assert restored.observed.revision == 3
    assert causes(store, article) == ["publisher", "removed", "restored"]
    states = [revision.record["removed_at"] for revision in store.articles.revisions(article.id)]
    assert states == [None, "2026-09-27T04:00:00Z", None]


def test_all_revisions_of_one_state_have_one_hash(store: Store, article: Article, later) -> None:
    """Also where the publisher's time has a fraction of a second, which the table has not."""
    exact = replace(article, published_at=article.published_at.replace(microsecond=123_456))
    store.articles.save(exact, "politics")
    assert store.articles.save(replace(exact, fetched_at=later(1).fetched_at), "politics") == (
        "unchanged"
    )
    store.articles.mark_removed(article.id, exact.fetched_at)
    hashes = {row[0] for row in store.db.conn.execute("SELECT content_hash FROM revisions")}
    stored = store.articles.get(article.id)
    assert stored is not None
    assert hashes == {stored.article.content_hash}
    assert store.articles.save(stored.article, "politics") == "revised"  # restored, the same text


def test_confirm_notes_the_sight_and_a_clock_that_goes_back_does_no_harm(
    store: Store, article: Article, later, noon: datetime
) -> None:
    store.articles.save(article, "politics")
    store.articles.confirm(article.id, noon + timedelta(hours=5))
    store.articles.save(later(-3), "politics")
    store.articles.save(later(-2, headline="어제의 시계"), "politics")
    stored = store.articles.get(article.id)
    assert stored is not None
    assert stored.observed.last_seen_at == noon + timedelta(hours=5)
    assert stored.observed.first_seen_at == noon


def test_latest_and_find(store: Store, article: Article, noon: datetime) -> None:
    for number in range(5):
        at = noon + timedelta(minutes=number)
        made = replace(article, id=f"daum:1_{number}%", headline=f"제목 {number}", fetched_at=at)
        store.articles.save(made, "politics")
    assert [a.article.headline for a in store.articles.latest(2)] == ["제목 4", "제목 3"]
    assert store.articles.find("1_3%") == [("daum:1_3%", "제목 3")]
    assert store.articles.find("1%3") == []
    assert len(store.articles.find("daum", limit=3)) == 3
    assert store.articles.get("daum:없음") is None
    assert store.articles.parser_of("daum:없음") is None


def test_one_article_with_lone_surrogates_is_stored_readable(
    store: Store, article: Article
) -> None:
    """JSON in a page may hold half a character: a batch must not end with a UnicodeEncodeError."""
    odd = replace(article, headline="반쪽 \ud83d 글자", authors=(Author("김\udc00"),),
                  body=(Block("paragraph", "\udfff 끝"),), keywords=("\ud800",))  # fmt: skip
    assert store.articles.save(odd, "politics") == "new"
    stored = store.articles.get(article.id)
    assert stored is not None
    assert stored.article.headline == "반쪽 \ufffd 글자"
    assert stored.article.body[0].text == "\ufffd 끝"
    assert store.articles.save(odd, "politics") == "unchanged"


# Any text at all: NUL, control characters, decomposed Hangul, halves of surrogate pairs.
_characters = st.one_of(
    st.characters(), st.sampled_from("\0\ud800\udfff\x1b\u2028"), st.sampled_from("가힣각정부")
)
_text = st.text(_characters, max_size=12)
_maybe = st.none() | _text
_times = st.datetimes(
    min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=9)), timezone(timedelta(hours=-12))]),
)  # fmt: skip
_uses = st.sampled_from(["allowed", "licensed", "unknown", "reserved", "prohibited"])
_articles = st.builds(
    Article,
    id=_text, portal=_text, publisher=_maybe, url=_text, canonical_url=_text, headline=_text,
    body=st.lists(
        st.builds(Block, st.sampled_from(["paragraph", "table"]), _text), max_size=3
    ).map(tuple),
    text=_text, fetched_at=_times, parser=_text, original_url=_maybe,
    labels=st.lists(_text, max_size=2).map(tuple),
    subheadline=_maybe,
    summary=st.none() | st.builds(Summary, _text, st.sampled_from(["portal", "publisher"])),
    images=st.lists(st.builds(Image, _text, _maybe, _maybe), max_size=3).map(tuple),
    authors=st.lists(st.builds(Author, _text, _maybe, _maybe), max_size=3).map(tuple),
    section=_maybe, keywords=st.lists(_text, max_size=2).map(tuple), language=_maybe,
    published_at=st.none() | _times, modified_at=st.none() | _times,
    published_at_source=st.sampled_from([None, "meta", "json-ld", "text", "url", "feed"]),
    related=st.lists(st.builds(Related, _text, _text), max_size=3).map(tuple),
    rights=st.builds(
        Rights, _maybe, _maybe, _maybe, st.builds(Uses, _uses, _uses, _uses),
        st.lists(st.builds(Signal, st.just("notice"), _text, _times), max_size=2).map(tuple),
    ),
    warnings=st.lists(_text, max_size=2).map(tuple),
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_articles)
def test_any_article_is_kept_and_then_unchanged(store: Store, article: Article) -> None:
    article = replace(article, id=f"{article.id}/{store.articles.count()}")  # the store is shared
    store.articles.save(article, "politics")
    stored = store.articles.get(storable(article.id))
    assert stored is not None
    kept = stored.article
    plain = not any("\ud800" <= c <= "\udfff" for c in repr_of(article))
    if plain:
        for name in ("headline", "text", "body", "images", "labels", "related", "keywords"):
            assert getattr(kept, name) == storable(getattr(article, name))
    assert store.articles.save(article, "politics") in ("unchanged", "revised")
    assert store.articles.save(kept, "politics") == "unchanged"
    again = store.articles.get(kept.id)
    assert again is not None
    assert again.article == kept


def repr_of(article: Article) -> str:
    from dataclasses import asdict

    def walk(value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, dict):
            return "".join(map(walk, value.values()))
        if isinstance(value, (list, tuple)):
            return "".join(map(walk, value))
        return ""

    return walk(asdict(article))


@pytest.mark.parametrize("year", [1, 999, 9999])
def test_a_strange_year_comes_back(store: Store, article: Article, year: int) -> None:
    strange = replace(article, published_at=datetime(year, 6, 1, tzinfo=UTC))
    store.articles.save(strange, "politics")
    stored = store.articles.get(article.id)
    assert stored is not None
    assert stored.article.published_at == strange.published_at
