"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import Literal, NamedTuple

Kind = Literal["same", "removed", "added"]
Unit = Literal["words", "paragraphs", "whole"]
STEPS = 3_000_000
"""Comparisons that `bounded_diff` makes of each unit, a second or so of work at most."""
_WORDS = re.compile(r"\S+\s*")
_PARAGRAPHS = re.compile(r"[^\n]+\n*")


class Change(NamedTuple):
    """A run of text and what became of it."""

    kind: Kind
    text: str


class Diff(NamedTuple):
    """What changed, and what was compared: "whole" where nothing smaller could be within bounds."""

    changes: list[Change]
    unit: Unit


class _TooManySteps(Exception):
    pass


class _Bounded(SequenceMatcher[str]):
    """Gives up where texts that repeat themselves would keep it busy: its work may grow with their cube."""

    def __init__(self, before: Sequence[str], after: Sequence[str], steps: int) -> None:
        if len(before) + len(after) > steps // 10:
            raise _TooManySteps
        super().__init__(None, before, after, autojunk=False)
        times = Counter(after)
        costs = (1 + times[word] for word in before)
        self._costs, self._left = list(accumulate(costs, initial=0)), steps

    def find_longest_match(  # type: ignore[override]  # called with all four by get_matching_blocks
        self, alo: int, ahi: int, blo: int, bhi: int
    ) -> Match:
        self._left -= self._costs[ahi] - self._costs[alo]
        if self._left < 0:
            raise _TooManySteps
        return super().find_longest_match(alo, ahi, blo, bhi)


def word_diff(before: str, after: str) -> list[Change]:
    """Return the runs that stayed, went and came, in reading order."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    return _changes(old, new, SequenceMatcher(None, _bare(old), _bare(new), autojunk=False))


def bounded_diff(before: str, after: str, steps: int = STEPS) -> Diff:
    """Return what `word_diff` does, for texts of any size: by paragraphs where words would take too long.

    Args:
        before: the older text.
        after: the newer text.
        steps: comparisons for each unit.
    """
    # most edits are small: what both begin and end with need not be compared word by word
    head = _boundary(before, _alike(before, after))
    old, new = before[head:], after[head:]
    tail = _tail(old, _alike(old[::-1], new[::-1]))
    kept = len(old) - tail
    middle = _compared(old[:kept], new[: len(new) - tail], steps)
    ends = Change("same", before[:head]), Change("same", old[kept:])
    return Diff(_joined([ends[0], *middle.changes, ends[1]]), middle.unit)


def _compared(before: str, after: str, steps: int) -> Diff:
    units: tuple[tuple[Unit, re.Pattern[str]], ...] = (
        ("words", _WORDS),
        ("paragraphs", _PARAGRAPHS),
    )
    for unit, pattern in units:
        if unit == "words" and len(before) + len(after) > steps:
            continue  # so many that finding them would take as long as comparing
        old, new = pattern.findall(before), pattern.findall(after)
        try:
            return Diff(_changes(old, new, _Bounded(_bare(old), _bare(new), steps)), unit)
        except _TooManySteps:
            continue
    return Diff([Change("removed", before), Change("added", after)], "whole")


def _joined(changes: list[Change]) -> list[Change]:
    joined: list[Change] = []
    for change in changes:
        if joined and joined[-1].kind == change.kind:
            joined[-1] = Change(change.kind, joined[-1].text + change.text)
        elif change.text:
            joined.append(change)
    return joined


def _alike(one: str, other: str) -> int:
    """Return with how many characters both begin."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        half = (low + high + 1) // 2
        if other.startswith(one[low:half], low):
            low = half
        else:
            high = half - 1
    return low


def _boundary(text: str, at: int) -> int:
    """Return where the word at a place begins."""
    return max(text.rfind(blank, 0, at) for blank in " \n") + 1


def _tail(text: str, size: int) -> int:
    """Return how many of the last `size` characters are whole words."""
    start = len(text) - size
    blanks = [place for blank in " \n" if (place := text.find(blank, start)) >= 0]
    return len(text) - min(blanks) - 1 if blanks else 0


def _bare(parts: Sequence[str]) -> list[str]:
    return [part.rstrip() for part in parts]


def _changes(old: list[str], new: list[str], matcher: SequenceMatcher[str]) -> list[Change]:
    changes: list[Change] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            # the last word of a text has no blank behind it, where the other text goes on
            same = old[a:b] if old[b - 1][-1:].isspace() else new[c:d]
            changes.append(Change("same", "".join(same)))
            continue
        if a < b:
            changes.append(Change("removed", "".join(old[a:b])))
        if c < d:
            changes.append(Change("added", "".join(new[c:d])))
    return changes


def around(changes: list[Change], words: int = 6) -> list[Change]:
    """Shorten long unchanged runs to `words` words beside a change, the rest to an ellipsis."""
    shown: list[Change] = []
    for index, change in enumerate(changes):
        if change.kind != "same":
            shown.append(change)
            continue
        parts = _WORDS.findall(change.text)
        head = parts[:words] if index else []
        tail = parts[-words:] if index < len(changes) - 1 else []
        if len(parts) > len(head) + len(tail) + 2:
            shown.append(Change("same", "".join([*head, "… ", *tail])))
        else:
            shown.append(change)
    return shown
