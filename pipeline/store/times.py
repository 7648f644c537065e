"""Times as the database keeps them: UTC, whole seconds, ISO 8601 with Z, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload


@overload
def stamp(at: datetime) -> str: ...
@overload
def stamp(at: None) -> None: ...
def stamp(at: datetime | None) -> str | None:
    """Return the stored form of an aware time."""
    if at is None:
        return None
    # not strftime: it writes the year 999 with three digits
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


@overload
def moment(text: str) -> datetime: ...
@overload
def moment(text: None) -> None: ...
def moment(text: str | None) -> datetime | None:
    """Return the aware time of a stored form."""
    return datetime.fromisoformat(text) if text is not None else None
