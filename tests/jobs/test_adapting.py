"""The daemon asks an adaptive source less often while it is quiet, and at once more often when it is not."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs import daemon, wiring
from jobs.crawl_source import Job
from pipeline.records import CrawlReport, Source
from tests.jobs.clock import Clock, settle

NIGHT = datetime(2026, 9, 28, 17, 0, tzinfo=UTC)  # 02:00 in Seoul
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_the_interval_follows_what_crawls_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "config.toml").write_text(
        '[source.paper]\nportal = "daum"\nlistings = ["http://h/x"]\n'
        'every = "10m"\nadaptive = true\nat_most = "1h"\n',
        encoding="utf-8",
    )
    config, clock = wiring.configuration(str(tmp_path / "config.toml")), Clock(NIGHT)
    finds = iter((0, 2, 0, 0))

    async def crawl(source: Source, job: Job) -> CrawlReport:
        run = job.tools.store.runs.begin(source.name, clock(), "we")
        report = CrawlReport(source.name, clock(), clock(), "ok", new=next(finds), run=run)
        job.tools.store.runs.finish(run, report)
        return report

    monkeypatch.setattr(daemon, "crawl_source", crawl)
    caplog.set_level("INFO", "gisa.daemon")
    waits: list[timedelta] = []

    async def work() -> None:
        stopped = asyncio.Event()
        with wiring.store(config, create=True) as store, clock.patched():
            store.sources.remember(config.sources["paper"], NIGHT)
            for hour in range(14 * 24, 1, -1):
                at = NIGHT - hour * HOUR
                run = store.runs.begin("paper", at, "we")
                store.runs.finish(run, CrawlReport("paper", at, at, "ok", run=run))
            it = daemon.Daemon(config, store, clock)
            served = asyncio.create_task(it.serve(stopped))
            await settle(20)  # the first one is overdue, and runs at once
            for _ in range(3):
                due = it.schedule.next_due("paper")
                assert due is not None
                waits.append(due - clock.now)
                clock.now = due
                it.schedule.wake()
                await settle(20)
            stopped.set()
            await served

    asyncio.run(work())
    quiet, found, awake = waits
    assert 50 * MINUTE <= quiet <= 61 * MINUTE
    assert 10 * MINUTE <= found <= 11 * MINUTE
    assert 10 * MINUTE <= awake <= 11 * MINUTE
    assert "paper asked every 1h now instead of 10m: nothing new " in caplog.text
