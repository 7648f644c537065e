"""What a crawl measures of its source: how much the listings show, which fields and selectors were there.

A measure is a count: of so many pages, so many had it. Its name begins with its kind: `field:authors`,
`selector:h3.tit_view`, `listing-selector:.list a`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from pipeline.records import Article

TEXT_LENGTHS = (200, 600, 1500)
"""Characters: of how many articles the text is as long; three shares show a distribution that moved."""
_AHEAD = timedelta(minutes=15)
_LONG_AGO = timedelta(days=30)
ARTICLE, TEXT, OWN_TEXT = "field:article", "field:text", "field:own_text"
AGREES = "field:second_opinion"


def _is_plausible(article: Article) -> bool:
    """A date read in a wrong order, or in a wrong zone, lies in the future or long ago."""
    at = article.published_at
    return at is not None and at - _AHEAD <= article.fetched_at <= at + _LONG_AGO


_FIELDS: dict[str, Callable[[Article], bool]] = {
    "headline": lambda a: bool(a.headline),
    "subheadline": lambda a: bool(a.subheadline),
    "publisher": lambda a: bool(a.publisher),
    "authors": lambda a: bool(a.authors),
    "author_emails": lambda a: any(author.email for author in a.authors),
    "published_at": lambda a: a.published_at is not None,
    "published_at_plausible": _is_plausible,
    "modified_at": lambda a: a.modified_at is not None,
    "images": lambda a: bool(a.images),
    "captions": lambda a: any(image.caption for image in a.images),
    "section": lambda a: bool(a.section),
    "keywords": lambda a: bool(a.keywords),
    "summary": lambda a: a.summary is not None,
    "original_url": lambda a: bool(a.original_url),
    "related": lambda a: bool(a.related),
    "rights_notice": lambda a: bool(a.rights.notice),
}
_WITNESSES = ("meta", "json-ld", "text", "url", "feed")


@dataclass(slots=True)
class Count:
    """Of `of` pages, `matched` had it."""

    matched: int = 0
    of: int = 0

    def note(self, held: bool) -> None:  # noqa: FBT001
        """Count one page more."""
        self.matched += held
        self.of += 1


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a listing: its entries, and those that it did not show at the look before."""

    listing: str
    at: datetime
    entries: int
    fresh: int = 0
    before: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Does it tell how many appeared? Not where there was no look before, or all of it is fresh."""
        return self.before is not None and self.fresh < self.entries


@dataclass(slots=True)
class Measures:
    """The measures of one crawl as they grow."""

    looks: list[Look] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)
    lengths: list[int] = field(default_factory=list)
    _texts: set[int] = field(default_factory=set)

    @property
    def parsed(self) -> int:
        """How many articles were read."""
        return len(self.lengths)

    @property
    def text_length(self) -> int | None:
        """The median length of their texts, in characters; None where none was read."""
        return int(median(self.lengths)) if self.lengths else None

    def count(self, name: str) -> int:
        """How many pages a measure was counted on."""
        return self.counts[name].of if name in self.counts else 0

    def note(self, name: str, *, held: bool) -> None:
        """Count one page for one measure."""
        self.counts.setdefault(name, Count()).note(held)

    def selected(self, matches: Mapping[str, int], kind: str = "selector") -> None:
        """Count the selectors that a parser asked of one page."""
        for css, found in matches.items():
            self.note(f"{kind}:{css}", held=found > 0)

    def article(self, article: Article) -> None:
        """Count the fields of an article that was read."""
        for name, there in _FIELDS.items():
            self.note(f"field:{name}", held=there(article))
        for length in TEXT_LENGTHS:
            self.note(f"field:text_{length}", held=len(article.text) >= length)
        for witness in _WITNESSES:  # the first link of a chain of witnesses breaks before the chain
            self.note(f"field:published_at:{witness}", held=article.published_at_source == witness)
        # a portal that answers every address with one article is told by nothing else
        self.note(OWN_TEXT, held=hash(article.text) not in self._texts)
        self._texts.add(hash(article.text))
        self.lengths.append(len(article.text))
