"""Lines under a text that are not text: sign-offs glued to the last sentence leave the sentence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.boilerplate import is_notice, is_told, trim

FIRST = "한빛시는 강변 도서관의 문을 새로 열었다고 밝혔다."


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("도서관은 밤 열 시까지 연다.한빛=김하늘 기자 sky@hanbit.example", "도서관은 밤 열 시까지 연다."),
        ("도서관은 밤 열 시까지 연다. /sky@hanbit.example", "도서관은 밤 열 시까지 연다."),
        ("“주말에도 엽니다”라고 말했다. 김하늘 기자 sky@hanbit.example", "“주말에도 엽니다”라고 말했다."),
        ("한빛=김하늘 기자 sky@hanbit.example", None),
        ("김하늘 기자 sky@hanbit.example", None),
        ("sky@hanbit.example", None),
        ("다온=글·사진 김하늘 기자 sky@hanbit.example", None),
    ],
)  # fmt: skip
def test_a_sentence_before_a_sign_off_stays(line: str, text: str | None) -> None:
    found = trim([FIRST, line], publisher="한빛일보")
    assert found.text == ([FIRST, text] if text else [FIRST])
    assert any("sky@hanbit.example" in said for said in found.signoffs)


@pytest.mark.parametrize(
    "line",
    [
        "무단 전재 및 재배포 금지",
        "재배포금지",
        "저작권자(c) 한빛일보",
        "All RİGHTS Reserved.",
        "COPYRıGHTS (c) Hanbit",
        "Ⓒ 한빛일보",
        "© Hanbit",
        "AI학습 및 활용 금지",
        "이 기사의 저작권은 한빛일보에 있습니다",
    ],
)
def test_every_kind_of_notice_is_told(line: str) -> None:
    assert is_notice(line)
    assert trim([FIRST, line]).notices == [line]


@given(st.text(alphabet="가니다.!?…\"'”’)]」』 \n", max_size=8))
@settings(max_examples=500, deadline=None)
def test_a_sentence_is_told_by_its_end(line: str) -> None:
    end = re.search(r"(?<!니)다[.!?…]?[\"'”’)\]」』]*$", line)
    assert is_told(line) == bool(end)
