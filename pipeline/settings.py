"""What config.toml may hold: every key with its type, default, bounds and meaning."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipeline import portals
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
_SIZE = re.compile(r"\s*([0-9]{1,9})\s*(B|kB|KB|MB|MiB|KiB)?\s*")
_SIZES = {None: 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 10**6, "KiB": 1024, "MiB": 1024**2}
# it goes into a request header, where only printable ASCII may stand
_MAILTO_OR_URL = re.compile(r"(mailto:[!-~]+@[!-~]+|https?://[!-~]+)")
_HOST = re.compile(r"([\w-]+(\.[\w-]+)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,62}")


def _duration(value: Any) -> Any:
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
    length: timedelta = _duration(value)
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
    size = int(match.group(1)) * _SIZES[match.group(2)]
    if not 1000 <= size <= 10**9:
        raise ValueError("should be between 1 kB and 1000 MB")
    return size


def _listing_url(url: str) -> str:
    if absolute(url, url) is None or not url.isprintable() or " " in url:
        raise ValueError("should be an http(s) URL")
    if "@" in urlsplit(url).netloc:
        raise ValueError("should hold no user name or password: it would be logged and stored")
    return url


def _database(name: str) -> str:
    if not name.strip() or "\0" in name:
        raise ValueError("should be the name of a file")
    try:
        Path(name).expanduser()
    except RuntimeError:
        raise ValueError("should begin with ~ only for a user of this machine") from None
    return name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("should be a time zone such as Asia/Seoul") from None
    return name


def _contact(value: str) -> str:
    if value and not _MAILTO_OR_URL.fullmatch(value):
        raise ValueError("should be a mailto: address or a URL where a publisher can reach you")
    return value


def _host(name: str) -> str:
    if not _HOST.fullmatch(name) or name != name.lower():
        raise ValueError(
            "should be a host as in its URLs, in lower case: news.example or [::1]:8080"
        )
    return name


def _source_name(name: str) -> str:
    if not _SOURCE_NAME.fullmatch(name):
        raise ValueError("a name has lower-case letters, digits and - _ . only")
    return name


def _portal(name: str) -> str:
    if name not in portals.names():
        raise ValueError(f"should be the name of a portal; there are {', '.join(portals.names())}")
    return name


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Interval = Annotated[Duration, _at_least(timedelta(seconds=1))]
Deadline = Annotated[Duration, _at_least(timedelta(milliseconds=100))]
Keep = Annotated[timedelta | None, BeforeValidator(kept_for)]
Size = Annotated[int, BeforeValidator(_size)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PipelineSettings(_Strict):
    """What holds for all sources: `[pipeline]`."""

    database: Annotated[str, AfterValidator(_database)] = Field(
        "gisa.db", description="SQLite file; relative to the configuration file"
    )
    contact: Annotated[str, AfterValidator(_contact)] = Field(
        "", description="mailto: or URL in the User-Agent, for publishers"
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        "Asia/Seoul", description="zone in which times are printed and schedules are read"
    )
    delay: Duration = Field(
        timedelta(seconds=1), description="least time between requests to a host"
    )
    concurrency: int = Field(1, ge=1, le=64, description="requests at once to a host")
    deadline: Deadline = Field(
        timedelta(seconds=45), description="longest a whole request may take"
    )
    max_bytes: Size = Field(15 * 10**6, description="largest page, decompressed")
    patience: Duration = Field(
        timedelta(minutes=1), description="longest wait for a turn; longer waits are put off"
    )
    keep_emails: bool = Field(
        default=True,
        description="false drops the e-mail addresses of authors before anything is stored",
    )
    log_format: Literal["text", "json"] = Field("text", description="text or json, on stderr")


class HostSettings(_Strict):
    """What holds for one host: `[host."news.example"]`."""

    delay: Duration | None = Field(None, description="least time between requests")
    concurrency: int | None = Field(None, ge=1, le=64, description="requests at once")
    private: bool = Field(default=False, description="may have an address inside your own network")


class SourceSettings(_Strict):
    """One source: `[source.NAME]`."""

    portal: Annotated[str, AfterValidator(_portal)] = Field(description="which parser reads it")
    listings: list[Annotated[str, AfterValidator(_listing_url)]] = Field(
        min_length=1, description="section pages that list articles"
    )
    every: Interval | None = Field(None, description="interval between crawls of the daemon")
    cron: str | None = Field(None, description="crontab expression instead of `every`")
    revisit: list[Duration] = Field(
        default_factory=list, description="ages at which an article is looked at again"
    )
    enabled: bool = Field(
        default=True, description="false leaves it out of runs that name no source"
    )
    permission: str | None = Field(
        None, description="a licence you hold: who allowed what, when; goes onto every record"
    )

    @model_validator(mode="after")
    def _one_schedule(self) -> SourceSettings:
        if self.every is not None and self.cron is not None:
            raise ValueError("has both every and cron; keep one")
        return self


class RetentionSettings(_Strict):
    """How long what is no article is kept: `[retention]`."""

    runs: Keep = Field(
        timedelta(days=90), description="runs; the last of each source stays, and its last good one"
    )
    quarantine: Keep = Field(
        timedelta(days=90), description="pages that a parser could not read, since last seen"
    )


class FileSettings(_Strict):
    """The whole file."""

    pipeline: PipelineSettings = Field(default_factory=PipelineSettings)
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    host: dict[Annotated[str, AfterValidator(_host)], HostSettings] = Field(default_factory=dict)
    source: dict[Annotated[str, AfterValidator(_source_name)], SourceSettings] = Field(
        default_factory=dict
    )
