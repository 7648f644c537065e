"""Values of config.toml: durations, sizes, names and addresses, each with what is said of a wrong one."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretStr

from pipeline import portals
from pipeline.text import clean

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
_PROCESSES_MOST = 64
_RECEIVER = re.compile(r"[a-z][a-z0-9+.-]*://[!-~]\S*", re.IGNORECASE)
_PING = re.compile(r"https?://[!-~]+")
_SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")
_WATCH_NAME = re.compile(r"\w[\w.-]{0,62}")


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


def _processes(value: Any) -> Any:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if value != "auto" and not (is_number and 1 <= value <= _PROCESSES_MOST):
        raise ValueError(f'should be "auto" or a whole number from 1 to {_PROCESSES_MOST}')
    return value


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


def address_and_port(value: str) -> tuple[str, int]:
    """Return the two halves of `127.0.0.1:9187` or `[::1]:9187`. Raises ValueError."""
    host, _, port = value.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    if not bare or not (port.isascii() and port.isdigit()) or int(port) > 65_535:
        raise ValueError("should be an address and a port, such as 127.0.0.1:9187 or [::1]:9187")
    if bare != "localhost":
        try:
            ip_address(bare)
        except ValueError:
            raise ValueError(
                f"should begin with an IP address or localhost, not {bare!r}"
            ) from None
    return bare, int(port)


def listen_address(value: str) -> str:
    """Refuse what nobody can listen at."""
    address_and_port(value)
    return value


def is_loopback(value: str) -> bool:
    """Can only this machine reach the address?"""
    host, _ = address_and_port(value)
    return host == "localhost" or ip_address(host).is_loopback


def textfile_name(name: str) -> str:
    """Refuse what node_exporter would not read."""
    if not name.endswith(".prom") or "\0" in name:
        raise ValueError("should be a file whose name ends in .prom: node_exporter reads no other")
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


def watch_name(name: str) -> str:
    """Refuse what would not do as a name in tables and subjects."""
    if not _WATCH_NAME.fullmatch(name):
        raise ValueError("a name has letters (Korean ones too), digits and - _ . only")
    return name


def term(text: str) -> str:
    """Return what a watch looks for, cleaned as texts of articles are."""
    if not (kept := clean(text)):
        raise ValueError("should be a text to look for")
    return kept


def _receiver(url: SecretStr) -> SecretStr:
    if not _RECEIVER.fullmatch(url.get_secret_value()):
        raise ValueError('should be an Apprise URL, such as "mailto://user:password@host"')
    return url


def _ping(url: SecretStr) -> SecretStr:
    if not _PING.fullmatch(url.get_secret_value()):
        raise ValueError("should be an http(s) URL")
    return url


def _or(word: str) -> BeforeValidator:
    """A length, or a word that stands for none."""
    return BeforeValidator(lambda value: None if value in (None, word) else duration(value))


Duration = Annotated[timedelta, BeforeValidator(duration)]
Interval = Annotated[Duration, _at_least(timedelta(seconds=1))]
Deadline = Annotated[Duration, _at_least(timedelta(milliseconds=100))]
Keep = Annotated[timedelta | None, BeforeValidator(kept_for)]
Size = Annotated[int, BeforeValidator(_size), _between(1000, 10**9, "1 kB and 1000 MB")]
Budget = Annotated[int, BeforeValidator(_size), _between(10**6, 10**12, "1 MB and 1000 GB")]
Processes = Annotated[Literal["auto"] | int, BeforeValidator(_processes)]
Age = Annotated[Duration, _at_least(timedelta(hours=1))]
Receiver = Annotated[SecretStr, AfterValidator(_receiver)]
PingUrl = Annotated[SecretStr, AfterValidator(_ping)]
Remind = Annotated[timedelta | None, _or("never")]
DigestEvery = Annotated[timedelta | None, _or("run")]
Terms = list[Annotated[str, AfterValidator(term)]]


class Strict(BaseModel):
    """A table of the file: a key that it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
