"""The fetcher against a server that does everything wrong: each fault alone, then all of them in one run."""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from jobs.sample_portal.hostile import GOOD, SMUGGLED, Case, HostileSide, cases
from pipeline.errors import PageError, Reason
from pipeline.fetch import Fetcher, Limits

SLOW_DEADLINE = timedelta(seconds=0.3)
"""For the cases that only a deadline ends."""
DEADLINE = timedelta(seconds=5)
LONGEST = 3.0
"""Seconds that one URL may take: no case has a right to more, however much it sends."""

LINE_MOST = 1000
"""Characters of an error's detail, which is one line for people."""

PEAK_MOST = 200_000_000
VARIANTS = 2
SERVERS = 6
NAMES = [case.name for case in cases("")]


class Forgetful:
    """Remembers nothing of any host, so that one fault does not excuse the next."""

    def take_call(self, authority: str, day: str, most: int) -> bool:
        return True

    def reserve(
        self, authority: str, now: float, gap: float, patience: float, *, url: str | None = None
    ) -> float:
        return now

    def wait_until(self, authority: str, retry_at: float) -> None: ...

    def waits_until(self, authority: str, now: float) -> float:
        return 0.0

    def failures(self, authority: str) -> int:
        return 0

    def answered_well(self, authority: str) -> None: ...

    def robots(self, origin: str) -> tuple[int, str, datetime] | None:
        return None

    def keep_robots(self, origin: str, status: int, text: str, at: datetime) -> None: ...


class Leaping:
    """A clock that leaps by more than a host is ever left alone after it did not answer."""

    def __init__(self) -> None:
        self.now = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=61)
        return self.now


def fetcher_for(private: frozenset[str], deadline: timedelta, workers: int = 1) -> Fetcher:
    limits = Limits(
        deadline=deadline, delay=timedelta(0), concurrency=workers, private=private
    )  # fmt: skip
    return Fetcher(limits, Forgetful(), contact="mailto:desk@news.example", clock=Leaping())


@dataclass
class Outcome:
    """What came of a URL: a reason of the vocabulary, or a page; and how long it took."""

    reason: str = ""
    html: str = ""
    detail: str = ""
    seconds: float = 0.0


async def fetched(fetcher: Fetcher, url: str) -> Outcome:
    began = time.monotonic()
    try:
        page = await fetcher.page(url)
    except PageError as error:
        is_line = 0 < len(error.detail) < LINE_MOST and "\n" not in error.detail
        outcome = Outcome(error.reason if is_line else "no line", detail=error.detail[:LINE_MOST])
    except Exception as error:
        outcome = Outcome(f"not ours: {type(error).__name__}", detail=str(error))
    else:
        outcome = Outcome("no page") if page is None else Outcome(html=page.html)
    outcome.seconds = time.monotonic() - began
    return outcome


def complaint(case: Case, outcome: Outcome) -> str:
    """Return what is wrong with an outcome, nothing if it is right."""
    got = outcome.reason or f"a page {outcome.html[:60]!r}"
    if outcome.seconds > LONGEST:
        return f"{case.name}: took {outcome.seconds:.1f} s ({got})"
    if outcome.reason in case.reasons:
        return "" if outcome.reason in get_args(Reason) else f"{case.name}: {got} is no reason"
    if not outcome.reason and case.text is not None and case.text in outcome.html:
        return f"{case.name}: smuggled" if SMUGGLED in outcome.html else ""
    wanted = sorted(case.reasons) + (["a page"] if case.text is not None else [])
    return f"{case.name}: {got} ({outcome.detail:.200}), not {' or '.join(wanted)}"


@pytest.fixture(scope="module")
def hostile() -> Iterator[HostileSide]:
    authorities = httpx.create_ssl_context()
    with pytest.MonkeyPatch.context() as patch, HostileSide() as running:
        patch.setattr(httpx, "create_ssl_context", lambda: authorities)  # 20 ms for each fetcher
        yield running


@pytest.mark.parametrize("name", NAMES)
def test_each_fault_alone(hostile: HostileSide, name: str) -> None:
    case = next(case for case in hostile.cases if case.name == name)
    deadline = SLOW_DEADLINE if case.is_slow else DEADLINE

    async def both() -> tuple[Outcome, Outcome]:
        async with fetcher_for(frozenset({hostile.authority}), deadline) as fetcher:
            return await fetched(fetcher, case.url()), await fetched(fetcher, hostile.good_url())

    outcome, after = asyncio.run(both())
    if wrong := complaint(case, outcome):
        pytest.fail(wrong)
    assert GOOD in after.html, f"the next page: {after}"
    assert SMUGGLED not in after.html
    assert hostile.intrusions == []


def test_all_faults_in_one_run() -> None:
    """In a process of its own, so that its peak of memory is its own."""
    servers = [HostileSide() for _ in range(SERVERS)]
    try:
        done = subprocess.run(
            [sys.executable, __file__], input=json.dumps([server.base_url for server in servers]),
            capture_output=True, text=True, timeout=50, check=False,
            cwd=Path(__file__).parents[3],
        )  # fmt: skip
        intrusions = [path for server in servers for path in server.intrusions]
    finally:
        for server in servers:
            server.close()
    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert report["complaints"] == []
    assert report["answered"] == report["asked"] >= 300
    assert report["good"] == [True] * 2 * SERVERS
    assert report["peak"] < PEAK_MOST
    assert intrusions == []


@dataclass
class Run:
    """Fetches many URLs at once and keeps account."""

    complaints: list[str] = field(default_factory=list)
    answered: int = 0

    async def all_of(self, asked: list[tuple[Case, str]], fetcher: Fetcher, workers: int) -> None:
        queue = iter(asked)
        await asyncio.gather(*[self._work(queue, fetcher) for _ in range(workers)])

    async def _work(self, queue: Iterator[tuple[Case, str]], fetcher: Fetcher) -> None:
        for case, url in queue:
            wrong = complaint(case, await fetched(fetcher, url))
            self.complaints.extend([wrong] if wrong else [])
            self.answered += 1


def every_url(base_urls: list[str]) -> list[tuple[Case, str]]:
    """Every variant of every case, each at the next server."""
    catalogues = [cases(url) for url in base_urls]
    return [
        (catalogue[number], catalogue[number].url(variant))
        for variant in range(VARIANTS)
        for number in range(len(NAMES))
        for catalogue in [catalogues[(number + variant) % len(catalogues)]]
    ]


async def run(base_urls: list[str]) -> dict[str, Any]:
    """Two fetchers at once: one for the cases that only a deadline ends, one for all others.

    The others go one at a time to each server, as to every host; what one of them left of a connection
    must not end another that was under way beside it.
    """
    private = frozenset(url.removeprefix("http://") for url in base_urls)
    asked = every_url(base_urls)
    slow, quick = [it for it in asked if it[0].is_slow], [it for it in asked if not it[0].is_slow]
    account = Run()
    async with (
        fetcher_for(private, SLOW_DEADLINE, workers=16) as impatient,
        fetcher_for(private, DEADLINE) as patient,
    ):
        await asyncio.gather(
            account.all_of(slow, impatient, 16),
            *[
                account.all_of([it for it in quick if it[1].startswith(url)], patient, 1)
                for url in base_urls
            ],
        )
        good = [
            await fetched(fetcher, f"{url}/good/1")
            for fetcher in (impatient, patient)
            for url in base_urls
        ]
    return {
        "asked": len(asked),
        "answered": account.answered,
        "complaints": account.complaints,
        "good": [GOOD in it.html and SMUGGLED not in it.html for it in good],
        "peak": peak(),
    }


def peak() -> int:
    """Most bytes this process ever held. What getrusage says counts the parent in, before the exec."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(it for it in status.read_text().splitlines() if it.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


if __name__ == "__main__":
    json.dump(asyncio.run(run(json.load(sys.stdin))), sys.stdout)
