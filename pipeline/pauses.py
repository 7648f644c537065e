"""Pauses between looks at a source, and the hours that were watched all the same."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

HOUR = timedelta(hours=1)


def unwatched(looks: Sequence[datetime], patience: timedelta) -> list[tuple[datetime, datetime]]:
    """Return the pauses between looks (in order) that are longer than `patience`."""
    return [(a, b) for a, b in pairwise(looks) if b - a > patience]


def watched(looks: Sequence[datetime], patience: timedelta) -> Iterator[datetime]:
    """Yield every whole hour between the first and the last look that touches no longer pause."""
    pauses = [*unwatched(looks, patience)]
    if not looks:
        return
    hour, last, at = whole(looks[0]) + HOUR, whole(looks[-1]), 0
    while hour < last:
        while at < len(pauses) and pauses[at][1] <= hour:
            at += 1
        if at == len(pauses) or pauses[at][0] >= hour + HOUR:
            yield hour
        hour += HOUR


def usual_pause(looks: Sequence[datetime]) -> timedelta | None:
    """Return the median time between looks, None with fewer than three."""
    if len(looks) < 3:
        return None
    pauses = [(b - a).total_seconds() for a, b in pairwise(looks)]
    return timedelta(seconds=statistics.median(pauses))


def whole(at: datetime) -> datetime:
    """Return the start of the hour."""
    return at.replace(minute=0, second=0, microsecond=0)
