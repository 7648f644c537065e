"""How well records agree with what is known of their pages.

Bodies are compared by their 4-word shingles, with and without the deck before the text: some publishers count
it as body. Headlines are equal but for blanks and labels in brackets, authors are compared by name; times are
the same instant, or the same day where one of them has no offset.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from statistics import fmean
from typing import Any, NamedTuple

Row = dict[str, Any]
_SHINGLE = 4
_WIDE = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Letters of scripts without blanks between words: each is a token, where others are taken as words."""
_TOKEN = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")
_LABELS = re.compile(r"^\s*(?:\[[^\]]{1,14}\]\s*)+|\s*\(종합\d?보?\)\s*$")


class Agreement(NamedTuple):
    """Of one body with another."""

    f1: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over the pages that the truth is known of; None where it is known of none, or never answered."""

    pages: int
    unanswered: int
    body: Agreement | None
    headline: float | None
    authors: float | None
    published_at: float | None
    begins: float | None
    ends: float | None


def quality(rows: Sequence[Row], answers: dict[str, Row]) -> Quality:
    """Return how well the answers, by page id, agree with the rows; no answer counts as a wrong one."""

    def share(known: str, answered: str, agree: Callable[[Any, Any], float]) -> float | None:
        if not any(answered in answer for answer in answers.values()):
            return None
        hits = [
            agree(row[known], answers.get(row["id"], {}).get(answered))
            for row in rows
            if row.get(known) is not None and (known.startswith("body") or _is_whole(row))
        ]
        return fmean(hits) if hits else None

    return Quality(
        pages=len(rows),
        unanswered=sum("error" in answers.get(row["id"], {"error": ""}) for row in rows),
        body=_bodies(rows, answers),
        headline=share("title", "headline", same_headline),
        authors=share("authors", "authors", names_in_common),
        published_at=share("published_at", "published_at", same_time),
        begins=share("body_first60", "text", lambda known, said: _folded(said).startswith(_folded(known))),
        ends=share("body_last60", "text", lambda known, said: _folded(said).endswith(_folded(known))),
    )  # fmt: skip


def _is_whole(row: Row) -> bool:
    """A fragment of a page has its body, but no headline of its own."""
    return bool(row.get("kind", "article") == "article")


def _bodies(rows: Iterable[Row], answers: dict[str, Row]) -> Agreement | None:
    """Return the means of precision and recall, and the F1 of these."""
    if not any("text" in answer for answer in answers.values()):
        return None
    pages = [
        max(same_body(row["body"], said) for said in _readings(answers.get(row["id"], {})))
        for row in rows
        if row.get("body") is not None
    ]
    if not pages:
        return None
    precision, recall = fmean(p.precision for p in pages), fmean(p.recall for p in pages)
    return Agreement(_f1(precision, recall), precision, recall)


def _readings(answer: Row) -> set[str]:
    text, summary = answer.get("text") or "", answer.get("summary") or {}
    stated = None if summary.get("by") == "portal" else summary.get("text")
    decks = [deck for deck in (answer.get("subheadline"), stated) if deck]
    return {text, *(f"{deck}\n{text}" for deck in decks)}


def same_body(known: str, said: str) -> Agreement:
    """Compare two texts; each shingle counts as often as it stands in both."""
    ours, theirs = _shingles(known), _shingles(said)
    common = (ours & theirs).total()
    precision = common / theirs.total() if theirs else float(not ours)
    recall = common / ours.total() if ours else 1.0
    return Agreement(_f1(precision, recall), precision, recall)


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    """A text shorter than a shingle is one."""
    tokens = _TOKEN.findall(text)
    if 0 < len(tokens) < _SHINGLE:
        return Counter([tuple(tokens)])
    return Counter(zip(*(islice(tokens, start, None) for start in range(_SHINGLE)), strict=False))


def _f1(precision: float, recall: float) -> float:
    whole = precision + recall
    return 2 * precision * recall / whole if whole else 0.0


def same_headline(known: str, said: str | None) -> float:
    """Are they equal, or equal without labels like "[단독]" and "(종합2보)"?"""
    said = said or ""
    is_same = _folded(known) == _folded(said)
    return float(is_same or _folded(_LABELS.sub("", known)) == _folded(_LABELS.sub("", said)))


def names_in_common(known: Iterable[Any], said: Iterable[Any] | None) -> float:
    """Return the F1 of two lists of authors."""
    ours, theirs = _names(known), _names(said or ())
    whole = len(ours) + len(theirs)
    return 2 * len(ours & theirs) / whole if whole else 1.0


def _names(authors: Iterable[Any]) -> set[str]:
    """An author is a name, or a mapping that has one."""
    said = (author.get("name") if isinstance(author, dict) else author for author in authors)
    return {name for author in said if (name := _folded(author).casefold())}


def same_time(known: str, said: str | None) -> float:
    """Are they the same instant? A date alone, or a time without its offset, is compared by the day."""
    ours, theirs = _time(known), _time(said)
    if ours is None or theirs is None:
        return float(ours is theirs)
    if ours.tzinfo and theirs.tzinfo:
        return float(ours == theirs)
    return float(ours.date() == theirs.date())


def _time(said: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(said) if said else None
    except ValueError:
        return None


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())
