"""Many sources due at once: so many crawls are under way as the configuration allows, in order, and no more."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs import crawl_source, daemon, wiring
from jobs.crawl_source import Job, crawl_sources
from pipeline.records import CrawlReport, Source
from tests.jobs.clock import Clock, settle

AT = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)


class Crawls:
    """In place of crawls: notes which begin, and how many are under way."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.under_way = self.most = 0

    async def __call__(self, source: Source, job: Job) -> CrawlReport:
        self.begun.append(source.name)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await settle(5)
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


def test_the_daemon_bounds_them_and_all_have_their_turn(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawls, clock = Crawls(), Clock(AT)
    monkeypatch.setattr(daemon, "crawl_source", crawls)
    settings = wiring.configuration(str(config))

    async def work() -> None:
        stopped = asyncio.Event()
        with wiring.store(settings, create=True) as store, clock.patched():
            it = daemon.Daemon(settings, store, clock)
            served = asyncio.create_task(it.serve(stopped))
            await settle()
            clock.pass_by(timedelta(minutes=1))  # all of them are due by now
            it.schedule.wake()
            await settle()
            while it.crawls:
                await asyncio.wait(it.crawls)
            stopped.set()
            await served

    asyncio.run(work())
    assert crawls.most == 7
    assert crawls.begun == [f"s{number:03}" for number in range(200)]
