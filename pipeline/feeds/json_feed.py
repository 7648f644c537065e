"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), with what gisa knows more under `_gisa`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson

from pipeline.feeds.items import Content, Item, rfc3339

MEDIA_TYPE = "application/feed+json"


def json_feed(feed: Content) -> bytes:
    """Return the document, UTF-8. It is checked against a schema of the specification by tests."""
    head = feed.head
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.home_url,
        "feed_url": head.self_url,
        "language": feed.language,
        "items": [_item(item) for item in feed.items],
        "_gisa": {
            "id": head.id,
            "updated_at": rfc3339(feed.updated_at),
            "removed": [
                {"id": it.id, "record_id": it.record_id, "removed_at": rfc3339(it.removed_at)}
                for it in feed.removed
            ],
        },
    }
    return orjson.dumps(_known(said), option=orjson.OPT_APPEND_NEWLINE)


def _item(item: Item) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": item.id,
        "url": item.url,
        "external_url": item.original_url,
        "title": item.title,
        # one of the two must be there
        "content_html": item.html,
        "content_text": None if item.html else item.excerpt or item.title,
        "summary": item.excerpt or None,
        "date_published": item.published_at and rfc3339(item.published_at),
        "date_modified": rfc3339(item.updated_at),
        "authors": [{"name": name} for name in item.authors],
        "tags": list(item.categories) or None,
        "language": item.language,
        "_gisa": {
            "record_id": item.record_id,
            "publisher": item.publisher,
            "revision": item.revision,
            "first_seen_at": rfc3339(item.first_seen_at),
            "rights": {
                "notice": item.notice,
                "holder": item.holder,
                "license_url": item.license_url,
                "uses": asdict(item.uses),
            },
        },
    }
    return _known(said)


def _known(said: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known: null is no value of the specification's keys."""
    return {name: value for name, value in said.items() if value is not None}
