"""What config.toml may hold: every key with its type, default, bounds and meaning."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipeline import portals
from pipeline.urls import absolute

_DURATION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)\s*$")
_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_SIZE = re.compile(r"^\s*(\d+)\s*(B|kB|KB|MB|MiB|KiB)?\s*$")
_SIZES = {None: 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 10**6, "KiB": 1024, "MiB": 1024**2}
_MAILTO_OR_URL = re.compile(r"^(mailto:\S+@\S+|https?://\S+)$")


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    match = _DURATION.match(value) if isinstance(value, str) else None
    if not match:
        raise ValueError('should be a text with a unit, such as "30s", "10m", "6h" or "7d"')
    return float(match.group(1)) * _UNITS[match.group(2)]


def _size(value: Any) -> Any:
    match = _SIZE.match(value) if isinstance(value, str) else None
    if not match:
        raise ValueError('should be a text with a unit, such as "500 kB" or "15 MB"')
    return int(match.group(1)) * _SIZES[match.group(2)]


def _listing_url(url: str) -> str:
    if absolute(url, url) is None:
        raise ValueError("should be an http(s) URL")
    return url


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("should be a time zone such as Asia/Seoul") from None
    return name


def _contact(value: str) -> str:
    if value and not _MAILTO_OR_URL.match(value):
        raise ValueError("should be a mailto: address or a URL where a publisher can reach you")
    return value


def _portal(name: str) -> str:
    if name not in portals.names():
        raise ValueError(f"should be the name of a portal; there are {', '.join(portals.names())}")
    return name


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Size = Annotated[int, BeforeValidator(_size)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PipelineSettings(_Strict):
    """What holds for all sources: `[pipeline]`."""

    database: str = Field("gisa.db", description="SQLite file; relative to the configuration file")
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
    deadline: Duration = Field(
        timedelta(seconds=45), description="longest a whole request may take"
    )
    max_bytes: Size = Field(15 * 10**6, description="largest page, decompressed")
    patience: Duration = Field(
        timedelta(minutes=1), description="longest wait for a turn; longer waits are put off"
    )
    log_format: str = Field("text", pattern="^(text|json)$", description="text or json, on stderr")


class HostSettings(_Strict):
    """What holds for one host: `[host."news.example"]`."""

    delay: Duration | None = Field(None, description="least time between requests")
    concurrency: int | None = Field(None, ge=1, le=64, description="requests at once")


class SourceSettings(_Strict):
    """One source: `[source.NAME]`."""

    portal: Annotated[str, AfterValidator(_portal)] = Field(description="which parser reads it")
    listings: list[Annotated[str, AfterValidator(_listing_url)]] = Field(
        min_length=1, description="section pages that list articles"
    )
    every: Duration | None = Field(None, description="interval between crawls of the daemon")
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


class FileSettings(_Strict):
    """The whole file."""

    pipeline: PipelineSettings = Field(default_factory=PipelineSettings)
    host: dict[str, HostSettings] = Field(default_factory=dict)
    source: dict[str, SourceSettings] = Field(default_factory=dict)
