"""Ordinary life of news sources: nights, weekends, holidays, elections, outages, slow trends, and odd days."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.drifting_memory import LISTING
from pipeline.measures import Count, Look

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
KST = timedelta(hours=9)
HOUR = timedelta(hours=1)

HOLIDAYS = {
    (month, day)
    for month, days in {
        2: (16, 17, 18), 3: (1, 2), 5: (1, 5, 24, 25), 6: (3, 6), 7: (17,), 8: (15, 17),
        9: (24, 25, 26, 28), 10: (3, 5, 9), 12: (25,), 1: (1,),
    }.items() for day in days
}  # fmt: skip
"""Seollal, Chuseok and the other public holidays of 2026, with a bridge day here and there."""
ELECTIONS = {(6, 3), (3, 9)}
SUMMER = range(205, 230)  # days of the year


@dataclass(frozen=True)
class Kind:
    """A kind of source: entries an hour by day, share of that at night, at weekends, on holidays."""

    name: str
    by_day: float
    night: float
    weekend: float
    holiday: float
    entries: int
    resets: bool = False
    """Does its listing show today's articles only?"""

    @property
    def a_day(self) -> float:
        return self.by_day * (15 + 9 * self.night)


KINDS = (
    Kind("wire", 40, 0.2, 0.5, 0.3, 60),
    Kind("busy section", 12, 0.15, 0.6, 0.35, 40),
    Kind("silent nights", 4, 0.0, 0.5, 0.25, 25),
    Kind("small paper", 0.6, 0.02, 0.3, 0.1, 20),
    Kind("weekdays only", 1.5, 0.0, 0.0, 0.0, 20),
    Kind("today only", 3, 0.05, 0.5, 0.3, 0, resets=True),
)


@dataclass(frozen=True)
class Share:
    """How many articles have a field, how alike those of one run are, and how many of it have it at night."""

    share: float
    alike: float = 0.02
    night: float = 1.0


FIELDS = {
    "always": Share(1.0),
    "nearly": Share(0.985, 0.03),
    "mostly": Share(0.85, 0.05, 0.85),
    "varied": Share(0.6, 0.08, 0.7),
    "seldom": Share(0.3, 0.05, 0.8),
    "rarely": Share(0.05, 0.03),
}


class Life:
    """One source's life; the same seed is the same life. `yield_factor` and `field_factor` break it."""

    def __init__(self, kind: Kind, seed: int, days: int) -> None:
        self.kind = kind
        self.random = random.Random(f"{kind.name} {seed}")
        self.yield_factor = 1.0
        self.field_factor: dict[str, float] = {}
        self._shift = self.random.randrange(0, 365) if days < 365 else 0
        self._before: datetime | None = None
        self._stuck = 0
        self._today = (0, 0)
        self._outages = self._some_hours(days, every=25, least=1, most=8)
        self._stale = self._some_hours(days, every=60, least=1, most=3)
        self._odd_days: dict[int, float] = {}
        self._trend = self.random.uniform(-0.3, 0.3)

    def look(self, now: datetime) -> tuple[Look, dict[str, Count]] | None:
        """Look at the listing now; None while it cannot be had."""
        local = now + KST + timedelta(days=self._shift)
        hour = int((now - START) / HOUR)
        before = self._before
        if hour in self._outages:
            return None
        fresh = self._appeared(before, now) if before else self.kind.entries
        if hour in self._stale:  # the portal serves its listing of some hours ago
            self._stuck += fresh
            fresh = 0
        else:
            fresh, self._stuck = fresh + self._stuck, 0
        self._before = now
        entries = self._entries(local, fresh)
        fresh = min(fresh, entries)
        counts = self._counts(fresh, local) if before else {}
        return Look(LISTING, now, entries, fresh, before), counts

    def _appeared(self, before: datetime, now: datetime) -> int:
        total, at = 0, before
        while at < now:
            end = min(now, at.replace(minute=0) + HOUR)
            local = at + KST + timedelta(days=self._shift)
            mean = self._rate(local) * ((end - at) / HOUR) * self.yield_factor
            total += self._poisson(self.random.gammavariate(4, mean / 4)) if mean else 0
            at = end
        return total

    def _rate(self, local: datetime) -> float:
        kind, rate = self.kind, self.kind.by_day
        is_holiday = (local.month, local.day) in HOLIDAYS
        if is_holiday:
            rate *= kind.holiday
        elif local.weekday() >= 5:
            rate *= kind.weekend
        rate *= 1.0 if 7 <= local.hour < 22 else kind.night
        if (local.month, local.day) in ELECTIONS and local.hour >= 18:
            rate = kind.by_day * 6
        day_of_year = local.timetuple().tm_yday
        if day_of_year in SUMMER:
            rate *= 0.75
        odd = self._odd_days.setdefault(local.toordinal(), self.random.lognormvariate(0, 0.2))
        return rate * odd * (1 + self._trend * (local - KST - START).days / 365)

    def _entries(self, local: datetime, fresh: int) -> int:
        if not self.kind.resets:
            return self.kind.entries - (self.random.random() < 0.1) * self.random.randrange(3)
        day, shown = self._today
        self._today = (local.toordinal(), (shown if day == local.toordinal() else 1) + fresh)
        return self._today[1]

    def _counts(self, fresh: int, local: datetime) -> dict[str, Count]:
        if not fresh:
            return {}
        counts = {}
        is_night = not 7 <= local.hour < 22
        for name, field in FIELDS.items():
            share = field.share * (field.night if is_night else 1.0)
            if share < 1:
                worth = 1 / field.alike - 1
                share = self.random.betavariate(share * worth, (1 - share) * worth)
            share *= self.field_factor.get(name, 1.0)
            matched = sum(self.random.random() < share for _ in range(fresh))
            counts[f"field:{name}"] = Count(matched, fresh)
        return counts

    def _some_hours(self, days: int, *, every: int, least: int, most: int) -> set[int]:
        hours: set[int] = set()
        for _ in range(self._poisson(days / every)):
            begin = self.random.randrange(days * 24)
            hours |= set(range(begin, begin + self.random.randint(least, most)))
        return hours

    def _poisson(self, mean: float) -> int:
        if mean > 500:
            return max(0, round(self.random.gauss(mean, mean**0.5)))
        count, product, bound = 0, self.random.random(), 2.718281828459045**-mean
        while product > bound:
            count, product = count + 1, product * self.random.random()
        return count
