"""What pipeline.store.health and drifts keep in tables, kept in dictionaries: for simulated years."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from pipeline.health import signs
from pipeline.history import REMEMBERED, YIELD, Day, History, Standing
from pipeline.measures import Count, Look
from pipeline.odds import Groups, group
from pipeline.pauses import HOUR
from pipeline.rhythm import Hour

LISTING = "http://news.example/section"


class Memory:
    """A source's history as it grows, by the rules of the store."""

    def __init__(self) -> None:
        self.hours: dict[datetime, Hour] = {}
        self.least: dict[datetime, int] = {}
        self.days: dict[str, dict[int, Groups]] = {}
        self.recent: deque[tuple[datetime, dict[str, Count]]] = deque()
        self.standing: dict[str, Standing] = {}

    def judge(self, look: Look, counts: dict[str, Count], now: datetime) -> list[str]:
        """Take in a run; return the drifts that begin with it."""
        self._note(look)
        found = signs(self._history(now), [look], counts, now)
        bad = {sign.name for sign in found}
        for name, it in counts.items():
            if name not in bad:
                days = self.days.setdefault(name, {})
                day = now.toordinal()
                days[day] = days.get(day, Groups()) + group(it.matched, it.of)
        if counts:
            self.recent.appendleft((now, {n: it for n, it in counts.items() if n not in bad}))
        while self.recent and self.recent[-1][0] < now - timedelta(days=2):
            self.recent.pop()
        for sign in found:
            if sign.name.startswith(YIELD):
                for at in [at for at in self.hours if at >= now - sign.hours * HOUR]:
                    old = self.hours[at]
                    self.hours[at] = Hour(at, old.covered, old.fresh, drifted=True)
        began = [sign for sign in found if sign.name not in self.standing]
        self.standing = {n: s for n, s in self.standing.items() if n in bad} | {
            s.name: Standing(s.name, now, s.expected, s.found, s.of) for s in began
        }
        return [sign.name for sign in began]

    def accept(self) -> None:
        """Let what drifted count anew."""
        for name in self.standing:
            self.days.pop(name, None)
            for _, counts in self.recent:
                counts.pop(name, None)
            if not name.startswith("field:"):
                self.hours, self.least = {}, {}
        self.standing = {}

    def _note(self, look: Look) -> None:
        hour = look.at.replace(minute=0)
        self.least[hour] = min(self.least.get(hour, look.entries), look.entries)
        if not look.is_whole or look.before is None:
            return
        at = look.before.replace(minute=0)
        while at < look.at:
            part = (min(look.at, at + HOUR) - max(look.before, at)) / HOUR
            share = part * HOUR / (look.at - look.before)
            old = self.hours.get(at, Hour(at, 0, 0))
            covered = min(1.0, old.covered + part)
            self.hours[at] = Hour(at, covered, old.fresh + share * look.fresh, old.drifted)
            at += HOUR

    def _history(self, now: datetime) -> History:
        begin = now - REMEMBERED
        for kept in (self.hours, self.least):
            while kept and (first := next(iter(kept))) < begin:
                del kept[first]
        days = {
            name: [Day(day, it) for day, it in by_day.items() if day > now.toordinal() - 29]
            for name, by_day in self.days.items()
        }
        least = {LISTING: [(at, n) for at, n in self.least.items() if at >= now - timedelta(28)]}
        return History({LISTING: [*self.hours.values()]}, days, self.recent, least, self.standing)
