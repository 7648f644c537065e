"""Crawls of the sample portal over real sockets, against the newsroom's truth."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jobs.sample_portal import Answer, SampleArticle, SamplePortal
from pipeline import portals
from pipeline.crawl import Tools, crawl
from pipeline.errors import StoreError
from pipeline.fetch import Fetcher, Limits
from pipeline.records import CrawlReport, Source, StoredArticle
from pipeline.store import Store, open_store
from pipeline.store.visits import MAX_TRIES
from pipeline.urls import authority
from tests.truth import same_as_truth

HOUR = timedelta(hours=1)


@dataclass
class Desk:
    """A portal, a database and a clock, and crawls of the one into the other."""

    portal: SamplePortal
    store: Store
    now: datetime
    slept: list[float] = field(default_factory=list)
    seen: list[tuple[str, int, int, str]] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def crawl(self, *sections: str, limit: int | None = None, **changes: Any) -> CrawlReport:
        limits = {
            name: changes.pop(name) for name in ("concurrency", "deadline") if name in changes
        }
        listings = tuple(map(self.portal.listing_url, sections or ("politics",)))
        settings = {"listings": listings, **changes}
        source = Source(settings.pop("name", "sample"), "daum", **settings)

        async def once() -> CrawlReport:
            async with Fetcher(
                Limits(private={authority(self.portal.base_url), "127.0.0.1:2"}, **limits),
                self.store.hosts,
                contact="",
                clock=lambda: self.now,
                sleep=self.sleep,
            ) as fetcher:
                told = lambda *progress: self.seen.append(progress)  # noqa: E731
                return await crawl(
                    source, Tools(fetcher, self.store, lambda: self.now, told, limit)
                )

        return asyncio.run(once())

    def truth(self, section: str = "politics") -> list[SampleArticle]:
        return [a for a in self.portal.newsroom.articles(section) if a.kind == "article"]

    def stored(self, article: SampleArticle | str) -> StoredArticle:
        number = article if isinstance(article, str) else article.id
        found = self.store.articles.get(f"daum:{number}")
        assert found is not None
        return found

    def rows(self, table: str) -> list[tuple[object, ...]]:
        return [
            tuple(r) for r in self.store.db.conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        ]

    def visit(self, article: SampleArticle) -> dict[str, Any]:
        (row,) = self.store.rows(
            "SELECT * FROM visits WHERE article_id = ?", [f"daum:{article.id}"]
        )
        return row

    def asked(self) -> list[str]:
        paths = [request.path for request in self.portal.requests]
        self.portal.forget_requests()
        return paths

    def order(self, article: SampleArticle, **answer: Any) -> None:
        self.portal.answer(f"/v/{article.id}", Answer(**answer))


@pytest.fixture
def desk(portal: SamplePortal, tmp_path: Path) -> Iterator[Desk]:
    with open_store(tmp_path / "gisa.db") as store:
        yield Desk(portal, store, portal.newsroom.now.astimezone(UTC))


def test_the_first_pass_finds_everything_as_it_is(desk: Desk) -> None:
    sections = desk.portal.newsroom.sections
    report = desk.crawl(*sections)
    everything = list(desk.portal.newsroom.articles())
    articles = [article for article in everything if article.kind == "article"]
    assert (report.outcome, report.listed) == ("ok", len(everything))
    assert report.new == len(articles) == desk.store.articles.count()
    assert report.skipped == len(everything) - len(articles) > 0
    assert (report.errors, report.open, report.problems) == (0, 0, ())
    for truth in articles:
        same_as_truth(desk.stored(truth), truth)
    run = desk.store.runs.last("sample")
    assert run is not None
    assert (run["outcome"], run["new"], run["holder"]) == ("ok", report.new, "")
    assert desk.seen[-1][1:3] == (len(everything), len(everything))


def test_every_form_of_an_address_leads_to_one_record(desk: Desk) -> None:
    desk.crawl(*desk.portal.newsroom.sections)
    listed = {row["listed_url"] for row in desk.store.rows("SELECT listed_url FROM visits")}
    assert any("localhost" in url for url in listed)
    assert any("?f=m" in url for url in listed)
    assert not [path for path in desk.asked() if "?" in path]
    canonical = {s.article.canonical_url for s in desk.store.articles.latest(999)}
    assert len(canonical) == desk.store.articles.count()
    assert all(url.startswith(f"{desk.portal.base_url}/v/") for url in canonical)


def test_a_second_pass_over_an_unchanged_portal_changes_nothing(desk: Desk) -> None:
    first = desk.crawl()
    before = {table: desk.rows(table) for table in ("articles", "revisions", "authors", "images")}
    desk.asked()
    desk.now += timedelta(minutes=10)
    second = desk.crawl()
    assert {table: desk.rows(table) for table in before} == before
    assert desk.asked() == ["/politics"]
    assert (second.outcome, second.listed) == ("ok", first.listed)
    assert (second.new, second.revised, second.unchanged) == (0, 0, 0)


def test_edits_removals_and_publications_are_found(desk: Desk) -> None:
    desk.crawl(revisit=(HOUR,))
    edited, removed, *untouched = desk.truth()
    desk.portal.newsroom.edit(edited.id)
    desk.portal.newsroom.remove(removed.id)
    published = desk.portal.newsroom.publish("politics")
    desk.now += HOUR
    report = desk.crawl(revisit=(HOUR,))
    assert (report.outcome, report.new, report.revised, report.removed) == ("ok", 1, 1, 1)
    assert report.unchanged == len(untouched)
    same_as_truth(desk.stored(edited), desk.portal.newsroom.article(edited.id))
    same_as_truth(desk.stored(published), published)
    gone = desk.stored(removed)
    same_as_truth(gone, removed)
    assert gone.observed.removed_at == desk.now.replace(microsecond=0) or gone.observed.removed_at
    causes = [r.cause for r in desk.store.articles.revisions(f"daum:{removed.id}")]
    assert causes == ["publisher", "removed"]
    first, second = desk.store.articles.revisions(f"daum:{edited.id}")
    assert first.record["headline"] == edited.headline != second.record["headline"]


def test_an_article_that_is_back_on_a_listing_is_restored(desk: Desk) -> None:
    """The portal lost an article for a day: our record must not call it removed for ever."""
    article = desk.truth()[0]
    desk.crawl(revisit=(HOUR,))
    desk.order(article, status=404, times=1)
    desk.now += HOUR
    assert desk.crawl(revisit=(HOUR,)).removed == 1
    assert desk.stored(article).observed.removed_at
    desk.now += timedelta(days=1)
    report = desk.crawl(revisit=(HOUR,))
    assert (report.outcome, report.revised) == ("ok", 1)
    assert desk.stored(article).observed.removed_at is None


def test_the_same_bytes_again_cost_no_parse(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server whose validators change with every answer, or that has none, still sends the same page."""
    for number, article in enumerate(desk.truth()):
        desk.order(article, headers={"ETag": f'"{number}"'})
    desk.crawl(revisit=(HOUR, 2 * HOUR))
    for number, article in enumerate(desk.truth()):
        desk.order(article, headers={"ETag": f'"other-{number}"'})
    desk.now += HOUR
    parsed = []
    parse = portals.named("daum").parse_article
    monkeypatch.setattr(
        portals.named("daum"),
        "parse_article",
        lambda page, **more: parsed.append(page.url) or parse(page, **more),
    )
    edited = desk.portal.newsroom.edit(desk.truth()[0].id)
    report = desk.crawl(revisit=(HOUR, 2 * HOUR))
    assert parsed == [desk.portal.article_url(edited.id)]
    assert (report.revised, report.unchanged) == (1, len(desk.truth()) - 1)


def test_a_304_costs_no_parse(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.crawl(revisit=(HOUR,))
    calls: list[object] = []
    daum = portals.named("daum")
    monkeypatch.setattr(daum, "parse_article", lambda *page, **more: calls.append(page))
    desk.now += HOUR
    report = desk.crawl(revisit=(HOUR,))
    assert report.unchanged == len(desk.truth())
    assert calls == []
    seen = desk.stored(desk.truth()[0]).observed.last_seen_at
    assert desk.now - seen < timedelta(minutes=1)


def test_a_newer_parser_reads_again_what_did_not_change(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.crawl(revisit=(HOUR, 2 * HOUR))
    monkeypatch.setattr(portals.named("daum"), "VERSION", 999)
    desk.asked()
    desk.now += HOUR
    desk.crawl(revisit=(HOUR, 2 * HOUR))
    pages = [r for r in desk.portal.requests if r.path.startswith("/v/")]
    assert pages
    assert all(request.status == 200 for request in pages)


def test_articles_are_seen_again_at_their_ages(desk: Desk) -> None:
    ages = (HOUR, timedelta(hours=6), timedelta(days=1))
    desk.crawl(revisit=ages)
    start, again = desk.now, []
    for hours in range(1, 50):
        desk.now = max(desk.now, start + hours * HOUR)
        desk.asked()
        if desk.crawl(revisit=ages).unchanged:
            again.append(hours)
    assert again == [1, 6, 24]


AGES = (HOUR, 6 * HOUR, timedelta(days=1), timedelta(days=7))


@dataclass
class Looks:
    """Crawls at given times after the first one, and which articles were asked for in each."""

    desk: Desk
    start: datetime
    parsed: list[str]

    def at(self, **after: float) -> CrawlReport:
        self.desk.now = max(self.desk.now, self.start + timedelta(**after))
        self.desk.asked()
        self.parsed.clear()
        return self.desk.crawl(revisit=AGES)

    def answers(self, article: SampleArticle) -> list[int]:
        path = f"/v/{article.id}"
        return [request.status for request in self.desk.portal.requests if request.path == path]


@pytest.fixture
def looks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Looks:
    parsed: list[str] = []
    daum = portals.named("daum")
    parse = daum.parse_article
    monkeypatch.setattr(
        daum, "parse_article", lambda page, **more: parsed.append(page.url) or parse(page, **more)
    )
    return Looks(desk, desk.now, parsed)


def test_the_life_of_articles_from_listing_to_the_last_look(desk: Desk, looks: Looks) -> None:
    edited, removed, *untouched = desk.truth()
    news, everything = desk.portal.newsroom, len(desk.truth())
    assert looks.at().new == everything
    assert [looks.at(minutes=m).unchanged for m in (30, 58)] == [0, 0]
    assert (looks.at(minutes=62).unchanged, looks.parsed) == (everything, [])
    assert [looks.answers(article) for article in desk.truth()] == [[304]] * everything
    assert [looks.at(hours=h).unchanged for h in (2, 5.9, 6.1, 7, 23.9)] == [0, 0, everything, 0, 0]
    news.edit(edited.id)
    report = looks.at(hours=24.1)
    assert (report.revised, report.unchanged) == (1, everything - 1)
    assert looks.parsed == [desk.portal.article_url(edited.id)]
    assert (looks.answers(edited), looks.answers(removed)) == ([200], [304])
    same_as_truth(desk.stored(edited), news.article(edited.id))
    news.remove(removed.id)
    assert [looks.at(days=d).unchanged for d in (2, 6.9)] == [0, 0]
    report = looks.at(days=7.01)
    assert (report.removed, report.unchanged, looks.parsed) == (1, everything - 1, [])
    gone = desk.stored(removed)
    same_as_truth(gone, removed)
    assert gone.observed.removed_at
    assert desk.now - gone.observed.removed_at < timedelta(minutes=5)
    for days in (7.2, 8, 30, 400):
        report = looks.at(days=days)
        assert (report.unchanged, report.revised, report.removed) == (0, 0, 0)
        assert not any(looks.answers(article) for article in (edited, removed, *untouched))
    causes = {
        article.id: [r.cause for r in desk.store.articles.revisions(f"daum:{article.id}")]
        for article in (edited, removed, *untouched)
    }
    assert causes.pop(edited.id) == ["publisher", "publisher"]
    assert causes.pop(removed.id) == ["publisher", "removed"]
    assert set(map(tuple, causes.values())) == {("publisher",)}


def test_a_crawl_that_comes_late_looks_once(desk: Desk, looks: Looks) -> None:
    articles = desk.truth()
    looks.at()
    for days, statuses in ((3, [304]), (3.1, []), (6.9, []), (7.1, [304]), (8, []), (99, [])):
        looks.at(days=days)
        assert [looks.answers(article) for article in articles] == [statuses] * len(articles)


def test_a_first_look_that_comes_late_counts_from_the_listing(desk: Desk, looks: Looks) -> None:
    articles = desk.truth()
    desk.crawl(revisit=AGES, limit=0)
    for days, statuses in ((2, [200]), (2.1, []), (3, []), (7.1, [304]), (15, [])):
        looks.at(days=days)
        assert [looks.answers(article) for article in articles] == [statuses] * len(articles)


def test_looks_that_fail_do_not_cost_the_later_ones(desk: Desk, looks: Looks) -> None:
    """A server that fails for days must not hide for ever that an article is gone."""
    article = desk.truth()[0]
    looks.at()
    desk.portal.newsroom.remove(article.id)  # from the listing too
    desk.order(article, status=500)
    for hours in (1.1, 1.4, 2.5, 7, 24, 41):
        looks.at(hours=hours)
        assert looks.answers(article) == [500]
    row = desk.visit(article)
    assert (row["state"], row["tries"], row["reason"]) == ("settled", 0, "server_error")
    desk.portal.heal()
    assert looks.at(days=6.9).removed == 0
    assert looks.at(days=7.1).removed == 1
    assert desk.stored(article).observed.removed_at


def test_a_last_look_that_fails_is_given_up(desk: Desk, looks: Looks) -> None:
    article = desk.truth()[0]
    looks.at()
    assert looks.at(days=2).unchanged
    desk.portal.newsroom.remove(article.id)
    desk.order(article, status=500)
    for hours in (1, 2, 4, 9, 26, 43):
        looks.at(days=7, hours=hours)
        assert looks.answers(article) == [500]
    assert (desk.visit(article)["state"], desk.visit(article)["not_before"]) == ("given_up", None)


def test_the_limit_leaves_the_rest_open_for_the_next_pass(desk: Desk) -> None:
    everything = len(desk.portal.newsroom.ids("politics"))
    report = desk.crawl(limit=3)
    assert report.new + report.skipped == 3
    assert report.open == everything - 3
    assert desk.crawl().open == 0


@pytest.mark.parametrize("concurrency", [1, 4])
def test_as_many_requests_at_once_as_allowed(desk: Desk, concurrency: int) -> None:
    stall = threading.Event()
    arrived, most = [], []
    lock = threading.Lock()
    paths = {f"/v/{article.id}" for article in desk.truth()}

    def on_request(request: Any) -> None:
        if request.path in paths:
            with lock:
                arrived.append(request)
                most.append(len(arrived))
                if len(arrived) == concurrency:
                    stall.set()

    for article in desk.truth():
        desk.order(article, stall=stall)
    desk.portal.on_request = on_request
    report = desk.crawl(concurrency=concurrency)
    assert (report.outcome, report.new) == ("ok", len(desk.truth()))
    assert stall.is_set()  # so many were under way before the first was answered


# --- the reaction table


def test_unreachable_leaves_the_visit_open_for_later(desk: Desk) -> None:
    article = desk.truth()[0]
    desk.order(article, status=500)
    report = desk.crawl()
    assert (report.outcome, report.errors, report.open) == ("ok", 1, 1)
    assert report.problems[0].reason == "server_error"
    desk.asked()
    desk.crawl()
    assert desk.asked() == ["/politics"]  # the back-off is not over
    desk.portal.heal()
    desk.now += timedelta(minutes=16)
    assert desk.crawl().new == 1
    same_as_truth(desk.stored(article), article)


def test_three_unreachable_in_a_row_end_the_crawl(desk: Desk) -> None:
    for article in desk.portal.newsroom.articles("politics"):
        desk.order(article, status=500)
    report = desk.crawl()
    assert (report.outcome, report.errors) == ("failed", 3)
    assert "in a row" in report.detail
    assert report.open == len(desk.portal.newsroom.ids("politics"))


def test_removed_articles_between_failures_are_answers(desk: Desk) -> None:
    for number, article in enumerate(desk.portal.newsroom.articles("politics")):
        desk.order(article, status=500 if number % 2 else 404)
    assert desk.crawl().outcome == "ok"


def test_a_host_that_is_down_for_days_costs_no_article(desk: Desk) -> None:
    desk.crawl(limit=0)
    url, desk.portal.base_url = desk.portal.base_url, "http://127.0.0.1:2"
    everything = len(desk.portal.newsroom.ids("politics"))
    desk.store.db.execute("UPDATE visits SET url = replace(url, ?, 'http://127.0.0.1:2')", [url])
    for _ in range(3 * MAX_TRIES):
        report = desk.crawl()
        assert (report.outcome, report.open) == ("failed", everything)
        desk.now += timedelta(hours=3)
    desk.store.db.execute("UPDATE visits SET url = replace(url, 'http://127.0.0.1:2', ?)", [url])
    desk.portal.base_url = url
    report = desk.crawl()
    assert (report.outcome, report.new, report.open) == ("ok", len(desk.truth()), 0)


@pytest.mark.parametrize("status", [429, 503])
def test_too_fast_ends_the_crawl_and_the_next_one_waits(desk: Desk, status: int) -> None:
    everything = list(desk.portal.newsroom.articles("politics"))
    slow_down = everything[-3]  # oldest first: the third to be fetched
    desk.order(slow_down, status=status, headers={"Retry-After": "3600"}, times=1)
    report = desk.crawl()
    assert (report.outcome, report.errors) == ("failed", 1)
    assert report.new + report.skipped == 2
    assert report.open == len(everything) - 2
    assert desk.visit(slow_down)["tries"] == 0
    desk.asked()
    desk.now += timedelta(minutes=30)
    waiting = desk.crawl()
    assert (waiting.outcome, waiting.problems[0].reason) == ("failed", "rate_limited")
    assert desk.asked() == []
    desk.now += timedelta(minutes=31)
    assert desk.crawl().open == 0


def test_a_portal_that_is_always_too_busy_costs_no_article(desk: Desk) -> None:
    article = list(desk.portal.newsroom.articles("politics"))[-1]
    desk.order(article, status=429)
    for _ in range(2 * MAX_TRIES):
        assert desk.crawl().outcome == "failed"
        desk.now += timedelta(days=1)
    assert desk.visit(article)["state"] == "open"


@pytest.mark.parametrize("status", [401, 403, 451])
@pytest.mark.parametrize("where", ["listing", "article"])
def test_blocked_ends_the_crawl(desk: Desk, status: int, where: str) -> None:
    oldest = list(desk.portal.newsroom.articles("politics"))[-1]
    path = "/politics" if where == "listing" else f"/v/{oldest.id}"
    desk.portal.answer(path, Answer(status=status))
    report = desk.crawl()
    assert (report.outcome, report.new, report.errors) == ("blocked", 0, 1)
    assert str(status) in report.detail
    assert len([path for path in desk.asked() if path.startswith("/v/")]) == (where == "article")


def test_robots_txt_blocks(desk: Desk) -> None:
    desk.portal.robots = "User-agent: gisa\nDisallow: /\n"
    report = desk.crawl()
    assert report.outcome == "blocked"
    assert report.problems[0].reason == "robots"
    assert desk.asked() == ["/robots.txt"]


def test_robots_txt_that_fails_closes_the_site(desk: Desk) -> None:
    desk.portal.robots = 500
    report = desk.crawl("politics", "society", "digital", "culture")
    assert report.outcome == "failed"
    assert {problem.reason for problem in report.problems} == {"robots"}
    assert desk.asked() == ["/robots.txt"]


@pytest.mark.parametrize("how", ["404", "410", "said"])
def test_gone_before_we_came_is_settled(desk: Desk, how: str) -> None:
    article = desk.truth()[0]
    if how == "said":
        desk.order(article, body=desk.portal.deleted_page())
    else:
        desk.order(article, status=int(how))
    report = desk.crawl()
    assert (report.outcome, report.skipped >= 1, report.errors, report.open) == ("ok", True, 0, 0)
    assert desk.visit(article)["outcome"] == "removed"
    desk.asked()
    desk.now += timedelta(hours=1)
    desk.crawl()
    assert desk.asked() == ["/politics"]


def test_what_is_no_article_is_settled_and_counted(desk: Desk) -> None:
    video = next(a for a in desk.portal.newsroom.articles() if a.kind != "article")
    report = desk.crawl(video.section)
    assert report.skipped >= 1
    assert desk.visit(video)["outcome"] == "not_an_article"
    assert desk.visit(video)["not_before"] is None
    assert desk.store.articles.get(f"daum:{video.id}") is None


def test_a_flash_headline_is_looked_at_again_until_its_text_is_there(desk: Desk) -> None:
    article = desk.truth()[0]
    page = (
        '<h3 class="tit_view">[속보] 한 줄뿐인 소식</h3><div class="article_view"><section>'
        '<p dmcf-ptype="general"></p></section></div>'
    )
    desk.order(article, body=page)
    first = desk.crawl(revisit=(HOUR,))
    assert desk.visit(article)["outcome"] == "not_an_article"
    desk.portal.heal()
    desk.now += HOUR
    second = desk.crawl(revisit=(HOUR,))
    assert (first.errors, second.new) == (0, 1)
    same_as_truth(desk.stored(article), article)


def test_one_article_out_of_shape_is_quarantined(desk: Desk) -> None:
    article = desk.truth()[0]
    page = "<html><body><h1>새로운 모양</h1><p>본문</p></body></html>"
    desk.order(article, body=page)
    report = desk.crawl()
    assert (report.outcome, report.quarantined, report.open) == ("ok", 1, 1)
    (kept,) = desk.store.quarantine.all()
    assert kept["url"] == desk.portal.article_url(article.id)
    assert desk.store.quarantine.html(kept["id"]) == page
    desk.portal.heal()
    desk.now += timedelta(minutes=16)
    assert desk.crawl().new == 1


LOGIN = (
    "<html><title>로그인</title><body><form><input name=id><input type=password name=pw>"
    "<button>로그인</button></form></body></html>"
)
CAPTCHA = (
    "<html><title>Just a moment...</title><body><h1>news.example</h1>"
    "<p>Checking your browser before accessing</p><div id='challenge-form'></div></body></html>"
)
SHELL = (
    '<html><head><script src="/app.js"></script></head><body><div id="root"></div></body></html>'
)
BUSY = "<html><title>서비스 점검 중</title><body><h1>서비스 점검 중입니다</h1></body></html>"
MISSING = "<html><title>404</title><body><p>존재하지 않는 기사입니다.</p></body></html>"


@pytest.mark.parametrize(
    ("page", "outcome", "reason", "state"),
    [
        (LOGIN, "blocked", "blocked", "open"),
        (CAPTCHA, "blocked", "blocked", "open"),
        (SHELL, "ok", "layout_changed", "open"),
        (BUSY, "ok", "server_error", "open"),
        (MISSING, "ok", None, "settled"),
    ],
)
def test_a_wall_is_called_by_its_name(desk: Desk, page, outcome, reason, state) -> None:
    article = desk.truth()[0]
    desk.order(article, body=page)
    report = desk.crawl()
    assert report.outcome == outcome
    assert [problem.reason for problem in report.problems] == ([reason] if reason else [])
    assert desk.visit(article)["state"] == state
    assert desk.store.articles.get(f"daum:{article.id}") is None


@pytest.mark.parametrize("page", [LOGIN, CAPTCHA, SHELL, BUSY, "", "<html><body></body></html>"])
def test_a_wall_never_takes_the_place_of_a_text(desk: Desk, page: str) -> None:
    article = desk.truth()[0]
    desk.crawl(revisit=(HOUR,))
    before = desk.stored(article)
    desk.order(article, body=page)
    desk.now += HOUR
    desk.crawl(revisit=(HOUR,))
    assert desk.stored(article).article == before.article
    assert desk.stored(article).observed.removed_at is None


@pytest.mark.parametrize("page", [LOGIN, CAPTCHA])
def test_a_wall_in_place_of_a_listing_blocks(desk: Desk, page: str) -> None:
    desk.portal.answer("/politics", Answer(body=page))
    report = desk.crawl()
    assert (report.outcome, report.listed) == ("blocked", 0)
    assert desk.store.quarantine.count() == 1


def test_an_article_that_leads_to_the_front_page(desk: Desk) -> None:
    article = desk.truth()[0]
    desk.crawl(revisit=(HOUR,))
    before = desk.stored(article)
    desk.order(article, status=302, headers={"Location": "/"})
    desk.now += HOUR
    report = desk.crawl(revisit=(HOUR,))
    (problem,) = report.problems
    assert problem.reason == "layout_changed"
    assert "front page" in problem.detail
    assert desk.stored(article).article == before.article


def test_a_new_layout_of_articles_is_drift(desk: Desk) -> None:
    desk.portal.break_layout("article")
    report = desk.crawl()
    everything = len(desk.portal.newsroom.ids("politics"))
    assert (report.outcome, report.new) == ("drift", 0)
    assert report.quarantined == everything == report.open
    desk.portal.heal_layout()
    desk.now += timedelta(minutes=16)
    assert (desk.crawl().outcome, desk.store.articles.count()) == ("ok", len(desk.truth()))


def test_a_share_of_articles_out_of_shape_is_drift(desk: Desk) -> None:
    articles = desk.truth()
    assert 3 / len(articles) > 0.2
    for article in articles[:3]:
        desk.order(article, body="<html><body>새 모양</body></html>")
    report = desk.crawl()
    assert (report.outcome, report.quarantined, report.new) == ("drift", 3, len(articles) - 3)


def _no_entries(portal: SamplePortal) -> Answer:
    return Answer(body="<html><body><ul class='list_newsheadline2'></ul></body></html>")


def _empty(portal: SamplePortal) -> Answer:
    return Answer(body="")


def _elsewhere(portal: SamplePortal) -> Answer:
    return Answer(status=302, headers={"Location": "/"})


def _another_section(portal: SamplePortal) -> Answer:
    return Answer(status=301, headers={"Location": "/society"})


@pytest.mark.parametrize("what", [_no_entries, _empty, _elsewhere, _another_section])
def test_a_listing_that_is_none_is_drift(
    desk: Desk, what: Callable[[SamplePortal], Answer]
) -> None:
    desk.portal.answer("/politics", what(desk.portal))
    report = desk.crawl("politics", "society")
    assert (report.outcome, report.listed, report.new, report.quarantined) == ("drift", 0, 0, 1)
    assert desk.store.quarantine.count("sample") == 1
    assert not [path for path in desk.asked() if path.startswith("/v/")]


def test_a_new_layout_of_the_listing_is_drift(desk: Desk) -> None:
    desk.portal.break_layout("listing")
    assert desk.crawl().outcome == "drift"


def test_an_empty_article_stays_open_and_is_tried_again(desk: Desk) -> None:
    article = desk.truth()[0]
    desk.order(article, body="")
    report = desk.crawl()
    assert (report.outcome, report.errors, report.open) == ("ok", 1, 1)
    assert desk.visit(article)["tries"] == 1
    desk.portal.heal()
    desk.now += timedelta(minutes=16)
    assert (desk.crawl().new, desk.crawl().open) == (1, 0)


def test_an_empty_page_never_replaces_an_article(desk: Desk) -> None:
    desk.crawl(revisit=(HOUR,))
    articles = desk.truth()
    for article, answer in zip(articles, (
        {"body": ""}, {"body": "<html></html>"}, {"status": 500}, {"body": b"x", "headers": {
            "Content-Type": "image/png"}},
    ), strict=False):  # fmt: skip
        desk.order(article, **answer)
        desk.portal.newsroom.edit(article.id)
    desk.now += HOUR
    desk.crawl(revisit=(HOUR,))
    for article in articles[:4]:
        same_as_truth(desk.stored(article), article)
        assert desk.stored(article).observed.revision == 1


def test_a_bad_answer_is_given_up_at_last(desk: Desk) -> None:
    article = desk.truth()[0]
    desk.order(article, headers={"Content-Type": "application/pdf"})
    for _ in range(MAX_TRIES):
        assert desk.crawl().outcome == "ok"
        desk.now += timedelta(hours=17)
    assert desk.visit(article)["state"] == "given_up"


def test_another_article_under_the_address_is_refused(desk: Desk) -> None:
    first, second = desk.truth()[:2]
    desk.order(first, status=302, headers={"Location": f"/v/{second.id}"})
    report = desk.crawl()
    assert (report.outcome, report.errors) == ("ok", 1)
    assert desk.store.articles.get(f"daum:{first.id}") is None
    same_as_truth(desk.stored(second), second)


def test_one_listing_of_two_fails(desk: Desk) -> None:
    desk.portal.answer("/politics", Answer(status=404))
    report = desk.crawl("politics", "society")
    assert (report.outcome, report.errors) == ("ok", 1)
    assert report.new == len(desk.truth("society"))


def test_no_listing_at_all_is_a_failure(desk: Desk) -> None:
    desk.portal.answer("/politics", Answer(status=404))
    report = desk.crawl()
    assert (report.outcome, report.detail) == ("failed", "answered 404")


@pytest.mark.parametrize("concurrency", [1, 4])
def test_a_bug_in_a_parser_rises_and_the_run_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, concurrency: int
) -> None:
    def buggy(*page: object, **more: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(portals.named("daum"), "parse_article", buggy)
    with pytest.raises(ZeroDivisionError, match="a bug"):
        desk.crawl(concurrency=concurrency)
    run = desk.store.runs.last("sample")
    assert run is not None
    assert (run["outcome"], run["detail"]) == ("failed", "stopped by ZeroDivisionError")
    assert run["finished_at"]
    assert desk.store.visits.count_open() == len(desk.portal.newsroom.ids("politics"))


def test_a_page_that_brings_a_bug_to_light_does_not_stop_every_later_crawl(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    daum = portals.named("daum")
    parse, oldest = daum.parse_article, desk.truth()[-1]

    def buggy(page: Any, **given: Any) -> Any:
        if oldest.id in page.url:
            raise ZeroDivisionError("a bug")
        return parse(page, **given)

    monkeypatch.setattr(daum, "parse_article", buggy)
    with pytest.raises(ZeroDivisionError):
        desk.crawl()
    assert desk.visit(oldest)["reason"] == "bug"
    report = desk.crawl()
    assert (report.outcome, report.new, report.open) == ("ok", len(desk.truth()) - 1, 1)


def test_a_crawl_that_is_cancelled_says_so_and_loses_nothing(desk: Desk) -> None:
    def interrupted(request: Any) -> None:
        if request.path.startswith("/v/"):
            desk.portal.on_request = None
            loop.call_soon_threadsafe(task.cancel)

    desk.portal.on_request = interrupted
    task: asyncio.Task[Any]
    source = Source("sample", "daum", (desk.portal.listing_url("politics"),))

    async def cancelled() -> None:
        nonlocal task, loop
        loop = asyncio.get_running_loop()
        async with Fetcher(
            Limits(private={authority(desk.portal.base_url)}),
            desk.store.hosts,
            contact="",
            clock=lambda: desk.now,
            sleep=desk.sleep,
        ) as fetcher:
            tools = Tools(fetcher, desk.store, lambda: desk.now, lambda *told: None)
            task = asyncio.create_task(crawl(source, tools))
            await task

    loop: asyncio.AbstractEventLoop
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
    run = desk.store.runs.last("sample")
    assert run is not None
    assert (run["outcome"], run["detail"]) == ("failed", "stopped by a signal")
    assert desk.crawl().open == 0
    assert desk.store.articles.count() == len(desk.truth())


def test_a_database_that_fails_in_the_middle_rises_as_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*article: object) -> None:
        monkeypatch.setattr(desk.store.runs.__class__, "finish", broken)
        raise ZeroDivisionError

    def broken(*report: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(desk.store.articles.__class__, "save", full)
    with pytest.raises(ZeroDivisionError):
        desk.crawl()


def test_an_unknown_portal_leaves_no_run_behind(desk: Desk) -> None:
    source = Source("sample", "nowhere", ())
    with pytest.raises(KeyError):
        asyncio.run(crawl(source, Tools(None, desk.store, lambda: desk.now, lambda *t: None)))  # type: ignore[arg-type]
    assert desk.store.runs.recent(1) == []


def test_two_sources_that_list_the_same_article_fetch_it_once(desk: Desk) -> None:
    desk.crawl("politics", name="one")
    desk.asked()
    report = desk.crawl("politics", name="two")
    assert (report.outcome, report.new) == ("ok", 0)
    assert desk.asked() == ["/politics"]
    assert desk.store.articles.count() == len(desk.truth())
