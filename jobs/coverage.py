"""What a source should have brought and did not, and why as far as the database knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jobs.lateness import patience
from pipeline.gaps import WEEKS, Gap, History, Hole, Hour, find, unfilled
from pipeline.pauses import HOUR, unwatched, usual_pause, watched, whole
from pipeline.records import Source
from pipeline.store import Store
from pipeline.store.coverage import RolledOver
from pipeline.store.runs import SKIPPED
from pipeline.store.times import moment

_LONG_PAUSE = timedelta(hours=2)
_A_DAY = timedelta(days=1)
_FILLED = "a backfill of these days is done: the archive names no more"
_PAUSES = 3
"""How many usual pauses without a look are one too many."""


@dataclass(frozen=True, slots=True)
class Run:
    """A row of `runs`, as far as it tells whether we looked."""

    at: datetime
    outcome: str
    detail: str
    listed: int

    @property
    def looked(self) -> bool:
        """Did it read a listing?"""
        return self.outcome == "ok" or self.listed > 0


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found of one source: its hours in order, its gaps, and how many hours of history there were."""

    source: str
    hours: Sequence[Hour]
    gaps: Sequence[Gap]
    watched_hours: int
    first_look: datetime | None


@dataclass(frozen=True)
class Examiner:
    """Examines sources of one database at one time; `published` is what all of them brought by the hour."""

    store: Store
    zone: ZoneInfo
    now: datetime
    published: Mapping[str, Mapping[datetime, int]]

    @classmethod
    def at(cls, store: Store, zone: ZoneInfo, since: datetime, now: datetime) -> Examiner:
        """Return an examiner of the hours since a time, with the history that this takes."""
        return cls(store, zone, now, store.coverage.published(since - timedelta(weeks=WEEKS)))

    def history(self, source: str, looks: Sequence[datetime]) -> History:
        """Return what a source brought in the hours that were watched."""
        pause = usual_pause(looks) or timedelta(0)
        hours = watched(looks, max(_PAUSES * pause, _LONG_PAUSE))
        return History(self.published.get(source, {}), [*hours], self.zone)

    def examine(self, source: Source, since: datetime) -> Examined:
        """Return what a source should have brought since a time, and where it lacks."""
        runs = self.runs(source.name, since)
        looks = [run.at for run in runs if run.looked]
        if not looks:
            return Examined(source.name, (), (), 0, None)
        history = self.history(source.name, looks)
        silence = self._silence(source, looks)
        start = max(since, whole(looks[0]) + HOUR)
        hours = [*history.hours(start, silence.end if silence else looks[-1])]
        holes = [_hole(it, self.zone) for it in self.store.coverage.rolled_over(source.name, start)]
        holes += [silence] if silence else []
        filled = self._filled(source.name)
        left = [part for hole in holes for part in unfilled(hole, filled)]
        gaps = find(hours, left, history.spread())
        told = [self._told(gap, runs, source, filled) for gap in gaps]
        return Examined(source.name, hours, told, sum(1 for _ in history.watched), looks[0])

    def runs(self, source: str, since: datetime) -> list[Run]:
        """Return the runs of a source since a time, and of the weeks before it that are its history."""
        rows = self.store.coverage.runs(source, since - timedelta(weeks=WEEKS))
        return [
            Run(moment(row["started_at"]), row["outcome"], row["detail"], row["listed"])
            for row in rows
        ]

    def _silence(self, source: Source, looks: Sequence[datetime]) -> Hole | None:
        usual = _PAUSES * (usual_pause(looks) or source.every or HOUR)
        wait = max(usual, patience(source.every)) if source.every else max(usual, _LONG_PAUSE)
        if self.now - looks[-1] <= wait:
            return None
        said = f"no listing was read since {self._local(looks[-1])}"
        return Hole(looks[-1], self.now, "not_read_since", said)

    def _filled(self, source: str) -> list[tuple[datetime, datetime]]:
        """Return the times of which backfills have fetched all that there was, in order."""
        days = self.store.backfills.filled(source)
        return [(self._midnight(it.first), self._midnight(it.last + _A_DAY)) for it in days]

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)

    def _told(
        self,
        gap: Gap,
        runs: Sequence[Run],
        source: Source,
        filled: Sequence[tuple[datetime, datetime]],
    ) -> Gap:
        is_filled = any(first <= gap.start and gap.end <= last for first, last in filled)
        more = (_FILLED,) if is_filled else ()
        reasons = (*gap.said, *more, *self._reasons(gap, runs, source))
        return replace(gap, said=reasons, filled=is_filled)

    def _reasons(self, gap: Gap, runs: Sequence[Run], source: Source) -> Iterator[str]:
        during = [run for run in runs if gap.start <= run.at < gap.end and run.outcome != "running"]
        skips = [run for run in during if run.outcome in SKIPPED]
        yield from dict.fromkeys(run.detail for run in skips if run.detail)
        during = [run for run in during if run.outcome not in SKIPPED]
        bad: dict[str, list[Run]] = {}
        for run in during:
            if run.outcome != "ok":
                bad.setdefault(run.outcome, []).append(run)
        for outcome, of_it in bad.items():
            details = Counter(run.detail for run in of_it if run.detail)
            detail = f": {details.most_common(1)[0][0]}" if details else ""
            yield f"{len(of_it)} of {len(during)} runs {outcome}{detail}"
        looks = [run.at for run in runs if run.looked]
        pause = usual_pause(looks) or source.every or HOUR
        for start, end in unwatched([*looks, self.now], max(_PAUSES * pause, HOUR)):
            if start < gap.end and end > gap.start and end != self.now:
                yield f"no listing was read from {self._local(start)} to {self._local(end)}"
        if not bad and not skips and not gap.said and self._was_watched(gap, looks, pause):
            yield "every run went well: fewer were published, or the listings leave some out"

    def _was_watched(self, gap: Gap, looks: Sequence[datetime], pause: timedelta) -> bool:
        near = [at for at in looks if gap.start - pause <= at <= gap.end + pause]
        return bool(near) and not unwatched(near, max(_PAUSES * pause, HOUR))

    def _local(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%F %H:%M}"


def _hole(it: RolledOver, zone: ZoneInfo) -> Hole:
    newest, oldest = (f"{at.astimezone(zone):%F %H:%M}" for at in (it.newest, it.oldest))
    said = (
        f"the listing rolled over: the last of {newest} and the first of {oldest} stand side by side in"
        f" two looks that share no article: {it.listing}"
    )
    return Hole(it.newest, it.oldest, "rolled_over", said)
