"""A source's own history as `pipeline.health` looks at it, and what it finds missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.measures import Count
from pipeline.odds import Groups
from pipeline.rhythm import Hour

LEARNED_FROM = timedelta(days=28)
REMEMBERED = LEARNED_FROM + timedelta(days=28)
"""How far back the history of a source must go."""
FIELD, SELECTOR, LISTING, YIELD = "field:", "selector:", "listing:", "yield:"

UNLIKELY = 1e-6
"""What is less likely, by the source's own history, is drift: a source is looked at 50,000 times a year."""
STILL_UNLIKELY = 1e-3
"""What was drift stays so until it is likelier than this."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Something of which there is less than expected: `found` of `of`, where `expected` would be usual.

    `expected` is a share for a field, a number of entries for a listing and for the yield. `hours` is the time
    that was looked at, 0 for one run.
    """

    name: str
    expected: float
    found: float
    of: float
    hours: float = 0

    @property
    def detail(self) -> str:
        """One sentence about it."""
        _, _, name = self.name.partition(":")
        when = f" in {_span(self.hours)}" if self.hours else ""
        if self.name.startswith((FIELD, SELECTOR)):
            what = f"{name!r} matched" if self.name.startswith(SELECTOR) else name
            some = f"{self.found:.0f} of {self.of:.0f} articles{when}"
            return f"{what} on {some}, usual are {self.expected:.0%}"
        if self.name.startswith(LISTING):
            return (
                f"{self.found:.0f} entries on {name}, never fewer than {self.expected:.0f} before"
            )
        return f"{self.found:.0f} new entries on {name}{when}, usual are {self.expected:.0f}"


@dataclass(frozen=True, slots=True)
class Day:
    """What the runs of one day counted of one measure."""

    day: int
    counted: Groups


@dataclass(frozen=True, slots=True)
class Standing:
    """A drift that has not ended: since when, and the share or number that was found then."""

    name: str
    began_at: datetime
    expected: float
    found: float
    of: float


@dataclass(frozen=True, slots=True)
class History:
    """What a source gave before this run.

    `hours` of each listing are those of the last weeks, this run's among them; `days` of each measure are
    without what was drift; `recent` are the counts of the runs of the last days, newest first; `least` are the
    fewest entries of each listing, an hour each; `standing` are the drifts that have not ended, by name.
    """

    hours: Mapping[str, Sequence[Hour]] = field(default_factory=dict)
    days: Mapping[str, Sequence[Day]] = field(default_factory=dict)
    recent: Sequence[tuple[datetime, Mapping[str, Count]]] = ()
    least: Mapping[str, Sequence[tuple[datetime, int]]] = field(default_factory=dict)
    standing: Mapping[str, Standing] = field(default_factory=dict)


def _span(hours: float) -> str:
    return f"{hours / 24:.0f} days" if hours >= 72 else f"{hours:.0f} hours"
