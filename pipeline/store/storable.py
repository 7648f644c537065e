"""Values as the database can hold them, made so before anything is written or compared."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import TypeVar, cast

T = TypeVar("T")


def storable(value: T) -> T:
    """Return text, a record or a tuple of them as it will be read back.

    Half a surrogate pair, which JSON in a page may hold, is no text for SQLite: it becomes U+FFFD.
    Times lose their fraction of a second, as `times.py` keeps them.
    """
    kept: object = value
    if isinstance(value, str):
        kept = _whole_characters(value)
    elif isinstance(value, datetime):
        kept = value.replace(microsecond=0)
    elif isinstance(value, tuple):
        kept = tuple(map(storable, value))
    elif is_dataclass(value) and not isinstance(value, type):
        kept = replace(value, **{f.name: storable(getattr(value, f.name)) for f in fields(value)})
    return cast("T", kept)


def _whole_characters(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
