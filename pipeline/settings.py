"""What config.toml may hold: every key with its type, default, bounds and meaning."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from pipeline.setting_values import (
    Age,
    Budget,
    Deadline,
    Duration,
    Keep,
    Processes,
    Size,
    Strict,
    contact_url,
    database_file,
    host_name,
    source_name,
    watch_name,
    zone_name,
)
from pipeline.settings_naver import NaverSettings
from pipeline.settings_reporting import AlertSettings, MetricsSettings, WatchSettings
from pipeline.settings_source import SourceSettings

__all__ = [
    "AlertSettings", "ArchiveSettings", "FileSettings", "HostSettings", "MetricsSettings", "NaverSettings",
    "PipelineSettings", "RetentionSettings", "SourceSettings", "WatchSettings",
]  # fmt: skip


class PipelineSettings(Strict):
    """What holds for all sources: `[pipeline]`."""

    database: Annotated[str, AfterValidator(database_file)] = Field(
        "gisa.db", description="SQLite file; relative to the configuration file"
    )
    contact: Annotated[str, AfterValidator(contact_url)] = Field(
        "", description="mailto: or URL in the User-Agent, for publishers"
    )
    timezone: Annotated[str, AfterValidator(zone_name)] = Field(
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
    parallel: int = Field(8, ge=1, le=1000, description="sources that are crawled at once")
    processes: Processes = Field(
        1, description="that a crawl may use: one fetches and stores, the others parse"
    )
    keep_emails: bool = Field(
        default=True,
        description="false drops the e-mail addresses of authors before anything is stored",
    )
    log_format: Literal["text", "json"] = Field("text", description="text or json, on stderr")


class ArchiveSettings(Strict):
    """Which pages are kept for `gisa reparse`: `[archive]`."""

    enabled: bool = Field(default=True, description="keep the pages that articles were read from")
    keep: Age = Field(timedelta(days=30), description="how long a page is kept after its fetch")
    budget: Budget = Field(
        10**9, description="most that kept pages may take, packed; the oldest go first"
    )


class HostSettings(Strict):
    """What holds for one host: `[host."news.example"]`."""

    delay: Duration | None = Field(None, description="least time between requests")
    concurrency: int | None = Field(None, ge=1, le=64, description="requests at once")
    private: bool = Field(default=False, description="may have an address inside your own network")


class RetentionSettings(Strict):
    """How long what is no article is kept: `[retention]`."""

    runs: Keep = Field(
        timedelta(days=90), description="runs; the last of each source stays, and its last good one"
    )
    quarantine: Keep = Field(
        timedelta(days=90), description="pages that a parser could not read, since last seen"
    )
    sightings: Keep = Field(
        None,
        description="single looks at listings; how long articles stood there stays in any case",
    )


class FileSettings(Strict):
    """The whole file."""

    pipeline: PipelineSettings = Field(default_factory=PipelineSettings)
    archive: ArchiveSettings = Field(default_factory=ArchiveSettings)
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    alerts: AlertSettings = Field(default_factory=AlertSettings)
    watch: dict[Annotated[str, AfterValidator(watch_name)], WatchSettings] = Field(
        default_factory=dict
    )
    host: dict[Annotated[str, AfterValidator(host_name)], HostSettings] = Field(
        default_factory=dict
    )
    metrics: MetricsSettings = Field(default_factory=MetricsSettings)
    naver: NaverSettings = Field(default_factory=NaverSettings)
    source: dict[Annotated[str, AfterValidator(source_name)], SourceSettings] = Field(
        default_factory=dict
    )
