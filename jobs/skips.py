"""Runs that did not run: each is a row of `runs` and a line of the log, and many in a row are one of both."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from jobs.triggers import MOST_COUNTED
from pipeline.errors import StoreError
from pipeline.records import Source
from pipeline.store import Store
from pipeline.store.runs import Skip

log = logging.getLogger("gisa.daemon")

_SAID = {
    "missed": "the daemon was off or held up, or the machine asleep; made up for once",
    "overrun": "the last crawl was still running",
    "waiting": "the last crawl was still waiting for its turn",
}


class Skips:
    """Writes down what did not run."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._rows: dict[str, tuple[int, Skip]] = {}

    def note(self, source: Source, skip: Skip, zone: ZoneInfo, *, waiting: bool = False) -> None:
        """Write it down; further overruns of one and the same crawl go into its row.

        `waiting` is whether that crawl waits for others to end.
        """
        now = self._clock()
        row, before = self._rows.get(skip.source, (None, None))
        if skip.why == "overrun" and before:
            skip = replace(skip, due=before.due, times=before.times + skip.times)
        else:
            row = None
        skip = replace(skip, detail=_said(skip, zone, "waiting" if waiting else skip.why))
        if row is None or skip.times in (10, 100, 1000):  # the row has the number
            extra = {"source": skip.source, "outcome": skip.why, "due": skip.due.isoformat()}
            log.warning("%s %s: %s", skip.source, skip.why, skip.detail, extra=extra)
        try:
            self._store.sources.remember(source, now)
            row = self._store.runs.note_skipped(skip, now, row)
        except StoreError as error:
            log.error("%s: %s", skip.source, error, extra={"source": skip.source})
            return
        if skip.why == "overrun":
            self._rows[skip.source] = (row, skip)

    def ended(self, name: str) -> None:
        """A crawl of the source ended: what it keeps from running next is another row."""
        self._rows.pop(name, None)


def _said(skip: Skip, zone: ZoneInfo, why: str) -> str:
    more = skip.times - 1
    least = "at least " if skip.why == "missed" and skip.times >= MOST_COUNTED else ""
    again = f" and {least}{more} time{'s' if more > 1 else ''} more" if more else ""
    return f"due {skip.due.astimezone(zone):%F %H:%M}{again}, {_SAID[why]}"
