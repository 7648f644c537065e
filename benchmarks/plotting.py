"""A small plot as SVG: lines over a logarithmic x-axis, for the docs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

_WIDTH, _HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 170, 34, 44
_COLOURS = ("#1f6feb", "#d1521d", "#2f855a", "#805ad5")

Lines = Mapping[str, Sequence[tuple[float, float]]]


def write_plot(path: Path, title: str, lines: Lines, *, x: str, y: str) -> None:
    """Write lines of (x, y), x above 0 and y from 0 on, with a mark at every point."""
    xs = [point[0] for points in lines.values() for point in points]
    ys = [point[1] for points in lines.values() for point in points]
    low, high, top = math.log10(min(xs)), math.log10(max(xs)), max(ys) * 1.15

    def at(point: tuple[float, float]) -> tuple[float, float]:
        share = (math.log10(point[0]) - low) / ((high - low) or 1)
        across = _LEFT + share * (_WIDTH - _LEFT - _RIGHT)
        return across, _HEIGHT - _BOTTOM - point[1] / top * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        _text(_LEFT, 18, title, size=14),
        _text((_WIDTH - _RIGHT + _LEFT) / 2, _HEIGHT - 8, x, anchor="middle"),
        _text(_LEFT, _TOP - 4, y, size=11),
    ]
    for value in _ticks(top):
        height = at((min(xs), value))[1]
        parts.append(_rule(_LEFT, height, _WIDTH - _RIGHT, height))
        parts.append(_text(_LEFT - 6, height + 4, f"{value:g}", anchor="end"))
    below = _HEIGHT - _BOTTOM + 16
    parts += [
        _text(at((value, 0))[0], below, f"{value:,.0f}", anchor="middle")
        for value in sorted(set(xs))
    ]
    for number, (name, points) in enumerate(lines.items()):
        parts += _line([at(point) for point in points], name, number)
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def _line(points: Sequence[tuple[float, float]], name: str, number: int) -> list[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    marks = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
    place = _TOP + 14 + 18 * number
    return [
        f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *marks,
        f'<circle cx="{_WIDTH - _RIGHT + 14}" cy="{place - 4}" r="3.5" fill="{colour}"/>',
        _text(_WIDTH - _RIGHT + 22, place, name),
    ]


def _ticks(top: float) -> list[float]:
    """Return from three to seven round numbers from 0 up to the top."""
    rough = top / 5
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough)
    return [step * count for count in range(int(top / step) + 1)]


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dddddd"/>'


def _text(x: float, y: float, said: str, *, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(said)}</text>'
