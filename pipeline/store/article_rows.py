"""Articles to rows and back: the one place where records meet columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipeline.records import (
    Article,
    Author,
    Block,
    Image,
    Observed,
    Related,
    Rights,
    Signal,
    Summary,
    Uses,
)
from pipeline.store.connection import Connection
from pipeline.store.storable import is_storable, storable
from pipeline.store.times import moment, stamp

_PLAIN = (
    "id", "portal", "publisher", "url", "canonical_url", "original_url", "headline", "subheadline",
    "text", "section", "language", "published_at_source", "parser",
)  # fmt: skip
COLUMNS = (
    *_PLAIN, "labels", "keywords", "warnings", "summary", "summary_by", "body", "redistribute", "tdm",
    "ai_train", "rights", "published_at", "modified_at", "fetched_at", "content_hash",
    "rest_hash",
)  # fmt: skip
"""The columns of `articles` that the page itself tells, in the order of `ArticleRow.values`."""

Part = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as the tables hold it."""

    article: Article
    values: tuple[Any, ...]
    content_hash: str
    rest_hash: str
    seen: str


def row_of(article: Article) -> ArticleRow:
    """Return the row of an article, cleaned so that its hash is the same when it is read back.

    Raises:
        AttributeError, TypeError, ValueError, OverflowError: the record holds what no column can.
    """
    article = _without_empty_emails(article)
    row = _row(article)
    if not all(map(is_storable, row.values)) or not _parts_are_storable(article):
        row = _row(_without_empty_emails(storable(article)))
    return row


def _row(article: Article) -> ArticleRow:
    if _has_fractions(article):
        article = storable(article)
    summary, uses, seen = article.summary, article.rights.uses, stamp(article.fetched_at)
    plain = [getattr(article, name) for name in _PLAIN]
    packed_parts = [packed(article.labels), packed(article.keywords), packed(article.warnings)]
    content_hash = article.content_hash
    rest_hash = _rest_hash(article)
    values = (
        *plain,
        *packed_parts,
        summary.text if summary else None,
        summary.by if summary else None,
        packed([{"type": block.type, "text": block.text} for block in article.body]),
        uses.redistribute,
        uses.tdm,
        uses.ai_train,
        packed(_rights_record(article.rights)),
        stamp(article.published_at),
        stamp(article.modified_at),
        seen,
        content_hash,
        rest_hash,
    )
    return ArticleRow(article, values, content_hash, rest_hash, seen)


def _rest_hash(article: Article) -> str:
    """Hash what the content hash leaves out, but for the times of our looking."""
    it, rights = article, article.rights
    rest = (
        it.url, it.canonical_url, it.original_url, it.section, it.keywords, it.language, it.parser,
        it.published_at_source, it.warnings, it.summary and (it.summary.text, it.summary.by),
        [(link.headline, link.url) for link in it.related],
        rights.holder, rights.license_url, rights.uses.redistribute, rights.uses.tdm,
        rights.uses.ai_train, [(signal.type, signal.value) for signal in rights.signals],
        len(it.text),
    )  # fmt: skip
    return hashlib.blake2b(packed(rest).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _without_empty_emails(article: Article) -> Article:
    if all(author.email != "" for author in article.authors):
        return article
    authors = tuple(replace(author, email=author.email or None) for author in article.authors)
    return replace(article, authors=authors)


def _has_fractions(article: Article) -> bool:
    times = (article.published_at, article.modified_at, article.fetched_at)
    return any(at is not None and at.microsecond for at in times) or any(
        signal.seen_at.microsecond for signal in article.rights.signals
    )


def _parts_are_storable(article: Article) -> bool:
    return all(is_storable(said) for part in parts_of(article) for said in part)


def parts_of(article: Article) -> Iterator[Sequence[str | None]]:
    """Yield what other tables hold of an article: authors, images, related links."""
    for author in article.authors:
        yield author.name, author.email, author.role
    for image in article.images:
        yield image.url, image.caption, image.credit
    for link in article.related:
        yield link.url, link.headline


def _rights_record(rights: Rights) -> dict[str, Any]:
    uses = rights.uses
    return {
        "notice": rights.notice,
        "holder": rights.holder,
        "license_url": rights.license_url,
        "uses": {
            "redistribute": uses.redistribute,
            "tdm": uses.tdm,
            "ai_train": uses.ai_train,
        },
        "signals": [
            {"type": s.type, "value": s.value, "seen_at": s.seen_at.isoformat()}
            for s in rights.signals
        ],
    }


def _rights(said: dict[str, Any]) -> Rights:
    signals = tuple(
        Signal(s["type"], s["value"], datetime.fromisoformat(s["seen_at"])) for s in said["signals"]
    )
    return Rights(
        said["notice"], said["holder"], said["license_url"], Uses(**said["uses"]), signals
    )


def observed_of(row: dict[str, Any]) -> Observed:
    """Return what our visits added."""
    return Observed(
        first_seen_at=moment(row["first_seen_at"]),
        last_seen_at=moment(row["last_seen_at"]),
        removed_at=moment(row["removed_at"]),
        revision=row["revision"],
    )


def article_of(store: Connection, row: dict[str, Any]) -> Article:
    """Return the article of a row, with what other tables hold of it."""
    part = store.rows
    key = [row["id"]]
    authors = part(
        "SELECT name, email, role FROM article_authors JOIN authors ON author_id = authors.id"
        " WHERE article_id = ? ORDER BY position",
        key,
    )
    images = part(
        "SELECT url, caption, credit FROM images WHERE article_id = ? ORDER BY position", key
    )
    links = part("SELECT headline, url FROM links WHERE article_id = ? ORDER BY position", key)
    return Article(
        **{name: row[name] for name in _PLAIN},
        labels=tuple(json.loads(row["labels"])),
        keywords=tuple(json.loads(row["keywords"])),
        warnings=tuple(json.loads(row["warnings"])),
        summary=Summary(row["summary"], row["summary_by"]) if row["summary_by"] else None,
        body=tuple(Block(**block) for block in json.loads(row["body"])),
        authors=tuple(Author(a["name"], a["email"] or None, a["role"]) for a in authors),
        images=tuple(Image(**image) for image in images),
        related=tuple(Related(**link) for link in links),
        rights=_rights(json.loads(row["rights"])),
        published_at=moment(row["published_at"]),
        modified_at=moment(row["modified_at"]),
        fetched_at=moment(row["fetched_at"]),
    )


def packed(value: Any) -> str:
    """Return compact JSON, Hangul as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
