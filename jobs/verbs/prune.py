"""Delete what is older than [retention] and [archive] say, and give the write-ahead log's room back.

Articles, their revisions and the frontier are never deleted. Rows go in short transactions, so that a crawl
beside does not wait. Their room in the file is used again by what comes; --vacuum gives it back to the
disk, and keeps every writer waiting meanwhile.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from jobs import terminal, wiring
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.settings import ArchiveSettings, RetentionSettings
    from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Prunable:
    """One kind of rows that may go: its key in [retention], and how to count and to delete old ones."""

    name: str
    count: Callable[[datetime], int]
    prune: Callable[[datetime], int]


def _prunables(store: Store) -> tuple[Prunable, ...]:
    return (
        Prunable("runs", store.runs.count_old, store.runs.prune),
        Prunable("quarantine", store.quarantine.count_old, store.quarantine.prune),
        Prunable("sightings", store.sightings.count_old, store.sightings.prune),
    )


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument(
        "--keep", metavar="WHAT=AGE", action="append", default=[],
        help="in place of what [retention] says, such as runs=30d; may come several times",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="count, and delete nothing")
    parser.add_argument(
        "--vacuum", action="store_true", help="write the file anew without its free pages"
    )


def main(args: argparse.Namespace) -> int:
    """Do it."""
    config = wiring.configuration(args.config)
    keep = _ages(config.retention, args.keep)
    with wiring.store(config) as store:
        rows = [_pruned(it, keep[it.name], dry_run=args.dry_run) for it in _prunables(store)]
        rows.append(_pruned_archive(store, config.archive, dry_run=args.dry_run))
        said = {"deleted": rows, "dry_run": args.dry_run} | _tidied(store, args)
    if args.format == "json":
        terminal.print_json(said)
    else:
        _tell(said)
    return 0


def _ages(retention: RetentionSettings, given: list[str]) -> dict[str, timedelta | None]:
    """Return the ages of [retention], with those of --keep in their place.

    Raises:
        ConfigError: one of them is wrong.
    """
    from pipeline.setting_values import kept_for

    ages = dict(retention)
    for text in given:
        what, _, age = text.partition("=")
        if what not in ages:
            raise ConfigError(f"--keep {text}: should be one of {', '.join(ages)} with an age")
        try:
            ages[what] = kept_for(age)
        except ValueError as error:
            raise ConfigError(f"--keep {text}: {error}") from None
    return ages


def _pruned(it: Prunable, age: timedelta | None, *, dry_run: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"what": it.name, "older_than": age, "rows": 0}
    if age is not None:
        said["rows"] = (it.count if dry_run else it.prune)(wiring.now() - age)
    return said


def _pruned_archive(store: Store, archive: ArchiveSettings, *, dry_run: bool) -> dict[str, Any]:
    """Kept pages have an age and a budget; both stand in [archive]."""
    now = wiring.now()
    if dry_run:
        pages = store.archive.count_surplus(now, archive.keep, archive.budget)
    else:
        pages = store.archive.prune(now, archive.keep, archive.budget).pages
    return {"what": "pages", "older_than": archive.keep, "rows": pages}


def _tidied(store: Store, args: argparse.Namespace) -> dict[str, Any]:
    from pipeline.store import space

    if not args.dry_run:
        if args.vacuum:
            space.vacuum(store)
        space.tidy(store)
    now = space.space_of(store)
    return {"bytes": now.file, "bytes_free": now.free, "bytes_log": now.log}


def _tell(said: dict[str, Any]) -> None:
    verb = "would go" if said["dry_run"] else "deleted"
    for row in said["deleted"]:
        if row["older_than"] is None:
            print(f"{row['what']}: kept forever")
        else:
            age = terminal.duration(row["older_than"])
            or_more = " or beyond the budget" if row["what"] == "pages" else ""
            print(f"{row['what']}: {row['rows']} older than {age}{or_more} {verb}")
    print(
        f"the file has {said['bytes'] / 1e6:.1f} MB, {said['bytes_free'] / 1e6:.1f} MB of them free;"
        f" its write-ahead log has {said['bytes_log'] / 1e6:.1f} MB"
    )
