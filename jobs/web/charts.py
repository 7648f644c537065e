"""Charts drawn here, as SVG: pure functions from figures to markup. Colours are classes of the style sheet.

A chart is stretched to the width that it gets, so no text is in it: what a bar is, its title tells; axes and
figures are HTML beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

_EMPTY = Markup("")
_WIDE, _HIGH = 960, 200
"""Size of a large chart in its own units."""
_SMALL_WIDE, _SMALL_HIGH = 240, 44
_GAP = 0.18
"""Share of a bar's place that is left free."""

_OPEN = Markup(
    '<svg class="chart {}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"><title>{}</title>'
)
_CLOSE = Markup("</svg>")
_RECT = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>')
_LINE = Markup('<polyline class="{}" points="{}" vector-effect="non-scaling-stroke"/>')
_DEFS = Markup(
    '<defs><pattern id="stripes-1" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<path class="stripe" d="M0 6L6 0" vector-effect="non-scaling-stroke"/></pattern>'
    '<pattern id="stripes-2" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<path class="stripe" d="M0 3H6" vector-effect="non-scaling-stroke"/></pattern></defs>'
)
SERIES = 6
"""How many series of a stacked chart have a look of their own: four colours, two of them striped, and one
for the rest."""
_STRIPES = {1: "url(#stripes-1)", 3: "url(#stripes-2)"}


_Place = tuple[float, float, float, float]
"""Left, top, width, height."""


class Column(NamedTuple):
    """One hour of a chart: what its title says, and how high each part is."""

    title: str
    parts: Sequence[float]


class Beside(NamedTuple):
    """What was found beside what was expected; `known` is false where nobody looked."""

    found: float
    expected: float
    known: bool = True


def stacked(title: str, columns: Sequence[Column]) -> Markup:
    """Return bars of parts, the first part at the bottom; `swatch` shows the look of each."""
    most = max((sum(column.parts) for column in columns), default=0) or 1
    step = _WIDE / max(len(columns), 1)
    drawn = [_OPEN.format("stacked", _WIDE, _HIGH, title), _DEFS, _grid(_WIDE, _HIGH)]
    for n, column in enumerate(columns):
        base = float(_HIGH)
        for index, part in enumerate(column.parts):
            if part <= 0:
                continue
            height = part / most * (_HIGH - 4)
            base -= height
            place = n * step + step * _GAP / 2, base, step * (1 - _GAP), height
            drawn.append(_rect(f"s{index}", place, column.title))
            if stripes := _STRIPES.get(index):
                drawn.append(_striped(stripes, place))
    return _EMPTY.join([*drawn, _CLOSE])


def swatch(index: int) -> Markup:
    """Return a small square that looks like the part of this number in a stacked chart of the same page."""
    place = (0.0, 0.0, 12.0, 12.0)
    inner = [Markup('<rect class="s{}" width="12" height="12"/>').format(index)]
    if stripes := _STRIPES.get(index):
        inner.append(_striped(stripes, place))
    return Markup('<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">{}</svg>').format(
        _EMPTY.join(inner)
    )


def beside(title: str, bars: Sequence[Beside], titles: Sequence[str] = ()) -> Markup:
    """Return bars of what was found, with a stepped line of what was expected over them.

    With `titles`, one a bar, it is a large chart whose bars tell what they are; else a small one for a row.
    """
    wide, high = (_WIDE, _HIGH) if titles else (_SMALL_WIDE, _SMALL_HIGH)
    most = max((max(bar.found, bar.expected) for bar in bars), default=0) or 1
    step, room = wide / max(len(bars), 1), high - 3
    looks: dict[str, list[_Place]] = {}
    for n, bar in enumerate(bars):
        height = bar.found / most * room if bar.known else 2.0
        place = n * step + step * _GAP / 2, high - height, step * (1 - _GAP), height
        looks.setdefault(_look(bar), []).append(place)
    points = [
        (x, high - bar.expected / most * room)
        for n, bar in enumerate(bars)
        for x in (n * step, (n + 1) * step)
    ]
    drawn = [_OPEN.format("large" if titles else "small", wide, high, title)]
    drawn += [_grid(wide, high)] if titles else []
    drawn += [_bars(look, places) for look, places in looks.items()]
    drawn += [_line("expected", points)] if any(bar.expected for bar in bars) else []
    drawn += [
        _rect("over", (n * step, 0.0, step, float(high)), told) for n, told in enumerate(titles)
    ]
    return _EMPTY.join([*drawn, _CLOSE])


def _look(bar: Beside) -> str:
    if not bar.known:
        return "unknown"
    return "bar few" if bar.found < bar.expected / 2 else "bar"


def _bars(look: str, places: Iterable[_Place]) -> Markup:
    """Return bars of one look as one path."""
    path = "".join(
        f"M{_short(x)} {_short(y)}h{_short(width)}v{_short(height)}h-{_short(width)}z"
        for x, y, width, height in places
        if height > 0
    )
    return Markup('<path class="{}" d="{}"/>').format(look, path)


def share_line(title: str, shares: Sequence[float | None]) -> Markup:
    """Return a small line of shares from 0 to 1, a day each; days of which nothing is known are left out."""
    wide, high = 160, 28
    step = wide / max(len(shares) - 1, 1)
    points = [
        (n * step, 2 + (1 - share) * (high - 4))
        for n, share in enumerate(shares)
        if share is not None
    ]
    if len(points) == 1:  # a line needs two ends
        points.append(
            (points[0][0] + 2 if points[0][0] < wide / 2 else points[0][0] - 2, points[0][1])
        )
    drawn = [_OPEN.format("share", wide, high, title), _line("line", points), _CLOSE]
    return _EMPTY.join(drawn)


def _rect(look: str, place: _Place, title: str) -> Markup:
    return _RECT.format(look, *map(_short, place), title)


def _striped(stripes: str, place: _Place) -> Markup:
    return Markup(
        '<rect fill="{}" x="{}" y="{}" width="{}" height="{}" pointer-events="none"/>'
    ).format(stripes, *map(_short, place))


def _line(look: str, points: Iterable[tuple[float, float]]) -> Markup:
    return _LINE.format(look, " ".join(f"{_short(x)},{_short(y)}" for x, y in points))


def _grid(wide: int, high: int) -> Markup:
    """Lines at the top, in the middle and at the foot: the most, half of it, nothing."""
    return _EMPTY.join(
        Markup('<path class="axis" d="M0 {}H{}" vector-effect="non-scaling-stroke"/>').format(
            y, wide
        )
        for y in (4, high / 2 + 2, high)
    )


def _short(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
