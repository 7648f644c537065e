"""The effective settings and where each came from: a line of the file, the environment, or the default.

A configuration that cannot be used, schedules included, is explained line by line, and exits with 2.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from jobs import terminal, triggers, wiring
from jobs.alerting.sending import redacted
from pipeline.config import Config
from pipeline.discover.naver_query import query_of
from pipeline.records import Source
from pipeline.settings_naver import SECRETS


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb has no arguments of its own."""
    del parser


def main(args: argparse.Namespace) -> int:
    """Show them."""
    config = wiring.configuration(args.config)
    triggers.check_schedules(config, wiring.now())
    rows = _rows(config)
    if args.format == "json":
        terminal.print_json([{"key": k, "value": v, "origin": o} for k, v, o in rows])
    else:
        print(f"file      {config.path.resolve()}\ndatabase  {config.database.resolve()}\n")
        terminal.print_table(("key", "value", "from"), [(k, _text(v), o) for k, v, o in rows])
        _print_next(config)
    return 0


def _print_next(config: Config) -> None:
    """Show when crontab expressions come due: they are easily misread."""
    now = wiring.now()
    rows = [
        (s.name, s.cron, ", ".join(f"{at:%a %F %H:%M}" for at in times))
        for s in config.sources.values()
        if s.cron and (times := triggers.next_runs(s, config.zone, now, 3))
    ]
    if rows:
        print()
        terminal.print_table(("source", "crontab", f"due next ({config.zone.key})"), rows)


def _rows(config: Config) -> list[tuple[str, Any, str]]:
    rows = [_row(config, ("pipeline", key), value) for key, value in config.pipeline]
    rows += [_row(config, ("archive", key), value) for key, value in config.archive]
    rows += [
        _row(config, ("retention", key), value or "forever") for key, value in config.retention
    ]
    rows += [_row(config, ("alerts", key), _shown(value)) for key, value in config.alerts]
    rows += [
        _row(config, ("naver", key), "(set)" if key in SECRETS else value)
        for key, value in config.naver
        if value is not None
    ]
    for name, watch in config.watches.items():
        rows += [_row(config, ("watch", name, key), _shown(v)) for key, v in watch if v]
    rows += [
        _row(config, ("metrics", key), value) for key, value in config.metrics if value is not None
    ]
    for name, host in config.hosts.items():
        rows += [
            _row(config, ("host", name, key), value) for key, value in host if value is not None
        ]
    for name, source in config.sources.items():
        for key, value in _settings_of(source):
            if value not in (None, ()) and (key != "adaptive" or value):
                rows.append(_row(config, ("source", name, key), value))
    return rows


def _settings_of(source: Source) -> Iterator[tuple[str, Any]]:
    """Yield the keys of a source as the file has them."""
    is_portal = source.kind == "portal"
    if is_portal:
        yield "portal", source.portal
    is_search = source.kind == "naver_search"
    listed = tuple(map(query_of, source.listings)) if is_search else source.listings
    yield "listings" if is_portal else source.kind, listed
    for key in (
        "link", "max_age", "every", "cron", "adaptive", "at_most", "revisit", "enabled", "permission",
    ):  # fmt: skip
        yield key, getattr(source, key)
    for field, css in source.fields:
        yield f"fields.{field}", css


def _row(config: Config, path: tuple[str, ...], value: Any) -> tuple[str, Any, str]:
    key = ".".join(path)
    return key, value, config.origins.get(key, "default")


def _shown(value: Any) -> Any:
    """Show of secrets what is none: the kind of a receiver, the host of a monitor."""
    if isinstance(value, list):
        return [_shown(it) for it in value]
    return redacted(value.get_secret_value()) if hasattr(value, "get_secret_value") else value


def _text(value: Any) -> str:
    if isinstance(value, timedelta):
        return terminal.duration(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value))
    return str(value)
