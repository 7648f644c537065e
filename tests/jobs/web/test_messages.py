"""Every text that pages ask for is there, in both languages, and every one that is there is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jobs import web
from jobs.web.language import translator
from jobs.web.messages import MESSAGES

HERE = Path(web.__file__).parent
WRITTEN = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted([*HERE.glob("**/*.py"), *HERE.glob("templates/*.html")])
    if path.parent.name != "messages"
)
KEY = r"[a-z_]+(?:\.[a-z_-]+)*"
LITERALS = frozenset(re.findall(rf"""["']({KEY})["']""", WRITTEN))
BEGINNINGS = frozenset(re.findall(rf"""["']({KEY})\.(?:\{{|%d|["'] ~)""", WRITTEN))
"""Of keys whose last part is a value: "diff.field." ~ field.name, f"length.{name}"."""
_PLACES = re.compile(r"\{(\w+)\}")
_WORD = re.compile("[A-Za-z]{3}")
_HANGUL = re.compile("[가-힣]")
BEGUN = tuple(
    key
    for quote, key, after in re.findall(r"""\bt\(\s*f?(["'])([a-z_.-]+)(.?)""", WRITTEN)
    if after != quote or key.endswith(".")
)
"""The same, where the value begins within a word."""
ASSEMBLED = ("ago", "in")
"""Both parts of these are values: rendering.Words tells how far a time is away."""


def is_used(key: str) -> bool:
    parent = key.rpartition(".")[0]
    if parent in ASSEMBLED:
        return True
    if key.startswith(BEGUN):
        return True
    return key in LITERALS or parent in BEGINNINGS or ("." in parent and parent in LITERALS)


def test_every_key_has_a_text() -> None:
    asked = set(re.findall(rf"""\bt\(\s*["']({KEY})["']""", WRITTEN))
    assert asked
    assert sorted(asked - MESSAGES.keys()) == []


def test_every_text_is_asked_for() -> None:
    assert [key for key in MESSAGES if not is_used(key)] == []


def test_both_languages_say_it_with_the_same_values() -> None:
    for key, (korean, english) in MESSAGES.items():
        assert english.strip(), key
        assert not _HANGUL.search(english), key
        is_name = key.startswith("article.signal.")
        assert is_name or _HANGUL.search(korean) or not _WORD.search(korean.replace("cron", "")), (
            key
        )
        only_english = {"mon"} if key.startswith("hour.") else set()
        places = set(_PLACES.findall(korean)) | {"month"}
        assert set(_PLACES.findall(english)) - only_english <= places, key


def test_a_value_fills_its_place() -> None:
    assert translator("ko")("ago.minutes", n=3) == "3분 전"
    assert translator("en")("ago.minutes", n=3) == "3 min ago"
    with pytest.raises(KeyError):
        translator("ko")("no.such.text")
