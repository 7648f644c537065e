"""The terminal: results on stdout, progress on stderr, nothing from outside that could steer it."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from jobs import json_text
from pipeline.text import one_line

if TYPE_CHECKING:
    from pipeline.crawl import Progress as Told

_WIDE = 10_000


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the outer edge; rich would exit with 1 for a harmless `| head`."""
        raise BrokenPipeError


def out() -> Console:
    """Return the console for results; made anew, so that it follows the stdout of this moment."""
    width = None if sys.stdout.isatty() else _WIDE  # a file or a pipe has no width to fold to
    return _Console(file=sys.stdout, highlight=False, width=width)


def write_all(file: BinaryIO, data: bytes) -> None:
    """Write all of these bytes: where Python runs unbuffered, stdout takes a part and goes on without a word.

    Raises:
        OSError: they could not be written.
    """
    left = memoryview(data)
    while left:
        taken = file.write(left)
        if taken is None:
            raise BlockingIOError(errno.EAGAIN, "stdout takes no more, and is told not to wait")
        left = left[taken:]


def print_json(value: Any, indent: int | None = 2) -> None:
    """Print one JSON document, at once; `NaN` never gets out."""
    text = json_text.dumps(value, indent=indent, default=plain)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # an ASCII stdout
        text = json.dumps(value, indent=indent, default=plain)
    print(text, flush=True)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """Print a table; every cell is one harmless line."""
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold", header_style="bold")
    for row in rows:
        table.add_row(*(Text(one_line("" if cell is None else str(cell))) for cell in row))
    console = out()
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as drawn:
        console.print(table)
    print("\n".join(line.rstrip() for line in drawn.get().splitlines()))


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
def progress(*, quiet: bool, verbose: bool = False) -> Iterator[Told]:
    """Show how far a crawl is: a bar a source on a terminal, a line every so often elsewhere;
    nothing where `verbose` has the crawl log every page.
    """
    if quiet or verbose:
        yield silent
    elif sys.stderr.isatty():
        with _bars() as bars:
            yield bars
    else:
        yield _lines


@contextmanager
def copying(*, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Show on a terminal how far a copy is: pages still to come, pages in all."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    with Progress(*_columns(), console=Console(file=sys.stderr), transient=True) as bars:
        bar = bars.add_task("copying", total=None)
        yield lambda left, total: bars.update(bar, completed=total - left, total=total)


@contextmanager
def reading(*, quiet: bool) -> Iterator[Callable[[str, int, int, int], None]]:
    """Show how far files are read: their name, bytes done, bytes in all, pages done."""
    if quiet:
        yield silent
    elif sys.stderr.isatty():
        columns = (TextColumn("{task.description:<40}"), BarColumn(), DownloadColumn(),
                   TextColumn("{task.fields[pages]} pages"), TimeRemainingColumn())  # fmt: skip
        with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bars:
            known: dict[str, Any] = {}

            def tell(name: str, done: int, total: int, pages: int) -> None:
                if name not in known:
                    shown = one_line(name, 1000)[-40:].replace("[", "(")
                    known[name] = bars.add_task(shown, total=total, pages=0)
                bars.update(known[name], completed=done, pages=pages)

            yield tell
    else:
        yield _read_lines


def _read_lines(name: str, done: int, total: int, pages: int) -> None:
    if pages % 1000 == 0:
        share = f"{done / total:.0%} of {total} bytes" if total else "empty"
        print(f"{one_line(name, 300)}: {share}, {pages} pages", file=sys.stderr)


def silent(*_said: object) -> None:
    """Show nothing."""


def _columns() -> tuple[ProgressColumn, ...]:
    return (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )


@contextmanager
def _bars() -> Iterator[Told]:
    with Progress(*_columns(), console=Console(file=sys.stderr), transient=True) as bars:
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


def duration(length: timedelta) -> str:
    """Return a duration as config.toml writes it: 10m, 6h, 7d."""
    seconds = length.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size:.0f}{unit}"
    return f"{seconds:g}s"


def plain(value: Any) -> Any:
    """Return the JSON form of a time or a length.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(value, date):  # a datetime, too
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
