"""What config.toml may say of a source: `[source.NAME]`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from pipeline.discover.naver_query import search_url
from pipeline.setting_addresses import (
    Addresses,
    Archives,
    FieldSelector,
    Selector,
    Url,
    robots_of_home,
)
from pipeline.setting_values import Duration, Interval, Strict, portal_name
from pipeline.settings_naver import Queries
from pipeline.source import FIELDS, WEB, Source, SourceKind

_ADAPTS = 6
"""How many times `every` an adaptive interval may be, where `at_most` does not say."""
_WEB_KINDS: tuple[SourceKind, ...] = ("feed", "sitemap", "listing", "naver_search")
_SITEMAP_AGE = timedelta(days=2)
"""News sitemaps hold two days; the past of other sitemaps is not crawled."""


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
        description="a sitemap, an index of sitemaps, or the home page or robots.txt of a site; or a list",
    )
    listing: Addresses | None = Field(
        None, description="a page of any publisher that links to articles, or a list of such pages"
    )
    naver_search: Queries | None = Field(
        None, description="what to search for by Naver's search API, or a list; keys: `[naver]`"
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
        None,
        description="older entries of a feed, sitemap or search are left alone; 2d for sitemaps",
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

    def source(self, name: str, naver: str) -> Source:
        """Return the source that these settings describe; `naver` is the address of Naver's search."""
        longest = self.at_most or (self.every and self.every * _ADAPTS)
        kind: SourceKind = next((kind for kind in _WEB_KINDS if getattr(self, kind)), "portal")
        return Source(
            name=name,
            portal=self.portal or WEB,
            listings=self._addresses(kind, naver),
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

    def _addresses(self, kind: SourceKind, naver: str) -> tuple[str, ...]:
        if kind == "naver_search":
            return tuple(search_url(naver, query) for query in self.naver_search or ())
        given = (self.listings if kind == "portal" else getattr(self, kind)) or ()
        return tuple(map(robots_of_home, given) if kind == "sitemap" else given)


def _kind_at_odds(it: SourceSettings) -> str | None:
    """Say what makes it unclear what kind of source it is."""
    kinds = [kind for kind in _WEB_KINDS if getattr(it, kind)]
    if len(kinds) + bool(it.portal or it.listings) != 1:
        return "should have one of portal with listings, feed, sitemap, listing, naver_search"
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
    if it.max_age is not None and not {"feed", "sitemap", "naver_search"} & set(kinds):
        return "has max_age, which is for feeds, sitemaps and searches only"
    unknown = [name for name in it.fields if name not in FIELDS]
    if unknown or (it.fields and not {"feed", "sitemap", "listing"} & set(kinds)):
        return (
            f"has fields.{unknown[0]}; there are {', '.join(FIELDS)}"
            if unknown
            else "has fields, which are for feeds, sitemaps and listings only"
        )
    return None
