"""How far a backfill is, and what can honestly be said of its end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from pipeline.backfilling.work import Told
from pipeline.text import one_line

_LINE_EVERY = 30.0
"""Seconds between two lines where there is no terminal."""
_RATED_FROM = 5
"""Articles after which a rate says something."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Articles a second, and how long it will take: at least for what is known, and perhaps in all.

    `at_least` is exact to the rate once every listing is read; `perhaps` supposes that the days that are not
    listed yet are like those that are. None where nothing can be said.
    """

    rate: float
    at_least: timedelta
    perhaps: timedelta | None = None


def estimate(told: Told, seconds: float) -> Estimate | None:
    """Return what the pace of so many seconds allows to say; None before there is a pace."""
    if told.done_now < _RATED_FROM or seconds <= 0:
        return None
    rate = told.done_now / seconds
    least = (told.known - told.done) / rate
    perhaps = None
    if told.unit == "days" and 0 < told.listings_done < told.listings:
        whole = told.known / told.listings_done * told.listings
        perhaps = timedelta(seconds=max(least, (whole - told.done) / rate))
    return Estimate(rate, timedelta(seconds=least), perhaps)


def sentence(told: Told, seconds: float) -> str:
    """Return a line about how far a backfill is, short enough for a terminal."""
    may_grow = told.listings_done < told.listings
    parts = [
        f"{told.listings_done}/{told.listings} {told.unit}",
        f"{told.done}/{told.known}{'+' if may_grow else ''} articles",
    ]
    found = estimate(told, seconds)
    if found and (may_grow or told.done < told.known):
        parts.append(f"{found.rate:.2g}/s")
        parts.append(f"{'at least ' if may_grow else ''}{_short(found.at_least)} left")
    if found and found.perhaps:
        parts.append(f"perhaps {_short(found.perhaps)}")
    return ", ".join(parts)


def _short(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d {hours}h"
    if hours:
        return f"{hours}h {minutes:02}m"
    return f"{minutes}m {seconds:02}s" if minutes else f"{seconds}s"


@dataclass
class Shown:
    """What a backfill tells, shown by `show`: done, total and a sentence."""

    show: Callable[[Told, str], None]
    now: Callable[[], float] = time.monotonic
    _began: float | None = None
    _last: Told | None = None

    def progress(self, told: Told) -> None:
        """Show how far it is."""
        now = self.now()
        self._began = now if self._began is None else self._began
        self._last = told
        self.show(told, sentence(told, now - self._began))

    def waiting(self, source: str) -> None:
        """Show that a crawl goes first."""
        if self._last:
            self.show(self._last, f"waiting for the crawl of {source}")


@dataclass
class Lines:
    """A line on stderr every so often."""

    now: Callable[[], float] = time.monotonic
    _next: float = field(default=float("-inf"))

    def __call__(self, told: Told, said: str) -> None:
        """Print it, if the last one was long enough ago."""
        if self.now() >= self._next:
            self._next = self.now() + _LINE_EVERY
            print(f"{told.source}: {one_line(said, 300)}", file=sys.stderr, flush=True)


@contextmanager
def shown(*, quiet: bool) -> Iterator[Shown]:
    """Show how a backfill goes: a bar on a terminal, a line every so often elsewhere."""
    if quiet:
        yield Shown(lambda _told, _said: None)
    elif not sys.stderr.isatty():
        yield Shown(Lines())
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn
        from rich.table import Column

        said = Column(ratio=1, no_wrap=True, overflow="ellipsis")
        columns = (
            TextColumn("{task.description}", table_column=Column(no_wrap=True)),
            BarColumn(8),
            TextColumn("{task.fields[said]}", table_column=said),
        )
        console = Console(file=sys.stderr)
        with Progress(*columns, console=console, transient=True, expand=True) as bars:
            bar = bars.add_task("", total=None, said="")

            def show(told: Told, said: str) -> None:
                # the bar is of listings until all are read: only then is it known how many articles there are
                listing = told.listings_done < told.listings
                done, total = (
                    (told.listings_done, told.listings) if listing else (told.done, told.known)
                )
                bars.update(
                    bar, description=told.source, completed=done, total=total or None, said=said
                )

            yield Shown(show)
