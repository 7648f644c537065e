"""Words for what the database says in a word of its own, and for lengths of time."""

from __future__ import annotations

from jobs.web.language import Translate
from jobs.web.messages import MESSAGES
from pipeline.text import one_line

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def word(t: Translate, prefix: str, value: str | None) -> str:
    """Return the text of a value, such as `article.cause.parser`; the value itself where there is none."""
    key = f"{prefix}.{value}"
    return t(key) if key in MESSAGES else one_line(value or "", 100)


def length(t: Translate, seconds: float) -> str:
    """Return a length of time in its two largest units."""
    minutes = int(seconds // _MINUTE)
    if seconds >= 2 * _DAY:
        days, rest = divmod(int(seconds), _DAY)
        return _two(t, "days", days, "hours", rest // _HOUR)
    if seconds >= _HOUR:
        hours, rest = divmod(minutes, 60)
        return _two(t, "hours", hours, "minutes", rest)
    return t("length.minutes", n=minutes)


def _two(t: Translate, large: str, many: int, small: str, few: int) -> str:
    said = t(f"length.{large}", n=f"{many:,}")
    return f"{said} {t(f'length.{small}', n=few)}" if few else said
