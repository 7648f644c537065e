"""Articles that have what you look for, best first. All words must be there, anywhere and inside other words.

"in quotes" stands together as typed, -word must not be there, A OR B wants either.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jobs import filters, showing, terminal, wiring
from jobs.arguments import moment, positive, resolved
from pipeline.store.search import Hit
from pipeline.text import one_line

_USAGE = 2


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("query", metavar="QUERY", nargs="*", help="what to look for")
    parser.add_argument(
        "--since", type=moment, metavar="WHEN", help="published from then on: 2026-09-27, or 7d ago"
    )
    parser.add_argument(
        "--until", type=moment, metavar="WHEN", help="published until then, a day to its end"
    )
    parser.add_argument("--source", metavar="NAME", help="only what this source found first")
    filters.declare(parser)
    parser.add_argument("--limit", type=positive, default=20, metavar="N", help="at most (20)")
    parser.add_argument(
        "--reindex",
        action="store_true",
        help="bring articles into the index that were stored without it",
    )


def main(args: argparse.Namespace) -> int:
    """Search."""
    query = " ".join(args.query)
    if not query and not args.reindex:
        print("gisa search: what for? gisa search QUERY", file=sys.stderr)
        return _USAGE
    config = wiring.configuration(args.config)
    with wiring.store(config) as store:
        if args.reindex:
            print(
                f"articles brought into the index: {store.search_index.complete()}", file=sys.stderr
            )
        hits = store.search(
            query,
            since=resolved(args.since, wiring.now(), config.zone),
            until=resolved(args.until, wiring.now(), config.zone, end=True),
            source=args.source,
            publisher=args.publisher,
            section=args.section,
            author=args.author,
            rights=dict(args.rights),
            limit=args.limit,
        )
        missing = 0 if hits or not query else store.search_index.missing()
    if query:
        _tell(query, hits, config.zone, as_json=args.format == "json", missing=missing)
    return 0


def _tell(query: str, hits: list[Hit], zone: ZoneInfo, *, as_json: bool, missing: int) -> None:
    if as_json:
        terminal.print_json([_record(hit, zone) for hit in hits])
    else:
        colour = sys.stdout.isatty()
        terminal.print_lines(line for hit in hits for line in showing.hit(hit, zone, colour=colour))
    if not hits:
        print(f"no match for {one_line(query, 100)!r}", file=sys.stderr)
    if missing:
        said = f"articles that the index lacks: {missing}; gisa search --reindex brings them in"
        print(said, file=sys.stderr)


def _record(hit: Hit, zone: ZoneInfo) -> dict[str, Any]:
    said = asdict(hit)
    said = {"id": said.pop("article_id"), **said}
    times = {name: at.astimezone(zone) for name, at in said.items() if isinstance(at, datetime)}
    return said | times
