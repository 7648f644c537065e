"""Search, its pure half: terms, queries that are never wrong, weights and passages."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.search_passages import Fields, fields_of, marked, passage, weights
from pipeline.search_query import Query, parse
from pipeline.search_terms import (
    HEADLINE,
    RUN,
    document_terms,
    fold,
    is_close,
    publisher_term,
    spread,
)

ANY_TEXT = st.text(
    st.one_of(
        st.sampled_from(
            '정부금융감독원는은 \n"“”-−*():^{}+|&,.·ㆍ美Aaé가\u1100\u1161\u0300㈜ßİ３%\0\ud800😀'
        ),
        st.characters(),
    ),
    max_size=60,
)
HANGUL = st.text(
    st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")), min_size=2, max_size=8
)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    """The index as the store has it, of the SQLite that comes with Python."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(
            "CREATE VIRTUAL TABLE f USING fts5 (terms, content='', detail=none, tokenize='ascii')"
        )
        yield db


def finds(query: str, text: str, headline: str = "제목") -> bool:
    """Do both sides of a query find an article of this text?"""
    return asked(parse(query), fields_of(headline, text, (), None), headline, text)


def asked(query: Query, fields: Fields, headline: str, text: str) -> bool:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(
            "CREATE VIRTUAL TABLE f USING fts5 (terms, content='', detail=none, tokenize='ascii')"
        )
        db.execute(
            "INSERT INTO f (rowid, terms) VALUES (1, ?)", [document_terms(headline, text, (), None)]
        )
        named = (
            query.wanted
            and db.execute("SELECT 1 FROM f WHERE f MATCH ?", [query.expression()]).fetchone()
        )
    return bool(named) and weights(query, fields) is not None


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("정부", "정부는 27일 발표했다"),
        ("정부", "대한민국정부 수립"),
        ("서울", "서울에서 열린"),
        ("금융감독원", "지난주 금융감독원은"),
        ("독원", "금융감독원은"),
        ("부", "정부"),
        ("쌀", "햅쌀을 거둔다"),
        ("AI", "생성형 AI는 빠르다"),
        ("ai", "“AI”"),
        ("AI", "AIDS"),
        ("ＡＩ", "AI는"),
        ("GPT-5", "GPT-5는"),
        ("GPT5", "GPT-5는"),
        ("gpt 5", "GPT-5는"),
        ("3.5%", "전년보다 3.5% 늘어"),
        ("1,234.5", "1234.5 그리고 1,234.5"),
        ("1234.56", "1,234.56"),
        ("2026.9.27", "2026.9.27"),
        ("9.27", "2026.9.27"),
        ("6.25", "6·25 전쟁"),
        ("6ㆍ25", "6·25 전쟁"),
        ("1234억", "1,234억 원"),
        ("1,234", "약 1234명"),
        ("2026", "2026년 9월"),
        ("café", "CAFE에서"),
        ("cafe", "Café에서"),
        ("Straße", "STRASSE"),
        ("(주)한빛", "㈜한빛은"),
        ("美", "美대통령이"),
        ("大統領", "新大統領選"),
        ("ひらがな", "これはひらがなです"),
        ("Москва", "в москве, Москва"),
        ("हिन्दी", "यह हिन्दी है"),
        ("ภาษาไทย", "พูดภาษาไทยได้"),
        ("한·미", "한·미 정상"),
        ("한미", "한미 정상"),
        ('"금융 감독"', "금융 감독 체계"),
        ('"금융 감독"', "금융, 감독"),
        ('"AI"', "AI는"),
        ("정부 예산", "예산안을 정부가"),
        ("부산 OR 정부", "정부가"),
        ("부산 OR 정부 예산", "예산안을 정부가"),
        ("정부 -부산", "정부가 서울에서"),
        ("정부 -금융감독원", "정부가 금융 융감 감독 독원"),
        ("정부 -", "정부가"),
        ("OR 정부", "정부가"),
        ("정부 OR", "정부가"),
        ('정부 "', "정부가"),
        ('"" 정부 “”', "정부가"),
        ("정부 😀 !!", "정부가"),
        ("AND NEAR(* : ^ {a}", "and near a"),
    ],
)
def test_a_query_finds(query: str, text: str) -> None:
    assert finds(query, text)
    assert finds(unicodedata.normalize("NFD", query), text)
    assert finds(query, unicodedata.normalize("NFD", text))
    assert finds(query, "다른 글", headline=text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("금융감독원", "금융권, 융감 감독의 독원"),  # scattered pairs
        ("정부", "정하는 부처"),
        ("정부", "수정 부산"),
        ("AI", "Dubai의 KAIST"),
        ('"AI"', "AIDS와 KAI"),
        ("35", "3.5%"),
        ("3.5", "3-5"),
        ("3.5", "13.52"),
        ("5", "5000"),
        ("234", "1234"),
        ("GPT-5", "GPT-50"),
        ("GPT-5", "5, GPT"),
        ('"금융 감독"', "감독 금융"),
        ('"금융 감독"', "금융감독"),
        ("정부 예산", "정부가"),
        ("정부 -정부", "정부가"),
        ("정부 -금융감독원", "정부와 금융감독원이"),
        ("정부 −부산", "정부가 부산에서"),
        ('정부 -"서울 부산"', "정부가 서울 부산에서"),
        ("부산 OR 대구", "정부가"),
        ("-정부", "서울에서"),
        ("", "정부"),
        ("😀", "정부 😀"),
        ('"', '"'),
    ],
)
def test_a_query_does_not_find(query: str, text: str) -> None:
    assert not finds(query, text)


@given(ANY_TEXT)
def test_any_text_is_a_valid_query(index: sqlite3.Connection, text: str) -> None:
    query = parse(text)
    if query.wanted:
        for expression in (query.expression(), *query.headline_expressions()):
            index.execute("SELECT rowid FROM f WHERE f MATCH ?", [expression]).fetchall()
    else:
        assert not query.expression()
    weights(query, fields_of(text, text, (text,), text))
    for shown in (marked(text, query.needles), passage(text, query.needles, 20)):
        assert all(0 <= start < end <= len(shown.text) for start, end in shown.ranges)


@pytest.mark.parametrize(
    "query",
    [
        "정" * 5_000,
        "a" * 5_000,
        "정부 " * 500,
        '"' * 999,
        "정 a 1 " * 300,
        "가나 OR " * 200,
        "-가나 " * 200 + "다",
    ],
)
def test_a_query_out_of_bounds_is_cut_not_refused(index: sqlite3.Connection, query: str) -> None:
    found = parse(query)
    assert len(found.needles) + len(found.unwanted) <= 24
    if found.wanted:
        index.execute("SELECT rowid FROM f WHERE f MATCH ?", [found.expression()]).fetchall()


@given(st.lists(HANGUL, min_size=1, max_size=4), st.data())
def test_every_part_of_a_word_finds_it(said: list[str], data: st.DataObject) -> None:
    text = " ".join(said)
    word = data.draw(st.sampled_from(said))
    start = data.draw(st.integers(0, len(word) - 2))
    end = data.draw(st.integers(start + 2, len(word)))
    terms = set(document_terms("", text, (), None).split())
    (needle,) = parse(word[start:end]).needles
    assert {term for either in needle.terms for (term,) in either} <= terms
    assert weights(parse(word[start:end]), fields_of("", text, (), None))
    shown = marked(text, [needle])
    assert word[start:end] in [shown.text[at:to][: end - start] for at, to in shown.ranges]


@given(ANY_TEXT)
def test_terms_are_pairs_singles_and_words(text: str) -> None:
    """The quick way by numbers gives what the slow way by runs gives."""
    expected = set()
    for run in RUN.findall(fold(text)):
        if is_close(run):
            expected |= {*run, *(run[at : at + 2] for at in range(len(run) - 1))}
        else:
            expected.add(run[:64])
    points = re.findall(r"(\d+)[.·](?=(\d+))", fold(text))
    expected |= {f"{before[-3:]}·{after[:64]}" for before, after in points}
    terms = document_terms("", text, (), None).split(" ")
    assert sorted(filter(None, terms)) == sorted(expected)


@given(ANY_TEXT)
def test_folding_is_done_once_and_knows_where_it_comes_from(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    pieces = list(spread(text))
    assert fold("".join(piece for piece, _, _ in pieces)) == fold(text)
    assert all(0 <= start <= end <= len(text) for _, start, end in pieces)


def test_the_terms_of_the_index_are_these() -> None:
    """If this changes, a schema step must fill the index anew: entries are taken out by their terms."""
    terms = document_terms("AI·정부", "Café 3.5", ["김온결"], "한빛 일보")
    assert sorted(terms.split()) == sorted(
        [
            *(
                "ai",
                "정부",
                "정",
                "부",
                "cafe",
                "3",
                "5",
                "3·5",
                "김온",
                "온결",
                "김",
                "온",
                "결",
                "한빛",
                "일보",
            ),
            *("한", "빛", "일", "보"),
            *(HEADLINE + term for term in ("ai", "정부", "정", "부")),
            publisher_term("한빛일보"),
        ]
    )


def worth(query: str, headline: str, text: str) -> float:
    found = weights(parse(query), fields_of(headline, text, (), None))
    assert found is not None
    return sum(found)


def test_the_headline_is_worth_more_than_many_in_the_text() -> None:
    rest = "다른 말이 이어진다. " * 40
    assert worth("정부", "정부 발표", rest) > worth("정부", "발표", "정부 " * 50 + rest)
    assert worth("정부", "발표", "정부 정부 " + rest) > worth("정부", "발표", "정부 " + rest)
    assert worth("정부", "발표", "정부 " + rest) > worth("정부", "발표", "정부 " + rest * 9)
    assert worth("AI", "발표", "AI " + rest) > worth("AI", "발표", "AIDS " + rest)


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("정부", "대한민국정부는 정부", ["정부", "정부"]),
        ("(주)한빛", "어제 ㈜한빛은", ["㈜한빛"]),
        ("cafe", "Café에서", ["Café"]),
        ("cafe", unicodedata.normalize("NFD", "Café에서"), ["Café"]),
        ("strasse", "Straße", ["Straße"]),
        ("gpt5", "GPT-5는", ["GPT-5"]),
        ("1234억", "1,234억", ["1,234억"]),
        ("정부 부는", "정부는", ["정부는"]),
        ("정부", "정\u200b부는\x1b[31m", ["정부"]),
        ("없다", "정부", []),
    ],
)
def test_ranges_are_where_it_stands(query: str, text: str, found: list[str]) -> None:
    for shown in (marked(text, parse(query).needles), passage(text, parse(query).needles)):
        assert [shown.text[start:end] for start, end in shown.ranges] == found
        assert shown.text.isprintable()


def test_a_passage_is_where_most_stands_together() -> None:
    far = "처음에 정부가 나온다. " + "사이에는 다른 말이 길게 이어진다. " * 20
    text = far + "정부와 예산이 함께 나온다." + " 뒤에도 말이 이어진다." * 20
    shown = passage(text, parse("정부 예산").needles, 40)
    assert "정부와 예산이" in shown.text
    assert [shown.text[start:end] for start, end in shown.ranges] == ["정부", "예산"]
    assert shown.text[0] == shown.text[-1] == "…"
    assert len(shown.text) <= 42
    nothing = passage(text, parse("없는말").needles, 40)
    assert nothing.text.startswith("처음에 정부가")
    assert nothing.ranges == ()


def test_one_long_match_is_cut_and_still_marked() -> None:
    shown = passage("가" * 500, parse("가" * 300).needles, 40)
    assert shown.ranges
    assert len(shown.text) <= 42
