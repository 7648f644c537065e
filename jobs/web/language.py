"""Korean or English, as the browser asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from jobs.web.messages import MESSAGES

Language = Literal["ko", "en"]
Translate = Callable[..., str]
_INDEX = {"ko": 0, "en": 1}


def chosen(accept: str) -> Language:
    """Return the language for an Accept-Language header (RFC 9110, 12.5.4); English where it names neither."""
    best: tuple[float, Language] = (0.0, "en")
    for part in accept.split(",")[:20]:
        tag, _, rest = part.strip().partition(";")
        name = tag.strip().lower().partition("-")[0]
        if name in ("ko", "en") and (weight := _weight(rest)) > best[0]:
            best = (weight, "ko" if name == "ko" else "en")
    return best[1]


def _weight(rest: str) -> float:
    name, _, value = rest.strip().partition("=")
    if not name:
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def translator(language: Language) -> Translate:
    """Return the function `t` of the templates: the text of a key, its named places filled.

    Raises (the function): KeyError for a key that has no text.
    """

    def t(key: str, **named: object) -> str:
        text = MESSAGES[key][_INDEX[language]]
        for name, value in named.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    return t
