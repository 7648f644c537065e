"""Lines under a text that are not text: sign-offs glued to the last sentence leave the sentence."""

from __future__ import annotations

import pytest

from pipeline.boilerplate import trim

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
