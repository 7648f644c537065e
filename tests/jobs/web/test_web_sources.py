"""Sources, runs and the quarantine: after real crawls, and of every kind of source."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from jobs import wiring
from jobs.web.pages.quarantine import _SHOWN, visible
from pipeline.config import load
from pipeline.errors import LayoutChanged
from pipeline.history import Sign
from pipeline.measures import Count, Measures
from pipeline.records import Page, Problem, Source
from pipeline.store import Store
from pipeline.store.runs import Skip
from tests.jobs.desk import Desk
from tests.jobs.lived import brought, drifted, ran

NOW = datetime(2026, 9, 27, 5, 30, tzinfo=UTC)
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "desk" not in request.fixturenames:  # crawls have the real time
        monkeypatch.setattr(wiring, "now", lambda: NOW)


@pytest.fixture
def politics(config: Path) -> Source:
    return load(config, {}).sources["politics"]


def _tree(page: httpx.Client, url: str, **options: object) -> LexborHTMLParser:
    answer = page.get(url, **options)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text[-500:]
    return LexborHTMLParser(answer.text)


def _text(tree: LexborHTMLParser, css: str) -> str:
    return " ".join(" ".join(node.text() for node in tree.css(css)).split())


def _cells(tree: LexborHTMLParser, css: str) -> list[list[str]]:
    return [
        [" ".join(cell.text().split()) for cell in row.css("th, td")]
        for row in tree.css(f"{css} tbody tr")
    ]


def test_a_real_crawl_and_a_page_in_another_layout_are_shown(
    desk: Desk, serve: Callable[..., httpx.Client]
) -> None:
    desk.configure("politics", "society", source='every = "10m"')
    desk.gisa("run", "politics")
    desk.portal.break_layout("listing")
    desk.gisa("run", "society")
    page = serve(headers={"accept-language": "ko"})
    assert _text(_tree(page, "/"), "h1") == "수집원 2곳 중 1곳이 정상입니다."
    rows = {row[0].split()[0]: row for row in _cells(_tree(page, "/sources"), "table")}
    assert list(rows) == ["society", "politics"]
    shares = rows["politics"][-6:]
    assert (shares[0], shares[3]) == ("100%", "100%"), "every article has a text and a publisher"
    assert all(share.endswith("%") for share in shares)
    assert rows["society"][-6:] == ["–"] * 6
    tree = _tree(page, "/sources/society")
    assert "이상" in _text(tree, "h1")
    assert desk.authority in _text(tree, "#hosts ~ .scroll")
    run = _tree(page, tree.css_first("#runs ~ .scroll a").attributes["href"] or "")
    assert "layout_changed" in _text(run, "h3")
    saved = _tree(page, tree.css_first("#quarantine ~ ul a").attributes["href"] or "")
    source = saved.css_first("pre").text()
    assert source.startswith("<!doctype html>")
    assert "expected at least" in _text(saved, "dl code")
    assert not saved.css("pre *"), "it is text"


def test_sources_that_never_ran_and_that_are_gone(
    page: httpx.Client, store: Store, politics: Source
) -> None:
    ran(store, replace(politics, name="old"), NOW - _DAY)
    rows = _cells(_tree(page, "/sources"), "table")
    assert [row[0] for row in rows] == [
        "politics 실행 전", "society 실행 전", "old 설정에서 빠짐",
    ]  # fmt: skip
    assert "아직 한 번도 실행되지 않았습니다" in _text(_tree(page, "/sources/politics"), "main")
    old = _tree(page, "/sources/old")
    assert "지금은 config.toml에 없습니다" in _text(old, "main")
    assert "https://news.daum.net/politics" in _text(old, "dl.facts")
    assert page.get("/sources/nobody").status_code == 404


def test_yield_fields_and_drifts_of_a_source(
    page: httpx.Client, store: Store, politics: Source
) -> None:
    brought(store, politics, NOW, days=10, an_hour=6, last_day=6)
    for day, authors in ((2, 10), (1, 9), (0, 2)):
        run = ran(store, politics, NOW - day * _DAY - 10 * _MINUTE)
        measures = Measures(
            counts={"field:authors": Count(authors, 10), "field:text": Count(10, 10)}
        )
        with store.writing():
            store.health.learn("politics", run, measures, set(), NOW - day * _DAY)
    drifted(
        store,
        politics,
        NOW - 9 * _MINUTE,
        Sign("field:images", 0.9, 0, 20),
        Sign("selector:h3.x", 1, 2, 20),
    )
    drifted(store, politics, NOW - 5 * _MINUTE, Sign("selector:h3.x", 1, 2, 20))
    tree = _tree(page, "/sources/politics")
    assert _text(tree, "#drifts ~ table:first-of-type td") == (
        "14:21부터 선택자 h3.x에 맞는 곳이 줄었습니다 20건 중 2건, 평소 100%"
    )
    past = _text(tree, "#drifts ~ details")
    assert "14:21부터 사진 누락이 늘었습니다" in past
    assert "끝남" in past
    fields = {row[0]: row[2:] for row in _cells(tree, "#fields + .scroll")}
    assert fields == {"기자 이름": ["20%", "70%"], "본문": ["100%", "100%"]}
    lines = [node.text() for node in tree.css("svg.share title")]
    assert lines[0] == "기자 이름: 2026-09-25 100%에서 2026-09-27 20%까지"
    assert "지난 48시간" in _text(tree, "svg.large > title")
    assert _cells(tree, "#yield ~ details")[1] == ["9월 27일 13시", "6.0", "6.0"]
    english = _tree(page, "/sources/politics", headers=ENGLISH)
    assert "selector h3.x has matched less since 14:21" in _text(english, "main")


def test_runs_are_paged_and_those_that_did_not_run_are_among_them(
    page: httpx.Client, store: Store, politics: Source
) -> None:
    for n in range(40):
        ran(store, politics, NOW - (50 - n) * 10 * _MINUTE, new=n)
    store.runs.note_skipped(Skip("politics", "missed", NOW - _DAY, 12, "asleep"), NOW - _MINUTE)
    tree = _tree(page, "/sources/politics")
    rows = _cells(tree, "#runs + .scroll")
    assert len(rows) == 30
    assert rows[0][1:3] == ["놓침 ×12", "–"]
    assert rows[1][1:5] == ["정상", "30초", "0", "39"]
    assert "실행하지 못한 횟수: 12" in _text(tree, "main")
    older = tree.css_first("a[rel=next]").attributes["href"]
    rest = _tree(page, older or "")
    assert [row[4] for row in _cells(rest, "#runs + .scroll")] == [
        str(n) for n in range(10, -1, -1)
    ]
    assert not rest.css("a[rel=next]")


def test_errors_are_grouped_by_reason(page: httpx.Client, store: Store, politics: Source) -> None:
    slow, gone = Problem("https://h/1", "timeout", "30 s"), Problem("https://h/2", "gone", "404")
    run = ran(store, politics, NOW - 5 * _MINUTE, "failed", problems=(slow, gone, slow), errors=3)
    rows = _cells(_tree(page, "/sources/politics"), "#reasons + table")
    assert [row[:3] for row in rows] == [["timeout", "2", "5분 전"], ["gone", "1", "5분 전"]]
    tree = _tree(page, f"/runs/{run}")
    assert [node.text() for node in tree.css("h3")] == ["timeout (2)", "gone (1)"]
    assert "오류3" in _text(tree, ".key-figures")
    assert tree.css_first("dl.facts a").attributes["href"] == "/sources/politics"


def test_of_many_problems_the_first_are_shown(
    page: httpx.Client, store: Store, politics: Source
) -> None:
    many = tuple(Problem(f"https://h/{n}", "timeout", "30 s") for n in range(500))
    run = ran(store, politics, NOW - 5 * _MINUTE, "failed", problems=many)
    tree = _tree(page, f"/runs/{run}", headers=ENGLISH)
    assert len(tree.css("main ul.plain > li")) == 200
    assert "The first 200 of 500 are shown." in _text(tree, "main")


def test_a_run_that_nobody_is_at_has_crashed(
    page: httpx.Client, store: Store, politics: Source
) -> None:
    store.sources.remember(politics, NOW)
    number = store.runs.begin("politics", NOW, "pid 1 on desk")
    tree = _tree(page, f"/runs/{number}")
    assert "중단" in _text(tree, "h1")
    assert "ended without a report" in _text(tree, "main")


def _kept(store: Store, html: str, url: str = "https://h/1", source: str = "politics") -> int:
    store.sources.remember(Source(source, "daum", ("https://h",)), NOW)
    error = LayoutChanged(url, "h3.tit_view", expected=1, found=0)
    store.quarantine.keep(Page(url, html, NOW), source, error)
    return int(store.quarantine.all(1)[0]["id"])


def test_a_saved_page_is_text_clipped_and_nothing_of_it_is_run(
    page: httpx.Client, store: Store
) -> None:
    html = (
        "</pre><script>alert(1)</script>\u202e\u200b<img src=x onerror=alert(1)>\r\n"
        + "가" * _SHOWN
    )
    answer = page.get(f"/quarantine/{_kept(store, html)}", headers=ENGLISH)
    assert "<script>alert" not in answer.text
    assert "\u202e" not in answer.text
    tree = LexborHTMLParser(answer.text)
    shown = tree.css_first("pre").text()
    assert shown.startswith(
        "</pre><script>alert(1)</script>⟨U+202E⟩⟨U+200B⟩<img src=x onerror=alert(1)>\n가"
    )
    assert not tree.css("pre *, main img, main script")
    assert f"The first 200,000 of {len(html):,} characters." in _text(tree, "main")
    assert "'h3.tit_view' matched 0" in _text(tree, "dl code")
    assert not tree.css("a[download]")


def test_a_saved_page_that_cannot_be_unpacked_is_said_to_be_so(
    page: httpx.Client, store: Store
) -> None:
    number = _kept(store, "<p>가</p>" * 99)
    with store.writing() as db:
        db.conn.execute("UPDATE pages SET zstd = x'00'")
    tree = _tree(page, f"/quarantine/{number}")
    assert "풀 수 없습니다" in _text(tree, "main")


def test_quarantine_is_paged_and_asked_by_source(page: httpx.Client, store: Store) -> None:
    for n in range(60):
        _kept(store, f"<p>{n}", f"https://h/{n}", "society" if n == 3 else "politics")
    tree = _tree(page, "/quarantine")
    assert len(_cells(tree, "table")) == 50
    assert (
        len(_cells(_tree(page, tree.css_first("a[rel=next]").attributes["href"] or ""), "table"))
        == 10
    )
    only = _tree(page, "/quarantine?source=society")
    assert [row[1] for row in _cells(only, "table")] == ["society"]
    assert "society의 페이지만" in _text(only, "main")
    assert "격리된 페이지가 없습니다" in _text(_tree(page, "/quarantine?source=nobody"), "main")


def test_what_cannot_be_seen_is_named() -> None:
    assert visible("a\tb\nc\r\nd") == "a\tb\nc\nd"
    assert visible("\0\x1b\ufeff\u2066\ud800") == "⟨U+0000⟩⟨U+001B⟩⟨U+FEFF⟩⟨U+2066⟩⟨U+D800⟩"


def test_what_is_asked_for_is_bounded(page: httpx.Client) -> None:
    for url in (
        "/quarantine?page=-1", f"/quarantine?page={10**30}", "/quarantine?page=x", "/quarantine?page=١",
        "/quarantine?source=%00", "/quarantine?source=" + "가" * 1000, "/quarantine?page=1&page=2",
        "/sources/politics?before=-1", f"/sources/politics?before={10**30}", "/sources/politics?before=%00",
        "/sources/politics?before=1", "/sources?page=%FF",
    ):  # fmt: skip
        assert page.get(url).status_code == 200, url


def test_what_is_not_there_is_not_found(page: httpx.Client) -> None:
    for url in (
        "/runs/0", f"/runs/{10**30}", "/runs/-1", "/runs/1.5", "/quarantine/0", f"/quarantine/{10**30}",
        "/quarantine/x", "/sources/%00", "/sources/%FF%FE", "/sources/" + "a" * 5000,
        "/sources/politics/more", "/sources/..%2f..", "/sources/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    ):  # fmt: skip
        answer = page.get(url, follow_redirects=True)  # Datasette tries its own way to write %2F
        assert answer.status_code == 404, url
        assert "script>alert" not in answer.text


def test_pages_are_read_only_and_leave_no_lock_behind(
    page: httpx.Client, store: Store, politics: Source, config: Path
) -> None:
    ran(store, politics, NOW - _MINUTE)
    before = sorted(path.name for path in config.parent.iterdir())
    for url in ("/", "/sources", "/sources/politics", "/runs/1", "/quarantine"):
        _tree(page, url)
    assert sorted(path.name for path in config.parent.iterdir()) == before
    with closing(store.db.conn.cursor()) as cursor:
        assert cursor.execute("SELECT count(*) FROM runs").fetchone()[0] == 1
