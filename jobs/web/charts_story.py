"""When the articles of a story appeared, as SVG: marks on a line, or a line for each of them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from pipeline.store.stories import Member

ROW = 28
"""Pixels between two lines; the names beside them are as high."""
_HIGH = 24
_LEFT, _RIGHT = 2, 98
"""Percent of the width where the first and the last mark stand, so that none is cut."""
_MARKS = {
    "first": "M0-7L7 0L0 7L-7 0Z",
    "same": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z",
    "copy": "M-4.5-4.5h9v9h-9Z",
}
"""A diamond for who was first, circles for the same article elsewhere, squares for copies."""


def story_line(members: Sequence[Member], title: str) -> Markup:
    """Return all members on one line; the earliest comes first among them.

    Args:
        members: of one story, at least one.
        title: what the line says, in words.
    """
    marks = [_mark(place, _HIGH / 2, kind) for place, kind in _placed(members)]
    return _drawn(_HIGH, title, [_track(_HIGH / 2), *reversed(marks)])


def story_lines(members: Sequence[Member], title: str) -> Markup:
    """Return a line for each member, the earliest on top; names stand beside it, not in it."""
    parts = list[Markup]()
    for number, (place, kind) in enumerate(_placed(members)):
        middle = number * ROW + ROW / 2
        parts += [_track(middle), _mark(place, middle, kind)]
    return _drawn(len(members) * ROW, title, parts)


def _placed(members: Sequence[Member]) -> list[tuple[float, str]]:
    """Return where each mark stands, in percent of the width, and its kind."""
    times = [member.published_at or member.first_seen_at for member in members]
    begin, length = min(times), (max(times) - min(times)).total_seconds() or 1.0
    kinds = ["first", *("same" if m.relation == "same" else "copy" for m in members[1:])]
    return [
        (_LEFT + (_RIGHT - _LEFT) * (at - begin).total_seconds() / length, kind)
        for at, kind in zip(times, kinds, strict=True)
    ]


def _track(middle: float) -> Markup:
    return Markup('<line class="axis" x1="0" x2="100%" y1="{}" y2="{}"/>').format(middle, middle)


def _mark(place: float, middle: float, kind: str) -> Markup:
    # percentages place a mark at any width, and do not stretch it as a viewBox would
    return Markup(
        '<svg class="mark {}" x="{}%" y="{}" overflow="visible"><path d="{}"/></svg>'
    ).format(kind, f"{place:.2f}", middle, _MARKS[kind])


def _drawn(high: int, title: str, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="moments" role="img" width="100%" height="{}"><title>{}</title>{}</svg>'
    ).format(high, title, Markup("").join(parts))
