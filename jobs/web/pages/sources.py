"""All sources in a table, and one source: what it is, what it brought, where it lacks, how its runs ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from jobs.hosts import hosts
from jobs.overview import Overview, Standing
from jobs.web import asked
from jobs.web.asked import Missing
from jobs.web.charts import share_line
from jobs.web.language import translator
from jobs.web.messages import MESSAGES
from jobs.web.rendering import language_of, rendered
from jobs.web.site import Site, site_of
from jobs.web.standing import Said
from jobs.yields import Yield, yields
from pipeline.measures import Count
from pipeline.store import Store

COLUMNS = ("text", "authors", "published_at", "publisher", "section", "images")
"""Fields that the table of all sources shows."""
_WEEK, _FOUR_WEEKS = timedelta(days=7), timedelta(days=28)
_YIELD_HOURS = timedelta(hours=48)
_RUNS, _PAST_DRIFTS, _QUARANTINED = 30, 20, 5
_URLS_FOR_HOSTS = 30


async def all_sources(datasette: Datasette, request: Request) -> Response:
    """Return the page of all sources."""
    site = site_of(datasette)
    now = site.now()

    def look(store: Store) -> tuple[list[Standing], dict[str, dict[str, Count]]]:
        return Overview(site.config, store, now, site.paces).standings(), store.usual.shares(
            now - _WEEK
        )

    standings, shares = await site.read(datasette, look)
    said = Said(translator(language_of(request)), site.config.zone, now)
    rows = [
        (it, [_share(shares.get(it.name, {}).get(field)) for field in COLUMNS]) for it in standings
    ]
    context = {"said": said, "now": now, "rows": rows, "columns": COLUMNS}
    return await rendered(datasette, request, "sources.html", context)


@dataclass(frozen=True)
class _Seen:
    """What the page of one source reads, in one snapshot."""

    standing: Standing
    brought: Yield
    past: list[dict[str, Any]]
    shares: dict[str, dict[str, Count]]
    reasons: list[dict[str, Any]]
    runs: list[dict[str, Any]]
    skipped: dict[str, Any] | None
    hosts: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]

    @classmethod
    def at(cls, site: Site, store: Store, name: str, now: datetime, before: int | None) -> _Seen:
        standing = Overview(site.config, store, now, site.paces).of(name)
        past = store.drifts.all(name, ended=True)
        return cls(
            standing,
            yields(store, name, now, _YIELD_HOURS),
            [row for row in past if row["ended_at"]][:_PAST_DRIFTS],
            store.usual.shares_by_day(name, now - _FOUR_WEEKS),
            store.runs.reasons(name, now - _WEEK),
            store.runs.page(name, _RUNS + 1, before),
            store.runs.skipped(name, now - timedelta(days=1)),
            _hosts_of(standing, store, now),
            store.quarantine.all(_QUARANTINED, source=name),
        )


async def one_source(datasette: Datasette, request: Request) -> Response:
    """Return the page of one source.

    Raises:
        Missing: it is not configured, and never ran.
    """
    site = site_of(datasette)
    now, name = site.now(), asked.place(request, "name")
    before = asked.number(request, "before", 0) or None

    def look(store: Store) -> _Seen | None:
        if name not in site.config.sources and not store.sources.is_known(name):
            return None
        return _Seen.at(site, store, name, now, before)

    seen = await site.read(datasette, look)
    if seen is None:
        raise Missing
    said = Said(translator(language_of(request)), site.config.zone, now)
    context = {
        "said": said,
        "now": now,
        "it": seen.standing,
        "seen": seen,
        "runs": seen.runs[:_RUNS],
        "older": seen.runs[_RUNS - 1]["id"] if len(seen.runs) > _RUNS else None,
        "fields": _fields(said, seen.shares),
        "days": sorted({day for by_day in seen.shares.values() for day in by_day}, reverse=True),
    }
    return await rendered(datasette, request, "source.html", context)


def _hosts_of(standing: Standing, store: Store, now: datetime) -> list[dict[str, Any]]:
    """Return what is known of the hosts of its listings and of its newest articles."""
    urls = [*(standing.source.listings if standing.source else ())]
    urls += (standing.kept or {}).get("listings", [])
    urls += [it.url for it in store.recent.arrivals(_URLS_FOR_HOSTS, standing.name)]
    asked_of = {urlsplit(url).netloc for url in urls}
    return [row for row in hosts(store, now) if row["authority"] in asked_of]


def _fields(said: Said, shares: dict[str, dict[str, Count]]) -> list[dict[str, Any]]:
    """Return a row for each field that has a name of its own, in the order of these names."""
    days = sorted({day for by_day in shares.values() for day in by_day})
    named = [key.removeprefix("field.") for key in MESSAGES if key.startswith("field.")]
    rows = []
    for name in named:
        by_day = shares.get(name)
        if not by_day:
            continue
        first, last = min(by_day), max(by_day)
        title = said.t(
            "source.fields.title", field=said.field(name), first=first, last=last,
            **{"from": _percent(_share(by_day[first])), "to": _percent(_share(by_day[last]))},
        )  # fmt: skip
        line = share_line(title, [_share(by_day.get(day)) for day in days])
        matched, of = (sum(getattr(it, n) for it in by_day.values()) for n in ("matched", "of"))
        rows.append(
            {"name": said.field(name), "line": line, "by_day": by_day,
             "last": _share(by_day[last]), "all": _share(Count(matched, of))}
        )  # fmt: skip
    return rows


def _share(count: Count | None) -> float | None:
    return count.matched / count.of if count and count.of else None


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
