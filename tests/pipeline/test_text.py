"""Cleaning: one form of a text, nothing invisible in it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text import clean, one_line


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        pytest.param("  한빛시\t\n 예산 ", "한빛시 예산", id="blanks"),
        pytest.param("한빛\u00a0시\u3000예산", "한빛 시 예산", id="no-break and wide blanks"),
        pytest.param("한\x0c빛\x0b시", "한 빛 시", id="form feed parts words"),
        pytest.param("한\u200b빛\ufeff시\u00ad", "한빛시", id="zero width"),
        pytest.param("\u202e한빛\u202c\u2067시\u2069", "한빛시", id="bidi controls"),
        pytest.param("한\x00빛\x1b[31m시\x9b", "한빛[31m시", id="controls"),
        pytest.param("한\x1c빛  시\x1f", "한빛 시", id="controls that are blanks to Python"),
        pytest.param("한빛\u3164\u2800시", "한빛 시", id="Hangul filler and Braille blank"),
        pytest.param("한빛\ud800시\ufffe", "한빛시", id="surrogate and noncharacter"),
        pytest.param("시장\U000e0041\U000e007f", "시장", id="tags that only machines read"),
        pytest.param(unicodedata.normalize("NFD", "한빛시"), "한빛시", id="NFD"),
        pytest.param("👍 한빛 ✅", "👍 한빛 ✅", id="emoji stays"),
        pytest.param("１２월 ‘가’ㆍ나", "１２월 ‘가’ㆍ나", id="full width stays"),
        pytest.param("", "", id="empty"),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    ("text", "width", "line"),
    [
        ("한빛\n시", 0, "한빛 시"),
        ("가나다라마", 5, "가나다라마"),
        ("가나다라마바", 5, "가나다라…"),
        ("\x1b]0;x\x07가", 0, "]0;x가"),
    ],
)
def test_one_line(text: str, width: int, line: str) -> None:
    assert one_line(text, width) == line


@given(st.text(st.characters(exclude_categories=[]), max_size=60))
@settings(deadline=None, max_examples=200)
def test_cleaned_text_has_one_form(raw: str) -> None:
    cleaned = clean(raw)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not {"Cc", "Cs"} & {unicodedata.category(c) for c in cleaned}
    assert cleaned == " ".join(cleaned.split())
