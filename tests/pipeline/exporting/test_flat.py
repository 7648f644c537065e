"""CSV: every column says what it should, every reader reads it, and no cell is a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exporting import flat

STARTS = "=+-@\t\r\n＝＋－＠﹦﹢﹣﹫−"


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_every_cell_says_its_field(full: dict[str, Any]) -> None:
    names, cells = read(flat.head() + flat.line(full))
    said = dict(zip(names, cells, strict=True))
    assert names == list(flat.COLUMNS)
    assert said["headline"] == "정부, 새 예산안 발표"
    assert said["labels"] == "단독 | 속보"
    assert (said["authors"], said["author_emails"]) == ("김기자 | 박선임", "kim@press.example | ")
    assert (said["summary"], said["summary_by"]) == ("예산안이 나왔다.", "portal")
    assert said["subheadline"] == "첫 줄\n둘째 줄"
    assert said["published_at"] == "2026-09-27T09:54:37+09:00"
    assert (said["tdm"], said["revision"]) == ("unknown", "2")
    assert all(said.values()), said


def test_what_is_not_known_is_empty(bare: dict[str, Any]) -> None:
    names, cells = read(flat.head() + flat.line(bare))
    said = dict(zip(names, cells, strict=True))
    assert said["removed_at"] == said["author_emails"] == said["summary"] == said["labels"] == ""


def test_lines_end_as_rfc_4180_says_and_every_cell_is_quoted(bare: dict[str, Any]) -> None:
    line = flat.line(bare | {"headline": '쉼표, "따옴표"; =줄\n바꿈'})
    assert line.endswith('"\r\n')
    assert '"쉼표, ""따옴표""; =줄\n바꿈"' in line


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_begins_as_a_formula_does(full: dict[str, Any], start: str) -> None:
    hostile = f"{start}HYPERLINK(1)"
    record = full | {
        "headline": hostile,
        "publisher": hostile,
        "section": hostile,
        "text": hostile,
        "labels": [hostile],
        "authors": [{"name": hostile, "email": hostile, "role": hostile}],
        "images": [{"url": hostile, "caption": hostile, "credit": hostile}],
    }
    (cells,) = read(flat.line(record))
    assert not [cell for cell in cells if cell.startswith(tuple(STARTS))]
    assert cells.count(f"'{hostile}") >= 8


@given(st.text(alphabet=f"'{STARTS}가a", max_size=8))
def test_the_mark_can_be_taken_away_again(text: str) -> None:
    assert flat.unsafe(flat.safe(text)) == text
    assert not flat.safe(text).startswith(tuple(STARTS))


@pytest.mark.parametrize("before", [" ", "\u00a0\u3000", "\ufeff", "\u200b ", "' ", "\u00ad"])
def test_a_formula_behind_what_is_cut_off_or_not_seen_is_one(before: str) -> None:
    text = f"{before}=HYPERLINK(1)"
    assert flat.safe(text) == f"'{text}"
    assert flat.unsafe(f"'{text}") == text


def test_what_is_no_formula_is_left_alone() -> None:
    for text in ("", "정부, 1=1", "'인용'", "2026-09-27", "#1", " 앞에 빈칸"):
        assert flat.safe(text) == text
