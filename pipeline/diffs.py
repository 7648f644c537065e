"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

Kind = Literal["same", "removed", "added"]
_WORDS = re.compile(r"\S+\s*")


class Change(NamedTuple):
    """A run of text and what became of it."""

    kind: Kind
    text: str


def word_diff(before: str, after: str) -> list[Change]:
    """Return the runs that stayed, went and came, in reading order."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    changes: list[Change] = []
    bare_old, bare_new = [word.rstrip() for word in old], [word.rstrip() for word in new]
    matcher = SequenceMatcher(None, bare_old, bare_new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            changes.append(Change("same", "".join(old[a:b])))
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
