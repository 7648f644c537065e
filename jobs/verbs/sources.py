"""What is configured, and how each source was read last.

With --format opml it is a list of feeds for a reader, or for `gisa add`; what is no feed is in it as a link.
"""

from __future__ import annotations

import argparse
from typing import Any

from jobs import terminal, wiring
from pipeline.config import Config
from pipeline.discover.naver_query import query_of
from pipeline.discover.opml import Outline, write_opml
from pipeline.records import Source

FORMATS = ("text", "json", "opml")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb has no arguments of its own."""
    del parser


def main(args: argparse.Namespace) -> int:
    """List them."""
    config = wiring.configuration(args.config)
    if args.format == "opml":
        lines = [
            line
            for source in config.sources.values()
            if source.kind != "naver_search"
            for line in _outlines(source)
        ]
        print(write_opml("gisa", lines), end="")
        return 0
    last = _last_runs(config)
    rows = [_row(source, last.get(source.name)) for source in config.sources.values()]
    if args.format == "json":
        terminal.print_json(rows)
    else:
        terminal.print_table(
            ("source", "kind", "portal", "schedule", "enabled", "last", "listings"),
            [
                (
                    row["name"], row["kind"], row["portal"], row["schedule"] or "none",
                    "yes" if row["enabled"] else "no", row["last_outcome"] or "never ran",
                    _listed(row),
                )
                for row in rows
            ],
        )  # fmt: skip
    return 0


def _listed(row: dict[str, Any]) -> str:
    """Say what is read: of a search its queries, as the file has them."""
    is_search = row["kind"] == "naver_search"
    return ", ".join(map(query_of, row["listings"])) if is_search else " ".join(row["listings"])


def _outlines(source: Source) -> list[Outline]:
    """Return a line for each address; one that is not crawled is a comment, as OPML has it."""
    titles = [source.name, *(f"{source.name} {n}" for n in range(2, len(source.listings) + 1))]
    return [
        Outline(title, url, is_comment=not source.enabled)
        if source.kind == "feed"
        else Outline(title, page=url, is_comment=not source.enabled)
        for title, url in zip(titles, source.listings, strict=True)
    ]


def _last_runs(config: Config) -> dict[str, dict[str, Any]]:
    if not config.database.exists():  # what is configured can be told without a database
        return {}
    with wiring.store(config) as store:
        return store.runs.last_of_each()


def _row(source: Source, last: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "name": source.name,
        "kind": source.kind,
        "portal": source.portal,
        "listings": source.listings,
        "schedule": source.cron
        or (f"every {terminal.duration(source.every)}" if source.every else None),
        "revisit": [terminal.duration(age) for age in source.revisit],
        "enabled": source.enabled,
        "permission": source.permission,
        "last_outcome": last["outcome"] if last else None,
        "last_run_at": last["started_at"] if last else None,
    }
