"""When crawls start, on a clock that the test turns: suspend, days off, clocks set back, overruns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jobs.scheduler import Hooks, Schedule
from pipeline.records import Source
from pipeline.store.runs import Skip
from tests.jobs.clock import Clock, settle

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 9, 27, 12, 0, tzinfo=SEOUL)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
POLITICS = Source("politics", "daum", ("http://h/politics",), every=10 * MINUTE)
DAILY = Source("daily", "daum", ("http://h/daily",), cron="0 13 * * *")


@dataclass
class Desk:
    """A schedule on a clock of its own, and what it started and skipped."""

    clock: Clock = field(default_factory=lambda: Clock(NOON))
    started: list[tuple[str, datetime]] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    hold: asyncio.Event | None = None
    zone: ZoneInfo = SEOUL

    def __post_init__(self) -> None:
        hooks = Hooks(self._crawl, self.skips.append)
        self.schedule = Schedule(self.zone, hooks, self.clock, self.clock.monotonic)

    async def _crawl(self, name: str) -> None:
        self.started.append((name, self.clock.now))
        if self.hold:
            await self.hold.wait()

    async def tick(self) -> timedelta:
        back = self.schedule.tick()
        await settle()
        return back

    async def let_pass(self, length: timedelta, step: timedelta = MINUTE / 2) -> None:
        """Let time pass as it does for a daemon: a look at the clock every half a minute."""
        end = self.clock.now + length
        while self.clock.now < end:
            self.clock.pass_by(step)
            await self.tick()

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.started]


def scheduled(test: Callable[[Desk], Coroutine[Any, Any, None]], **options: Any) -> None:
    async def work() -> None:
        desk = Desk(**options)
        with desk.clock.patched():
            desk.schedule.start()
            try:
                await test(desk)
            finally:
                desk.schedule.stop()
                await settle()

    asyncio.run(work())


def last(**ago: timedelta) -> dict[str, datetime]:
    return {name: NOON.astimezone(UTC) - it for name, it in ago.items()}


def test_an_hour_of_ten_minutes_is_six_runs() -> None:
    async def test(desk: Desk) -> None:
        desk.schedule.put([POLITICS], {}, ())
        await desk.let_pass(HOUR)
        assert len(desk.started) == 6  # at once, and then every ten minutes and a little
        assert desk.skips == []

    scheduled(test)


@pytest.mark.parametrize("length", [2 * HOUR, 7 * DAY])
def test_after_suspend_a_source_catches_up_once_and_one_row_tells_what_was_missed(
    length: timedelta,
) -> None:
    async def test(desk: Desk) -> None:
        sources = [POLITICS, DAILY]
        desk.schedule.put(
            sources, last(politics=5 * MINUTE, daily=23 * HOUR), ("politics", "daily")
        )
        await settle()
        assert desk.started == []
        desk.clock.sleep(length)
        await desk.tick()
        assert desk.names == ["politics", "daily"]
        await desk.let_pass(9 * MINUTE)
        assert len(desk.started) == 2
        await desk.let_pass(3 * MINUTE)
        assert desk.names == ["politics", "daily", "politics"]
        politics, daily = desk.skips
        assert politics.why == daily.why == "missed"
        assert timedelta(0) <= politics.due - (NOON + 5 * MINUTE) <= 20 * MINUTE / 60
        assert politics.times == min(100, (length - 5 * MINUTE) // (10 * MINUTE) + 1)
        assert timedelta(0) <= daily.due - (NOON + HOUR) <= 20 * MINUTE / 60
        assert daily.times == max(1, length.days)

    scheduled(test)


def test_a_nap_between_two_runs_costs_nothing() -> None:
    async def test(desk: Desk) -> None:
        desk.schedule.put([DAILY], last(daily=23 * HOUR), ("daily",))
        desk.clock.sleep(HOUR / 2)
        await desk.tick()
        assert desk.started == []
        await desk.let_pass(HOUR / 2 + MINUTE)
        assert desk.names == ["daily"]
        assert desk.skips == []

    scheduled(test)


def test_after_a_day_off_it_catches_up_once_and_says_what_was_missed() -> None:
    async def test(desk: Desk) -> None:
        sources = [POLITICS, DAILY]
        desk.schedule.put(sources, last(politics=DAY, daily=2 * DAY), ("politics", "daily"))
        await desk.let_pass(MINUTE)
        assert desk.names == ["daily", "politics"]  # the longest overdue first
        said = {skip.source: (skip.why, skip.due, skip.times) for skip in desk.skips}
        assert said["politics"] == ("missed", NOON - DAY + 10 * MINUTE, 100)
        assert said["daily"] == ("missed", NOON - 2 * DAY + HOUR, 2)

    scheduled(test)


def test_what_was_not_scheduled_so_before_was_not_missed() -> None:
    async def test(desk: Desk) -> None:
        desk.schedule.put([POLITICS], last(politics=DAY), ())
        await desk.let_pass(MINUTE)
        assert desk.names == ["politics"]
        assert desk.skips == []

    scheduled(test)


@pytest.mark.parametrize("by", [40 * MINUTE, 9 * HOUR, 400 * DAY])
def test_a_clock_set_back_stops_no_interval_and_doubles_none(by: timedelta) -> None:
    async def test(desk: Desk) -> None:
        desk.schedule.put([POLITICS], {}, ())
        await desk.let_pass(5 * MINUTE)
        assert len(desk.started) == 1
        desk.clock.sleep(-by)
        assert abs(await desk.tick() - by) < timedelta(seconds=1)
        await desk.let_pass(4 * MINUTE)
        assert len(desk.started) == 1
        await desk.let_pass(2 * MINUTE)
        assert len(desk.started) == 2
        await desk.let_pass(HOUR)
        assert len(desk.started) in (7, 8)
        assert desk.skips == []

    scheduled(test)


def test_a_crontab_time_that_was_had_does_not_come_again_when_the_clock_is_set_back() -> None:
    async def test(desk: Desk) -> None:
        desk.schedule.put([DAILY], {}, ())
        await desk.let_pass(HOUR + MINUTE)
        assert desk.names == ["daily"]
        desk.clock.sleep(-2 * HOUR)
        await desk.let_pass(3 * HOUR)
        assert desk.names == ["daily"]
        await desk.let_pass(DAY, step=5 * MINUTE)
        assert desk.names == ["daily", "daily"]

    scheduled(test)


def test_a_clock_that_was_years_ahead_stops_no_crontab_source() -> None:
    async def test(desk: Desk) -> None:
        desk.schedule.put([DAILY], {}, ())
        await desk.let_pass(HOUR + MINUTE)
        desk.clock.sleep(-700 * DAY)
        await desk.tick()
        await desk.let_pass(DAY, step=5 * MINUTE)
        assert desk.names == ["daily", "daily"]

    scheduled(test)


def test_an_overrun_is_told_with_when_it_was_due() -> None:
    async def test(desk: Desk) -> None:
        desk.hold = asyncio.Event()
        desk.schedule.put([POLITICS], {}, ())
        await desk.let_pass(32 * MINUTE)
        assert desk.names == ["politics"]
        assert [(skip.why, skip.times) for skip in desk.skips] == [("overrun", 1)] * 3
        assert timedelta(0) <= desk.skips[0].due - (NOON + 10 * MINUTE) <= MINUTE
        desk.hold.set()
        await desk.let_pass(13 * MINUTE)
        assert desk.names == ["politics", "politics"]

    scheduled(test)


def test_sources_that_are_due_at_the_start_do_not_start_at_once() -> None:
    async def test(desk: Desk) -> None:
        names = [f"s{n:03}" for n in range(200)]
        sources = [Source(name, "daum", ("http://h/x",), every=10 * MINUTE) for name in names]
        desk.schedule.put(sources, {}, ())
        await settle()
        assert len(desk.started) <= 1
        await desk.let_pass(10 * timedelta(seconds=1), step=timedelta(seconds=1))
        assert len(desk.started) in range(35, 46)
        await desk.let_pass(MINUTE, step=timedelta(seconds=1))
        assert sorted(desk.names) == names

    scheduled(test)


@pytest.mark.parametrize(
    ("start", "runs"),
    [
        (datetime(2026, 3, 8, 0, 0, tzinfo=ZoneInfo("America/New_York")), 23),
        (datetime(2026, 11, 1, 0, 0, tzinfo=ZoneInfo("America/New_York")), 25),
        (datetime(2026, 9, 27, 0, 0, tzinfo=SEOUL), 24),
    ],
)
def test_intervals_are_of_time_and_not_of_the_wall(start: datetime, runs: int) -> None:
    async def test(desk: Desk) -> None:
        hourly = Source("hourly", "daum", ("http://h/x",), every=HOUR - MINUTE)
        desk.schedule.put([hourly], {}, ())
        midnight = (start + DAY).astimezone(UTC)
        while desk.clock.now < midnight:
            await desk.let_pass(5 * MINUTE, step=MINUTE)
        assert len(desk.started) in (runs, runs + 1)
        assert desk.skips == []

    clock = Clock(start.astimezone(UTC))
    scheduled(test, clock=clock, zone=start.tzinfo)


def test_a_source_that_is_taken_out_does_not_start_and_another_schedule_holds_at_once() -> None:
    async def test(desk: Desk) -> None:
        desk.schedule.put([POLITICS, DAILY], {}, ())
        await settle()
        desk.schedule.drop("daily")
        hourly = Source("politics", "daum", POLITICS.listings, every=HOUR)
        desk.schedule.put([hourly], {"politics": desk.clock()}, ())
        await desk.let_pass(2 * HOUR + 2 * MINUTE)
        assert desk.names == ["politics"] * 3
        assert desk.schedule.next() is not None

    scheduled(test)
