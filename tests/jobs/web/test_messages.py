"""The texts of the pages: each is there in both languages, and each is used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jobs.web.language import translator
from jobs.web.messages import MESSAGES
from tests.jobs.desk import ROOT

_WEB = ROOT / "jobs" / "web"
_USED = re.compile(r"""\bt\(\s*f?(["'])([a-z_.-]+)(.?)""")
_PLACES = re.compile(r"\{(\w+)\}")
_HANGUL = re.compile("[가-힣]")


def _used() -> tuple[set[str], set[str]]:
    """Keys that are written out, and beginnings of keys that are put together."""
    whole, begun = set(), {"ago.", "in."}  # whose first part is chosen, too
    for path in (*_WEB.rglob("*.html"), *_WEB.rglob("*.py")):
        for quote, key, after in _USED.findall(_text(path)):
            (whole if after == quote and not key.endswith(".") else begun).add(key)
    return whole, begun


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_every_key_that_is_used_has_a_text() -> None:
    whole, begun = _used()
    assert len(whole) > 50, "the pattern still finds them"
    chosen = set(re.findall(r'"([a-z]+\.[a-z_.]+)"', _chosen()))
    assert whole | (chosen & set(MESSAGES)) <= set(MESSAGES)
    assert [it for it in begun if not any(key.startswith(it) for key in MESSAGES)] == []


def test_every_text_is_used() -> None:
    whole, begun = _used()
    named = _chosen()
    unused = [
        key
        for key in MESSAGES
        if key not in whole and not key.startswith(tuple(begun)) and f'"{key}"' not in named
    ]
    assert unused == []


def _chosen() -> str:
    """Code and templates, in which a key may stand before it is asked for."""
    files = [*_WEB.rglob("*.html"), *(p for p in _WEB.rglob("*.py") if p.parent.name != "messages")]
    return "\n".join(map(_text, files))


@pytest.mark.parametrize("key", MESSAGES)
def test_both_languages_say_it_with_the_same_places(key: str) -> None:
    korean, english = MESSAGES[key]
    assert english.strip()
    assert not _HANGUL.search(english)
    assert _HANGUL.search(korean) or not re.search("[A-Za-z]{3}", korean.replace("cron", ""))
    only_english = {"mon"} if key.startswith("hour.") else set()
    assert set(_PLACES.findall(english)) - only_english <= set(_PLACES.findall(korean)) | {"month"}


def test_a_value_fills_its_place() -> None:
    assert translator("ko")("ago.minutes", n=3) == "3분 전"
    assert translator("en")("ago.minutes", n=3) == "3 min ago"
    with pytest.raises(KeyError):
        translator("ko")("no.such.text")
