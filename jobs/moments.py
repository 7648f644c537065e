"""Times as an operator types them: a date, a time, or how long ago."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta, tzinfo

from pipeline.setting_values import duration


def moment(text: str) -> datetime | timedelta:
    """Return what `2026-09-27`, `2026-09-27T10:30` or `7d` says, for argparse.

    Raises:
        argparse.ArgumentTypeError: it is neither.
    """
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        length: timedelta = duration(text)
        return length
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"should be a date such as 2026-09-27 (T10:30), or how long ago such as 7d, not {text!r}"
        ) from None


def resolved(said: datetime | timedelta | None, now: datetime, zone: tzinfo) -> datetime | None:
    """Return the aware time; one without offset is of this zone, a length counts back from now."""
    if isinstance(said, timedelta):
        return now - said
    return said.replace(tzinfo=zone) if said and said.tzinfo is None else said
