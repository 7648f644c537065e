"""What changed between any two states of an article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from jobs.web.article_address import address, asked_id, elsewhere, found
from jobs.web.language import translator
from jobs.web.rendering import language_of, rendered
from jobs.web.revision_diff import Differences, Telling, differences
from jobs.web.site import site_of
from jobs.web.wording import word
from pipeline.store import Store
from pipeline.store.articles import Revision
from pipeline.store.revisions import Turn

_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two states, what differs, and why: the causes of the states behind the older one, up to the newer one."""

    headline: str
    turns: tuple[Turn, ...]
    before: Revision
    after: Revision
    differences: Differences
    causes: tuple[str, ...]


async def view(datasette: Datasette, request: Request) -> Response:
    """Return the page; without numbers it compares the newest two states."""
    site, key, t = site_of(datasette), asked_id(request), translator(language_of(request))
    zone = site.config.zone
    how = Telling(t, partial(_local, zone), site.config.pipeline.keep_emails)
    asked = (request.args.get("from"), request.args.get("to"))
    whole = request.args.get("all") == "1"

    seen = await site.read(datasette, lambda store: _look(store, key, asked, how, whole=whole))
    if isinstance(seen, str):
        return elsewhere(request, seen, "/diff")
    numbers = [turn.revision for turn in seen.turns]
    context = {
        "it": seen,
        "id": key,
        "address": address(key),
        "whole": whole,
        "earlier": _beside(numbers, seen.before.revision, seen.after.revision, 1),
        "later": _beside(numbers, seen.before.revision, seen.after.revision, -1),
        "word": partial(word, t),
    }
    return await rendered(datasette, request, "article_diff.html", context)


def _look(
    store: Store, key: str, asked: tuple[str | None, str | None], how: Telling, *, whole: bool
) -> Compared | str:
    stored = found(store, key)
    if isinstance(stored, str):
        return stored
    turns = store.revisions.turns(key)
    numbers = [turn.revision for turn in turns]
    newer = _chosen(asked[1], numbers, 0)
    older = _chosen(asked[0], numbers, min(numbers.index(newer) + 1, len(numbers) - 1))
    before, after = store.revisions.get(key, older), store.revisions.get(key, newer)
    assert before  # the turns are of this snapshot
    assert after
    low, high = sorted((older, newer))
    return Compared(
        stored.article.headline,
        tuple(turns),
        before,
        after,
        differences(before.record, after.record, how, whole=whole),
        tuple(dict.fromkeys(turn.cause for turn in turns if low < turn.revision <= high)),
    )


def _chosen(asked: str | None, numbers: list[int], otherwise: int) -> int:
    """Return the revision that is asked for, the nearest one there is, or that at a place of the list."""
    if asked is None or not _NUMBER.fullmatch(asked):
        return numbers[otherwise]
    return min(numbers, key=lambda number: abs(number - int(asked)))


def _beside(numbers: list[int], older: int, newer: int, by: int) -> tuple[int, int] | None:
    """Return the pair of neighbours before or behind these two; numbers run from the newest to the oldest."""
    edge = numbers.index(min(older, newer) if by > 0 else max(older, newer))
    place = edge + by
    if not 0 <= place < len(numbers):
        return None
    low, high = sorted((numbers[edge], numbers[place]))
    return low, high


def _local(zone: ZoneInfo, at: str | None) -> str:
    return f"{datetime.fromisoformat(at).astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""
