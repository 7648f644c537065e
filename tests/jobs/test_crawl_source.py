"""Listeners of crawls: each hears of each, and what one of them does ends nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import terminal, wiring
from jobs.crawl_source import Job, crawl_source
from jobs.lock import source_lock
from pipeline.crawl import Tools
from pipeline.errors import StoreError
from pipeline.records import CrawlReport, Source
from pipeline.store import Store
from tests.jobs.desk import Desk


@pytest.fixture
def store(desk: Desk) -> Iterator[Store]:
    with wiring.store(wiring.configuration(str(desk.config)), create=True) as opened:
        yield opened


def crawled(desk: Desk, store: Store, *listeners) -> CrawlReport:
    config = wiring.configuration(str(desk.config))
    (source,) = config.sources.values()

    async def work() -> CrawlReport:
        with terminal.progress(quiet=True) as told:
            async with wiring.fetcher(config, store.hosts) as fetcher:
                tools = Tools(fetcher, store, wiring.now, told, 1)
                return await crawl_source(source, Job(Path(config.database), tools, listeners))

    return asyncio.run(work())


def test_every_listener_hears_of_it_though_one_fails(
    desk: Desk, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[CrawlReport] = []

    async def broken(source: Source, report: CrawlReport) -> None:
        raise ZeroDivisionError

    async def hears(source: Source, report: CrawlReport) -> None:
        assert source.name == report.source
        heard.append(report)

    report = crawled(desk, store, broken, hears)
    assert heard == [report]
    assert (report.outcome, report.run) == ("ok", 1)
    assert "could not be told" in caplog.text


def test_a_held_lock_and_a_failed_database_are_told_too(desk: Desk, store: Store) -> None:
    outcomes: list[str] = []

    async def hears(source: Source, report: CrawlReport) -> None:
        outcomes.append(report.outcome)

    with source_lock(desk.database, "politics", wiring.now()):
        crawled(desk, store, hears)
    with store.writing() as db:
        db.execute("DROP TABLE looks")
        db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError):
        crawled(desk, store, hears)
    assert outcomes == ["locked", "failed"]
