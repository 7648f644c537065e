"""Many sources due at once: so many crawls are under way as the configuration allows, in order, and no more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jobs import crawl_source, daemon, wiring
from jobs.crawl_source import Job, crawl_sources
from pipeline.records import CrawlReport, Source
from tests.jobs.clock import Clock, settle

AT = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Crawls:
    """In place of crawls: notes which begin, and how many are under way."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.under_way = self.most = 0
        self.hold: asyncio.Event | None = None

    async def __call__(self, source: Source, job: Job) -> CrawlReport:
        self.begun.append(source.name)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await (self.hold.wait() if self.hold else settle(5))
        self.under_way -= 1
        return CrawlReport(source.name, AT, AT, "ok")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    text = "[pipeline]\nparallel = 7\n"
    for number in range(200):
        text += (
            f'[source.s{number:03}]\nportal = "daum"\nlistings = ["http://h/x"]\nevery = "10m"\n'
        )
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    return tmp_path / "config.toml"


def test_a_run_bounds_them(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crawls = Crawls()
    monkeypatch.setattr(crawl_source, "crawl_source", crawls)
    sources = wiring.configuration(str(config)).chosen([])
    reports = asyncio.run(crawl_sources(sources, Job(config, None), 7))  # type: ignore[arg-type]
    assert crawls.most == 7
    assert crawls.begun == [source.name for source in sources]
    assert [report.source for report in reports] == crawls.begun


Test = Callable[[daemon.Daemon, Clock], Awaitable[None]]


def served(config: Path, test: Test) -> list[dict[str, Any]]:
    """Let a daemon work on a clock of its own; return the rows of `runs`."""
    settings, clock = wiring.configuration(str(config)), Clock(AT)

    async def work() -> list[dict[str, Any]]:
        stopped = asyncio.Event()
        with wiring.store(settings, create=True) as store, clock.patched():
            it = daemon.Daemon(settings, store, clock)
            working = asyncio.create_task(it.serve(stopped))
            await settle()
            await test(it, clock)
            stopped.set()
            await working
            return store.rows("SELECT source, outcome, times, detail FROM runs ORDER BY id")

    return asyncio.run(work())


async def later(it: daemon.Daemon, clock: Clock, length: timedelta) -> None:
    clock.pass_by(length)
    it.schedule.wake()
    await settle()


async def all_done(it: daemon.Daemon) -> None:
    while it.crawls:
        await asyncio.wait(it.crawls)
        await settle()


def test_the_daemon_bounds_them_and_all_have_their_turn(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawls = Crawls()
    monkeypatch.setattr(daemon, "crawl_source", crawls)

    async def test(it: daemon.Daemon, clock: Clock) -> None:
        await later(it, clock, MINUTE)  # all of them are due by now
        await all_done(it)

    assert served(config, test) == []
    assert crawls.most == 7
    assert crawls.begun == [f"s{number:03}" for number in range(200)]


def test_a_night_of_sleep_is_a_row_and_a_crawl_for_each(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawls = Crawls()
    monkeypatch.setattr(daemon, "crawl_source", crawls)

    async def test(it: daemon.Daemon, clock: Clock) -> None:
        await later(it, clock, MINUTE)
        await all_done(it)
        clock.sleep(7 * 60 * MINUTE)
        it.schedule.tick()
        await settle()
        await all_done(it)
        await later(it, clock, 9 * MINUTE)

    rows = served(config, test)
    assert {name: crawls.begun.count(name) for name in crawls.begun} == {
        f"s{number:03}": 2 for number in range(200)
    }
    assert sorted(row["source"] for row in rows) == sorted(set(crawls.begun))
    assert {(row["outcome"], row["times"]) for row in rows} <= {("missed", 41), ("missed", 42)}
    assert all(
        ", the daemon was off or held up, or the machine asleep" in r["detail"] for r in rows
    )


def test_overruns_of_one_crawl_are_one_row_that_says_whether_it_ran_or_waited(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawls = Crawls()
    crawls.hold = asyncio.Event()
    monkeypatch.setattr(daemon, "crawl_source", crawls)

    async def test(it: daemon.Daemon, clock: Clock) -> None:
        await later(it, clock, MINUTE)
        for _ in range(62):
            await later(it, clock, MINUTE / 2)
        assert crawls.hold
        crawls.hold.set()
        await all_done(it)

    rows = served(config, test)
    assert len(rows) == 200
    assert {row["outcome"] for row in rows} == {"overrun"}
    assert {row["times"] for row in rows} <= {2, 3}
    ran = {row["source"] for row in rows if row["detail"].endswith("was still running")}
    assert ran == {f"s{number:03}" for number in range(7)}
    assert sum(row["detail"].endswith("still waiting for its turn") for row in rows) == 193
    assert len(crawls.begun) == 200
