"""Values as the database can hold them, made so before anything is written or compared."""

from __future__ import annotations

import unicodedata
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import TypeVar, cast

T = TypeVar("T")


def storable(value: T) -> T:
    """Return text, a record or a tuple of them as it will be read back.

    Half a surrogate pair, which JSON in a page may hold, is no text for SQLite: it becomes U+FFFD. NUL would
    end a text for many readers of the file: it goes. Hangul is kept composed (NFC), as it is searched and
    compared. Times lose their fraction of a second, as `times.py` keeps them.
    """
    kept: object = value
    if isinstance(value, str):
        kept = _clean(value)
    elif isinstance(value, datetime):
        kept = value.replace(microsecond=0)
    elif isinstance(value, tuple):
        kept = tuple(map(storable, value))
    elif is_dataclass(value) and not isinstance(value, type):
        kept = replace(value, **{f.name: storable(getattr(value, f.name)) for f in fields(value)})
    return cast("T", kept)


def is_storable(text: str) -> bool:
    """Is this text read back as it is written?"""
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return unicodedata.is_normalized("NFC", text)


def _clean(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", text.replace("\0", ""))
