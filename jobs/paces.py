"""What listings usually bring, kept in memory: pages that show fifty sources would learn it anew each time."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from pipeline.store import Store
from pipeline.store.usual import Pace

_Key: TypeAlias = tuple[str, str, datetime, tuple[object, ...]]
_MOST = 2_000
"""Paces that are kept, 6 kB each."""


class Paces:
    """Learns each pace once an hour, and again when a drift of its source begins, goes on, ends or is accepted.

    So it is what the database says, but for looks that were a day apart: what such a look adds to the day
    before is counted from the next hour on. Threads may share it.
    """

    def __init__(self) -> None:
        self._kept: dict[_Key, Pace] = {}

    def of(self, store: Store, source: str, listing: str, until: datetime) -> Pace:
        """Return what a listing brings as usual, by the weeks before a whole hour."""
        key = (source, listing, until, store.drifts.mark(source))
        pace = self._kept.get(key)
        if pace is None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            pace = self._kept[key] = store.usual.pace(source, listing, until)
        return pace
