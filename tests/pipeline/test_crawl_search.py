"""Crawls of what Naver's search finds, over real sockets: articles of publishers, pages of results, drift."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from jobs.sample_portal import Answer, SampleArticle, SamplePortal
from jobs.sample_portal.naver_api import AT_NAVER_ONLY, CLIENT_ID, CLIENT_SECRET, DEVELOPERS
from jobs.sample_portal.paper import NO_DATE_SECTION
from pipeline import extract
from pipeline.crawl import Tools, crawl
from pipeline.discover.naver_query import from_start, search_url
from pipeline.fetch import Fetcher, Limits, NaverKeys
from pipeline.records import CrawlReport, Source
from pipeline.store import Store, open_store
from pipeline.urls import authority

HOUR = timedelta(hours=1)
QUERY = "."  # every article has one


@dataclass
class Desk:
    portal: SamplePortal
    store: Store
    now: datetime
    keys: dict[str, str] = field(
        default_factory=lambda: {
            "X-Naver-Client-Id": CLIENT_ID,
            "X-Naver-Client-Secret": CLIENT_SECRET,
        }
    )

    @property
    def api(self) -> str:
        return f"{self.portal.base_url}{DEVELOPERS}"

    @property
    def listing(self) -> str:
        return search_url(self.api, QUERY)

    def crawl(self, *queries: str, **changes: Any) -> CrawlReport:
        asked = tuple(search_url(self.api, query) for query in queries or (QUERY,))
        limit = changes.pop("limit", None)
        source = Source("naver", "web", asked, kind="naver_search", **changes)

        async def sleep(seconds: float) -> None:
            self.now += timedelta(seconds=seconds)

        async def once() -> CrawlReport:
            async with Fetcher(
                Limits(private={authority(self.portal.base_url)}), self.store.hosts, contact="",
                clock=lambda: self.now, sleep=sleep, naver=NaverKeys(self.api, self.keys, 25_000),
            ) as fetcher:  # fmt: skip
                tools = Tools(fetcher, self.store, lambda: self.now, lambda *_: None, limit)
                return await crawl(source, tools)

        return asyncio.run(once())

    def published(self, *, at_naver: bool = False) -> list[SampleArticle]:
        every = self.portal.newsroom.articles()
        found = [a for a in every if a.kind == "article" and a.id.isdecimal()]
        return [a for a in found if (int(a.id) % AT_NAVER_ONLY == 0) == at_naver]

    def calls(self) -> list[int]:
        """The numbers that calls began with, since the last time."""
        asked = [r.path for r in self.portal.requests if r.path.startswith(DEVELOPERS)]
        self.portal.forget_requests()
        return [int(path.split("start=")[1].split("&")[0]) for path in asked]

    def answers(self, start: int, numbers: range, at: datetime) -> None:
        """Let the API answer with results of these numbers, published then."""
        items = [
            {
                "title": f"<b>온새</b> 소식 {number}",
                "originallink": f"{self.portal.base_url}/paper/article/{number}",
                "link": "",
                "pubDate": format_datetime(at),
            }
            for number in numbers
        ]
        body = json.dumps({"total": 5000, "start": start, "display": len(items), "items": items})
        path = from_start(self.listing, start).removeprefix(self.portal.base_url)
        self.portal.answer(path, Answer(body=body, headers={"Content-Type": "application/json"}))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with SamplePortal(articles=30) as portal, open_store(tmp_path / "gisa.db") as store:
        yield Desk(portal, store, portal.newsroom.now.astimezone(UTC) + timedelta(seconds=30))


def test_articles_come_from_their_publishers_with_the_time_of_the_search(desk: Desk) -> None:
    report = desk.crawl()
    own, at_naver = desk.published(), desk.published(at_naver=True)
    assert (report.outcome, report.new, report.problems) == ("ok", len(own), ())
    assert (report.listed, report.skipped) == (len(own) + len(at_naver), len(at_naver))
    assert own
    assert at_naver
    for truth in own:
        stored = desk.store.articles.get(
            extract.article_id(f"{desk.portal.base_url}/paper/article/{truth.id}")
        )
        assert stored is not None
        assert (stored.article.headline, stored.article.labels) == (truth.headline, truth.labels)
        assert stored.article.published_at == truth.published_at
        of_search = truth.section == NO_DATE_SECTION
        assert stored.article.published_at_source == ("feed" if of_search else "meta")
    assert {authority(desk.portal.base_url)} == {h["authority"] for h in desk.store.hosts.all()}


def test_a_second_look_brings_what_is_new(desk: Desk) -> None:
    desk.crawl()
    while int((truth := desk.portal.newsroom.publish("politics")).id) % AT_NAVER_ONLY == 0:
        pass
    desk.now += HOUR
    desk.portal.forget_requests()
    report = desk.crawl()
    assert (report.outcome, report.new) == ("ok", 1)
    assert [r.path for r in desk.portal.requests if "/article/" in r.path] == [
        f"/paper/article/{truth.id}"
    ]


def test_the_same_article_by_two_queries_is_one(desk: Desk) -> None:
    word = desk.published()[0].headline.split()[0]
    report = desk.crawl(QUERY, word)
    assert report.new == len(desk.published())
    assert report.listed > len(desk.published())


def test_results_at_naver_are_counted_as_left_out_once(desk: Desk) -> None:
    assert desk.crawl().skipped
    desk.now += HOUR
    assert desk.crawl().skipped == 0


def test_with_permission_navers_own_pages_become_visits_too(desk: Desk) -> None:
    report = desk.crawl(permission="네이버, 2026-09-01", limit=0)
    assert report.skipped == 0
    listed = desk.store.rows("SELECT url FROM visits WHERE article_id LIKE 'naver:%'")
    assert len(listed) == len(desk.published(at_naver=True))


def test_one_call_is_enough_where_something_on_it_is_known(desk: Desk) -> None:
    desk.crawl(limit=0)
    desk.now += HOUR
    desk.calls()
    desk.crawl(limit=0)
    assert desk.calls() == [1]


def test_the_first_look_does_not_go_into_the_past(desk: Desk) -> None:
    desk.answers(1, range(100), desk.now)
    report = desk.crawl(limit=0)
    assert (report.listed, report.open) == (100, 100)
    assert desk.calls() == [1]


def test_further_results_are_asked_for_while_all_are_new(desk: Desk) -> None:
    desk.crawl(limit=0)
    desk.calls()
    desk.now += HOUR
    desk.answers(1, range(100), desk.now)
    desk.answers(101, range(100, 200), desk.now)
    desk.answers(201, range(190, 290), desk.now)  # some of these were on the page before
    report = desk.crawl(limit=0)
    assert desk.calls() == [1, 101, 201]
    assert report.listed == 300
    (looks,) = desk.store.rows("SELECT count(*) AS n FROM looks")
    assert looks["n"] == 2  # one of each crawl, not of each call


@pytest.mark.parametrize("what", ["old", "few"])
def test_further_results_are_not_asked_for_where_they_are_old_or_the_last(
    desk: Desk, what: str
) -> None:
    desk.crawl(limit=0)
    desk.calls()
    desk.now += 10 * HOUR
    desk.answers(1, range(100 if what == "old" else 99), desk.now - 12 * HOUR)
    desk.crawl(limit=0)
    assert desk.calls() == [1]


def test_a_call_for_further_results_that_fails_costs_what_is_behind_it_only(desk: Desk) -> None:
    desk.crawl(limit=0)
    desk.now += HOUR
    desk.answers(1, range(100), desk.now)
    path = from_start(desk.listing, 101).removeprefix(desk.portal.base_url)
    desk.portal.answer(path, Answer(status=500, body='{"errorCode": "SE99"}'))
    before = desk.store.visits.count_open()
    report = desk.crawl(limit=0)
    assert (report.outcome, report.errors) == ("ok", 1)
    assert desk.store.visits.count_open() == before + 100


def test_the_api_gives_a_thousand_results(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING", "gisa")
    desk.crawl(limit=0)
    desk.calls()
    desk.now += HOUR
    for start in range(1, 1001, 100):
        desk.answers(start, range(start, start + 100), desk.now)
    desk.crawl(limit=0)
    assert desk.calls() == list(range(1, 1001, 100))
    assert "more new results" in caplog.text


def test_another_shape_is_drift_and_is_kept_without_the_keys(desk: Desk) -> None:
    said = f'{{"results": [], "for": "{CLIENT_SECRET}"}}'
    desk.portal.answer(DEVELOPERS, Answer(body=said))
    report = desk.crawl()
    assert (report.outcome, report.quarantined) == ("drift", 1)
    assert "Naver's search (its items)" in report.detail
    kept = desk.store.quarantine.html(desk.store.quarantine.all()[0]["id"])
    assert kept == '{"results": [], "for": "***"}'


def test_nothing_found_is_quiet_and_nothing_where_there_were_many_is_not(desk: Desk) -> None:
    assert desk.crawl("세상에없는말").outcome == "ok"
    desk.crawl(limit=0)
    desk.answers(1, range(0), desk.now)
    assert desk.crawl(limit=0).outcome == "drift"


def test_wrong_keys_block_the_source(desk: Desk) -> None:
    desk.keys["X-Naver-Client-Secret"] = "wrong"
    report = desk.crawl()
    assert (report.outcome, report.listed) == ("blocked", 0)
    assert "are the keys right" in report.detail


def test_a_quota_that_is_used_up_waits_for_the_next_day_in_korea(desk: Desk) -> None:
    desk.portal.naver.quota = 0
    report = desk.crawl()
    assert (report.outcome, report.problems[0].reason) == ("failed", "rate_limited")
    assert "00:00 KST" in report.detail
    desk.portal.naver.quota = 10
    desk.portal.forget_requests()
    desk.now += HOUR
    assert desk.crawl().outcome == "failed"
    assert desk.calls() == []
    desk.now += 24 * HOUR
    assert desk.crawl().outcome == "ok"
