"""What a feed says of an article, whatever the format: short, clean, and no more text than its rights allow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID, uuid5

from pipeline.feeds.markup import as_html
from pipeline.records import Article, Change, Uses
from pipeline.text import clean, one_line
from pipeline.urls import absolute

_NAMESPACE = UUID("54646a91-558f-59f5-b271-d69999e85c72")
"""Of all identifiers that gisa makes for feeds. Another one would make every article new to every reader."""
_TITLE, _NAME, _EXCERPT, _NOTICE = 500, 200, 200, 5_000
"""Characters; longer ones end with an ellipsis."""
_LOOKED_AT = 20
"""So many times the characters that are wanted are read of a text: not one of megabytes whole."""
_FULL_TEXT = 200_000
"""Characters. A longer text is no article to read in a feed: its excerpt stands there."""
_MOST = 20  # authors, and categories
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_NO_IRI = re.compile(r'[<>"{}|\\^`]')
"""What browsers let stand in an address and RFC 3987 does not."""
_REDISTRIBUTABLE = ("allowed", "licensed")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself. `id` is a URI that never changes; see `feed_id`."""

    id: str
    title: str
    self_url: str | None = None
    home_url: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed; every text is clean, every address http or https."""

    id: str
    record_id: str
    title: str
    url: str | None
    original_url: str | None
    excerpt: str
    html: str | None
    authors: tuple[str, ...]
    publisher: str | None
    categories: tuple[str, ...]
    language: str | None
    published_at: datetime | None
    updated_at: datetime
    first_seen_at: datetime
    revision: int
    notice: str | None
    holder: str | None
    license_url: str | None
    uses: Uses


@dataclass(frozen=True, slots=True)
class Removed:
    """An article that its publisher took down."""

    id: str
    record_id: str
    removed_at: datetime


@dataclass(frozen=True, slots=True)
class Content:
    """A whole feed, the newest change first. `updated_at` is that of the newest, 1970 where there is none."""

    head: Head
    items: tuple[Item, ...]
    removed: tuple[Removed, ...]
    updated_at: datetime
    language: str | None


def content(head: Head, changes: Iterable[Change], *, full_text: bool = False) -> Content:
    """Return what a feed has to say.

    Args:
        head: what it says of itself.
        changes: the articles, the newest change first.
        full_text: give every text, for the operator's own reading; otherwise only those whose rights allow
            that they are given on, and an excerpt of the others.
    """
    items: list[Item] = []
    removed: list[Removed] = []
    newest = _NEVER
    for change in changes:
        newest = max(newest, change.changed_at)
        gone_at = change.stored.observed.removed_at
        if gone_at:
            record_id = clean(change.stored.article.id)
            removed.append(Removed(entry_id(record_id), record_id, gone_at))
        else:
            items.append(_item(change, full_text=full_text))
    languages = {item.language for item in items}
    language = languages.pop() if len(languages) == 1 else None
    clean_head = Head(
        head.id,
        _line(head.title, _TITLE) or "gisa",
        _address(head.self_url),
        _address(head.home_url),
    )
    return Content(clean_head, tuple(items), tuple(removed), newest, language)


def entry_id(record_id: str) -> str:
    """Return the URI of an article in feeds: always and in every feed the same, whatever else of it changes."""
    return uuid5(_NAMESPACE, f"article {record_id}").urn


def feed_id(owner: str, selection: str) -> str:
    """Return the URI of a feed.

    Args:
        owner: what tells this installation from others, such as its contact.
        selection: what the feed is of; the same words for the same articles.
    """
    return uuid5(_NAMESPACE, f"feed {owner} {selection}").urn


def rfc3339(at: datetime) -> str:
    """Return a time as both formats write it, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _item(change: Change, *, full_text: bool) -> Item:
    it, seen = change.stored.article, change.stored.observed
    may_be_given_on = it.rights.uses.redistribute in _REDISTRIBUTABLE
    whole = (full_text or may_be_given_on) and len(it.text) <= _FULL_TEXT
    publisher = _line(it.publisher, _NAME) or None
    people = [_line(author.name, _NAME) for author in it.authors[:_MOST]]
    excerpt = _excerpt(it)
    record_id = clean(it.id)
    return Item(
        id=entry_id(record_id),
        record_id=record_id,
        title=_title(it) or one_line(excerpt, 80) or record_id,
        url=_address(it.canonical_url) or _address(it.url),
        original_url=_address(it.original_url),
        excerpt=excerpt,
        html=(as_html(it.body) or None) if whole else None,
        authors=tuple(filter(None, people)) or (publisher or _line(it.portal, _NAME) or "gisa",),
        publisher=publisher,
        categories=_categories(it),
        language=it.language if it.language and _LANGUAGE.fullmatch(it.language) else None,
        published_at=it.published_at,
        updated_at=change.changed_at,
        first_seen_at=seen.first_seen_at,
        revision=seen.revision,
        notice=_line(it.rights.notice, _NOTICE) or None,
        holder=_line(it.rights.holder, _NAME) or None,
        license_url=_address(it.rights.license_url),
        uses=it.rights.uses,
    )


def _title(it: Article) -> str:
    labels = "".join(f"[{label}] " for label in it.labels[:_MOST])
    return _line(labels + it.headline, _TITLE)


def _excerpt(it: Article) -> str:
    return _line((it.summary and it.summary.text) or it.text, _EXCERPT)


def _categories(it: Article) -> tuple[str, ...]:
    said = [_line(name, _NAME) for name in (it.section, *it.keywords[:_MOST])]
    return tuple(dict.fromkeys(filter(None, said)))


def _line(text: str | None, width: int) -> str:
    return one_line((text or "")[: width * _LOOKED_AT], width)


def _address(url: str | None) -> str | None:
    """Only what a reader may follow: a link of a feed is clicked, and `javascript:` would run."""
    found = absolute(url, url) if url else None
    return _NO_IRI.sub(lambda it: quote(it[0]), found) if found else None
