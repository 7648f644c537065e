"""Charts of ranks and of stories: what is drawn is what was seen."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

from jobs.web.charts_rank import rank_chart, span_of, worst_of
from jobs.web.charts_story import story_line, story_lines
from pipeline.store.sightings import Course, Stay
from pipeline.store.stories import Member
from tests.pipeline.store.conftest import NOON


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def course(*stays: tuple[int, float, float]) -> Course:
    return Course("politics", "http://h", tuple(Stay(r, at(a), at(b)) for r, a, b in stays))


def line_of(svg: str) -> str:
    return re.findall(r'class="line" d="([^"]*)"', svg)[0]


def test_rank_one_is_at_the_top_and_a_gap_breaks_the_line() -> None:
    it = course((1, 0, 10), (11, 10, 50), (6, 60, 100))
    span = span_of([it])
    assert span == (at(0), at(100))
    assert line_of(rank_chart(it, span, "순위")) == "M0 8H100V92H500M600 50H1000"


def test_all_listings_are_on_one_scale_of_time() -> None:
    early, late = course((1, 0, 10)), course((2, 90, 100))
    span = span_of([early, late])
    assert span
    assert line_of(rank_chart(early, span, "")) == "M0 8H100"
    assert line_of(rank_chart(late, span, "")).startswith("M900 ")


def test_a_single_look_is_a_short_line_that_is_not_cut_off() -> None:
    it = course((3, 0, 0))
    assert line_of(rank_chart(it, (at(0), at(0)), "")) == "M0 50H4"
    assert line_of(rank_chart(course((1, 60, 60)), (at(0), at(60)), "")) == "M996 8H1000"
    assert worst_of(it) == 5
    assert span_of([]) is None


def test_titles_are_escaped() -> None:
    evil = "</title><script>alert(1)</script>"
    members = [_member("1", 0, "first"), _member("2", 30, "same")]
    svgs = (
        rank_chart(course((1, 0, 1)), (at(0), at(1)), evil),
        story_line(members, evil),
        story_lines(members, evil),
    )
    for svg in svgs:
        assert "<script" not in svg
        assert ElementTree.fromstring(svg).findtext("title") == evil


def _member(key: str, minutes: float, relation: str, *, dated: bool = True) -> Member:
    published = at(minutes) if dated else None
    return Member(
        key, "daum", "한겨레", "제목", published, at(minutes), None, relation, None, None  # type: ignore[arg-type]
    )  # fmt: skip


def test_marks_of_a_story_stand_where_they_appeared_and_differ_in_shape() -> None:
    members = [
        _member("1", 0, "first"),
        _member("2", 50, "copy"),
        _member("3", 100, "same", dated=False),
    ]
    drawn = ElementTree.fromstring(story_lines(members, "셋"))
    marks = drawn.findall("svg")
    assert [mark.get("x") for mark in marks] == ["2.00%", "50.00%", "98.00%"]
    assert [mark.get("class") for mark in marks] == ["mark first", "mark copy", "mark same"]
    assert len({path.get("d") for path in drawn.iter("path")}) == 3
    assert drawn.get("height") == "84"


def test_a_story_of_one_minute_has_all_marks_at_its_beginning() -> None:
    drawn = ElementTree.fromstring(
        story_line([_member("1", 0, "first"), _member("2", 0, "copy")], "")
    )
    assert {mark.get("x") for mark in drawn.findall("svg")} == {"2.00%"}
