"""When a URL is due again: re-visits by the age of the article, retries by a growing back-off."""

from __future__ import annotations

from datetime import datetime, timedelta

_BACK_OFF = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(hours=16))


def next_revisit(
    first_listed_at: datetime, now: datetime, ages: tuple[timedelta, ...]
) -> datetime | None:
    """Return when an article is due again: the first age it has not reached, None past the last."""
    return next((first_listed_at + age for age in ages if first_listed_at + age > now), None)


def next_try(tries: int, now: datetime) -> datetime:
    """Return when a visit that failed `tries` times before is due again."""
    return now + _BACK_OFF[min(tries, len(_BACK_OFF) - 1)]
