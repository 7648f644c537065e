"""Which of the candidates an operator would take first (decision 0027)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobs.checking import Checked
from pipeline.discover.autodiscovery import Candidate

_HALF = 0.5
_STALE = timedelta(days=30)
"""A feed that is so much older than what another candidate shows was left behind by its site."""


@dataclass(frozen=True)
class Tried:
    """A candidate and what came of it; `known_as` is the source that has it already, and then it was not tried.

    `doubt` is why it comes after those without one.
    """

    candidate: Candidate
    checked: Checked | None = None
    known_as: str | None = None
    doubt: str | None = None

    @property
    def can_be_added(self) -> bool:
        """Can it be read, and is it not configured yet?"""
        return self.checked is not None and self.checked.problem is None

    @property
    def is_blocked(self) -> bool:
        """Are we not welcome there?"""
        return self.checked is not None and self.checked.is_blocked

    @property
    def problem(self) -> str | None:
        """Why it cannot be read."""
        return self.checked.problem if self.checked else None


def ranked(tried: Sequence[Tried]) -> list[Tried]:
    """Return the best first: portals' lists, feeds with dates, news sitemaps, feeds, pages of links, sitemaps.

    Those in doubt come after all others, then what is configured already, then what cannot be read.
    """
    newest = max((at for it in tried if (at := _newest(it))), default=None)
    ordered = sorted(tried, key=_place)
    seen: list[tuple[int, frozenset[str]]] = []
    judged: list[Tried] = []
    for it in ordered:
        doubt = _doubt(it, newest) or _same(it, seen)
        judged.append(replace(it, doubt=doubt) if it.can_be_added else it)
        if it.can_be_added and not doubt:
            seen.append((len(seen) + 1, _ids(it)))
    return sorted(
        judged, key=lambda it: (not it.can_be_added, it.problem is not None, bool(it.doubt))
    )


def _place(it: Tried) -> tuple[bool, int]:
    """A doubtful one must not be what others are compared with, so those of comments come last at once."""
    return it.candidate.is_of_comments, _tier(it)


def _tier(it: Tried) -> int:
    entries = it.checked.entries if it.checked else ()
    dated = sum(entry.published_at is not None for entry in entries) > _HALF * len(entries)
    titled = sum(bool(entry.headline) for entry in entries) > _HALF * len(entries)
    match it.candidate.kind:
        case "portal":
            return 0
        case "feed":
            return 1 if dated else 3
        case "listing":
            return 4
        case _:
            return 2 if dated and titled else 5


def _doubt(it: Tried, newest: datetime | None) -> str | None:
    if it.candidate.is_of_comments:
        return "a feed of comments"
    own = _newest(it)
    if own and newest and newest - own > _STALE:
        return f"its newest entry is of {own:%F}: it seems to be left behind"
    return None


def _newest(it: Tried) -> datetime | None:
    """What a document says, or else its first article."""
    if it.checked is None:
        return None
    said = it.checked.record and it.checked.record["published_at"]
    return it.checked.newest or (datetime.fromisoformat(said) if said else None)


def _same(it: Tried, better: Sequence[tuple[int, frozenset[str]]]) -> str | None:
    own = _ids(it)
    number = next((number for number, ids in better if own and own <= ids), None)
    return f"nothing that {number} does not have" if number else None


def _ids(it: Tried) -> frozenset[str]:
    return (
        frozenset(entry.article_id for entry in it.checked.entries) if it.checked else frozenset()
    )
