"""The JSON record of an article: what `gisa parse`, `gisa show` and exports print. See docs/records.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Any

from pipeline.records import Article, Observed


def record(
    article: Article, observed: Observed | None = None, *, zone: tzinfo | None = None
) -> dict[str, Any]:
    """The article as the JSON record of docs/records.md; times keep their offset or move to `zone`."""
    seen = observed or _Unseen
    whole = asdict(article)
    whole["content_hash"] = article.content_hash
    for name in ("first_seen_at", "last_seen_at", "removed_at", "revision"):
        whole[name] = getattr(seen, name)
    ordered = {name: whole[name] for name in RECORD_FIELDS}
    printed: dict[str, Any] = _printable(ordered, zone)
    return printed


class _Unseen:
    first_seen_at = last_seen_at = removed_at = revision = None


RECORD_FIELDS = (
    "id", "portal", "publisher", "url", "canonical_url", "original_url", "headline", "labels",
    "subheadline", "summary", "body", "text", "images", "authors", "section", "keywords",
    "language", "published_at", "modified_at", "published_at_source", "related", "rights",
    "first_seen_at", "last_seen_at", "fetched_at", "removed_at", "revision", "content_hash",
    "parser", "warnings",
)  # fmt: skip
"""The record's keys in their order; docs/records.md is checked against this list."""


def in_zone(at: datetime, zone: tzinfo) -> datetime:
    """Return a time with the offset of a zone; as it is, where that would be beyond the last of all days."""
    try:
        return at.astimezone(zone)
    except OverflowError:  # pages do say 9999-12-31T23:59:59Z
        return at


def _printable(value: Any, zone: tzinfo | None) -> Any:
    if isinstance(value, datetime):
        return (in_zone(value, zone) if zone else value).isoformat()
    if isinstance(value, Mapping):
        return {key: _printable(item, zone) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(item, zone) for item in value]
    return value
