"""Dates as Korean portals and publishers print them. The machine's own zone and clock never matter.

What cannot be read is None; a time beyond the clock's skew in the future is None too.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

KST = ZoneInfo("Asia/Seoul")
SKEW = timedelta(hours=1)
"""How far a page's clock may run ahead of ours before its time counts as wrong."""

_EARLIEST_YEAR = 1920  # the oldest dailies that still appear
_LOOKED_AT = 200  # characters: a printed time is short
_WEEKDAY = r"(?:\s*(?:[(\[]\s*)?[월화수목금토일](?:요일)?(?:\s*[)\]])?)?"
_DAY = (
    r"(?<!\d)(?P<year>\d{4})\s*(?:[.\-/]|년)\s*(?P<month>\d{1,2})\s*(?:[.\-/]|월)\s*(?P<day>\d{1,2})(?!\d)"
    rf"(?:\s*일|\.)?{_WEEKDAY}"
)
_CLOCK = (
    r"(?P<half>오전|오후|AM|PM)?\s*(?P<hour>\d{1,2})\s*"
    r"(?:시(?!\s*\d)|(?::|시)\s*(?P<minute>\d{1,2})(?:\s*:\s*(?P<second>\d{1,2})"
    r"|\s*분\s*(?P<second_of_three>\d{1,2})\s*초)?(?:[.,]\d{1,9})?(?!\d))(?:\s*(?P<half_after>[AP]M)\b)?"
)
_OFFSET = r"\s*(?P<offset>Z|[+-](?:0\d|1[0-4]):?[0-5]\d(?!\d))?"
_FULL = re.compile(rf"{_DAY}(?:[T\s(\[,|·]+{_CLOCK}{_OFFSET})?", re.IGNORECASE)
_NO_YEAR = re.compile(
    rf"(?<![\d.\-/])(?P<month>\d{{1,2}})(?:[-./]|월)\s*(?P<day>\d{{1,2}})(?:\s*일|\.)?{_WEEKDAY}\s+{_CLOCK}",
    re.IGNORECASE,
)
_STAMP = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?!\d{4})")
_AGO = re.compile(r"(?<!\d)(\d{1,4})\s*(초|분|시간|일|주|개월|달|년)\s*전")
_AGO_UNITS = {
    "초": timedelta(seconds=1),
    "분": timedelta(minutes=1),
    "시간": timedelta(hours=1),
    "일": timedelta(days=1),
    "주": timedelta(weeks=1),
    "개월": timedelta(days=30),
    "달": timedelta(days=30),
    "년": timedelta(days=365),
}
_NAMED_DAYS = {"방금": 0, "오늘": 0, "어제": 1, "그제": 2, "그저께": 2}
_NAMED = re.compile(
    rf"(?<!\w)(?P<name>방금|오늘|어제|그제|그저께)(?:\s*전)?(?!\w)(?:\s+{_CLOCK})?", re.IGNORECASE
)


def parse_time(text: str | None, *, now: datetime, zone: tzinfo = KST) -> datetime | None:
    """Read a printed time. `zone` holds where the text names no offset; relative forms count from `now`.

    Args:
        text: any form of a Korean page: "2026. 9. 27. 09:54", "입력 2025.05.15 오후 8:00", "22분 전",
            "20260927095437", "2025-05-15T20:00:52+0900", "12-01 23:26" …
        now: aware time at which the page was fetched.
        zone: the zone of the portal or publisher.

    Returns:
        An aware time, or None where the text holds none that can be true.
    """
    text = (text or "")[:_LOOKED_AT]
    if _FULL.search(text):
        found = _with_year(text, zone)
    else:
        found = _stamped(text, zone) or _without_year(text, now, zone) or _relative(text, now, zone)
    return None if found is None or found > now + SKEW else found


def parse_stamp(text: str | None, *, now: datetime, zone: tzinfo = KST) -> datetime | None:
    """Read a bare YYYYMMDDHHMM[SS], as in `og:regDate` and Daum's article ids."""
    found = _stamped((text or "")[:_LOOKED_AT], zone)
    return None if found is None or found > now + SKEW else found


def _with_year(text: str, zone: tzinfo) -> datetime | None:
    for match in _FULL.finditer(text):
        part = match.groupdict()
        numbers = [int(part[name] or 0) for name in ("year", "month", "day")]
        found = _moment([*numbers, *_clock(part)], _zone(part["offset"], zone))
        if found:
            return found
    return None


def _stamped(text: str, zone: tzinfo) -> datetime | None:
    moments = (
        _moment([int(part) for part in match.groups(default="0")], zone)
        for match in _STAMP.finditer(text)
    )
    return next((found for found in moments if found), None)


def _without_year(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    match = _NO_YEAR.search(text)
    if not match:
        return None
    part = match.groupdict()
    rest = [int(part["month"]), int(part["day"]), *_clock(part)]
    year = now.astimezone(zone).year
    found = _moment([year, *rest], zone)
    if found is None or found > now + SKEW:  # a December page read in January, or 29 February
        found = _moment([year - 1, *rest], zone)
    return found


def _relative(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    ago = _AGO.search(text)
    if ago:
        try:
            found = (now - int(ago.group(1)) * _AGO_UNITS[ago.group(2)]).astimezone(zone)
        except OverflowError:
            return None
        return found if found.year >= _EARLIEST_YEAR else None
    named = _NAMED.search(text)
    if named is None:
        return None
    day = (now - timedelta(days=_NAMED_DAYS[named.group("name")])).astimezone(zone)
    if named.group("hour"):
        return _moment([day.year, day.month, day.day, *_clock(named.groupdict())], zone)
    return day if named.group("name") != "오늘" else None  # "today" alone tells no time


def _clock(part: dict[str, str | None]) -> list[int]:
    second_name = "second" if part["second"] else "second_of_three"
    hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", second_name))
    half = (part["half"] or part["half_after"] or "").lower()
    if half in ("오후", "pm") and hour < 12:
        hour += 12  # "오후 17:25" occurs and means 17:25
    if half in ("오전", "am") and hour == 12:
        hour = 0
    return [hour, minute, second]


def _zone(offset: str | None, zone: tzinfo) -> tzinfo:
    if not offset:
        return zone
    if offset in "Zz":
        return ZoneInfo("UTC")
    return datetime.strptime(offset.replace(":", ""), "%z").tzinfo or zone


def _moment(numbers: list[int], zone: tzinfo) -> datetime | None:
    try:
        year, month, day, hour, minute, second = numbers
        if year < _EARLIEST_YEAR:
            return None
        second = 59 if second == 60 else second  # a leap second
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
