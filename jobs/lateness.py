"""When a silence is too long: a dead daemon or a lost crontab leaves no failed run behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipeline.records import Source

_INTERVALS = 3
_AT_LEAST = timedelta(minutes=10)


def is_late(source: Source, last_started_at: str | None, now: datetime) -> bool:
    """Has a source with `every` not run for three of its intervals? One that never ran is not late.

    An adaptive one may be asked as seldom as `at_most` says.
    """
    if not (source.enabled and source.every and last_started_at):
        return False
    patience = max(_INTERVALS * (source.at_most or source.every), _AT_LEAST)
    return now - datetime.fromisoformat(last_started_at) > patience
