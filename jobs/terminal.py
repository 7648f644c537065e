"""The terminal: results on stdout, progress on stderr, nothing from outside that could steer it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from pipeline.crawl import Progress as Told
from pipeline.text import one_line

_WIDE = 10_000


def out() -> Console:
    """Return the console for results; made anew, so that it follows the stdout of this moment."""
    width = None if sys.stdout.isatty() else _WIDE  # a file or a pipe has no width to fold to
    return Console(file=sys.stdout, highlight=False, width=width)


def print_json(value: Any) -> None:
    """Print one JSON document; `NaN` never gets out."""
    print(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False, default=_plain))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """Print a table; every cell is one harmless line."""
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", header_style="bold")
    for row in rows:
        table.add_row(*(Text(one_line("" if cell is None else str(cell))) for cell in row))
    out().print(table)


def print_lines(lines: Iterable[Text], indent: str = "") -> None:
    """Print lines as they are, folded on a terminal only."""
    console = out()
    for line in lines:
        line.rstrip()
        console.print(
            Text(indent) + line if line.plain else line, soft_wrap=not console.is_terminal
        )


def local(at: str | None, zone: ZoneInfo) -> str:
    """Return a stored time as people of that zone write it."""
    return f"{datetime.fromisoformat(at).astimezone(zone):%F %H:%M}" if at else ""


@contextmanager
def progress(*, quiet: bool) -> Iterator[Told]:
    """Show how far a crawl is: a bar a source on a terminal, a line every so often elsewhere."""
    if quiet:
        yield silent
    elif sys.stderr.isatty():
        with _bars() as bars:
            yield bars
    else:
        yield _lines


def silent(*_said: object) -> None:
    """Show nothing."""


@contextmanager
def _bars() -> Iterator[Told]:
    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bars:
        known: dict[str, Any] = {}

        def tell(source: str, done: int, total: int, _at: str) -> None:
            if source not in known:
                known[source] = bars.add_task(source, total=None)
            bars.update(known[source], completed=done, total=total or None)

        yield tell


def _lines(source: str, done: int, total: int, at: str) -> None:
    if not total:
        print(f"{source}: reading {one_line(at, 200)}", file=sys.stderr)
    elif done == total or done % 50 == 0:
        print(f"{source}: {done} of {total} articles", file=sys.stderr)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
