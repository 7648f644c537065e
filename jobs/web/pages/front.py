"""The front page: how every source is, what came, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from jobs.overview import BAD, Overview, Standing
from jobs.web.charts import SERIES, Column, stacked, swatch
from jobs.web.language import translator
from jobs.web.rendering import language_of, rendered
from jobs.web.site import Site, site_of
from jobs.web.standing import Said
from jobs.yields import DAY
from pipeline.diffs import Change, word_diff
from pipeline.pauses import HOUR, whole
from pipeline.store import Store
from pipeline.store.recent import Arrival, Edit
from pipeline.text import one_line

_HOURS = 48
_AXIS_HOURS = 6
_NEWEST, _EDITS, _REMOVALS = 30, 12, 8
_SHOWN_SOURCES = 12
_HEADLINE = 300


@dataclass(frozen=True)
class _Seen:
    """What the page reads, in one snapshot."""

    standings: list[Standing]
    hours: dict[str, dict[datetime, int]]
    newest: list[Arrival]
    edits: list[Edit]
    removals: list[Edit]
    articles: int

    @classmethod
    def at(cls, site: Site, store: Store, now: datetime) -> _Seen:
        return cls(
            Overview(site.config, store, now, site.paces).standings(),
            store.recent.by_hour(_first_hour(now)),
            store.recent.arrivals(_NEWEST),
            store.recent.headline_edits(_EDITS),
            store.recent.removals(_REMOVALS),
            store.articles.count(),
        )


async def view(datasette: Datasette, request: Request) -> Response:
    """Return the page."""
    site = site_of(datasette)
    now = site.now()
    seen = await site.read(datasette, lambda store: _Seen.at(site, store, now))
    said = Said(translator(language_of(request)), site.config.zone, now)
    shown = max(_SHOWN_SOURCES, sum(it.state in BAD for it in seen.standings))
    context = {
        "said": said,
        "now": now,
        "lead": said.lead(seen.standings),
        "is_unused": all(it.last_run is None for it in seen.standings),
        "standings": seen.standings[:shown],
        "rest": seen.standings[shown:],
        "figures": _figures(seen, now),
        "hours": _hours(said, seen.hours, now),
        "newest": seen.newest,
        "edits": [(it, *_sides(it)) for it in seen.edits],
        "removals": seen.removals,
    }
    return await rendered(datasette, request, "front.html", context)


def _first_hour(now: datetime) -> datetime:
    return whole(now) - (_HOURS - 1) * HOUR


def _figures(seen: _Seen, now: datetime) -> list[tuple[str, int, str]]:
    """Return what a figure is called, the figure, and the page about it."""
    day = whole(now - DAY) + HOUR
    brought = sum(n for hours in seen.hours.values() for at, n in hours.items() if at >= day)
    waiting = sum(it.open for it in seen.standings)
    kept = sum(it.quarantined for it in seen.standings)
    return [
        ("day", brought, ""),
        ("open", waiting, ""),
        ("quarantined", kept, "/quarantine"),
        ("articles", seen.articles, "/search"),
    ]


def _hours(said: Said, counts: dict[str, dict[datetime, int]], now: datetime) -> dict[str, Any]:
    """Return the chart of articles an hour, and the same figures as a table, the newest hour first."""
    first = _first_hour(now)
    hours = [first + n * HOUR for n in range(_HOURS)]
    names, parts = _parts(said, counts, hours)
    sums = [sum(column) for column in parts]
    title = said.t("front.hours.title", n=f"{sum(sums):,}", most=f"{max(sums):,}")
    columns = [
        Column(_bar_title(said, at, names, column), column)
        for at, column in zip(hours, parts, strict=True)
    ]
    rows = [
        (said.hour(at), column, total) for at, column, total in zip(hours, parts, sums, strict=True)
    ]
    return {
        "chart": stacked(title, columns) if any(sums) else None,
        "legend": [
            (swatch(n), name, sum(column[n] for column in parts)) for n, name in enumerate(names)
        ],
        "most": max(sums),
        "axis": [said.hour(at, axis=True) for at in hours[::_AXIS_HOURS]],
        "names": names,
        "rows": rows[::-1],
    }


def _parts(
    said: Said, counts: dict[str, dict[datetime, int]], hours: list[datetime]
) -> tuple[list[str], list[list[int]]]:
    """Return names of series, the biggest source first, and for each hour what each of them brought."""
    ranked = sorted(counts, key=lambda name: (-sum(counts[name].values()), name))
    own = ranked if len(ranked) <= SERIES else ranked[: SERIES - 1]
    rest = ranked[len(own) :]
    names = [one_line(name, 60) for name in own]
    names += [said.t("front.hours.others", n=len(rest))] if rest else []
    parts = []
    for at in hours:
        column = [counts[name].get(at, 0) for name in own]
        column += [sum(counts[name].get(at, 0) for name in rest)] if rest else []
        parts.append(column)
    return names, parts


def _bar_title(said: Said, at: datetime, names: list[str], column: list[int]) -> str:
    told = ", ".join(f"{name} {n:,}" for name, n in zip(names, column, strict=True) if n)
    return said.t("front.hours.bar", hour=said.hour(at), n=f"{sum(column):,}", parts=told)


def _sides(it: Edit) -> tuple[list[Change], list[Change]]:
    """Return a headline before and after, as runs that stayed, went and came."""
    changes = word_diff(one_line(it.before, _HEADLINE), one_line(it.headline, _HEADLINE))
    return (
        [change for change in changes if change.kind != "added"],
        [change for change in changes if change.kind != "removed"],
    )
