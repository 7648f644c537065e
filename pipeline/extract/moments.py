"""Points in time as data and pages of any language write them, with how exact they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from pipeline.dates import SKEW
from pipeline.extract.months import MONTHS
from pipeline.extract.zones import ZONE_WORD, zone_named

_LOOKED_AT = 120
_EARLIEST_YEAR = 1920
_ISO = re.compile(
    r"(?<!\d)(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})"
    r"(?:(?:[T_ ]|,\s?){1,2}(?P<h>\d{2}):?(?P<i>\d{2})(?::?(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s?(?P<z>Z\b|[+-]\d{2}:?(?:\d{2})?(?!\d)|[A-Z]{2,4}\b)?)?(?!\d)",
    re.IGNORECASE,
)
_EPOCH = re.compile(r"\s*(\d{10})(\d{3})?(?:\.\d+)?\s*$")
_WORDS = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|ª)?[.,]?\s*(?:de |of |-)?(?P<w>[^\W\d_]{3,14})[.,]?"
    r"\s*(?:del? |-|’|')?(?P<y>\d{4})(?!\d)"
    r"|(?P<w2>[^\W\d_]{3,14})\.?\s+(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?:\d\d:\d\d:\d\d\s+(?:[A-Z]{3,4}\s+)?)?(?P<y2>\d{4})(?!\d)",
    re.IGNORECASE,
)
_FAR_EAST = re.compile(r"(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})")
_VIETNAMESE = re.compile(
    r"(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2}),?\s+(?:năm\s+)?(?P<y>\d{4})", re.IGNORECASE
)
_NUMBERS = re.compile(
    r"(?<![\d.:/])(?P<a>\d{1,2})(?P<sep>[./-])\s?(?P<b>\d{1,2})(?P=sep)\s?(?P<y>\d{4}|\d{2})(?![\d:])"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<y>\d{4})\s?[./-]\s?(?P<m>\d{1,2})\s?[./-]\s?(?P<d>\d{1,2})(?!\d)"
)
_CLOCK = re.compile(
    r"(?<![\d.:/+-])(?P<h>[01]?\d|2[0-3])\s?(?:[:.h時时시点點]\s?(?P<i>[0-5]\d)(?:[:.分분]\s?(?P<s>[0-5]\d)(?:[.,]\d{1,9})?)?"
    r"(?![\d.:/])\s?[分분]?|(?=\s?[ap]\.?m\b)|(?=\s?uhr\b))"
    rf"(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:[\s(,]{{0,3}}(?P<z>{ZONE_WORD}))?",
    re.IGNORECASE,
)
_HALF_DAY = re.compile(r"\d\s?(?:오전|오후)\s?\d")
"""2026-09-27 오후 3:00 begins as ISO 8601 does, and its clock is none of it."""
_HALF_BEFORE = re.compile(r"(?P<pm>오후|午後|下午|PM)\s?$|(?:오전|午前|上午|AM)\s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware time, whether the text had a clock, and whether it had a zone of its own."""

    at: datetime
    has_clock: bool
    has_zone: bool


def read_moment(
    said: str | None, *, zone: tzinfo, now: datetime, month_first: bool = False
) -> Moment | None:
    """Read a time of data or page; None for what is none, and for the future."""
    found = _read((said or "")[:_LOOKED_AT], zone, month_first) if said else None
    return None if found is None or found.at > now + SKEW else found


@lru_cache(maxsize=64)
def _read(text: str, zone: tzinfo, month_first: bool) -> Moment | None:  # noqa: FBT001
    """Data, meta tags and the page itself say the same time in the same form."""
    iso = None if _HALF_DAY.search(text) else _iso(text, zone)
    return _epoch(text) or iso or _printed(text, zone, month_first=month_first)


def _epoch(text: str) -> Moment | None:
    match = _EPOCH.match(text)
    if not match:
        return None
    at = datetime.fromtimestamp(int(match.group(1)), UTC)
    at += timedelta(milliseconds=int(match.group(2) or 0))
    return Moment(at, has_clock=True, has_zone=True)


def _iso(text: str, zone: tzinfo) -> Moment | None:
    for match in _ISO.finditer(text):
        part = match.groupdict()
        own = zone_named(part["z"]) if part["z"] else None
        date = (int(part["y"]), int(part["m"]), int(part["d"]))
        clock = (int(part["h"] or 0), int(part["i"] or 0), int(part["s"] or 0))
        fraction = int((part["f"] or "").ljust(6, "0")[:6] or 0)
        found = _moment(date, clock, own or zone)
        if found:
            at = found.replace(microsecond=fraction)
            return Moment(at, has_clock=part["h"] is not None, has_zone=own is not None)
    return None


def _printed(text: str, zone: tzinfo, *, month_first: bool) -> Moment | None:
    day = _day(text, month_first=month_first)
    if day is None:
        return None
    date, start, end = day
    match = _near(_CLOCK.search(text, end), end + 40) or _CLOCK.search(text[:start][-30:])
    if not match and ":" in text[start:end]:  # "Fri Apr 28 10:11:12 GMT 2023"
        match = _CLOCK.search(text, start, end)
    if not match:
        at = _moment(date, (0, 0, 0), zone)
        return Moment(at, has_clock=False, has_zone=False) if at else None
    hour = int(match.group("h"))
    before = _HALF_BEFORE.search(match.string[: match.start()][-6:])
    half = (match.group("half") or "").lower() or (before and ("p" if before.group("pm") else "a"))
    hour = hour + 12 if half == "p" and hour < 12 else 0 if half == "a" and hour == 12 else hour
    own = zone_named(match.group("z")) if match.group("z") else None
    clock = (hour, int(match.group("i") or 0), int(match.group("s") or 0))
    at = _moment(date, clock, own or zone)
    return Moment(at, has_clock=True, has_zone=own is not None) if at else None


def _near(match: re.Match[str] | None, end: int) -> re.Match[str] | None:
    return match if match is None or match.start() <= end else None


def _day(text: str, *, month_first: bool) -> tuple[tuple[int, int, int], int, int] | None:
    for pattern in (_YEAR_FIRST, _FAR_EAST, _VIETNAMESE):
        if match := pattern.search(text):
            return (int(match["y"]), int(match["m"]), int(match["d"])), match.start(), match.end()
    for match in _WORDS.finditer(text):
        month = MONTHS.get((match["w"] or match["w2"]).lower())
        if month:
            date = (int(match["y"] or match["y2"]), month, int(match["d"] or match["d2"]))
            return date, match.start(), match.end()
    if match := _NUMBERS.search(text):
        a, b, year = int(match["a"]), int(match["b"]), int(match["y"])
        day, month = (
            (b, a) if (month_first and match["sep"] == "/" and a <= 12) or b > 12 else (a, b)
        )
        return (year + 2000 if year < 100 else year, month, day), match.start(), match.end()
    return None


def _moment(
    date: tuple[int, int, int], clock: tuple[int, int, int], zone: tzinfo
) -> datetime | None:
    hour, minute, second = clock
    try:
        found = datetime(*date, hour, minute, min(second, 59), tzinfo=zone)
        return found if found.year >= _EARLIEST_YEAR else None
    except ValueError:
        return None
