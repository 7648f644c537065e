"""What the operator wants crawled, as config.toml has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

SourceKind = Literal["portal", "feed", "sitemap", "listing", "naver_search"]
WEB = "web"
"""Stands for the portal of a source whose articles may be any publisher's."""

FIELDS = (
    "headline", "subheadline", "body", "authors", "publisher", "section", "keywords", "published_at",
    "modified_at",
)  # fmt: skip
"""Fields of the record that an operator may name a selector for."""
MAY_BE_ABSENT = "?"
"""Ends a selector that need not match."""


@dataclass(frozen=True, slots=True)
class Source:
    """A portal section, a feed, a sitemap, a page of links or a search of Naver's.

    `listings` are the addresses that name articles, whatever the kind. `portal` reads them, and is "web" for
    all kinds but "portal". `link` is the selector of a listing's links, None where they are recognised.
    `fields` are selectors for the articles, by field of the record. Entries older than `max_age` are left
    alone. `archive` are addresses of pages that list the articles of a day, with placeholders
    (`discover.archives`).
    """

    name: str
    portal: str
    listings: tuple[str, ...]
    every: timedelta | None = None
    cron: str | None = None
    revisit: tuple[timedelta, ...] = ()
    enabled: bool = True
    permission: str | None = None
    adaptive: bool = False
    at_most: timedelta | None = None
    kind: SourceKind = "portal"
    link: str | None = None
    max_age: timedelta | None = None
    fields: tuple[tuple[str, str], ...] = ()
    archive: tuple[str, ...] = ()
