"""Articles to rows and back: the one place where records meet columns."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from pipeline.record_json import record
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
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp

_PLAIN = (
    "id", "portal", "publisher", "url", "canonical_url", "original_url", "headline", "subheadline",
    "text", "section", "language", "published_at_source", "parser",
)  # fmt: skip


def as_stored(article: Article) -> Article:
    """Return the article as it will be read back, so that its hash is the same then."""
    authors = tuple(replace(author, email=author.email or None) for author in article.authors)
    return storable(replace(article, authors=authors))


def row_of(article: Article) -> dict[str, Any]:
    """Return the columns of `articles` that the page itself tells."""
    rights = record(article)["rights"]
    return {name: getattr(article, name) for name in _PLAIN} | {
        "labels": packed(article.labels),
        "keywords": packed(article.keywords),
        "warnings": packed(article.warnings),
        "summary": article.summary.text if article.summary else None,
        "summary_by": article.summary.by if article.summary else None,
        "body": packed([asdict(block) for block in article.body]),
        "redistribute": article.rights.uses.redistribute,
        "tdm": article.rights.uses.tdm,
        "ai_train": article.rights.uses.ai_train,
        "rights": packed(rights),
        "published_at": stamp(article.published_at),
        "modified_at": stamp(article.modified_at),
        "fetched_at": stamp(article.fetched_at),
        "content_hash": article.content_hash,
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
