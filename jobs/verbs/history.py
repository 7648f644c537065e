"""Every state an article had, as word diffs: [-gone-] and {+new+}, or in colour on a terminal."""

from __future__ import annotations

import argparse
import sys

from jobs import showing, terminal, wiring
from jobs.verbs.show import find


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("id", metavar="ID", help="such as daum:20260927081532104, or its end")


def main(args: argparse.Namespace) -> int:
    """Show it."""
    config = wiring.configuration(args.config)
    with wiring.store(config) as store:
        revisions = store.articles.revisions(find(store, args.id).article.id)
    if args.format == "json":
        terminal.print_json(
            [
                {"revision": r.revision, "seen_at": r.seen_at, "cause": r.cause, "record": r.record}
                for r in revisions
            ]
        )
        return 0
    colour = sys.stdout.isatty()
    terminal.print_lines(showing.history(revisions, config.zone, colour=colour))
    return 0
