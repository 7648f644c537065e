"""Pages read in worker processes: the same as without, and what a page that ends a worker costs."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import select
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest

from jobs.cores import usable_cores
from jobs.parsing import pool as pools
from jobs.parsing.pool import ParserPool, Rush
from jobs.sample_portal import Answer, SamplePortal
from pipeline import errors, portals
from pipeline.crawl import Tools, crawl
from pipeline.discover.publisher import Publisher
from pipeline.errors import PageError, ParserFailed
from pipeline.fetch import Fetcher, Limits
from pipeline.reading import Reader, read_here
from pipeline.records import Article, CrawlReport, Page, Source
from pipeline.store import Store, open_store
from pipeline.under_way import crawl_at_hand, crawl_of
from pipeline.urls import authority
from tests.jobs import hostile_parsers
from tests.jobs.desk import ROOT

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ALWAYS = Rush(pages=1)
TEXT = (
    "다온시는 강변 도서관을 다시 연다고 밝혔다. 열람실은 밤 열 시까지 열고, 주말에는 강연이 있다. "
)
WEB = Source("hanbit", "", kind="links", listings=("https://hanbit.example/",))
READER = Reader(Publisher(WEB))


def page(number: int, mark: str = "") -> Page:
    head = '<meta property="article:published_time" content="2026-11-24T09:00:00+09:00">'
    body = "".join(f"<p>{n} {TEXT * 2}</p>" for n in range(4))
    html = f"<html><head>{head}</head><body><article><h1>도서관 {number}</h1>{body}</article>"
    url = f"https://hanbit.example/news/{number}"
    return Page(url, f"{html}<!--{mark}--></body></html>", AT, matches={})


async def warm(pool: ParserPool) -> None:
    """Have a worker at hand."""
    await pool.found(READER, page(0), "https://hanbit.example/0")
    async with asyncio.timeout(10):
        await pool.workers[0].ready.wait()


@contextmanager
def hostile(seconds: float = 20.0, rush: Rush = ALWAYS) -> Iterator[ParserPool]:
    yield ParserPool(1, rush=rush, seconds=seconds, module=hostile_parsers.MODULE)


async def outcomes(pool: ParserPool, *pages: Page) -> list[str]:
    found = (pool.found(READER, each, each.url) for each in pages)
    done = await asyncio.gather(*found, return_exceptions=True)
    return [it.headline if isinstance(it, Article) else type(it).__name__ for it in done]


def is_gone(pid: int, within: float = 10.0) -> bool:
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], within)[0])
    finally:
        os.close(process)


class Crawls:
    """Crawls of the sample portal into a database of their own, with a clock that stands."""

    def __init__(self, portal: SamplePortal, store: Store, path: Path) -> None:
        self.path, self.portal, self.store, self.now = path, portal, store, portal.newsroom.now

    def tools(self, fetcher: Fetcher, pool: ParserPool | None) -> Tools:
        tools = Tools(fetcher, self.store, lambda: self.now, lambda *_: None)
        return replace(tools, reading=pool.found) if pool else tools

    async def crawl(self, pool: ParserPool | None = None) -> CrawlReport:
        source = Source(
            "politics",
            "daum",
            listings=(self.portal.listing_url("politics"),),
            revisit=(timedelta(days=1),),
        )
        limits = Limits(private={authority(self.portal.base_url)}, delay=timedelta(0))  # type: ignore[arg-type]
        async with Fetcher(limits, self.store.hosts, contact="", clock=lambda: self.now) as fetcher:
            return await crawl(source, self.tools(fetcher, pool))

    def dump(self) -> list[str]:
        """The whole content, but for what clocks of the machine say; that is not written back."""
        with closing(sqlite3.connect(self.path)) as db:
            for table in ("runs", "run_totals"):
                db.execute(f"UPDATE {table} SET fetch_seconds = 0")
            return [line for line in db.iterdump() if "_sqlite_migrations" not in line]


@pytest.fixture
def crawls(portal: SamplePortal, tmp_path: Path) -> Iterator[Callable[[str], Crawls]]:
    made: list[Store] = []

    def make(name: str) -> Crawls:
        made.append(open_store(tmp_path / name, create=True))
        return Crawls(portal, made[-1], tmp_path / name)

    yield make
    for store in made:
        store.close()


def test_the_database_is_the_same_as_without_workers(
    portal: SamplePortal, crawls: Callable[[str], Crawls], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = crawls("here.db"), crawls("there.db")
    ids = [a.id for a in portal.newsroom.articles("politics") if a.kind == "article"]
    portal.answer(f"/v/{ids[0]}", Answer(body=b"<html><body><p>no article</p></body></html>"))
    portal.answer(f"/v/{ids[1]}", Answer(body=b""))

    async def both() -> None:
        async with ParserPool(1, rush=ALWAYS) as pool:
            await warm(pool)
            monkeypatch.setattr(pools, "read_here", None)  # from now on nothing is read in the loop
            await here.crawl()
            report = await there.crawl(pool)
            assert report.new > 5
            assert report.quarantined + report.skipped + report.errors >= 2
            assert here.dump() == there.dump()
            portal.newsroom.edit(ids[3])
            for one in (here, there):
                one.now += timedelta(days=2)
            await here.crawl()
            assert (await there.crawl(pool)).revised == 1
            assert here.dump() == there.dump()

    asyncio.run(both())


def test_a_page_that_kills_its_worker_costs_itself(
    portal: SamplePortal, crawls: Callable[[str], Crawls]
) -> None:
    it = crawls("gisa.db")
    ids = [a.id for a in portal.newsroom.articles("politics") if a.kind == "article"]
    portal.answer(f"/v/{ids[2]}", Answer(body=b"<html><body><!--kills--></body></html>"))

    async def run() -> CrawlReport:
        with hostile() as pool:
            async with pool:
                await warm(pool)
                return await it.crawl(pool)

    report = asyncio.run(run())
    assert (report.new, report.errors) == (len(ids) - 1, 1)
    assert report.problems[0].reason == "parser_failed"
    assert "SIGSEGV" in report.problems[0].detail
    (kept,) = it.store.quarantine.all()
    assert kept["url"].endswith(ids[2])
    (visit,) = it.store.rows(
        "SELECT state, reason FROM visits WHERE article_id = ?", [f"daum:{ids[2]}"]
    )
    assert tuple(visit.values()) == ("open", "parser_failed")


def test_pages_behind_one_that_holds_a_worker_up_are_read_elsewhere() -> None:
    async def run() -> None:
        with hostile(seconds=0.4) as pool:
            async with pool:
                await warm(pool)
                first = pool.workers[0].pid
                some = [page(n, "hangs" if n == 2 else "") for n in range(1, 9)]
                expected = [f"도서관 {n}" if n != 2 else "ParserFailed" for n in range(1, 9)]
                assert await outcomes(pool, *some) == expected
                assert is_gone(first)
                # it is not tried in the loop either, and another worker takes the place
                assert await outcomes(pool, some[1]) == ["ParserFailed"]
                await warm(pool)
                assert pool.workers[0].pid != first

    asyncio.run(run())


def test_after_some_deaths_pages_are_read_in_the_loop() -> None:
    async def run() -> None:
        with hostile() as pool:
            async with pool:
                for n in range(1, 4):
                    await warm(pool)
                    assert await outcomes(pool, page(n, "kills")) == ["ParserFailed"]
                assert await outcomes(pool, page(9, "kills")) == ["도서관 9"]
                assert pool.workers == []

    asyncio.run(run())


def test_workers_that_do_not_start_cost_nothing_but_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("WARNING", logger="gisa")

    async def run() -> None:
        async with ParserPool(1, rush=ALWAYS, module="tests.no_such_module") as pool:
            for n in range(5):
                assert await outcomes(pool, page(n)) == [f"도서관 {n}"]
                await asyncio.gather(*(each.life for each in pool.workers))
            assert pool.workers == []

    asyncio.run(run())
    assert "read without them for now" in caplog.text


def test_what_parsers_do_besides_comes_over(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[dict[str, Any]] = []
    caplog.handler.addFilter(lambda record: bool(seen.append(crawl_at_hand()) or record))

    async def run() -> None:
        with hostile() as pool:
            async with pool:
                await warm(pool)
                one, other = page(1, "logs"), page(1, "logs")
                with crawl_of("hanbit", 7):
                    article = await pool.found(READER, one, one.url)
                assert article == await read_here(READER, other, other.url)
                assert one.matches == other.matches
                with pytest.raises(RuntimeError, match="Odd: a bug") as caught:
                    await pool.found(READER, page(2, "breaks"), "")
                assert "hostile_parsers.py" in caught.value.__notes__[0]
                with pytest.raises(Exception, match="pickle"):
                    await pool.found(READER, page(3, "odd"), "")
                with pytest.raises(PageError) as empty:
                    await pool.found(READER, replace(page(4), html=" "), "")
                assert (empty.value.reason, empty.value.url) == ("truncated", page(4).url)
                assert len(pool.workers) == 1

    asyncio.run(run())
    (line,) = [r for r in caplog.records if r.name == "stranger"]
    assert line.getMessage() == f"seen {page(1).url}"
    assert {"source": "hanbit", "run": 7} in seen


def test_few_pages_start_no_worker_and_workers_without_pages_are_let_go() -> None:
    async def run() -> None:
        async with ParserPool(1) as pool:
            await outcomes(pool, *(page(n) for n in range(99)))
            assert pool.workers == []
        async with ParserPool(1, rush=replace(ALWAYS, idle=0.05)) as pool:
            await warm(pool)
            life = pool.workers[0].life
            assert (await asyncio.wait({life}, timeout=10))[0]
            assert pool.workers == []
        async with ParserPool(0, rush=ALWAYS) as pool:
            assert await outcomes(pool, page(1)) == ["도서관 1"]
            assert pool.workers == []

    asyncio.run(run())


def test_a_crawl_that_is_cancelled_does_not_wait_for_its_page() -> None:
    async def run() -> int:
        with hostile() as pool:
            async with pool:
                await warm(pool)
                worker = pool.workers[0]
                task = asyncio.create_task(outcomes(pool, page(1, "hangs"), page(2)))
                while worker.load < 2:
                    await asyncio.sleep(0)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                return worker.pid

    pid = asyncio.run(asyncio.wait_for(run(), 15))
    assert is_gone(pid, within=0)


KILLED = """
import asyncio, json
from jobs.parsing import worker_process
from tests.jobs.test_parsing import *
worker_process._ORPHAN_SECONDS = 0.2

async def run():
    with hostile(seconds=0.2 if {busy} else 20) as pool:
        await warm(pool)
        pid = pool.workers[0].pid
        if {busy}:
            task = asyncio.create_task(outcomes(pool, page(1, "hangs")))
            while not pool.workers[0].load:
                await asyncio.sleep(0)
        print(json.dumps(pid), flush=True)
        import time; time.sleep(50)

asyncio.run(run())
"""


@pytest.mark.parametrize("busy", [False, True])
def test_workers_do_not_outlive_a_crawl_that_is_killed(busy: bool) -> None:
    command = [sys.executable, "-c", KILLED.format(busy=busy)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        pid = json.loads(process.stdout.readline())
        os.kill(
            pid, signal.SIGTERM
        )  # as systemd sends it to all: the crawl ends in order, we with it
        assert busy or not is_gone(pid, within=0.1)
        process.kill()
        assert is_gone(pid)


EVERY = (
    errors.Unreachable("https://h/1", "timeout", "늦음"),
    errors.RateLimited("https://h/1", "429", AT),
    errors.Blocked("https://h/1", "로봇", "robots"),
    errors.Gone("https://h/1", "404"),
    errors.BadAnswer("https://h/1", "not_html", "pdf"),
    errors.NotAnArticle("https://h/1", "속보", may_become=True),
    errors.LayoutChanged("https://h/1", "div.a", expected=2, found=1),
    errors.TextLost("https://h/1", before=900, now=3),
    ParserFailed("https://h/1", "20 s"),
)


def test_every_error_of_a_page_crosses_whole() -> None:
    assert {type(error) for error in EVERY} == set(PageError.__subclasses__())
    for error in EVERY:
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert (str(again), again.args, again.__dict__) == (
            str(error), error.args, error.__dict__,
        )  # fmt: skip


def test_readers_cross_with_the_operators_settings() -> None:
    chosen = replace(WEB, fields=(("headline", "h1.big"),))
    again = pickle.loads(pickle.dumps(Reader(Publisher(chosen), "licence 7", keep_emails=False)))
    assert (again.portal.source, again.permission, again.keep_emails) == (
        chosen, "licence 7", False,
    )  # fmt: skip
    daum = Reader(portals.named("daum"))
    assert pickle.loads(pickle.dumps(daum)) == daum


def test_a_parser_that_no_worker_could_find_by_its_name_reads_in_the_loop() -> None:
    class Stranger(ModuleType):
        NAME, VERSION = "stranger", 1

        def parse_article(self, page: Page, *, permission: str | None = None) -> Article:
            return READER.found(page, permission or page.url)

    async def run() -> None:
        async with ParserPool(1, rush=ALWAYS) as pool:
            reader = Reader(cast("portals.Parser", Stranger("stranger")))
            assert (await pool.found(reader, page(1), "")).headline == "도서관 1"
            assert pool.workers == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("quotas", "cores"),
    [
        ({}, None),
        ({"a": "max 100000"}, None),
        ({"a": "150000 100000"}, 1),
        ({".": "50000 100000"}, 1),
    ],
)
def test_cores_are_counted_as_the_control_group_has_them(
    quotas: dict[str, str], cores: int | None, tmp_path: Path
) -> None:
    (tmp_path / "self").write_text("0::/a/b\n")
    (tmp_path / "root/a/b").mkdir(parents=True)
    for folder, said in quotas.items():
        (tmp_path / "root" / folder / "cpu.max").write_text(said + "\n")
    found = usable_cores(tmp_path / "self", tmp_path / "root")
    assert found == (cores or len(os.sched_getaffinity(0)))
