"""When a silence is too long: a dead daemon or a lost crontab leaves no failed run behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.records import Source

INTERVALS = 3
AT_LEAST = timedelta(minutes=10)


def patience(every: timedelta, at_most: timedelta | None = None) -> timedelta:
    """Return the silence after which a source with an interval is late; for adaptive ones `at_most` counts."""
    return max(INTERVALS * (at_most or every), AT_LEAST)


def is_late(source: Source, last_started_at: str | None, now: datetime) -> bool:
    """Has a source with `every` not run for three of its intervals? One that never ran is not late.

    An adaptive one may be asked as seldom as `at_most` says.
    """
    if not (source.enabled and source.every and last_started_at):
        return False
    silence = now - datetime.fromisoformat(last_started_at)
    return silence > patience(source.every, source.at_most)
