"""The past by its days: addresses of an archive's pages, and the days that other addresses speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from string import Formatter

from pipeline.urls import absolute

_FORMAT = re.compile(r"(?:%[Ymd]|[^%{}]){1,40}")
_KNOWN = "{date}, {date:%Y-%m-%d}, {year}, {month}, {day}, {page}"
_SAMPLE = date(2026, 1, 31)
_IN_ADDRESS = re.compile(
    r"(?<!\d)(20\d\d)(?:([/._-]?)(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01])(?!\d))?)(?!\d)"
)
"""2026-01, 202601, 2026/01/31, 20260131: a month or a day, and no longer number."""
_IN_QUERY = re.compile(
    r"[?&]y{1,4}(?:ear)?=(20\d\d)&m{1,2}(?:onth)?=(\d{1,2})(?:&d{1,2}(?:ay)?=(\d{1,2}))?(?!\d)"
)
_IN_PATH = re.compile(r"/(20\d\d)([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?=[/_-]|\d{6}|$)")


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        """Yield each of them, oldest first."""
        return (self.first + timedelta(n) for n in range((self.last - self.first).days + 1))

    def meets(self, other: Days, margin: timedelta = timedelta(0)) -> bool:
        """Do the two share a day, or lie at most so far apart?"""
        return self.first <= other.last + margin and other.first <= self.last + margin


def archive_fault(template: str) -> str | None:
    """Say why this is no address of an archive by date; None where it is one."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        return "should have each brace of a placeholder closed"
    told = ""
    for _, name, form, how in parts:
        if name is None:
            continue
        if name not in _VALUES or how or (form and (name != "date" or not _FORMAT.fullmatch(form))):
            return f"should have no placeholders but {_KNOWN}"
        told += form or _VALUES[name]
    if any(part not in told for part in ("%Y", "%m", "%d")):
        return "should name the day by {date}, or by {year}, {month} and {day}"
    if absolute("", page_url(template, _SAMPLE, 1)) is None:
        return "should be an http(s) URL"
    return None


def page_url(template: str, day: date, page: int) -> str:
    """Return the address of a page (from 1) of a day; the template is one without a fault."""
    return "".join(
        text + (_value(name, form or "", day, page) if name else "")
        for text, name, form, _ in Formatter().parse(template)
    )


_VALUES = {"date": "%Y%m%d", "year": "%Y", "month": "%m", "day": "%d", "page": ""}


def _value(name: str, form: str, day: date, page: int) -> str:
    return str(page) if name == "page" else day.strftime(form or _VALUES[name])


def is_paged(template: str) -> bool:
    """Has a day more than one page?"""
    return any(name == "page" for _, name, _, _ in Formatter().parse(template))


def day_of(url: str) -> date | None:
    """Return the day that an article's address has in its path; None where it has none."""
    match = _IN_PATH.search(url.partition("?")[0])
    return _date(match[1], match[3], match[4]) if match else None


def period_of(url: str) -> Days | None:
    """Return the month or the day that the address of a sitemap speaks of; None where it speaks of none, or of
    several.
    """
    said = _IN_QUERY.search(url)
    if said:
        return _period(said[1], said[2], said[3])
    found = {_period(m[1], m[3], m[4]) for m in _IN_ADDRESS.finditer(url.partition("//")[2])}
    return found.pop() if len(found) == 1 else None


def _period(year: str, month: str, day: str | None) -> Days | None:
    first = _date(year, month, day or "1")
    if first is None:
        return None
    if day:
        return Days(first, first)
    after = (first + timedelta(days=31)).replace(day=1)
    return Days(first, after - timedelta(days=1))


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
