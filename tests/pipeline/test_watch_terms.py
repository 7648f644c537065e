"""What a watch finds in Korean and Latin text, and what it leaves alone."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.watches import Matcher, Watch


def fits(text: str, *terms: str, **more: object) -> bool:
    watch = Watch("w", any=terms, **more)  # type: ignore[arg-type]
    return "w" in Matcher([watch]).matches("s", {"headline": "", "text": text})


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("소버린 AI", "정부가 소버린 AI를 내놓았다"),
        ("소버린 AI", "정부가 소버린AI를 내놓았다"),
        ("소버린 AI", "정부가 소버린\u00a0 \tai를 내놓았다"),
        ("예산", "추가경정예산안이 나왔다"),
        ("AI", "AI는 생성형AI와 다르다"),
        ("AI", "생성형AI와"),
        ("AI", "(AI)"),
        ("robot", "Robots, 그리고 사람"),
        ("robot", "로봇ROBOT은"),
        ("5G", "5G망"),
        ("c++", "C++로 썼다"),
        ("STRASSE", "straße"),
        ("café", unicodedata.normalize("NFD", "그 Café에서")),
        (unicodedata.normalize("NFD", "예산"), "예산을"),
    ],
)
def test_a_term_is_found(term: str, text: str) -> None:
    assert fits(text, term)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("AI", "MAIL을 보냈다"),
        ("AI", "AIDS와 air와 AI2를 말했다"),
        ("robot", "microrobot"),
        ("5G", "15G"),
        ("행정수도", "행정 수도"),
        ("첫째 둘째", "첫째\n둘째"),
        (".*", "아무 글"),
    ],
)
def test_a_term_is_not_found(term: str, text: str) -> None:
    assert not fits(text, term)


def test_any_all_none_sources_and_fields_work_together() -> None:
    watch = Watch("w", any=("갑", "을"), all=("병",), none=("정",), sources=("s",))
    matcher = Matcher([watch])

    def found(source: str = "s", **texts: str) -> tuple[str, ...] | None:
        return matcher.matches(source, texts).get("w")

    assert found(headline="을과", text="병이 갑을") == ("갑", "을", "병")
    assert found(headline="을과", text="병이") == ("을", "병")
    assert found(headline="을과") is None
    assert found(text="병이") is None
    assert found(text="갑과 병과 정") is None
    assert found("t", text="갑과 병") is None
    assert found(summary="갑과 병") is None


def test_each_watch_looks_at_its_own_fields_and_terms_may_lie_within_each_other() -> None:
    watches = [
        Watch("head", any=("예산",), fields=("headline",)),
        Watch("long", any=("예산안 처리",)),
        Watch("short", any=("예산",)),
    ]
    said = Matcher(watches).matches("s", {"headline": "국회", "text": "예산안 처리가 늦다"})
    assert said == {"long": ("예산안 처리",), "short": ("예산",)}


def test_a_term_does_not_reach_from_one_field_into_the_next() -> None:
    assert not fits("둘째 글", "첫째 둘째")
    watch = Watch("w", any=("첫째 둘째",))
    assert Matcher([watch]).matches("s", {"headline": "첫째", "text": "둘째"}) == {}
