"""Differences between texts: nothing is lost, and no text keeps us busy."""

from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from pipeline.diffs import Change, around, bounded_diff, word_diff

TEXTS = st.text(alphabet="가나 \n", max_size=40)


def _words(changes: list[Change], without: str) -> list[str]:
    return " ".join(change.text for change in changes if change.kind != without).split()


@given(TEXTS, TEXTS)
def test_what_stayed_and_went_is_the_old_text_and_what_stayed_and_came_the_new_one(
    before: str, after: str
) -> None:
    for changes in (word_diff(before, after), bounded_diff(before, after).changes):
        assert _words(changes, "added") == before.split()
        assert _words(changes, "removed") == after.split()


def test_a_small_edit_is_found_as_word_diff_finds_it() -> None:
    before = "시는 관리비 12억 원을 아끼고, 자전거를 바꾼다."
    after = "시는 관리비 10억 원을 아끼고, 자전거를 바꾼다."
    assert bounded_diff(before, after) == (word_diff(before, after), "words")


def test_a_word_that_only_begins_alike_is_another_word() -> None:
    assert bounded_diff("대여소 철거", "대여소 철거한다").changes == [
        Change("same", "대여소 "),
        Change("removed", "철거"),
        Change("added", "철거한다"),
    ]


def test_what_is_added_behind_the_last_word_stands_behind_it() -> None:
    for diff in (word_diff, lambda a, b: bounded_diff(a, b).changes):
        changes = diff("첫 문단이다.", "첫 문단이다.\n\n덧붙인 문단이다.")
        assert changes == [Change("same", "첫 문단이다.\n\n"), Change("added", "덧붙인 문단이다.")]


def test_texts_that_differ_in_blanks_only_have_no_change() -> None:
    assert {c.kind for c in bounded_diff("첫 문단.\n둘째.", "첫 문단. 둘째.").changes} == {"same"}


def test_a_huge_text_with_a_small_edit_is_compared_by_words() -> None:
    text = "\n\n".join(f"{number}번째 문단은 길지 않다." for number in range(100_000))
    begin = time.process_time()
    changes, unit = bounded_diff(text, text.replace("50000번째", "오만 번째"))
    assert time.process_time() - begin < 2
    assert unit == "words"
    assert [c for c in changes if c.kind != "same"] == [
        Change("removed", "50000번째 "),
        Change("added", "오만 번째 "),
    ]


def test_texts_that_would_take_minutes_are_compared_more_coarsely() -> None:
    """Every second word is the same one: the matcher looks through all of them again and again."""
    before = "\n".join(" ".join(f"것 {a}{b}" for b in range(300)) for a in range(20))
    after = "\n".join(" ".join(f"것 {b}-{a}" for b in range(300)) for a in range(20))
    begin = time.process_time()
    assert bounded_diff(before, after).unit == "paragraphs"
    same_lines = re.sub(r"\S+", "것", before)
    assert bounded_diff(same_lines + before, after + same_lines, steps=100).unit == "whole"
    assert time.process_time() - begin < 3


def test_around_folds_what_is_far_from_a_change() -> None:
    same = Change("same", "하나 둘 셋 넷 다섯 여섯 ")
    shown = around([same, Change("added", "새말 "), same], words=1)
    assert [c.text for c in shown] == ["… 여섯 ", "새말 ", "하나 … "]
