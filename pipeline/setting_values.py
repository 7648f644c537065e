"""Values of config.toml: durations, sizes, names and addresses, each with what is said of a wrong one."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from pipeline import portals
from pipeline.source import MAY_BE_ABSENT
from pipeline.urls import absolute

_DURATION = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(ms|s|m|h|d|w)\s*")
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_LONGEST = timedelta(days=3660)
_SIZE = re.compile(r"\s*([0-9]{1,9})\s*(B|kB|KB|MB|GB|KiB|MiB|GiB)?\s*")
_SIZES = {
    None: 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 10**6, "GB": 10**9, "KiB": 1024, "MiB": 1024**2,
    "GiB": 1024**3,
}  # fmt: skip
# it goes into a request header, where only printable ASCII may stand
_MAILTO_OR_URL = re.compile(r"(mailto:[!-~]+@[!-~]+|https?://[!-~]+)")
_HOST = re.compile(r"([\w-]+(\.[\w-]+)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")


def duration(value: Any) -> Any:
    """Return the length that a text with a unit says; a length as it is. Raises ValueError."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError('should be a text with a unit, such as "30s", "10m", "6h" or "7d"')
    length = float(match.group(1)) * _UNITS[match.group(2)]
    if length > _LONGEST:
        raise ValueError("should be at most ten years")
    return length


def kept_for(value: Any) -> timedelta | None:
    """Return an age, None for "forever"; at least a day, for "90m" is no three months.

    Raises:
        ValueError: it is neither.
    """
    if value in (None, "forever"):
        return None
    length: timedelta = duration(value)
    if length < timedelta(days=1):
        raise ValueError('should be at least a day, such as "90d", or "forever"')
    return length


def _at_least(least: timedelta) -> AfterValidator:
    def check(length: timedelta) -> timedelta:
        if length < least:
            raise ValueError(f"should be at least {least.total_seconds():g}s")
        return length

    return AfterValidator(check)


def _size(value: Any) -> Any:
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError('should be a text with a unit, such as "500 kB" or "15 MB"')
    return int(match.group(1)) * _SIZES[match.group(2)]


def _between(least: int, most: int, said: str) -> AfterValidator:
    def check(size: int) -> int:
        if not least <= size <= most:
            raise ValueError(f"should be between {said}")
        return size

    return AfterValidator(check)


def listing_url(url: str) -> str:
    """Refuse what is no URL of a page, or holds a password."""
    if absolute(url, url) is None or not url.isprintable() or " " in url:
        raise ValueError("should be an http(s) URL")
    if "@" in urlsplit(url).netloc:
        raise ValueError("should hold no user name or password: it would be logged and stored")
    return url


def database_file(name: str) -> str:
    """Refuse what names no file."""
    if not name.strip() or "\0" in name:
        raise ValueError("should be the name of a file")
    try:
        Path(name).expanduser()
    except RuntimeError:
        raise ValueError("should begin with ~ only for a user of this machine") from None
    return name


def zone_name(name: str) -> str:
    """Refuse what is no IANA time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("should be a time zone such as Asia/Seoul") from None
    return name


def contact_url(value: str) -> str:
    """Refuse what no publisher could use to reach the operator."""
    if value and not _MAILTO_OR_URL.fullmatch(value):
        raise ValueError("should be a mailto: address or a URL where a publisher can reach you")
    return value


def host_name(name: str) -> str:
    """Refuse what is no host as URLs have it."""
    if not _HOST.fullmatch(name) or name != name.lower():
        raise ValueError(
            "should be a host as in its URLs, in lower case: news.example or [::1]:8080"
        )
    return name


def source_name(name: str) -> str:
    """Refuse what would not do as a name in files, tables and metrics."""
    if not _SOURCE_NAME.fullmatch(name):
        raise ValueError("a name has lower-case letters, digits and - _ . only")
    return name


def portal_name(name: str) -> str:
    """Refuse what no portal module is called."""
    if name not in portals.names():
        wrong = "".join(f"; {fault}" for fault in portals.faults())
        known = ", ".join(portals.names())
        raise ValueError(f"should be the name of a portal; there are {known}{wrong}")
    return name


def css(value: str) -> str:
    """Refuse what is no CSS selector that the parser knows."""
    from pipeline.select import selector_fault  # few configurations need the parser

    if fault := selector_fault(value):
        raise ValueError(f"should be a CSS selector: {fault}")
    return value


def field_css(value: str) -> str:
    """Refuse what is no CSS selector; one that need not match ends with a question mark."""
    css(value.removesuffix(MAY_BE_ABSENT))
    return value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Url = Annotated[str, AfterValidator(listing_url)]
Addresses = Annotated[list[Url], BeforeValidator(_as_list), Field(min_length=1)]
Selector = Annotated[str, AfterValidator(css)]
FieldSelector = Annotated[str, AfterValidator(field_css)]
Duration = Annotated[timedelta, BeforeValidator(duration)]
Interval = Annotated[Duration, _at_least(timedelta(seconds=1))]
Deadline = Annotated[Duration, _at_least(timedelta(milliseconds=100))]
Keep = Annotated[timedelta | None, BeforeValidator(kept_for)]
Size = Annotated[int, BeforeValidator(_size), _between(1000, 10**9, "1 kB and 1000 MB")]
Budget = Annotated[int, BeforeValidator(_size), _between(10**6, 10**12, "1 MB and 1000 GB")]
Age = Annotated[Duration, _at_least(timedelta(hours=1))]
