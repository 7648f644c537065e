"""How all sources are doing, worst first: what a desk looks at. Few queries, however many sources there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, get_args

from jobs.adapting import plan_for
from jobs.paces import Paces
from jobs.source_state import due_by, outcome_of
from jobs.triggers import first_due, trigger_for
from jobs.yields import Yield, yields
from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.records import Source
from pipeline.store import Store
from pipeline.store.times import moment

State = Literal[
    "misconfigured", "blocked", "drift", "failed", "crashed", "late", "low", "never", "running", "ok",
    "unscheduled", "off", "gone",
]  # fmt: skip
STATES: tuple[State, ...] = get_args(State)
"""Worst first. `misconfigured`: its schedule cannot be kept; `gone`: it ran, and is not configured any more;
`off`: it is not enabled."""
BAD: frozenset[State] = frozenset(STATES[:6])
WELL: frozenset[State] = frozenset({"low", "running", "ok", "unscheduled"})
"""A day that brought little is worth a look; what is less than chance allows is a drift."""
_BAD_ENDS: dict[str | None, State] = {
    "blocked": "blocked", "failed": "failed", "crashed": "crashed", "drift": "drift",
}  # fmt: skip
_LEAST_USUAL = 5
"""New entries a day from which on "few" says something."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source is doing. `source` is None where it is not configured; `since` is when its state began."""

    name: str
    source: Source | None
    state: State
    detail: str
    since: str | None
    last_run: Mapping[str, Any] | None
    last_ok_at: datetime | None
    next_at: datetime | None
    brought: Yield
    drifts: tuple[dict[str, Any], ...]
    open: int
    quarantined: int
    kept: Mapping[str, Any] | None
    """Its row in `sources`, None where it never ran."""


@dataclass(frozen=True)
class Overview:
    """Reads once what is known of all sources of a database at a time."""

    config: Config
    store: Store
    now: datetime
    paces: Paces | None = None
    """What was learned for earlier pages."""

    def standings(self) -> list[Standing]:
        """Return all sources, the worst first; those in the same state as they are configured."""
        found = [self.of(name) for name in self._names]
        return sorted(found, key=lambda it: STATES.index(it.state))

    def of(self, name: str) -> Standing:
        """Return how one source is doing; of one that nobody knows, that it never ran."""
        source, last = self.config.sources.get(name), self._last.get(name)
        drifts = tuple(self._drifts.get(name, ()))
        brought = yields(self.store, name, self.now, paces=self.paces)
        state, detail = self._state(source, last, drifts, brought)
        return Standing(
            name=name,
            source=source,
            state=state,
            detail=detail,
            since=self._since(name, state, last, drifts),
            last_run=last,
            last_ok_at=self._last_good.get(name),
            next_at=None if state == "misconfigured" else self._next(source, last),
            brought=brought,
            drifts=drifts,
            open=self._open.get(name, 0),
            quarantined=self._quarantined.get(name, 0),
            kept=self._kept.get(name),
        )

    def _state(
        self,
        source: Source | None,
        last: Mapping[str, Any] | None,
        drifts: tuple[dict[str, Any], ...],
        brought: Yield,
    ) -> tuple[State, str]:
        if source is None:
            return "gone", ""
        if not source.enabled:
            return "off", ""
        if fault := self._fault(source):
            return "misconfigured", fault
        if last is None:
            return "never", ""
        return self._lived(source, last, drifts, brought)

    def _lived(
        self,
        source: Source,
        last: Mapping[str, Any],
        drifts: tuple[dict[str, Any], ...],
        brought: Yield,
    ) -> tuple[State, str]:
        """Return what the runs of a source say."""
        outcome, detail = outcome_of(self.config, source.name, dict(last))
        if outcome == "running":
            outcome, detail = self._before(source.name)
        if outcome in _BAD_ENDS:
            return _BAD_ENDS[outcome], detail
        if drifts:
            return "drift", ""
        due = due_by(source, moment(last["started_at"]), self.config.zone)
        if due and due < self.now:
            return "late", ""
        if brought.word(0) == "low" and brought.usual >= _LEAST_USUAL:
            return "low", ""
        if last["outcome"] == "running":
            return "running", ""
        return ("ok" if source.every or source.cron else "unscheduled"), ""

    def _fault(self, source: Source) -> str:
        """Return what is wrong with the schedule of a source: `load` does not look at it."""
        try:
            trigger_for(source, self.config.zone, self.now)
        except ConfigError as error:
            return str(error)
        return ""

    def _before(self, name: str) -> tuple[str, str]:
        """A run that is under way says nothing yet: how did the one before it end?"""
        for row in self.store.runs.newest(name, 20):
            if row["outcome"] == "ok" or row["outcome"] in _BAD_ENDS:
                return row["outcome"], row["detail"]
        return "ok", ""

    def _since(
        self,
        name: str,
        state: State,
        last: Mapping[str, Any] | None,
        drifts: tuple[dict[str, Any], ...],
    ) -> str | None:
        """When a trouble began: a drift says so itself, the others began after the last good run."""
        if state == "drift" and drifts:
            return str(min(row["began_at"] for row in drifts))
        if state == "late" and last:
            return str(last["started_at"])
        bad = state in BAD and state != "misconfigured"
        return self.store.runs.since_last_good(name) if bad else None

    def _next(self, source: Source | None, last: Mapping[str, Any] | None) -> datetime | None:
        """Return when the schedule wants the next run, jitter left out; a past time where it is due."""
        if source is None or not source.enabled:
            return None
        interval = None
        if source.adaptive and source.every:
            wait = plan_for(source, self.store, self.config.zone, self.now).interval
            interval = lambda _: wait  # noqa: E731
        trigger = trigger_for(source, self.config.zone, self.now, interval=interval)
        started = moment(last["started_at"]) if last else None
        return first_due(source, trigger, started, self.now) if trigger else None

    @cached_property
    def _names(self) -> list[str]:
        ran = set(self._last) | set(self._totals)
        return [*self.config.sources, *sorted(ran - set(self.config.sources))]

    @cached_property
    def _totals(self) -> set[str]:
        return {row["source"] for row in self.store.totals.runs()}

    @cached_property
    def _last(self) -> dict[str, dict[str, Any]]:
        return self.store.runs.last_of_each()

    @cached_property
    def _last_good(self) -> dict[str, datetime]:
        return self.store.totals.last_good()

    @cached_property
    def _drifts(self) -> dict[str, list[dict[str, Any]]]:
        return self.store.drifts.of_each()

    @cached_property
    def _open(self) -> dict[str, int]:
        return self.store.visits.open_by_source()

    @cached_property
    def _quarantined(self) -> dict[str, int]:
        return self.store.totals.quarantined()

    @cached_property
    def _kept(self) -> dict[str, dict[str, Any]]:
        return {row["name"]: row for row in self.store.sources.known()}
