"""The typed records that cross module borders: frozen, with aware datetimes. Verbs live elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from math import floor
from typing import Literal

from pipeline.hashing import hashed
from pipeline.source import Source as Source

BlockType = Literal["paragraph", "subhead", "quote", "list", "table", "caption"]
Use = Literal["allowed", "licensed", "unknown", "reserved", "prohibited"]
SignalType = Literal[
    "notice", "robots", "x-robots-tag", "meta-robots", "tdmrep", "rsl", "content-signal", "license",
    "permission",
]  # fmt: skip
Outcome = Literal["ok", "failed", "drift", "blocked", "locked"]
VisitOutcome = Literal["new", "revised", "unchanged", "not_modified", "removed", "not_an_article"]


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched document. `url` is where it came from after redirects; `html` is decoded text.

    `body_hash`, SHA-256 of its bytes as they came, tells a page that did not change. `site_signals` are what
    robots.txt and headers say of rights; `raw` the decompressed bytes of `html`, with the header's
    `content_type`; `matches`, where given, is told how many elements each selector of the parser found."""

    url: str
    html: str
    fetched_at: datetime
    robots_tags: tuple[str, ...] = ()
    site_signals: tuple[tuple[SignalType, str], ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    warnings: tuple[str, ...] = ()
    raw: bytes | None = field(default=None, repr=False)
    content_type: str | None = None
    matches: dict[str, int] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing: which article, at which rank (from 1), under which headline."""

    article_id: str
    url: str
    listed_url: str
    rank: int
    headline: str
    publisher: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """A person as the byline names them; the name carries no role."""

    name: str
    email: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article, at its original address where the page tells it."""

    url: str
    caption: str | None = None
    credit: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the body, in document order."""

    type: BlockType
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary and who wrote it: the portal's machine or the publisher."""

    text: str
    by: Literal["portal", "publisher"]


@dataclass(frozen=True, slots=True)
class Related:
    """Another article that the page points to."""

    headline: str
    url: str


@dataclass(frozen=True, slots=True)
class Signal:
    """One piece of evidence about rights, verbatim, with the time it was seen."""

    type: SignalType
    value: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Uses:
    """What may be done with the text. Unknown is never permission."""

    redistribute: Use = "unknown"
    tdm: Use = "unknown"
    ai_train: Use = "unknown"


@dataclass(frozen=True, slots=True)
class Rights:
    """The notice as printed, what follows from it, and every signal that was read."""

    notice: str | None = None
    holder: str | None = None
    license_url: str | None = None
    uses: Uses = Uses()
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """What one page says of one article. Missing is None, never a guess and never "now"."""

    id: str
    portal: str
    publisher: str | None
    url: str
    canonical_url: str
    headline: str
    body: tuple[Block, ...]
    text: str
    fetched_at: datetime
    parser: str
    original_url: str | None = None
    labels: tuple[str, ...] = ()
    subheadline: str | None = None
    summary: Summary | None = None
    images: tuple[Image, ...] = ()
    authors: tuple[Author, ...] = ()
    section: str | None = None
    keywords: tuple[str, ...] = ()
    language: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    published_at_source: Literal["meta", "json-ld", "text", "url", "feed"] | None = None
    related: tuple[Related, ...] = ()
    rights: Rights = Rights()
    warnings: tuple[str, ...] = ()

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) over what the publisher wrote; what a portal adds or reorders is left out."""
        content = (
            self.headline, self.labels, self.subheadline, self.publisher,
            [(block.type, block.text) for block in self.body],
            [(image.url, image.caption, image.credit) for image in self.images],
            [(author.name, author.email, author.role) for author in self.authors],
            self.published_at and floor(self.published_at.timestamp()),
            self.modified_at and floor(self.modified_at.timestamp()),
            self.rights.notice,
        )  # fmt: skip
        return hashed(content)


@dataclass(frozen=True, slots=True)
class Observed:
    """What our visits add to an article: when we saw it, and how often it changed."""

    first_seen_at: datetime
    last_seen_at: datetime
    removed_at: datetime | None
    revision: int


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the database has it."""

    article: Article
    observed: Observed


@dataclass(frozen=True, slots=True)
class Change:
    """An article and when it last changed for its readers: first seen, edited, back again or taken down."""

    stored: StoredArticle
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong in a crawl: a line of `gisa status` and of the run's JSON."""

    url: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """How one crawl of one source went."""

    source: str
    started_at: datetime
    finished_at: datetime
    outcome: Outcome
    detail: str = ""
    listed: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: int = 0
    quarantined: int = 0
    errors: int = 0
    open: int = 0
    problems: tuple[Problem, ...] = field(default=())
    run: int | None = None
