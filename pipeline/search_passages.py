"""How well an article answers a query, and the passage that shows it, with the places of what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.search_query import Needle, Query
from pipeline.search_terms import fold, spread
from pipeline.text import clean

Range = tuple[int, int]
"""Where something stands in a text: from, and up to but not with."""

WIDTH = 120
"""Characters of a passage: two lines of a terminal, as Hangul is twice as wide."""
_LOOKED_AT = 2_000
"""Places in one text among which the best passage is chosen."""
_SNAP = 12
"""Characters that are given up for beginning and ending a passage between two words."""

_WEIGHTS = {"headline": 3.0, "authors": 2.0, "publisher": 1.0, "text": 1.0}
"""What a field's best is worth beside the text's: one word in the headline is more than many in the text."""
_SATURATION, _LENGTH_SHARE, _USUAL_LENGTH = 1.2, 0.75, 1_500
"""BM25's k1 and b, and the characters of a usual text."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and where in it the query was found."""

    text: str
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    """The folded texts of an article that a search looks at."""

    headline: str
    text: str
    authors: str
    publisher: str

    @property
    def all(self) -> tuple[str, ...]:
        """All of them, those that are quickly looked through first."""
        return (self.headline, self.publisher, self.authors, self.text)


def fields_of(headline: str, text: str, authors: Sequence[str], publisher: str | None) -> Fields:
    """Return the texts of an article as they are compared."""
    return Fields(fold(headline), fold(text), fold("\n".join(authors)), fold(publisher or ""))


def weights(query: Query, fields: Fields) -> list[float] | None:
    """Return how much of each needle an article has, by BM25 over its fields; None if it does not answer."""
    if not query.is_met(fields.all):
        return None
    length = 1 - _LENGTH_SHARE + _LENGTH_SHARE * len(fields.text) / _USUAL_LENGTH
    return [_weight(needle, fields, length) for needle in query.needles]


def _weight(needle: Needle, fields: Fields, length: float) -> float:
    weight = 0.0
    for name, worth in _WEIGHTS.items():
        times = needle.weigh(getattr(fields, name))
        room = _SATURATION * (length if name == "text" else 1)
        weight += worth * times * (_SATURATION + 1) / (times + room)
    return weight


def marked(text: str, needles: Sequence[Needle]) -> Passage:
    """Return the whole text as one clean line, and where the needles stand in it."""
    line = clean(text)
    return Passage(line, _merged([(start, end) for start, end, _ in _found(line, needles)]))


def passage(text: str, needles: Sequence[Needle], width: int = WIDTH) -> Passage:
    """Return about `width` characters round the place where most of the query stands together."""
    line = clean(text)
    found = _found(line, needles)
    first, last = _cluster(found, width)
    start, end = _window(line, first, last, width)
    left, right = "…" * (start > 0), "…" * (end < len(line))
    shift = len(left) - start
    ranges = [
        (max(at, start) + shift, min(to, end) + shift)
        for at, to, _ in found
        if at < end and to > start
    ]
    return Passage(left + line[start:end] + right, _merged(ranges))


def _found(line: str, needles: Sequence[Needle]) -> list[tuple[int, int, int]]:
    """Return (start, end, number of the needle) in the order of the text."""
    folded = fold(line)
    same = line.replace("…", "⋯").casefold()
    places: list[Range] = []
    if folded != same or len(folded) != len(line):
        folded, places = _with_places(line)
    found = []
    for number, needle in enumerate(needles):
        for match, _ in zip(needle.pattern.finditer(folded), range(_LOOKED_AT), strict=False):
            start, end = match.span()
            if places:
                start, end = places[start][0], places[end - 1][1]
            found.append((start, end, number))
    return sorted(found)[:_LOOKED_AT]


def _with_places(line: str) -> tuple[str, list[Range]]:
    """Return the folded line, and for each character of it where it comes from."""
    folded: list[str] = []
    places: list[Range] = []
    for piece, start, end in spread(line):
        folded.append(piece)
        if start == end:
            places += zip(
                range(start, start + len(piece)),
                range(start + 1, start + len(piece) + 1),
                strict=True,
            )
        else:
            places += [(start, end)] * len(piece)
    return "".join(folded), places


def _cluster(found: Sequence[tuple[int, int, int]], width: int) -> Range:
    """Return from where to where the richest window goes: most different needles, then most places."""
    best, best_range = (0, 0), (0, 0)
    counted: Counter[int] = Counter()
    first = 0
    for last, (_, end, number) in enumerate(found):
        counted[number] += 1
        while end - found[first][0] > width and first < last:
            counted[found[first][2]] -= 1
            first += 1
        richness = (sum(map(bool, counted.values())), last - first + 1)
        if richness > best:
            best, best_range = richness, (found[first][0], end)
    return best_range


def _window(line: str, first: int, last: int, width: int) -> Range:
    """Return the window of that width round a cluster, cut between words where there is room for it."""
    last = min(last, first + width)
    start = max(0, first - max(0, width - (last - first)) // 3)
    end = min(len(line), start + width)
    start = max(0, min(start, end - width))
    if start:
        blank = line.find(" ", start, min(start + _SNAP, first + 1))
        start = blank + 1 if blank >= 0 else start
    if end < len(line):
        blank = line.rfind(" ", max(end - _SNAP, last), end)
        end = blank if blank >= 0 else end
    return start, end


def _merged(ranges: Sequence[Range]) -> tuple[Range, ...]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
