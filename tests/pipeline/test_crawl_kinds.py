"""Crawls of the sample publisher by feed, sitemap and page of links, over real sockets."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jobs.sample_portal import Answer, SampleArticle, SamplePortal
from jobs.sample_portal.paper import NO_DATE_SECTION, stories
from pipeline import extract
from pipeline.crawl import Tools, crawl
from pipeline.fetch import Fetcher, Limits
from pipeline.records import Article, CrawlReport, Source
from pipeline.source import SourceKind
from pipeline.store import Store, open_store
from pipeline.urls import authority

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
KINDS: list[tuple[SourceKind, str]] = [
    ("feed", "rss.xml"),
    ("feed", "atom.xml"),
    ("feed", "feed.json"),
    ("sitemap", "sitemap.xml"),
    ("sitemap", "news.xml"),
    ("listing", ""),
]
each_kind = pytest.mark.parametrize(("kind", "path"), KINDS, ids=[f"{k}-{p}" for k, p in KINDS])


@dataclass
class Desk:
    portal: SamplePortal
    store: Store
    now: datetime

    def url(self, path: str) -> str:
        folder = "" if path.startswith("/") else "/paper/"
        return f"{self.portal.base_url}{folder}{path}".rstrip("/")

    def crawl(self, kind: SourceKind, *paths: str, **changes: Any) -> CrawlReport:
        """Crawl a source of this kind; all sections' articles are younger than its `max_age`."""
        if kind == "sitemap":
            changes.setdefault("max_age", YEAR)
        name = changes.pop("name", "paper")
        source = Source(name, "web", tuple(map(self.url, paths)), kind=kind, **changes)

        async def sleep(seconds: float) -> None:
            self.now += timedelta(seconds=seconds)
            await asyncio.sleep(0)

        async def once() -> CrawlReport:
            async with Fetcher(
                Limits(private={authority(self.portal.base_url)}),
                self.store.hosts, contact="", clock=lambda: self.now, sleep=sleep,
            ) as fetcher:  # fmt: skip
                told = lambda *_: None  # noqa: E731
                return await crawl(source, Tools(fetcher, self.store, lambda: self.now, told))

        return asyncio.run(once())

    def shown(self) -> list[SampleArticle]:
        return stories(self.portal._pages.site)

    def online(self) -> list[SampleArticle]:
        every = self.portal.newsroom.articles()
        return [a for a in every if a.kind == "article" and a.id.isdecimal()]

    def key(self, article: SampleArticle) -> str:
        return extract.article_id(self.url(f"article/{article.id}"))

    def stored(self, article: SampleArticle) -> Article:
        found = self.store.articles.get(self.key(article))
        assert found is not None
        return found.article

    def asked(self) -> list[str]:
        paths = [request.path for request in self.portal.requests]
        self.portal.forget_requests()
        return paths

    def order(self, path: str, **answer: Any) -> None:
        self.portal.answer(f"/paper/{path}".rstrip("/"), Answer(**answer))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with SamplePortal(articles=24, entries=12) as portal, open_store(tmp_path / "gisa.db") as store:
        yield Desk(portal, store, portal.newsroom.now.astimezone(UTC) + timedelta(seconds=30))


@each_kind
def test_what_a_source_names_is_read_as_it_is(desk: Desk, kind: SourceKind, path: str) -> None:
    report = desk.crawl(kind, path)
    truths = desk.online() if path == "sitemap.xml" else desk.shown()
    assert (report.outcome, report.new, report.problems) == ("ok", len(truths), ())
    for truth in truths:
        found = desk.stored(truth)
        assert (found.headline, found.labels) == (truth.headline, truth.labels)
        assert found.text == "\n\n".join(t for kind_, t in truth.body if kind_ == "paragraph")
        assert (found.portal, found.parser) == ("web", "web/1")
        if truth.section != NO_DATE_SECTION:
            assert found.published_at == truth.published_at
            assert found.published_at_source == "meta"


@each_kind
def test_only_feeds_and_news_sitemaps_tell_the_time_for_a_page(
    desk: Desk, kind: SourceKind, path: str
) -> None:
    desk.crawl(kind, path)
    dateless = [a for a in desk.shown() if a.section == NO_DATE_SECTION]
    assert dateless
    for truth in dateless:
        found = desk.stored(truth)
        told = kind == "feed" or kind == "sitemap"
        assert found.published_at_source == ("feed" if told else "url")
        assert (found.published_at == truth.published_at) == told


@each_kind
def test_new_edited_and_removed_articles_are_found(desk: Desk, kind: SourceKind, path: str) -> None:
    desk.crawl(kind, path, revisit=(HOUR,))
    edited, removed, *_ = desk.shown()
    desk.portal.newsroom.edit(edited.id)
    desk.portal.newsroom.remove(removed.id)
    published = desk.portal.newsroom.publish("politics")
    desk.now += 2 * HOUR
    report = desk.crawl(kind, path, revisit=(HOUR,))
    # the listing reaches one article further back where one is gone and one is new
    assert (report.outcome, report.revised, report.removed) == ("ok", 1, 1)
    assert desk.stored(published).headline == published.headline
    assert desk.stored(edited).headline == desk.portal.newsroom.article(edited.id).headline


@each_kind
def test_a_second_crawl_fetches_no_article(desk: Desk, kind: SourceKind, path: str) -> None:
    desk.crawl(kind, path)
    desk.asked()
    desk.now += HOUR
    report = desk.crawl(kind, path)
    assert (report.outcome, report.new) == ("ok", 0)
    assert not [path for path in desk.asked() if "/article/" in path]


@pytest.mark.parametrize("path", ["atom.xml", "sitemap.xml"])
def test_what_says_that_it_changed_is_looked_at_again_without_revisits(
    desk: Desk, path: str
) -> None:
    kind: SourceKind = "feed" if path == "atom.xml" else "sitemap"
    desk.crawl(kind, path)
    edited = desk.shown()[1]
    desk.portal.newsroom.advance(2 * HOUR)
    desk.portal.newsroom.edit(edited.id)
    desk.now += 3 * HOUR
    desk.asked()
    report = desk.crawl(kind, path)
    assert (report.outcome, report.revised) == ("ok", 1)
    assert [p for p in desk.asked() if "/article/" in p] == [f"/paper/article/{edited.id}"]


def test_sitemaps_that_did_not_change_are_not_fetched(desk: Desk) -> None:
    desk.crawl("sitemap", "sitemap.xml")
    desk.asked()
    desk.now += HOUR
    desk.crawl("sitemap", "sitemap.xml")
    assert desk.asked() == ["/paper/sitemap.xml", "/paper/news.xml"]


def test_a_robots_txt_names_sitemaps(desk: Desk) -> None:
    desk.portal.robots = f"User-agent: *\nAllow: /\nSitemap: {desk.url('news.xml')}\n"
    report = desk.crawl("sitemap", "/robots.txt")
    assert (report.outcome, report.new) == ("ok", len(desk.shown()))


def test_of_many_sitemaps_of_a_robots_txt_those_for_news_are_read(desk: Desk) -> None:
    named = ("sitemap.xml", "tags.xml", "news.xml")
    lines = "".join(f"Sitemap: {desk.url(path)}\n" for path in named)
    desk.portal.robots = f"User-agent: *\nAllow: /\n{lines}"
    assert desk.crawl("sitemap", "/robots.txt").outcome == "ok"
    asked = [path for path in desk.asked() if "/article/" not in path]
    assert asked == ["/robots.txt", "/robots.txt", "/paper/news.xml"]


def test_old_articles_of_a_sitemap_are_left_alone(desk: Desk) -> None:
    report = desk.crawl("sitemap", "sitemap.xml", max_age=timedelta(hours=12))
    young = [
        a for a in desk.online() if desk.now - desk.portal.newsroom.last_change(a.id) < HOUR * 12
    ]
    assert 0 < report.new == len(young) < len(desk.online())


def test_sitemaps_note_no_looks_and_feeds_do(desk: Desk) -> None:
    desk.crawl("sitemap", "sitemap.xml")
    assert desk.store.rows("SELECT * FROM looks") == []
    desk.crawl("feed", "rss.xml", name="by-feed")
    assert len(desk.store.rows("SELECT * FROM placements")) == len(desk.shown())


def test_the_same_article_from_two_sources_is_stored_once(desk: Desk) -> None:
    first = desk.crawl("feed", "rss.xml")
    second = desk.crawl("listing", "", name="by-listing")
    assert (first.new, second.new) == (len(desk.shown()), 0)


HTML = "<!doctype html><html><title>x</title><body><p>자리를 옮겼습니다</p></body></html>"


@each_kind
def test_html_without_anything_in_place_of_a_document_is_drift(
    desk: Desk, kind: SourceKind, path: str
) -> None:
    desk.crawl(kind, path)
    desk.now += HOUR
    desk.order(path, body=HTML)
    report = desk.crawl(kind, path)
    assert (report.outcome, report.quarantined) == ("drift", 1)
    assert desk.store.quarantine.count("paper") == 1


@pytest.mark.parametrize("path", ["rss.xml", "atom.xml", "feed.json"])
def test_a_feed_that_lost_all_its_items_is_drift_and_a_new_one_is_not(
    desk: Desk, path: str
) -> None:
    empty = {
        "rss.xml": "<rss version='2.0'><channel><title>x</title></channel></rss>",
        "atom.xml": "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title></feed>",
        "feed.json": '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
    }[path]
    desk.order(path, body=empty, headers={"Content-Type": "application/xml"}, times=2)
    assert desk.crawl("feed", path).outcome == "ok"
    assert desk.crawl("feed", path).outcome == "ok"
    assert desk.crawl("feed", path).new
    desk.order(path, body=empty, headers={"Content-Type": "application/xml"})
    assert desk.crawl("feed", path).outcome == "drift"


def test_a_small_news_sitemap_may_be_empty_and_a_full_one_not(desk: Desk) -> None:
    desk.crawl("sitemap", "news.xml")
    desk.order("news.xml", body='<urlset xmlns="x"></urlset>', headers={"Content-Type": "text/xml"})
    assert desk.crawl("sitemap", "news.xml").outcome == "drift"


def test_a_sitemap_that_is_gone_fails_and_one_of_many_is_a_problem(desk: Desk) -> None:
    desk.order("news.xml", status=404)
    report = desk.crawl("sitemap", "sitemap.xml")
    assert (report.outcome, report.errors) == ("ok", 1)
    desk.order("sitemap.xml", status=404)
    report = desk.crawl("sitemap", "sitemap.xml", name="other")
    assert (report.outcome, report.new) == ("failed", 0)


def test_a_selector_that_matches_no_more_is_drift(desk: Desk) -> None:
    link = ".story-card .card-title a"
    assert desk.crawl("listing", "", link=link).new == len(desk.shown())
    desk.portal.break_layout("paper")
    assert desk.crawl("listing", "", link=link).outcome == "drift"
    # without a selector the structure still tells
    assert desk.crawl("listing", "", name="other").outcome == "ok"


FIELDS = (
    ("authors", ".writer?"),
    ("body", ".story-text"),
    ("headline", "h1.story-title"),
    ("published_at", "time.when?"),
)


def test_chosen_fields_are_read_and_their_absence_is_loud(desk: Desk) -> None:
    report = desk.crawl("feed", "rss.xml", fields=FIELDS)
    assert report.new == len(desk.shown())
    truth = desk.shown()[0]
    found = desk.stored(truth)
    assert (found.headline, found.labels) == (truth.headline, truth.labels)
    assert [a.name for a in found.authors] == [a.name for a in truth.authors]
    assert found.parser.startswith("web/1+")
    desk.portal.break_layout("paper")
    desk.now += 2 * HOUR
    report = desk.crawl("feed", "rss.xml", fields=FIELDS, revisit=(HOUR,), name="other")
    assert report.new == 0
    desk.portal.newsroom.publish("politics")
    for _ in range(3):
        desk.portal.newsroom.publish("society")
    report = desk.crawl("feed", "rss.xml", fields=FIELDS)
    assert (report.outcome, report.quarantined) == ("drift", 4)


TEXT = "<p>온새시가 강변 산책로를 두 배로 넓힌다고 27일 밝혔다. 공사는 내년 봄에 시작한다.</p>"


def _page(canonical: str, headline: str, text: str = TEXT) -> str:
    return (
        f'<html lang="ko"><head><title>{headline}</title><link rel="canonical" href="{canonical}">'
        f'<meta property="og:type" content="article"></head><body><h1>{headline}</h1>'
        f"<article>{text * 3}</article></body></html>"
    )


def _feed(desk: Desk, *paths: str) -> str:
    number = itertools.count(1)
    items = "".join(
        f"<item><title>기사 {next(number)}</title><link>{desk.url(path)}</link></item>"
        for path in paths
    )
    return f"<rss version='2.0'><channel>{items}</channel></rss>"


def _served(desk: Desk, feed: str, *paths: str) -> None:
    desk.order(feed, body=_feed(desk, *paths), headers={"Content-Type": "text/xml"})


def test_two_addresses_of_one_article_are_one_record_and_are_fetched_once(desk: Desk) -> None:
    page = _page(desk.url("article/9"), "강변 산책로 두 배로 넓힌다")
    for path in ("m/9", "amp/9"):
        desk.order(path, body=page)
    _served(desk, "a.xml", "m/9")
    _served(desk, "b.xml", "amp/9")
    first, second = desk.crawl("feed", "a.xml"), desk.crawl("feed", "b.xml", name="b")
    assert (first.new, second.new, second.unchanged) == (1, 0, 1)
    (row,) = desk.store.rows("SELECT id, canonical_url FROM articles")
    assert row == {
        "id": extract.article_id(desk.url("article/9")),
        "canonical_url": desk.url("article/9"),
    }
    desk.asked()
    desk.now += HOUR
    assert desk.crawl("feed", "a.xml").new == desk.crawl("feed", "b.xml", name="b").new == 0
    assert desk.asked() == ["/paper/a.xml", "/paper/b.xml"]


@pytest.mark.parametrize("claimed", ["/", "list", "https://elsewhere.example/a/1"])
def test_a_canonical_link_that_all_pages_share_does_not_make_them_one(
    desk: Desk, claimed: str
) -> None:
    address = claimed if "://" in claimed else desk.url(claimed)
    for number, word in enumerate(("도서관", "산책로", "시장")):
        text = f"<p>{word} 소식을 전한다. 온새시는 {word} 문제를 두고 27일 공청회를 열었다.</p>"
        desk.order(f"article/{number}", body=_page(address, f"{word} 새로 문을 연다", text))
    _served(desk, "a.xml", "article/0", "article/1", "article/2")
    report = desk.crawl("feed", "a.xml", revisit=(HOUR,))
    assert report.new == 3
    desk.now += 2 * HOUR
    report = desk.crawl("feed", "a.xml", revisit=(HOUR,))
    assert (report.outcome, report.unchanged, report.revised, report.new) == ("ok", 3, 0, 0)


def test_a_known_article_that_leads_to_another_keeps_its_text(desk: Desk) -> None:
    desk.order("article/1", body=_page(desk.url("article/1"), "도서관 새로 문을 연다"))
    _served(desk, "a.xml", "article/1")
    desk.crawl("feed", "a.xml", revisit=(HOUR,))
    other = TEXT.replace("온새시", "누솔군")
    desk.order("article/2", body=_page(desk.url("article/2"), "누솔군 산책로 넓힌다", other))
    desk.order("article/1", status=302, headers={"Location": desk.url("article/2")})
    desk.now += 2 * HOUR
    report = desk.crawl("feed", "a.xml", revisit=(HOUR,))
    assert (report.errors, report.revised) == (1, 0)
    assert "led to another article" in report.problems[0].detail
    stored = desk.store.articles.get(extract.article_id(desk.url("article/1")))
    assert stored is not None
    assert stored.article.headline == "도서관 새로 문을 연다"


def test_a_host_beside_the_own_that_keeps_us_out_ends_nothing(desk: Desk) -> None:
    elsewhere = desk.portal.base_url.replace("127.0.0.1", "localhost")
    items = "".join(
        f"<item><title>x</title><link>{base}/paper/article/{article.id}</link></item>"
        for base, article in zip((elsewhere, desk.portal.base_url), desk.shown(), strict=False)
    )
    body = f"<rss version='2.0'><channel>{items}</channel></rss>"
    desk.order("a.xml", body=body, headers={"Content-Type": "text/xml"})
    desk.order(f"article/{desk.shown()[0].id}", status=403)
    desk.portal.answer(f"/paper/article/{desk.shown()[0].id}", Answer(status=403))
    report = desk.crawl("feed", "a.xml")
    assert (report.outcome, report.new, report.errors) == ("ok", 1, 1)


def test_an_address_waits_for_the_article_that_it_declares(desk: Desk) -> None:
    """Both are listed at once, and the other address comes first."""
    page = _page(desk.url("article/9"), "강변 산책로 두 배로 넓힌다")
    for path in ("m/9", "article/9"):
        desk.order(path, body=page)
    _served(desk, "a.xml", "article/9", "m/9")
    report = desk.crawl("feed", "a.xml")
    assert (report.new, report.open) == (1, 1)
    desk.now += HOUR
    report = desk.crawl("feed", "a.xml")
    assert (report.new, report.unchanged, report.open) == (0, 1, 0)
    assert len(desk.store.rows("SELECT id FROM articles")) == 1


def test_old_items_of_a_feed_are_left_alone_where_asked(desk: Desk) -> None:
    report = desk.crawl("feed", "rss.xml", max_age=timedelta(hours=12))
    young = [a for a in desk.shown() if desk.now - a.published_at < 12 * HOUR]
    assert 0 < report.new == len(young) < len(desk.shown())
