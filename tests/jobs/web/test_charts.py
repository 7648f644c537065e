"""Charts: well-formed SVG whose bars are as high as their figures."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from jobs.web.charts import SERIES, Beside, Column, beside, share_line, stacked, swatch

SVG = "{http://www.w3.org/2000/svg}"
EVIL = '"><script>alert(1)</script>'


def _parsed(markup: str) -> ET.Element:
    """Inline SVG needs no namespace; the parser does."""
    return ET.fromstring(f'<x xmlns="http://www.w3.org/2000/svg">{markup}</x>')[0]


def _rects(chart: ET.Element, look: str) -> list[dict[str, float]]:
    return [
        {name: float(rect.attrib[name]) for name in ("x", "y", "width", "height")}
        for rect in chart.iter(f"{SVG}rect")
        if rect.attrib.get("class") == look
    ]


def test_parts_stand_on_each_other_to_the_height_of_their_sum() -> None:
    chart = _parsed(stacked("두 시간", [Column("1시", [3, 1]), Column("2시", [2, 0])]))
    assert chart.attrib["role"] == "img"
    assert chart[0].text == "두 시간"
    low, high = _rects(chart, "s0"), _rects(chart, "s1")
    assert [it["height"] for it in low] == [147, 98]
    assert [it["height"] for it in high] == [49]
    assert low[0]["y"] + low[0]["height"] == 200
    assert high[0]["y"] + high[0]["height"] == low[0]["y"]
    assert low[0]["x"] + low[0]["width"] < low[1]["x"]


@pytest.mark.parametrize("columns", [[], [Column("1시", [])], [Column("1시", [0, 0])]])
def test_nothing_is_drawn_of_nothing(columns: list[Column]) -> None:
    assert _rects(_parsed(stacked("leer", columns)), "s0") == []


def test_every_series_looks_different_and_swatches_as_they_do() -> None:
    chart = _parsed(stacked("t", [Column("1시", [1] * SERIES)]))
    fills = [rect.attrib.get("class") or rect.attrib["fill"] for rect in chart.iter(f"{SVG}rect")]
    assert len(set(fills)) == len(fills)
    for n in range(SERIES):
        own = [it.attrib.get("class") or it.attrib["fill"] for it in _parsed(swatch(n))]
        assert own == fills[fills.index(f"s{n}") :][: len(own)]


def test_found_beside_expected() -> None:
    bars = [Beside(10, 8), Beside(2, 8), Beside(0, 8, known=False), Beside(0, 8)]
    chart = _parsed(beside("하루", bars, ["가", "나", "다", "라"]))
    paths = {it.attrib["class"]: it.attrib["d"] for it in chart.iter(f"{SVG}path")}
    assert {"bar", "bar few", "unknown"} <= set(paths)
    heights = {
        look: [float(h) for h in re.findall(r"h[\d.]+v([\d.]+)", paths[look])]
        for look in ("bar", "bar few", "unknown")
    }
    assert heights == {"bar": [197], "bar few": [39.4], "unknown": [2]}
    (line,) = chart.iter(f"{SVG}polyline")
    levels = {float(point.split(",")[1]) for point in line.attrib["points"].split()}
    assert levels == {42.4}
    assert [it[0].text for it in chart.iter(f"{SVG}rect")] == ["가", "나", "다", "라"]


def test_without_an_expectation_there_is_no_line() -> None:
    small = _parsed(beside("t", [Beside(1, 0)]))
    assert not [*small.iter(f"{SVG}polyline")]
    assert small.attrib["class"] == "chart small"
    _parsed(beside("t", []))


def test_shares_run_from_the_foot_to_the_top_and_leave_days_out() -> None:
    (line,) = _parsed(share_line("t", [0.0, None, 1.0])).iter(f"{SVG}polyline")
    assert line.attrib["points"] == "0,26 160,2"
    (dot,) = _parsed(share_line("t", [0.5])).iter(f"{SVG}polyline")
    assert len(dot.attrib["points"].split()) == 2
    _parsed(share_line("t", []))


def test_titles_are_text_whatever_they_say() -> None:
    for chart in (
        stacked(EVIL, [Column(EVIL, [1])]), beside(EVIL, [Beside(1, 1)], [EVIL]), share_line(EVIL, [1.0]),
    ):  # fmt: skip
        assert "<script" not in chart
        assert _parsed(chart)[0].text == EVIL
