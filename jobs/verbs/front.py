"""What a listing showed at a time: its last look until then, or its newest; ranks, ids, headlines as listed."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from jobs import terminal, wiring
from jobs.arguments import moment, resolved
from pipeline.errors import GisaError
from pipeline.store import Store
from pipeline.store.sightings import Front
from pipeline.text import one_line


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument(
        "listing", metavar="LISTING|SOURCE", help="its URL, or a source for all of its listings"
    )
    parser.add_argument(
        "--at",
        metavar="TIME",
        type=moment,
        help="such as 2026-09-27T12:00 (in [pipeline] timezone; default: now)",
    )


def main(args: argparse.Namespace) -> int:
    """Show it."""
    config = wiring.configuration(args.config)
    at = (resolved(args.at, wiring.now(), config.zone, end=True) or wiring.now()).astimezone(UTC)
    with wiring.store(config) as store:
        fronts = _fronts(store, args.listing, at)
    if args.format == "json":
        terminal.print_json([_as_json(front, config.zone) for front in fronts])
        return 0
    for number, front in enumerate(fronts):
        when = f"{front.seen_at.astimezone(config.zone):%F %H:%M}"
        rows = [(place.rank, place.article_id, place.headline) for place in front.places]
        title = one_line(f"{front.source}, {front.listing}, {when}")
        print("\n" * bool(number), end="")
        terminal.print_table(("rank", "id", "headline as listed"), rows, title)
    return 0


def _fronts(store: Store, wanted: str, at: datetime) -> list[Front]:
    known = store.sightings.listings(one_line(wanted))
    if not known:
        raise GisaError(
            f"no source and no listing {one_line(wanted)!r} was read yet: see `gisa sources`"
        )
    found = [store.sightings.front(url, at, source=source) for source, url in known]
    fronts = [front for front in found if front]
    if not fronts:
        raise GisaError(
            f"nothing is known of {one_line(wanted)} at {at:%FT%TZ}: not read yet, or pruned"
        )
    return fronts


def _as_json(front: Front, zone: ZoneInfo) -> dict[str, object]:
    return {
        "source": front.source,
        "listing": front.listing,
        "seen_at": front.seen_at.astimezone(zone),
        "places": [
            {"rank": place.rank, "article_id": place.article_id, "headline": place.headline}
            for place in front.places
        ],
    }
