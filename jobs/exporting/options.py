"""What an operator asked of an export, checked and resolved."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from jobs.arguments import resolved
from jobs.terminal import duration
from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.rights_gate import Purpose
from pipeline.store import Store
from pipeline.store.changes import Selection

SHEETS = ("dropped.csv", "audit.json", "audit.md", "datasheet.json", "datasheet.md")
_IDENTITY = ("format", "since", "until", "source", "publisher", "query", "purpose", "bom")
"""What makes two exports differ in what is in them; a cursor goes with all of it."""


@dataclass(frozen=True, slots=True)
class Options:
    """`output` is None for stdout; `beside` are the sheets by what their names end with."""

    format: str
    output: Path | None
    only: Selection
    purpose: Purpose | None
    bom: bool
    force: bool
    cursor: Path | None
    beside: Mapping[str, Path]
    said: Mapping[str, Any]
    """What makes another export of it, as it was typed."""
    command: str


def of(args: argparse.Namespace, config: Config, now: datetime) -> Options:
    """Return what was asked for.

    Raises:
        ConfigError: options that do not go together.
    """
    output = None if args.output == "-" else Path(args.output)
    _refuse(args, output)
    only = Selection(
        since=resolved(args.since, now, config.zone),
        until=resolved(args.until, now, config.zone, end=True),
        sources=tuple(dict.fromkeys(args.source)),
        publisher=args.publisher,
        query=args.query,
    )
    if only.asked and not only.asked.wanted:
        raise ConfigError(f"--query {args.query!r} asks for nothing: it needs a letter or a digit")
    base = args.audit or output if args.purpose else None
    beside = {end: base.with_name(f"{base.name}.{end}") for end in SHEETS} if base else {}
    return Options(
        args.format,
        output,
        only,
        args.purpose,
        args.bom,
        args.force,
        args.cursor,
        beside,
        {name: _plain(getattr(args, name)) for name in _IDENTITY},
        shlex.join(["gisa", "export", *_typed(args)]),
    )


def check_sources(only: Selection, config: Config, store: Store) -> None:
    """Refuse names of sources that nobody knows.

    Raises:
        ConfigError: there is one.
    """
    known = {row["name"] for row in store.sources.known()} | set(config.sources)
    if strange := [name for name in only.sources if name not in known]:
        raise ConfigError(
            f"--source: no source {strange[0]!r}; there are {', '.join(sorted(known)) or 'none yet'}"
        )


def _refuse(args: argparse.Namespace, output: Path | None) -> None:
    if args.bom and args.format != "csv":
        raise ConfigError("--bom is for --format csv")
    if args.audit and not args.purpose:
        raise ConfigError("--audit goes with --purpose: without one nothing is judged")
    if args.purpose and not (args.audit or output):
        raise ConfigError(
            "--purpose writes sheets beside the file: name the file with --output, or the sheets with --audit"
        )


def _typed(args: argparse.Namespace) -> Iterator[str]:
    """Yield the options that make this export again, as one would type them."""
    values = {**vars(args), "output": None if args.output == "-" else args.output}
    for name in (*_IDENTITY, "output", "audit", "cursor"):
        value = values[name]
        if value is True:
            yield f"--{name}"
        elif isinstance(value, list):
            yield from (f"--{name}", *value) if value else ()
        elif value not in (None, False):
            said = str(_plain(value))
            yield from (f"--{name}={said}",) if said.startswith("-") else (f"--{name}", said)


def _plain(value: Any) -> Any:
    """Return a value as JSON and a command line have it: times as they were typed."""
    if value is None or isinstance(value, (bool, list)):
        return value
    if isinstance(value, timedelta):
        return duration(value)
    return value.isoformat() if isinstance(value, date) else str(value)
