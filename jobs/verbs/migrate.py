"""Bring the schema of the database up to date; a copy of it is put beside it first.

Other verbs that open the database take missing steps too, without a copy: use this one before the daemon of
a new gisa starts. The steps are taken all or none.
"""

from __future__ import annotations

import argparse
from typing import Any

from jobs import terminal, wiring


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("--dry-run", action="store_true", help="tell what would be done")
    parser.add_argument("--no-backup", action="store_true", help="make no copy before")


def main(args: argparse.Namespace) -> int:
    """Do it."""
    from pipeline.store import migrating

    config = wiring.configuration(args.config)
    backup = not args.no_backup
    with wiring.store(config, migrate=False) as store:
        steps = migrating.pending(store)
        needed = migrating.room_needed(store.path, backup=backup)
        made = None
        if steps and not args.dry_run:
            with terminal.copying(quiet=args.quiet or args.format == "json") as told:
                made = migrating.migrate(store, backup=backup, told=told)
    done: dict[str, Any] = {
        "database": str(config.database.resolve()),
        "steps": steps,
        "backup": str(made.path) if made else None,
        "dry_run": args.dry_run,
    }
    if args.format == "json":
        terminal.print_json(done)
    else:
        _tell(done, needed)
    return 0


def _tell(done: dict[str, Any], needed: int) -> None:
    if not done["steps"]:
        print(f"{done['database']} is up to date")
    elif done["dry_run"]:
        print(f"to take: {', '.join(done['steps'])}; needs up to {needed / 1e6:.1f} MB of disk")
    else:
        print(f"taken: {', '.join(done['steps'])}")
        if done["backup"]:
            print(f"as it was before: {done['backup']}")
