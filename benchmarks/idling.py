"""What the daemon costs while little happens, and whether its memory stays flat over a day of polling.

python -m benchmarks.idling [--sources 200] [--seconds 90] [--hours 24] [--only idle|day]

Idle: `gisa daemon` with so many sources, none of them due, is watched from outside for some time.

A day: the daemon's own parts in one process, on a clock that is turned on by half a minute as soon as all that
is due is done: nothing is left out but the waiting. Every source asks its listing every ten minutes; articles
are looked at again after one, six and twelve hours. The sample portal is a process of its own, and publishes an
article every quarter of an hour.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from unittest.mock import patch
from urllib.request import Request, urlopen

from jobs import wiring
from jobs.daemon import Daemon

STEP = timedelta(seconds=30)
FIRST = timedelta(minutes=30)
TOLD = tuple(timedelta(hours=hours) for hours in range(6, 24 * 30, 6))
SECTIONS = ("politics", "society", "economic", "foreign", "culture", "digital")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--only", choices=("idle", "day"))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, portal() as url:
        if args.only != "day":
            idle(configured(Path(folder) / "idle.toml", url, args.sources, "1h"), args.seconds)
        if args.only != "idle":
            path = configured(Path(folder) / "day.toml", url, args.sources, "10m")
            asyncio.run(day(path, timedelta(hours=args.hours), url))


@contextmanager
def portal() -> Iterator[str]:
    command = [sys.executable, "-u", "-m", "jobs.sample_portal", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            found = None
            while not found:
                line = process.stdout.readline()
                assert line, "the sample portal ended"
                found = re.search(r"http://[\w.]+:\d+", line)
            yield found.group()
        finally:
            process.terminate()


def configured(path: Path, url: str, sources: int, every: str) -> Path:
    text = f'[pipeline]\ndatabase = "{path.stem}.db"\n'
    text += f'[host."{url.removeprefix("http://")}"]\ndelay = "0s"\nprivate = true\n'
    for number in range(sources):
        text += f'[source.s{number:03}]\nportal = "daum"\nevery = "{every}"\n'
        text += f'listings = ["{url}/{SECTIONS[number % len(SECTIONS)]}"]\n'
        text += 'revisit = ["1h", "6h", "12h"]\n'
    path.write_text(text, encoding="utf-8")
    return path


def idle(path: Path, seconds: float) -> None:
    command = [sys.executable, "-m", "jobs"]
    subprocess.run(
        [*command, "run", "--quiet", "--config", path], check=True, stdout=subprocess.DEVNULL
    )
    with subprocess.Popen(
        [*command, "daemon", "--config", path], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr
            while "sources scheduled" not in process.stderr.readline():
                pass
            time.sleep(2)
            began, before = time.monotonic(), cpu_seconds(process.pid)
            time.sleep(seconds)
            share = (cpu_seconds(process.pid) - before) / (time.monotonic() - began)
            memory = megabytes(process.pid)
        finally:
            process.terminate()
            process.communicate()
    print(f"idle for {seconds:.0f} s: {memory:.0f} MB, {share:.2%} of a core")


async def day(path: Path, length: timedelta, url: str) -> None:
    config = wiring.configuration(str(path))
    clock = Clock()
    with wiring.store(config, create=True) as store, clock.patched():
        daemon = Daemon(config, store, clock)
        stopped = asyncio.Event()
        served = asyncio.create_task(daemon.serve(stopped))
        start, used = clock.now, time.process_time()
        tell(timedelta(0))
        for told in (FIRST, *TOLD):
            while clock.now < start + min(told, length):
                clock.now += STEP
                publish(clock.now - start, url)
                daemon.schedule.wake()
                await all_done(daemon)
            tell(clock.now - start)
            if told >= length:
                break
        crawls = store.rows("SELECT outcome, count(*) AS n FROM runs GROUP BY outcome")
        used = time.process_time() - used
        many = sum(row["n"] for row in crawls)
        said = ", ".join(f"{row['n']} {row['outcome']}" for row in crawls)
        print(f"{said}; {used * 1000 / many:.1f} ms of CPU a crawl:")
        print(f"{used / length.total_seconds():.2%} of a core, if the day had its length")
        stopped.set()
        await served


def publish(at: timedelta, url: str) -> None:
    number, rest = divmod(at, timedelta(minutes=15))
    if not rest:
        section = SECTIONS[number % len(SECTIONS)]
        order = Request(f"{url}/_control/publish?section={section}", method="POST")
        urlopen(order, timeout=10).close()


async def all_done(daemon: Daemon) -> None:
    for _ in range(5):
        await asyncio.sleep(0)
    while daemon.crawls:
        await asyncio.wait(daemon.crawls)
        for _ in range(5):
            await asyncio.sleep(0)


def tell(at: timedelta) -> None:
    descriptors = sum(1 for _ in Path("/proc/self/fd").iterdir())
    memory, hours = megabytes(os.getpid()), at / timedelta(hours=1)
    print(f"after {hours:5.2f} h: {memory:.1f} MB, {descriptors} descriptors", flush=True)


def megabytes(pid: int) -> float:
    """Return the resident memory of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process took."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


class Clock:
    """The time of the day that is simulated, for our code and for APScheduler."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def patched(self):
        clock = self

        class Simulated(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:
                return clock.now.astimezone(tz)

        return patch("apscheduler.schedulers.base.datetime", Simulated)


if __name__ == "__main__":
    main()
