"""A clock to turn: what our code and APScheduler take for the time is what a test says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from unittest.mock import patch


@dataclass
class Clock:
    """The wall clock, and one that counts seconds and never goes back."""

    now: datetime
    seconds: float = 0.0

    def __call__(self) -> datetime:
        return self.now.astimezone(UTC)

    def monotonic(self) -> float:
        return self.seconds

    def pass_by(self, length: timedelta) -> None:
        """Let time pass while the machine is awake."""
        self.now += length
        self.seconds += length.total_seconds()

    def sleep(self, length: timedelta) -> None:
        """Let time pass while the machine sleeps, or set the clock."""
        self.now += length

    def patched(self):
        """Within it APScheduler sees this clock; it asks `datetime.now` and has no other way."""
        clock = self

        class Simulated(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return clock.now.astimezone(tz)

        return patch("apscheduler.schedulers.base.datetime", Simulated)


async def settle(rounds: int = 6) -> None:
    """Let the loop do what is ready."""
    for _ in range(rounds):
        await asyncio.sleep(0)
