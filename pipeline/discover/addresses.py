"""The address of an article that is anybody's, and the id that it is known by before it is fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from pipeline import extract, portals
from pipeline.dates import KST, SKEW, parse_time
from pipeline.extract.moments import read_moment
from pipeline.records import Entry
from pipeline.urls import absolute, without_tracking


@dataclass(frozen=True, slots=True)
class Link:
    """An article as a document names it; `href` may be relative, the headline may be empty."""

    href: str
    headline: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None


def entry_of(link: Link, base: str, rank: int = 0) -> Entry | None:
    """Return the entry for a link of the document at `base`; None where it leads to no page.

    The id is the portal's where a portal module knows the address, else `web:` and a hash of it.
    """
    listed = absolute(base, link.href)
    if listed is None:
        return None
    portal = portals.for_url(listed)
    url = portal.canonical_url(listed) if portal else without_tracking(listed)
    known = portal.article_id(listed) if portal else None
    return Entry(
        article_id=known or extract.article_id(url),
        url=url,
        listed_url=listed,
        rank=rank,
        headline=link.headline,
        published_at=link.published_at,
        modified_at=link.modified_at,
    )


def entries_of(links: Iterable[Link], base: str) -> Iterator[Entry]:
    """Yield the entries of a document in its order, each article once, ranked from 1."""
    seen: set[str] = set()
    for link in links:
        entry = entry_of(link, base)
        if entry is not None and entry.article_id not in seen:
            seen.add(entry.article_id)
            yield replace(entry, rank=len(seen))


def time_of(said: str | None, *, now: datetime, zone: tzinfo = KST) -> datetime | None:
    """Read a time of a feed or sitemap: RFC 822, ISO 8601, or what Korean systems print. Never the future."""
    if not said:
        return None
    found = read_moment(said, zone=zone, now=now)
    at = found.at if found else parse_time(said, now=now, zone=zone)
    return at if at is None or at <= now + SKEW else None
