"""Sitemaps to entries: 50,000 addresses take the memory of those that are new."""

from __future__ import annotations

import hashlib
import html
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from pipeline.discover.addresses import Link, entry_of, time_of
from pipeline.discover.feed_text import title_of
from pipeline.discover.sitemap_blocks import blocks, bytes_of, fields, root
from pipeline.records import Entry, Page
from pipeline.urls import absolute

_LOOKED_AT = 2_000
_ALIKE = 0.5
"""Share of addresses with one and the same lastmod from which on it is the time of the file."""
_FEW = 10
_DIGEST = 8


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap that an index names."""

    url: str
    modified_at: datetime | None = None


@dataclass(slots=True)
class Sitemap:
    """What a sitemap names: other sitemaps, or articles.

    `entries` are those that may be new, newest first; `edited` older ones whose lastmod is new; `listed` is how
    many it names in all. `undated` are the digests of those without a time, as `parse_sitemap` takes them the
    next time; None for an index.
    """

    children: list[Child] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    edited: list[Entry] = field(default_factory=list)
    listed: int = 0
    undated: bytes | None = None


def children_of(page: Page) -> list[Child]:
    """Return the sitemaps that an index names, newest first; none of a sitemap, which is not read.

    Raises:
        LayoutChanged, BadAnswer: as `parse_sitemap` does.
    """
    raw = bytes_of(page)
    codec, name = root(raw, page)
    return _newest_first(_children(raw, codec, page)) if name == "sitemapindex" else []


Choice: TypeAlias = Callable[[str, datetime | None, datetime | None], bool]
"""Is an address wanted, by itself, its time of publication and its lastmod?"""


def parse_sitemap(
    page: Page,
    *,
    since: datetime | None = None,
    known: bytes | None = None,
    chosen: Choice | None = None,
) -> Sitemap:
    """Read a sitemap or an index of sitemaps.

    Args:
        page: with its bytes in `raw`, unpacked.
        since: older entries are left out; an address without a time is taken if it was not there before.
        known: `undated` of the last look; None at the first one, at which all that have no time count as old.
        chosen: decides which addresses are taken, in place of `since` and `known`.

    Raises:
        LayoutChanged: it is neither.
        BadAnswer: it declares entities.
    """
    raw = bytes_of(page)
    codec, name = root(raw, page)
    if name == "sitemapindex":
        return Sitemap(children=_newest_first(_children(raw, codec, page)))
    reading = _Reading(page, since, known, believes=_believed(raw, codec), chosen=chosen)
    for block in blocks(raw, codec):
        reading.take(block)
    return reading.result()


def _children(raw: bytes, codec: str, page: Page) -> Iterator[Child]:
    for block in blocks(raw, codec):
        said = fields(block)
        url = absolute(page.url, html.unescape(said.get("loc", "")))
        if url:
            yield Child(url, time_of(said.get("lastmod"), now=page.fetched_at))


def _newest_first(children: Iterator[Child]) -> list[Child]:
    """Those without a time come first: they may be new."""
    each = list({child.url: child for child in children}.values())
    dated = [child for child in each if child.modified_at]
    dated.sort(key=lambda child: _seconds(child.modified_at), reverse=True)
    return [child for child in each if not child.modified_at] + dated


def _believed(raw: bytes, codec: str) -> bool:
    """Many systems write the time at which the file was made beside every address: it says nothing of them."""
    times: Counter[str] = Counter()
    looked_at = 0
    for block in blocks(raw, codec):
        said = fields(block)
        if "publication_date" in said:
            return True
        times[said.get("lastmod", "")] += 1
        looked_at += 1
        if looked_at == _LOOKED_AT:
            break
    times.pop("", None)
    most = max(times.values(), default=0)
    return looked_at < _FEW or most <= _ALIKE * looked_at


@dataclass(slots=True)
class _Reading:
    page: Page
    since: datetime | None
    known: bytes | None
    believes: bool
    chosen: Choice | None = None
    found: Sitemap = field(default_factory=Sitemap)
    _seen: set[bytes] = field(default_factory=set)
    _before: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        known = self.known or b""
        self._before = {known[i : i + _DIGEST] for i in range(0, len(known), _DIGEST)}

    def take(self, block: str) -> None:
        """Sort one address in."""
        said = fields(block)
        if "loc" not in said:
            return
        self.found.listed += 1
        now = self.page.fetched_at
        modified = time_of(said.get("lastmod"), now=now) if self.believes else None
        published = time_of(said.get("publication_date"), now=now)
        into = self._place(said["loc"], published, modified)
        if into is None:
            return
        link = Link(
            html.unescape(said["loc"]), title_of(said.get("title")), published, modified
        )  # fmt: skip
        entry = entry_of(link, self.page.url)
        if entry is not None:
            into.append(entry)

    def _place(
        self, loc: str, published: datetime | None, modified: datetime | None
    ) -> list[Entry] | None:
        if self.chosen:
            wanted = self.chosen(html.unescape(loc), published, modified)
            return self.found.entries if wanted else None
        date = published or modified
        if date is None:
            digest = hashlib.sha256(loc.encode("utf-8", "ignore")).digest()[:_DIGEST]
            self._seen.add(digest)
            is_new = self.since is None or (self.known is not None and digest not in self._before)
            return self.found.entries if is_new else None
        if self.since is None or date >= self.since:
            return self.found.entries
        return self.found.edited if modified and modified >= self.since else None

    def result(self) -> Sitemap:
        """Return what was found: each article once, newest first."""
        each: dict[str, Entry] = {}
        for entry in self.found.entries:
            each.setdefault(entry.article_id, entry)
        ordered = sorted(
            each.values(), key=lambda it: _seconds(it.published_at or it.modified_at), reverse=True
        )
        self.found.entries = [replace(it, rank=rank) for rank, it in enumerate(ordered, 1)]
        self.found.undated = b"".join(sorted(self._seen))
        return self.found


def _seconds(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0
