"""Articles to rows and back: the one place where records meet columns."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

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


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article, clean, with the hashes that tell whether anything of it changed."""

    article: Article
    content_hash: str
    rest_hash: str
    seen: str

    @property
    def values(self) -> tuple[Any, ...]:
        """The values of `COLUMNS`."""
        it, summary, uses = self.article, self.article.summary, self.article.rights.uses
        return (
            *[getattr(it, name) for name in _PLAIN],
            packed(it.labels),
            packed(it.keywords),
            packed(it.warnings),
            summary.text if summary else None,
            summary.by if summary else None,
            packed(it.body),
            uses.redistribute,
            uses.tdm,
            uses.ai_train,
            packed(it.rights),
            stamp(it.published_at),
            stamp(it.modified_at),
            self.seen,
            self.content_hash,
            self.rest_hash,
        )


def row_of(article: Article) -> ArticleRow:
    """Return an article as it will be read back, so that its hashes are the same then.

    Raises:
        AttributeError, TypeError, ValueError, OverflowError: the record holds what no column can.
    """
    if any(author.email == "" for author in article.authors):
        authors = tuple(replace(author, email=author.email or None) for author in article.authors)
        article = replace(article, authors=authors)
    if not is_storable("\n".join(_strings(article))):
        article = storable(article)
    seen = stamp(article.fetched_at)
    return ArticleRow(article, article.content_hash, _rest_hash(article), seen)


def _strings(article: Article) -> list[str]:
    """Return every text of a record; anything else among them is an error where they are joined."""
    it, rights = article, article.rights
    maybe = [getattr(it, name) for name in _PLAIN]
    maybe += (rights.notice, rights.holder, rights.license_url)
    if it.summary:
        maybe += (it.summary.text, it.summary.by)
    for author in it.authors:
        maybe += (author.email, author.role)
    for image in it.images:
        maybe += (image.caption, image.credit)
    for link in it.related:
        maybe.append(link.headline)
    sure = [it.id, it.portal, it.url, it.canonical_url, it.headline, it.text, it.parser]
    sure += (*it.labels, *it.keywords, *it.warnings)
    sure += [author.name for author in it.authors]
    sure += [image.url for image in it.images]
    sure += [link.url for link in it.related]
    for block in it.body:
        sure += (block.type, block.text)
    for signal in rights.signals:
        sure += (signal.type, signal.value)
    return sure + [said for said in maybe if said is not None]


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
    return hashlib.blake2b(orjson.dumps(rest), digest_size=16).hexdigest()


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
        labels=tuple(orjson.loads(row["labels"])),
        keywords=tuple(orjson.loads(row["keywords"])),
        warnings=tuple(orjson.loads(row["warnings"])),
        summary=Summary(row["summary"], row["summary_by"]) if row["summary_by"] else None,
        body=tuple(Block(**block) for block in orjson.loads(row["body"])),
        authors=tuple(Author(a["name"], a["email"] or None, a["role"]) for a in authors),
        images=tuple(Image(**image) for image in images),
        related=tuple(Related(**link) for link in links),
        rights=_rights(orjson.loads(row["rights"])),
        published_at=moment(row["published_at"]),
        modified_at=moment(row["modified_at"]),
        fetched_at=moment(row["fetched_at"]),
    )


def packed(value: Any) -> str:
    """Return compact JSON, Hangul as it is, times in whole seconds as in all columns."""
    return orjson.dumps(value, option=orjson.OPT_OMIT_MICROSECONDS).decode()
