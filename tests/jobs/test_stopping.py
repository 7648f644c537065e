"""SIGTERM and SIGINT end a command in time, whatever holds on to it: listeners, threads, stubborn tasks."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from jobs import daemon, stopping, wiring
from jobs.lock import source_lock
from pipeline.records import CrawlReport, Source
from tests.jobs.desk import ROOT, Desk
from tests.jobs.test_daemon import EVERY_HOUR

STUBBORN = """
import asyncio, sys, time
from datetime import timedelta
from jobs import stopping
stopping.GONE_WITHIN = timedelta(seconds=0.5)

async def work():
    event = asyncio.Event()
    stopping.Stop(*map(int, sys.argv[2:])).listen(event.set)
    print("up", flush=True)
    await event.wait()
    if sys.argv[1] == "thread":
        await asyncio.to_thread(time.sleep, 50)
    elif sys.argv[1] == "loop":
        time.sleep(50)
    else:
        while True:
            try:
                await asyncio.sleep(50)
            except asyncio.CancelledError:
                pass

asyncio.run(work())
"""


@pytest.mark.parametrize("holds", ["thread", "loop", "task"])
@pytest.mark.parametrize(("args", "code"), [((), 128 + signal.SIGTERM), (("0",), 0)])
def test_what_will_not_end_is_left_behind(holds: str, args: tuple[str, ...], code: int) -> None:
    command = [sys.executable, "-c", STUBBORN, holds, *args]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=8)
    assert process.returncode == code
    assert "something did not end in time" in err


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_listener_that_takes_long_is_cut_at_the_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, stubborn: bool
) -> None:
    """They may take a minute while all is well; the crawl that they are told of is in the database already."""
    monkeypatch.setattr(daemon, "STOP_WITHIN", timedelta(seconds=0.2))
    monkeypatch.setattr(stopping, "_CUT_WITHIN", timedelta(seconds=0.2))
    desk.configure("politics", source=EVERY_HOUR)
    config = wiring.configuration(str(desk.config))
    came: list[str] = []

    async def work() -> None:
        stopped, telling = asyncio.Event(), asyncio.Event()

        async def listener(source: Source, report: CrawlReport) -> None:
            came.append(report.outcome)
            telling.set()
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                came.append("cut")
                if stubborn:
                    await asyncio.sleep(60)
                raise

        with wiring.store(config, create=True) as store:
            it = daemon.Daemon(config, store)
            it._outfit.job = replace(it._outfit.job, listeners=(listener,))
            served = asyncio.create_task(it.serve(stopped))
            await telling.wait()
            began = time.monotonic()
            stopped.set()
            await served
            assert time.monotonic() - began < 10

    asyncio.run(work())
    assert came == ["ok", "cut"]
    ((outcome, new),) = desk.rows("SELECT outcome, new FROM runs")
    assert outcome == "ok"
    assert new > 0
    with source_lock(desk.database, "politics", wiring.now()):
        pass
