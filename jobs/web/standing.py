"""How sources are doing, in words and small charts: from `jobs.overview` to what templates show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup

from jobs.overview import BAD, WELL, Standing
from jobs.web.charts import Beside, beside
from jobs.web.language import Translate
from jobs.web.messages import MESSAGES
from jobs.yields import Bar, Yield
from pipeline.records import Source
from pipeline.store.times import moment
from pipeline.text import one_line

_TROUBLES_SAID = 3
_LONGEST = 80


class Lead(NamedTuple):
    """The sentence at the top of the page, and the troubles that follow it: (source, what is wrong)."""

    sentence: str
    troubles: Sequence[tuple[str, str]]
    left_out: int


class Said:
    """Says things of sources in one language and zone."""

    def __init__(self, t: Translate, zone: ZoneInfo, now: datetime) -> None:
        self.t, self._zone, self._now = t, zone, now.astimezone(zone)

    def lead(self, standings: Sequence[Standing]) -> Lead:
        """Return what a desk should know first."""
        asked = [it for it in standings if it.state not in ("off", "gone")]
        well = sum(it.state in WELL for it in asked)
        bad = [it for it in asked if it.state in BAD]
        if not asked:
            sentence = self.t("front.lead.none")
        elif all(it.state == "never" for it in asked):
            sentence = self.t("front.lead.unused", n=len(asked))
        elif well == len(asked):
            sentence = self.t("front.lead.well", n=len(asked))
        else:
            sentence = self.t("front.lead.some", n=len(asked), well=well)
        troubles = [(it.name, self.trouble(it)) for it in bad[:_TROUBLES_SAID]]
        return Lead(sentence, troubles, len(bad) - len(troubles))

    def trouble(self, it: Standing) -> str:
        """Return what is wrong with a source, or otherwise to be said of it; empty where all is well."""
        when = self._when(it.since)
        if it.state == "drift":
            first = it.drifts[-1] if it.drifts else None
            said = self._drift(first, when) if first else self.t("said.drift.pages", when=when)
            return said + (self.t("said.more", n=len(it.drifts) - 1) if len(it.drifts) > 1 else "")
        return (
            ""
            if it.state in ("ok", "running", "unscheduled")
            else self.t(f"said.{it.state}", when=when)
        )

    def is_bad(self, it: Standing) -> bool:
        """Is a source in trouble?"""
        return it.state in BAD

    def drift(self, row: Mapping[str, Any]) -> str:
        """Return what a drift is: what there is less of, since when."""
        return self._drift(row, self._when(row["began_at"]))

    def less(self, row: Mapping[str, Any]) -> str:
        """Return how much there is, and how much is usual."""
        found, expected = f"{row['found']:,.0f}", row["expected"]
        if row["of"]:
            of = f"{row['of']:,.0f}"
            return self.t("less.share", found=found, of=of, expected=f"{expected:.0%}")
        return self.t("less.number", found=found, expected=f"{expected:,.0f}")

    def field(self, name: str) -> str:
        """Return what a field is called; one without a name of its own keeps that of the measure."""
        base, _, witness = name.partition(":")  # published_at:meta: the time as this witness says
        if f"field.{base}" not in MESSAGES:
            return one_line(name, _LONGEST)
        return self.t(f"field.{base}") + (f" ({one_line(witness, _LONGEST)})" if witness else "")

    def schedule(self, source: Source) -> str:
        """Return when a source is asked."""
        if source.every:
            return self.t("schedule.every", length=self.length(source.every))
        return f"cron {one_line(source.cron, _LONGEST)}" if source.cron else self.t("schedule.none")

    def length(self, it: timedelta) -> str:
        """Return a length of time in its largest whole unit."""
        seconds = int(it.total_seconds())
        for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
            if seconds >= size and seconds % size == 0:
                return self.t(f"length.{unit}", n=seconds // size)
        return self.t("length.seconds", n=f"{seconds:,}")

    def between(self, begin: str, end: str) -> str:
        """Return how long it was from one time of the database to another: minutes and seconds, or hours."""
        seconds = max(0, int((moment(end) - moment(begin)).total_seconds()))
        if seconds < 60:
            return self.t("length.seconds", n=seconds)
        if seconds < 3600:
            minutes = self.t("length.minutes", n=seconds // 60)
            return f"{minutes} {self.t('length.seconds', n=seconds % 60)}"
        return f"{self.t('length.hours', n=seconds // 3600)} {self.t('length.minutes', n=seconds % 3600 // 60)}"

    def hour(self, at: datetime, *, axis: bool = False) -> str:
        """Return the hour of a bar, short for an axis."""
        local = at.astimezone(self._zone)
        return self.t(
            "hour.axis" if axis else "hour.full",
            month=local.month, mon=f"{local:%b}", day=local.day, hour=f"{local:%H}",
        )  # fmt: skip

    def brought(self, it: Yield) -> str:
        """Return what a source brought beside what is usual."""
        if not it.looked:
            return self.t("yield.unseen")
        key = "yield.learning" if it.learned_by == "none" else "yield.found_of_usual"
        return self.t(key, found=f"{it.found:,.0f}", usual=f"{it.usual:,.0f}")

    def yield_chart(self, name: str, it: Yield, *, large: bool = False) -> Markup:
        """Return what a source brought by the hour, and the line of what is usual."""
        title = self.t(
            "yield.title", name=one_line(name, _LONGEST), hours=len(it.bars),
            found=f"{it.found:,.0f}", usual=f"{it.usual:,.0f}",
        )  # fmt: skip
        bars = [Beside(bar.found, bar.usual, bar.known > 0) for bar in it.bars]
        return beside(title, bars, [self._bar(bar) for bar in it.bars] if large else ())

    def _bar(self, bar: Bar) -> str:
        hour = self.hour(bar.at)
        if not bar.known:
            return self.t("yield.unknown", hour=hour)
        return self.t("yield.hour", hour=hour, found=f"{bar.found:.0f}", usual=f"{bar.usual:.0f}")

    def _drift(self, row: Mapping[str, Any], when: str) -> str:
        kind, _, what = str(row["name"]).partition(":")
        what = self.field(what) if kind == "field" else one_line(what, _LONGEST)
        key = f"said.drift.{kind}" if f"said.drift.{kind}" in MESSAGES else "said.drift.pages"
        return self.t(key, what=what, when=when)

    def _when(self, at: str | None) -> str:
        """Return a time of today as a time, of another day with its day."""
        if at is None:
            return "–"
        local = moment(at).astimezone(self._zone)
        return f"{local:%H:%M}" if local.date() == self._now.date() else f"{local:%m-%d %H:%M}"
