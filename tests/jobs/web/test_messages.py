"""Every text of the pages is there in both languages, and is used."""

from __future__ import annotations

import re
from pathlib import Path

import jobs.web
from jobs.web.messages import MESSAGES

WEB = Path(jobs.web.__file__).parent
SOURCES = [*WEB.glob("templates/*.html"), *WEB.glob("*.py"), *WEB.glob("pages/*.py")]
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
CALLED = set(re.findall(r"""\bt\(\s*["']([\w.]+)["']\s*[,)]""", TEXT))
LITERALS = set(re.findall(r"""["']([a-z][\w.]*)["']""", TEXT))
BEGINNINGS = tuple(set(re.findall(r"""["']([a-z][\w.]*\.)["'%]""", TEXT)))
"""`"search.use." ~ value` and `"error.%d" % status`: all texts that begin so are used."""


def test_every_text_that_is_asked_for_is_there() -> None:
    assert sorted(CALLED - MESSAGES.keys()) == []


def test_every_text_is_asked_for() -> None:
    unused = []
    for key in MESSAGES:
        side, _, unit = key.partition(".")  # f"{side}.{unit}"
        if key not in LITERALS and not key.startswith(BEGINNINGS) and not {side, unit} <= LITERALS:
            unused.append(key)
    assert unused == []


def test_both_languages_say_something_with_the_same_places() -> None:
    for key, (korean, english) in MESSAGES.items():
        assert korean.strip(), key
        assert english.strip(), key
        places = [set(re.findall(r"\{(\w+)\}", text)) for text in (korean, english)]
        assert places[0] == places[1], key
