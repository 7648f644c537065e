"""Every text that pages ask for is there, in both languages, and every one that is there is asked for."""

from __future__ import annotations

import re
from pathlib import Path

from jobs import web
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
ASSEMBLED = ("ago", "in")
"""Both parts of these are values: rendering.Words tells how far a time is away."""


def is_used(key: str) -> bool:
    parent = key.rpartition(".")[0]
    if parent in ASSEMBLED:
        return True
    return key in LITERALS or parent in BEGINNINGS or ("." in parent and parent in LITERALS)


def test_every_key_has_a_text() -> None:
    asked = set(re.findall(rf"""\bt\(\s*["']({KEY})["']""", WRITTEN))
    assert asked
    assert sorted(asked - MESSAGES.keys()) == []


def test_every_text_is_asked_for() -> None:
    assert [key for key in MESSAGES if not is_used(key)] == []


def test_both_languages_say_the_same_values() -> None:
    for key, (korean, english) in MESSAGES.items():
        assert korean.strip(), key
        assert english.strip(), key
        assert set(re.findall(r"\{\w+\}", korean)) == set(re.findall(r"\{\w+\}", english)), key
