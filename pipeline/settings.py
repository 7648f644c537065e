"""What config.toml may hold: every key with its type, default, bounds and meaning."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from pipeline.setting_addresses import Addresses, Archives, FieldSelector, Selector, Url
from pipeline.setting_values import (
    Age,
    Budget,
    Deadline,
    Duration,
    Interval,
    Keep,
    Size,
    Strict,
    contact_url,
    database_file,
    host_name,
    portal_name,
    source_name,
    watch_name,
    zone_name,
)
from pipeline.settings_reporting import AlertSettings, MetricsSettings, WatchSettings
from pipeline.source import FIELDS, WEB, Source, SourceKind

__all__ = [
    "AlertSettings", "ArchiveSettings", "FileSettings", "HostSettings", "MetricsSettings", "PipelineSettings",
    "RetentionSettings", "SourceSettings", "WatchSettings",
]  # fmt: skip

_ADAPTS = 6
"""How many times `every` an adaptive interval may be, where `at_most` does not say."""
_WEB_KINDS: tuple[Literal["feed", "sitemap", "listing"], ...] = ("feed", "sitemap", "listing")
_SITEMAP_AGE = timedelta(days=2)
"""News sitemaps hold two days; the past of other sitemaps is not crawled."""


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


class SourceSettings(Strict):
    """One source: `[source.NAME]`."""

    portal: Annotated[str, AfterValidator(portal_name)] | None = Field(
        None, description="which parser reads its `listings`"
    )
    listings: list[Url] | None = Field(
        None, min_length=1, description="section pages of the `portal` that list articles"
    )
    feed: Addresses | None = Field(
        None, description="a feed of any publisher (RSS, Atom, JSON Feed), or a list of feeds"
    )
    sitemap: Addresses | None = Field(
        None,
        description="a sitemap, an index of sitemaps, or a robots.txt that names them; or a list",
    )
    listing: Addresses | None = Field(
        None, description="a page of any publisher that links to articles, or a list of such pages"
    )
    archive: Archives | None = Field(
        None,
        description="pages that list the articles of a day, for `gisa backfill`: `…?date={date}&page={page}`",
    )
    link: Selector | None = Field(
        None, description="CSS selector of the links of a `listing`; without it they are recognised"
    )
    fields: dict[str, FieldSelector] = Field(
        default_factory=dict, description="CSS selectors for articles, by field of the record"
    )
    max_age: Duration | None = Field(
        None, description="older entries of a feed or sitemap are left alone; 2d for sitemaps"
    )
    every: Interval | None = Field(None, description="interval between crawls of the daemon")
    cron: str | None = Field(None, description="crontab expression instead of `every`")
    adaptive: bool = Field(
        default=False, description="with every: ask less often at hours that bring nothing new"
    )
    at_most: Interval | None = Field(
        None, description="longest interval that adaptive may take; six times every where not given"
    )
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

    @model_validator(mode="after")
    def _adapts_an_interval(self) -> SourceSettings:
        if self.adaptive and self.every is None:
            raise ValueError("adaptive needs every, the interval at busy hours")
        if self.at_most is not None and not self.adaptive:
            raise ValueError("at_most is of use with adaptive = true only")
        if self.at_most and self.every and self.at_most < self.every:
            raise ValueError("at_most should be no shorter than every")
        return self

    @model_validator(mode="after")
    def _one_kind(self) -> SourceSettings:
        if said := _kind_at_odds(self):
            raise ValueError(said)
        return self

    def source(self, name: str) -> Source:
        """Return the source that these settings describe."""
        longest = self.at_most or (self.every and self.every * _ADAPTS)
        kind: SourceKind = next((kind for kind in _WEB_KINDS if getattr(self, kind)), "portal")
        return Source(
            name=name,
            portal=self.portal or WEB,
            listings=tuple((self.listings if kind == "portal" else getattr(self, kind)) or ()),
            every=self.every,
            cron=self.cron,
            revisit=tuple(sorted(self.revisit)),
            enabled=self.enabled,
            permission=self.permission,
            adaptive=self.adaptive,
            at_most=longest if self.adaptive else None,
            kind=kind,
            link=self.link,
            max_age=self.max_age or (_SITEMAP_AGE if kind == "sitemap" else None),
            fields=tuple(sorted(self.fields.items())),
            archive=tuple(self.archive or ()),
        )


def _kind_at_odds(it: SourceSettings) -> str | None:
    """Say what makes it unclear what kind of source it is."""
    kinds = [kind for kind in _WEB_KINDS if getattr(it, kind)]
    if len(kinds) + bool(it.portal or it.listings) != 1:
        return "should have one of portal with listings, feed, sitemap, listing"
    if not kinds and not it.listings:
        return "has a portal; it should have listings, too"
    if not kinds and not it.portal:
        return "has listings; it should have a portal, too (of other publishers: listing)"
    if it.link and "listing" not in kinds and not (it.archive and kinds):
        return "has link, which is for a listing or an archive only"
    if it.archive and kinds and not it.link:
        return (
            "has archive; it should have link, too: its last pages are too short to be recognised"
        )
    if it.max_age is not None and not {"feed", "sitemap"} & set(kinds):
        return "has max_age, which is for feeds and sitemaps only"
    unknown = [name for name in it.fields if name not in FIELDS]
    if unknown or (it.fields and not kinds):
        return (
            f"has fields.{unknown[0]}; there are {', '.join(FIELDS)}"
            if unknown
            else "has fields, which are for feeds, sitemaps and listings only"
        )
    return None


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
    source: dict[Annotated[str, AfterValidator(source_name)], SourceSettings] = Field(
        default_factory=dict
    )
