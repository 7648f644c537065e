"""What a maintainer needs to mend a drift: fields, selectors before and after, a page, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pipeline import portals
from pipeline.candidates import candidates, stated
from pipeline.errors import PageDamaged, PageError
from pipeline.history import FIELD
from pipeline.measures import Measures
from pipeline.records import Article, Page, Source
from pipeline.second_opinion import opinion
from pipeline.store import Store
from pipeline.store.times import moment, stamp

_PAGES_TRIED = 12
_READ = ("headline", "published_at", "authors", "text")
_MOST = 0.5
"""A selector is told that matched on so many pages before and on half as many since."""


class Saved(NamedTuple):
    """A page that shows the drift, and how it is named on the command line."""

    page: Page
    name: str


def report(store: Store, source: Source) -> dict[str, Any] | None:
    """Return what is known of a source's drift; None where there is none."""
    drifts, last = store.drifts.all(source.name), store.runs.last(source.name) or {}
    # a run that met unreadable pages is drift by itself; what its signs said may be accepted by now
    unreadable = last.get("outcome") == "drift" and (last["quarantined"] or last["errors"])
    if not drifts and not unreadable:
        return None
    first = min(drifts, key=lambda row: row["run"]) if drifts else None
    begin = first["began_at"] if first else last["started_at"]
    run = first["run"] if first else last["id"]
    fields = [row["name"].removeprefix(FIELD) for row in drifts if row["name"].startswith(FIELD)]
    selectors = _selectors(store, source.name, moment(begin), run)
    said: dict[str, Any] = {
        "source": source.name,
        "since": begin,
        "last_good_at": store.runs.last_ok(source.name),
        "detail": last.get("detail") or "",
        "drifts": drifts,
        "selectors": selectors,
        "page": None,
    }
    saved = _saved(store, source, begin, fields)
    if saved:
        said["page"] = _about(saved, source, fields, [row["selector"] for row in selectors])
    return said


def _selectors(store: Store, source: str, begin: datetime, run: int) -> list[dict[str, Any]]:
    """Return the selectors that matched before and do not since, with both counts."""
    since, good = Measures(), {}
    for number, at, counts, _ in store.health.counts(source, begin - timedelta(days=3)):
        for name, it in counts.items():
            if number >= run:
                total = since.counts.setdefault(name, type(it)())
                total.matched, total.of = total.matched + it.matched, total.of + it.of
            elif it.matched and name not in good:
                good[name] = at
    told = []
    for row in store.health.days_before(source, begin):
        name = row["name"]
        kind, _, css = name.partition(":")
        now = since.counts.get(name)
        if "selector" not in kind or now is None or not row["of"]:
            continue
        before = row["matched"] / row["of"]
        if before >= _MOST and now.matched / now.of <= before / 2:
            told.append(
                {
                    "selector": css, "of": "listing" if kind.startswith("listing") else "article",
                    "before": {"matched": row["matched"], "of": row["of"], "day": row["day"]},
                    "until": stamp(good[name]) if name in good else None,
                    "since": {"matched": now.matched, "of": now.of, "from": stamp(begin)},
                }
            )  # fmt: skip
    return sorted(told, key=lambda it: it["since"]["matched"] / it["since"]["of"])


def _saved(store: Store, source: Source, begin: str, fields: list[str]) -> Saved | None:
    """Return a page that shows it: one that could not be read, else a kept one without the field."""
    rows = store.rows(
        "SELECT id, url, last_seen_at FROM quarantine WHERE source = ? AND last_seen_at >= ?"
        " ORDER BY id DESC LIMIT 1",
        [source.name, begin],
    )
    html = store.quarantine.html(rows[0]["id"]) if rows else None
    if html is not None:
        page = Page(rows[0]["url"], html, moment(rows[0]["last_seen_at"]))
        return Saved(page, f"--quarantine {rows[0]['id']}")
    numbers = store.archive.to_read_again(source.name, since=moment(begin))
    return _first_without(store, source, numbers[::-1][:_PAGES_TRIED], fields)


def _first_without(
    store: Store, source: Source, numbers: Iterable[int], fields: list[str]
) -> Saved | None:
    portal, any_page = portals.named(source.portal), None
    for number in numbers:
        try:
            snapshot = store.archive.get(number)
        except PageDamaged:
            continue
        if snapshot is None:
            continue
        saved = Saved(snapshot.page, snapshot.article_id)
        any_page = any_page or saved
        if not all(_has(portal, snapshot.page, fields)):
            return saved
    return any_page


def _has(portal: portals.Portal, page: Page, fields: list[str]) -> list[bool]:
    measures = Measures()
    try:
        measures.article(portal.parse_article(page))
    except PageError:
        return [False]
    counts = measures.counts
    return [bool(counts[f"{FIELD}{it}"].matched) for it in fields if f"{FIELD}{it}" in counts]


def _about(saved: Saved, source: Source, fields: list[str], broken: list[str]) -> dict[str, Any]:
    page, name = saved
    number = name.removeprefix("--quarantine ")
    see = f"gisa page {number} --quarantine" if name.startswith("--") else f"gisa page {name}"
    case = f"gisa fixture {name} --portal {source.portal}"
    second: Article | None = opinion(page)
    wanted = sorted({*(it.partition(":")[0] for it in fields), *(_READ if broken else ())})
    return {
        "url": page.url,
        "see": f"{see} --output page.html",
        "fixture": case,
        "stated": {field: said for field in wanted if (said := stated(page, field))},
        "generic": second and {"headline": second.headline, "published_at": second.published_at,
                               "authors": [a.name for a in second.authors], "text_length": len(second.text)},
        "candidates": [
            {"for": it.field, "selector": it.selector, "text": it.text, "why": it.why}
            for it in candidates(page, broken, second)
            if it.field in {*wanted, *broken}
        ],
    }  # fmt: skip
