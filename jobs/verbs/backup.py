"""A copy of the database in one file, whole and checked, while crawls go on.

It holds the state of the moment at which it began. FILE appears only once the copy is on the disk; a file
that is there is replaced with --force only. How to restore one: docs/operations.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from jobs import terminal, wiring


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the copy to make")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def main(args: argparse.Namespace) -> int:
    """Make it."""
    from pipeline.store.backup import back_up

    config = wiring.configuration(args.config)
    with (
        # refuses what is no database of ours; an older schema is copied as it is
        wiring.store(config, migrate=False) as store,
        terminal.copying(quiet=args.quiet or args.format == "json") as told,
    ):
        made = back_up(store.path, args.file, overwrite=args.force, told=told)
    if args.format == "json":
        terminal.print_json({"file": str(made.path), "bytes": made.size, "articles": made.articles})
    else:
        print(f"{made.path}: {made.size / 1e6:.1f} MB, {made.articles} articles")
    return 0
