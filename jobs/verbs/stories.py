"""The same article at several portals, and copies of one text: who was first, and how like they are.

Every crawl groups what it brought. --group-all works off what waits from before, such as a database of an
earlier gisa; --rebuild forgets all stories first and makes them anew.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict

from rich.text import Text

from jobs import showing, terminal, wiring
from jobs.arguments import moment, positive, resolved
from pipeline.store import Store

_AT_ONCE, _TOLD_EVERY = 200, 5000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument(
        "--since",
        metavar="TIME",
        type=moment,
        help="only stories that an article joined since, such as 2026-09-27, 2026-09-27T08:00 or 7d",
    )
    parser.add_argument("--limit", type=positive, default=20, help="the most stories (default: 20)")
    parser.add_argument(
        "--min-articles", type=positive, default=2, help="articles a story has (default: 2)"
    )
    parser.add_argument(
        "--order", choices=("newest", "biggest"), default="newest", help="(default: newest)"
    )
    parser.add_argument("--group-all", action="store_true", help="group all that waits first")
    parser.add_argument("--rebuild", action="store_true", help="forget all stories, group anew")


def main(args: argparse.Namespace) -> int:
    """List them."""
    config = wiring.configuration(args.config)
    with wiring.store(config) as store:
        if args.rebuild:
            store.stories.forget()
        if args.rebuild or args.group_all:
            _group_all(store, quiet=args.quiet)
        found = store.stories.list(
            args.limit,
            since=resolved(args.since, wiring.now(), config.zone),
            least=args.min_articles,
            order=args.order,
        )
        waiting = store.stories.waiting()
    if args.format == "json":
        terminal.print_json([asdict(story) for story in found])
        return 0
    for number, story in enumerate(found):
        if number:
            terminal.print_lines([Text("")])
        terminal.print_lines(showing.story(story, config.zone))
    if not found:
        print("no stories: nothing that was stored came twice")
    if waiting and not args.quiet:
        print(f"{waiting} articles wait to be grouped: `gisa stories --group-all`", file=sys.stderr)
    return 0


def _group_all(store: Store, *, quiet: bool) -> None:
    done = 0
    while looked_at := store.stories.group(_AT_ONCE).looked_at:
        done += looked_at
        if done % _TOLD_EVERY < looked_at and not quiet:
            print(f"{done} articles grouped", file=sys.stderr, flush=True)
