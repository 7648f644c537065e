"""The effective settings and where each came from: a line of the file, the environment, or the default."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Any

from jobs import terminal, wiring
from pipeline.config import Config


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb has no arguments of its own."""
    del parser


def main(args: argparse.Namespace) -> int:
    """Show them."""
    config = wiring.configuration(args.config)
    rows = _rows(config)
    if args.format == "json":
        terminal.print_json([dict(zip(("key", "value", "origin"), r, strict=True)) for r in rows])
    else:
        print(f"file      {config.path.resolve()}\ndatabase  {config.database.resolve()}\n")
        terminal.print_table(("key", "value", "from"), rows)
    return 0


def _rows(config: Config) -> list[tuple[str, Any, str]]:
    rows = [_row(config, ("pipeline", key), value) for key, value in config.pipeline]
    for name, host in config.hosts.items():
        rows += [
            _row(config, ("host", name, key), value) for key, value in host if value is not None
        ]
    for name, source in config.sources.items():
        for key in ("portal", "listings", "every", "cron", "revisit", "enabled", "permission"):
            value = getattr(source, key)
            if value not in (None, ()):
                rows.append(_row(config, ("source", name, key), value))
    return rows


def _row(config: Config, path: tuple[str, ...], value: Any) -> tuple[str, Any, str]:
    key = ".".join(path)
    if isinstance(value, tuple):
        value = ", ".join(_plain(item) for item in value)
    return key, _plain(value), config.origins.get(key, "default")


def _plain(value: Any) -> str:
    if not isinstance(value, timedelta):
        return str(value)
    seconds = value.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"
