"""Types of arguments that several verbs take: times as an operator types them, and numbers."""

from __future__ import annotations

import argparse
import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypeAlias

from pipeline.setting_values import duration
from pipeline.text import one_line

Moment: TypeAlias = date | datetime | timedelta
"""A day, a time, or how long ago."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEARS = range(1900, 2200)


def moment(text: str) -> Moment:
    """Return what `2026-09-27`, `2026-09-27T10:30` or `7d` says, for argparse.

    Raises:
        argparse.ArgumentTypeError: it is neither.
    """
    try:
        return length(text)
    except argparse.ArgumentTypeError:
        pass
    try:
        at = date.fromisoformat(text) if _DAY.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        at = date.min
    if at.year not in _YEARS:
        raise argparse.ArgumentTypeError(
            f"{one_line(text, 60)!r} is no time: write 2026-09-27, 2026-09-27T10:30,"
            " or 7d for so long ago"
        )
    return at


def length(text: str) -> timedelta:
    """Return a length such as 30m or 7d, for argparse.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        found: timedelta = duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return found


def resolved(
    said: Moment | None, now: datetime, zone: tzinfo, *, end: bool = False
) -> datetime | None:
    """Return the aware time; one without offset is of this zone, a length counts back from now.

    Args:
        said: what `moment` returned, or None.
        now: aware time.
        zone: of the configuration.
        end: of a day that stands alone take the end, which is the beginning of the next.
    """
    if said is None:
        return None
    if isinstance(said, timedelta):
        return now - said
    if isinstance(said, datetime):
        return said if said.tzinfo else said.replace(tzinfo=zone)
    return datetime.combine(said + timedelta(days=end), time(), zone)


def positive(text: str) -> int:
    """Return a number from 1 on, for argparse."""
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) < 1:
        raise argparse.ArgumentTypeError(
            f"should be a whole number from 1 on, not {one_line(text, 60)!r}"
        )
    return int(text)
