"""The facts of an article page of any publisher: structured data checked against what the page shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.extract.facts_authors import read_authors
from pipeline.extract.facts_headline import key_of, read_headline
from pipeline.extract.facts_times import read_times
from pipeline.extract.nearby import Nearby
from pipeline.extract.witnesses import Witnesses, canonical_of, read_witnesses
from pipeline.headlines import split_labels
from pipeline.records import Author, Image, Page, Summary
from pipeline.select import Tree, lines_of
from pipeline.structured import Head
from pipeline.text import clean
from pipeline.urls import absolute, without_tracking

_SUBHEADLINE_SHORTEST, _SUBHEADLINE_LONGEST = 10, 400
_KEYWORDS_MOST, _IMAGES_MOST = 60, 60
_HOLDER = re.compile(
    r"[ⓒ©][^<>\n]{0,40}?(?P<holder>[가-힣A-Za-z0-9]{2,20})\((?:www\.)?[\w-]+\.[\w.-]+\)"
)
_SEPARATORS = re.compile(r"\s[-–—|:·>»]\s|[|｜ㅣ]")
_KEYWORD_METAS = (
    "article:tag",
    "news_keywords",
    "parsely-tags",
    "keywords",
    "sailthru.tags",
    "og:article:tag",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything of an article but its text; `head` is what the page's head says, for its rights."""

    headline: str
    labels: tuple[str, ...]
    subheadline: str | None
    summary: Summary | None
    authors: tuple[Author, ...]
    publisher: str | None
    section: str | None
    keywords: tuple[str, ...]
    language: str | None
    published_at: datetime | None
    modified_at: datetime | None
    published_at_source: Literal["meta", "json-ld", "text", "url"] | None
    canonical_url: str
    original_url: str | None
    article_body: str | None
    images: tuple[Image, ...]
    warnings: tuple[str, ...]
    head: Head


def read_facts(tree: Tree, page: Page) -> Facts:
    """Read every fact; what no witness states is None or empty, never a guess."""
    witnesses = read_witnesses(tree, page)
    printed, headline_warnings = read_headline(witnesses)
    headline, labels = split_labels(printed)
    nearby = Nearby(page.html, (printed, *witnesses.headings[:2]))
    authors = read_authors(witnesses, printed, nearby)
    times = read_times(witnesses, nearby)
    declared = canonical_of(witnesses) or absolute(page.url, page.url)
    return Facts(
        headline=headline,
        labels=labels,
        subheadline=_subheadline(witnesses, headline),
        summary=_summary(witnesses),
        authors=authors,
        publisher=_publisher(witnesses, printed),
        section=_section(witnesses),
        keywords=_keywords(witnesses),
        language=witnesses.language,
        published_at=times.published_at,
        modified_at=times.modified_at,
        published_at_source=times.source,
        canonical_url=without_tracking(declared) if declared else page.url,
        original_url=_original_url(witnesses),
        article_body=witnesses.data.article_body,
        images=_images(witnesses),
        warnings=(*headline_warnings, *times.warnings),
        head=witnesses.head,
    )


def _subheadline(witnesses: Witnesses, headline: str) -> str | None:
    section = _section(witnesses)
    for node in witnesses.decks:
        said = "\n".join(lines_of(node))
        if _SUBHEADLINE_SHORTEST <= len(said) <= _SUBHEADLINE_LONGEST and said != section:
            deck, key = key_of(said), key_of(headline)
            if deck not in key and key not in deck:
                return said
    return None


def _summary(witnesses: Witnesses) -> Summary | None:
    said = witnesses.head.first("og:description", "description", "twitter:description")
    said = said or witnesses.data.description
    return Summary(said, "publisher") if said else None


def _publisher(witnesses: Witnesses, headline: str) -> str | None:
    stated = (
        witnesses.head.first("og:site_name"),
        witnesses.data.publisher,
        witnesses.head.first("application-name", "publisher", "dc.publisher", "copyright"),
    )
    found = next((said for said in stated if said and "://" not in said), None)
    return found or _holder(witnesses) or _behind_headline(witnesses, headline)


def _holder(witnesses: Witnesses) -> str | None:
    """Return the holder of the copyright where the notice names its site: "ⓒ 한빛일보(www.…)"."""
    page = witnesses.page.html
    signs = [at for sign in "ⓒ©" if (at := page.find(sign)) >= 0]  # the pattern alone is slow
    match = _HOLDER.search(page, min(signs)) if signs else None
    return clean(match["holder"]) if match else None


def _behind_headline(witnesses: Witnesses, headline: str) -> str | None:
    """Return what the title says behind the headline: "… - 한빛닷컴 - 사회"."""
    _, _, behind = (witnesses.title or "").partition(headline or "\n")
    parts = [part for said in _SEPARATORS.split(behind) if (part := clean(said))]
    named = [part for part in parts if part != _section(witnesses) and len(part) <= 40]
    return named[0] if named else None


def _section(witnesses: Witnesses) -> str | None:
    stated = (
        witnesses.head.first(
            "article:section",
            "content_category",
            "parsely-section",
            "section",
            "category",
            "og:article:section",
        ),
        next(iter(witnesses.data.sections), None),
        next(iter(witnesses.items.get("articlesection", ())), None),
    )
    return next((said for said in stated if said and len(said) <= 80), None)


def _keywords(witnesses: Witnesses) -> tuple[str, ...]:
    for name in _KEYWORD_METAS:
        if said := witnesses.head.meta.get(name):
            return _listed(said)
    return _listed(witnesses.data.keywords)


def _listed(said: Iterable[str]) -> tuple[str, ...]:
    words = (clean(word) for value in said for word in value.split(","))
    return tuple(dict.fromkeys(word for word in words if word))[:_KEYWORDS_MOST]


def _original_url(witnesses: Witnesses) -> str | None:
    stated = witnesses.head.first("original-source", "syndication-source", "dc.source")
    return absolute(witnesses.page.url, stated)


def _images(witnesses: Witnesses) -> tuple[Image, ...]:
    found: dict[str, Image] = {}
    stated = [*witnesses.data.images, *map(Image, witnesses.head.meta.get("og:image", ()))]
    for image in stated[:_IMAGES_MOST]:
        if url := absolute(witnesses.page.url, image.url):
            found.setdefault(url, Image(url, image.caption, image.credit))
    return tuple(found.values())
