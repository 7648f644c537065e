"""Which candidate is the first: feeds with dates, news sitemaps, lists; twins, comments and dead feeds last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from jobs.adding.ranking import Tried, ranked
from jobs.checking import Checked
from pipeline.discover.autodiscovery import Candidate
from pipeline.records import Entry, Source
from pipeline.source import SourceKind

NOW = datetime(2026, 9, 27, 12, 0, tzinfo=UTC)


def tried(
    kind: SourceKind,
    name: str,
    ids: str = "abc",
    *,
    at: datetime | None = NOW,
    headline: str = "온새시 소식",
    problem: str | None = None,
    record_at: str | None = None,
) -> Tried:
    url = f"https://a.example/{name}"
    entries = tuple(
        Entry(f"web:{one}", url, url, rank, headline, published_at=at)
        for rank, one in enumerate(ids, 1)
    )
    record = {"published_at": record_at}
    checked = Checked(Source("x", "web", (url,), kind=kind), url, entries, None, record, problem)
    return Tried(Candidate(kind, url, "announced"), checked)


def names(found: list[Tried]) -> list[str]:
    return [it.candidate.url.rpartition("/")[2] for it in found]


def test_kinds_come_in_order() -> None:
    order = [
        tried("portal", "portal", "a"),
        tried("feed", "feed", "b"),
        tried("sitemap", "news", "c"),
        tried("feed", "undated", "d", at=None),
        tried("listing", "listing", "e", at=None),
        tried("sitemap", "all", "f", headline=""),
    ]
    assert names(ranked(order[::-1])) == names(order)
    assert not any(it.doubt for it in ranked(order))


def test_what_has_nothing_of_its_own_is_last_and_says_of_which() -> None:
    found = ranked(
        [
            tried("feed", "rss", "abc"),
            tried("feed", "atom", "cba"),
            tried("listing", "list", "abcd"),
        ]
    )
    assert names(found) == ["rss", "list", "atom"]
    assert found[-1].doubt == "nothing that 1 does not have"


def test_comments_are_last_and_nothing_is_compared_with_them() -> None:
    found = ranked([tried("feed", "comments", "abcd"), tried("feed", "rss", "abc")])
    assert names(found) == ["rss", "comments"]
    assert [it.doubt for it in found] == [None, "a feed of comments"]


def test_a_feed_that_its_site_left_behind_is_last_by_what_the_site_shows_today() -> None:
    dead = tried("feed", "rss", "xyz", at=NOW - timedelta(days=400))
    alive = tried("listing", "news", "abc", at=None, record_at=NOW.isoformat())
    found = ranked([dead, alive])
    assert names(found) == ["news", "rss"]
    assert "2025-08-23" in str(found[1].doubt)
    assert ranked([dead])[0].doubt is None  # it is all there is


def test_what_is_configured_and_what_cannot_be_read_come_behind() -> None:
    known = Tried(Candidate("feed", "https://a.example/known", "announced"), known_as="x")
    found = ranked(
        [
            tried("feed", "broken", "", problem="no feed"),
            known,
            tried("sitemap", "all", headline=""),
        ]
    )
    assert names(found) == ["all", "known", "broken"]
    assert [it.can_be_added for it in found] == [True, False, False]
