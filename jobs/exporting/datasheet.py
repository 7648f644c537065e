"""The datasheet: where an export's articles come from, which times they cover, and what is known to lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from jobs.coverage import Examiner
from jobs.exporting.audit import NO_ADVICE
from jobs.exporting.sheets import facts, table, text
from jobs.exporting.tally import Tally
from pipeline.config import Config
from pipeline.gaps import Gap
from pipeline.pauses import whole
from pipeline.record_json import RECORD_FIELDS
from pipeline.store import Store
from pipeline.store.migrating import known_steps
from pipeline.store.times import moment

GAPS_FOR = timedelta(days=92)
"""Gaps are looked for so far back at most: longer would take minutes, and their runs are pruned by then."""
_COUNTED = ("day", "publisher", "source", "portal", "language", "parser", "license")
_CONSISTENCY = (
    "The articles that were there at one moment, each as it was when it was read, whole in itself. What changed"
    " meanwhile comes again with the next export by the same cursor."
)


def datasheet(
    tally: Tally, store: Store, config: Config, now: datetime, about: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the sheet; `about` says of which file, by which command and when."""
    names = sorted(tally.by["source"])
    examined_from = _examined_from(tally, now)
    return {
        **about,
        "consistency": _CONSISTENCY,
        "fields": RECORD_FIELDS,
        "schema": known_steps()[-1],
        "published_from": tally.published.first,
        "published_to": tally.published.last,
        "first_seen_from": tally.first_seen.first,
        "first_seen_to": tally.first_seen.last,
        "dated_by": dict(tally.by["time"]),
        **{f"by_{name}": _counts(tally, name) for name in _COUNTED},
        "edited": tally.by["edited"]["edited"],
        "removed": tally.by["state"]["removed"],
        "uses": {name: dict(tally.by[name]) for name in ("redistribute", "tdm", "ai_train")},
        "rights_note": NO_ADVICE,
        "sources": [*_sources(tally, store)],
        "gaps_examined_from": examined_from,
        "gaps": [*_gaps(names, store, config, examined_from, now)],
        "gaps_not_examined": [name for name in names if name not in config.sources],
        "drift": [*_drifts(names, store, config.zone)],
        "quarantine": [row for row in store.quarantine.by_reason() if row["source"] in names],
    }


def lines(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the sheet as Markdown."""
    yield from (f"# Datasheet of {text(said['file'])}", "", said["consistency"], "")
    names = (
        "made_at", "gisa", "command", "format", "purpose", "sha256", "bytes", "records", "schema",
        "published_from", "published_to", "first_seen_from", "first_seen_to", "edited", "removed",
    )  # fmt: skip
    yield from facts((name.replace("_", " "), said[name]) for name in names)
    yield from facts((f"selected by {name}", value) for name, value in _selected(said))
    yield from ("## Sources", "")
    yield from table(
        ("source", "kind", "portal", "articles", "addresses"),
        (
            (it["name"], it["kind"], it["portal"], it["articles"], " ".join(it["addresses"]))
            for it in said["sources"]
        ),
    )
    yield from _missing(said)
    yield from ("## Rights", "", said["rights_note"], "")
    yield from table(
        ("use", "says", "articles"),
        (
            (name, value, times)
            for name, counts in said["uses"].items()
            for value, times in counts.items()
        ),
    )
    for name in _COUNTED:
        yield from (f"## By {name}", "")
        yield from table((name, "articles"), said[f"by_{name}"].items())


def _missing(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is known to lack: gaps, drift, pages that could not be read."""
    yield from ("## Gaps", "", f"Looked for since {text(said['gaps_examined_from'])}.", "")
    if strange := said["gaps_not_examined"]:
        yield from (
            f"Not looked for, since not configured any more: {text(', '.join(strange))}.",
            "",
        )
    yield from _rows(said["gaps"], ("source", "from", "to", "expected", "seen", "why"))
    yield from ("## Drift", "")
    yield from _rows(said["drift"], ("source", "name", "began_at", "ended_at", "detail"))
    yield from ("## Pages that could not be read", "")
    yield from _rows(said["quarantine"], ("source", "reason", "pages", "last_seen_at"))


def _rows(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> Iterator[str]:
    cells = ([_cell(row[name]) for name in names] for row in rows)
    yield from table([name.replace("_", " ") for name in names], cells)


def _cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, (list, tuple)) else value


def _selected(said: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in said["selection"].items():
        if value:
            yield name, ", ".join(value) if isinstance(value, tuple) else value


def _counts(tally: Tally, name: str) -> dict[str, int]:
    """Return days in their order, others by how often; "" stands for what is not known."""
    counted = tally.by[name]
    return dict(sorted(counted.items()) if name == "day" else counted.most_common())


def _sources(tally: Tally, store: Store) -> Iterator[dict[str, Any]]:
    for row in store.sources.known():
        if times := tally.by["source"][row["name"]]:
            yield {
                "name": row["name"],
                "kind": row["kind"],
                "portal": row["portal"],
                "addresses": row["listings"],
                "permission": row["permission"],
                "articles": times,
            }


def _examined_from(tally: Tally, now: datetime) -> datetime | None:
    first = min(filter(None, (tally.published.first, tally.first_seen.first)), default=None)
    return whole(max(first, now - GAPS_FOR)) if first else None


def _gaps(
    names: Iterable[str], store: Store, config: Config, since: datetime | None, now: datetime
) -> Iterator[dict[str, Any]]:
    if since is None:
        return
    with store.reading():
        examiner = Examiner.at(store, config.zone, since, now)
    for name in names:
        if name in config.sources:
            with store.reading():
                found = examiner.examine(config.sources[name], since)
            yield from (_gap(name, gap, config.zone) for gap in found.gaps)


def _gap(source: str, gap: Gap, zone: tzinfo) -> dict[str, Any]:
    return {
        "source": source,
        "from": gap.start.astimezone(zone),
        "to": gap.end.astimezone(zone),
        "expected": None if gap.expected is None else round(gap.expected, 1),
        "seen": gap.seen,
        "why": gap.said,
    }


def _drifts(names: Iterable[str], store: Store, zone: tzinfo) -> Iterator[dict[str, Any]]:
    for name in names:
        for row in store.drifts.all(name, ended=True):
            ended = moment(row["ended_at"])
            yield {
                "source": name,
                "name": row["name"],
                "began_at": moment(row["began_at"]).astimezone(zone),
                "ended_at": ended.astimezone(zone) if ended else None,
                "detail": row["detail"],
            }
