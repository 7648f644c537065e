"""Where articles stood, for human eyes: how long, how high, and under which headlines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from jobs.showing import diff_line
from pipeline.diffs import word_diff
from pipeline.store.sightings import Standing
from pipeline.text import one_line


def standings(found: Sequence[Standing], zone: ZoneInfo) -> Iterator[Text]:
    """Yield a line for each listing that showed the article."""
    for it in found:
        first, last = (
            f"{at.astimezone(zone):%F %H:%M}" for at in (it.first_seen_at, it.last_seen_at)
        )
        yield Text(
            f"listed by {one_line(it.source)}: {_length(it.minutes)}, {first} to {last},"
            f" best rank {it.best_rank}, last {it.last_rank}: {one_line(it.listing)}",
            style="dim",
        )


def listed_headlines(found: Sequence[Standing], zone: ZoneInfo, *, colour: bool) -> Iterator[Text]:
    """Yield the standings, below each of them how the listed headline changed, as word diffs."""
    for it in found:
        yield from standings([it], zone)
        for before, after in pairwise(it.headlines):
            changes = word_diff(before.headline, after.headline)
            when = f"{after.first_seen_at.astimezone(zone):%F %H:%M}"
            yield diff_line(f"listed {when}", changes, colour=colour)


def as_json(found: Sequence[Standing], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the standings as `gisa history --listings --format json` prints them."""
    return [
        {
            "source": it.source,
            "listing": it.listing,
            "first_seen_at": it.first_seen_at.astimezone(zone),
            "last_seen_at": it.last_seen_at.astimezone(zone),
            "looks": it.looks,
            "minutes": it.minutes,
            "best_rank": it.best_rank,
            "last_rank": it.last_rank,
            "headlines": [
                {
                    "headline": head.headline,
                    "first_seen_at": head.first_seen_at.astimezone(zone),
                    "last_seen_at": head.last_seen_at.astimezone(zone),
                    "looks": head.looks,
                }
                for head in it.headlines
            ],
        }
        for it in found
    ]


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"
