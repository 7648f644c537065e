"""Every state an article had, as word diffs: [-gone-] and {+new+}, or in colour on a terminal; and where it
stood, how long, and how its headline changed there. --listings shows only the latter.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from rich.text import Text

from jobs import showing, showing_listings, terminal, wiring
from jobs.verbs.show import find
from pipeline.store.articles import Revision


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("id", metavar="ID", help="such as daum:20260927081532104, or its end")
    parser.add_argument(
        "--listings", action="store_true", help="where it stood, in place of its revisions"
    )


def main(args: argparse.Namespace) -> int:
    """Show it."""
    config = wiring.configuration(args.config)
    with wiring.store(config) as store:
        key = find(store, args.id).article.id
        revisions, stood = store.articles.revisions(key), store.sightings.of(key)
    if args.format == "json":
        found = showing_listings.as_json(stood, config.zone) if args.listings else _plain(revisions)
        terminal.print_json(found)
        return 0
    colour = sys.stdout.isatty()
    if not args.listings:
        terminal.print_lines(showing.history(revisions, config.zone, colour=colour))
        terminal.print_lines([Text("")] if stood else [])
    terminal.print_lines(showing_listings.listed_headlines(stood, config.zone, colour=colour))
    return 0


def _plain(revisions: list[Revision]) -> list[dict[str, Any]]:
    return [
        {"revision": r.revision, "seen_at": r.seen_at, "cause": r.cause, "record": r.record}
        for r in revisions
    ]
