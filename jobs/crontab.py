"""Crontab expressions, taken apart as cron(8) reads them: what each field means, said without numbers
that mean something else elsewhere. `1` in the weekday field is Monday here and Tuesday to APScheduler.
"""

from __future__ import annotations

import re

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_DAY = r"([a-z]{3}|[0-7])"
_DAYS = re.compile(rf"(?:\*|{_DAY}(?:-{_DAY})?)(?:/([1-7]))?")


def alternatives(expression: str) -> list[list[str]]:
    """Return minute, hour, day, month and weekday (by names), all five of which must fit the time; where
    cron is content with one of day and weekday, two such lists.

    Raises:
        ValueError: these are not five fields, or the weekday is none.
    """
    given = _MACROS.get(expression.strip().lower(), expression).split()
    if len(given) != 5:
        raise ValueError("needs five fields: minute hour day month weekday")
    minute, hour, day, month, weekday = given
    named = named_weekdays(weekday)
    # crontab(5): either suffices where both are restricted, that is, where neither begins with a star
    if day.startswith("*") or weekday.startswith("*"):
        return [[minute, hour, day, month, named]]
    return [[minute, hour, day, month, "*"], [minute, hour, "*", month, named]]


def named_weekdays(field: str) -> str:
    """Translate weekdays (0 and 7 are Sunday) to a list of names, which mean the same everywhere.

    Raises:
        ValueError: it is no weekday field.
    """
    if field == "*":
        return field
    days: list[str] = []
    for part in field.lower().split(","):
        match = _DAYS.fullmatch(part)
        if not match:
            raise ValueError(f"weekday {part!r} is not in 0-7 or sun-sat")
        first, last, step = match.groups()
        low = _number(first) if first else 0
        # `2/2` runs to the end of the week as `*/2` does, `2` is one day, `fri-mon` goes round
        high = _number(last) if last else low if first and not step else 6
        high += 7 if high < low else 0
        days += [_WEEKDAYS[day % 7] for day in range(low, high + 1, int(step or 1))]
    return ",".join(dict.fromkeys(days))


def _number(day: str) -> int:
    if day.isdecimal():
        return int(day)
    if day not in _WEEKDAYS:
        raise ValueError(f"weekday {day!r} is not in 0-7 or sun-sat")
    return _WEEKDAYS.index(day)
