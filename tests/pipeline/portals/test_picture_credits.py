"""Who made or gave a picture, as the ends of Korean captions say it."""

from __future__ import annotations

import pytest

from pipeline.portals._pictures import credit_of


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("온새시 강변로의 새 다리. [온새시 제공]", "온새시 제공"),
        ("온새시 강변로의 새 다리 (사진=다온통신)", "다온통신"),
        ("온새시 강변로의 새 다리. 사진=온새시 제공", "온새시 제공"),
        ("온새시 강변로의 새 다리. 사진제공 | 온새시", "온새시"),
        ("온새시 강변로의 새 다리. 사진 제공: 온새시", "온새시"),
        ("온새시 강변로의 새 다리. /고운비 기자", "고운비 기자"),
        ("온새시 강변로의 새 다리 / 고운비 객원기자", "고운비 객원기자"),
        ("온새시 강변로의 새 다리. 고운비 기자", "고운비 기자"),
        ("온새시 강변로의 새 다리. 온새시 제공", "온새시 제공"),
        ("새 다리를 알리는 글. 온새시 누리집 갈무리", "온새시 누리집 갈무리"),
        ("온새시 강변로의 새 다리 ⓒ다온통신", "다온통신"),
        ("왼쪽부터 고운비 의원, 이가늘 기자", None),
        ("다리 앞에 선 고운비 기자", None),
        ("시민에게 무료로 제공", None),
        ("새 다리 개통식(오른쪽)", None),
        ("비율은 1/3. 온새시", None),
        ("", None),
        (None, None),
    ],
)
def test_credit(caption: str | None, credit: str | None) -> None:
    assert credit_of(caption) == credit
