"""How high an article stood on a listing over time, as SVG: rank 1 at the top, gaps where it was not listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from markupsafe import Markup

from jobs.web.language import Translate
from pipeline.store.sightings import Course, Stay

Span = tuple[datetime, datetime]

_WIDE, _HIGH, _EDGE = 1000, 100, 8
_LEAST = 4
"""How wide a stay is drawn at least: the newest look has no length yet."""
_WORST_LEAST = 5
"""A listing on which an article stood first and second only should not look like a fall to the ground."""


def span_of(courses: Sequence[Course]) -> Span | None:
    """Return from when to when courses go, so that all are drawn on one scale; None where there are none."""
    stays = [stay for course in courses for stay in course.stays]
    if not stays:
        return None
    return min(stay.since for stay in stays), max(stay.until for stay in stays)


def worst_of(course: Course) -> int:
    """Return the rank at the lower edge of a course's chart."""
    return max(_WORST_LEAST, *(stay.rank for stay in course.stays))


def rank_chart(course: Course, span: Span, title: str) -> Markup:
    """Return the chart of one listing, without words: it grows with the page, and letters would with it.

    Args:
        course: what is drawn.
        span: from when to when the drawing goes.
        title: what it says, in words.
    """
    begin, length = span[0], max((span[1] - span[0]).total_seconds(), 1.0)
    worst = worst_of(course)

    def across(at: datetime) -> int:
        return round(_WIDE * (at - begin).total_seconds() / length)

    def down(rank: int) -> int:
        return _EDGE + round((_HIGH - 2 * _EDGE) * (rank - 1) / (worst - 1))

    return Markup(
        '<svg class="ranks" role="img" viewBox="0 0 {} {}" preserveAspectRatio="none"><title>{}</title>'
        '<path class="axis" d="M0 {}H{}M0 {}H{}"/><path class="line" d="{}"/></svg>'
    ).format(
        _WIDE, _HIGH, title, down(1), _WIDE, down(worst), _WIDE,
        "".join(_steps(course.stays, across, down)),
    )  # fmt: skip


def said_of(course: Course, t: Translate) -> str:
    """Return in words what a chart shows."""
    ranks = [stay.rank for stay in course.stays]
    return t(
        "article.chart.title", best=min(ranks), worst=max(ranks), first=ranks[0], last=ranks[-1]
    )


def _steps(
    stays: Sequence[Stay], across: Callable[[datetime], int], down: Callable[[int], int]
) -> Iterator[str]:
    """Yield the line as SVG has it: along a rank, down or up to the next one, and anew behind a gap."""
    before: datetime | None = None
    for stay in stays:
        start, end = across(stay.since), across(stay.until)
        if stay.since == before:
            yield f"V{down(stay.rank)}H{end}"
        else:
            start = min(start, _WIDE - _LEAST)
            yield f"M{start} {down(stay.rank)}H{max(end, start + _LEAST)}"
        before = stay.until
