"""A fetched page to columns and back, so that a parser is given the same page another time."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pipeline.encoding import decode
from pipeline.records import Page
from pipeline.store.article_rows import packed
from pipeline.store.storable import storable
from pipeline.store.times import moment, stamp


def told(page: Page) -> list[str | None]:
    """Return what a page is read with beside its bytes: `url`, `fetched_at`, `content_type`,
    `robots_tags`, `site_signals`, `warnings`.

    Warnings of decoding are left out: they come again when the bytes are decoded again.
    """
    of_decoding = decode(page.raw or b"", page.content_type).warnings if page.warnings else ()
    on_the_way = tuple(said for said in page.warnings if said not in of_decoding)
    page = storable(replace(page, html="", raw=None))
    return [
        page.url,
        stamp(page.fetched_at),
        page.content_type,
        packed(page.robots_tags),
        packed(page.site_signals),
        packed(storable(on_the_way)),
    ]


def page_of(row: dict[str, Any], raw: bytes) -> Page:
    """Return the page of a row with these columns, decoded anew: what is mended in decoding helps it too."""
    decoded = decode(raw, row["content_type"])
    return Page(
        url=row["url"],
        html=decoded.text,
        fetched_at=moment(row["fetched_at"]),
        robots_tags=tuple(json.loads(row["robots_tags"])),
        site_signals=tuple((kind, said) for kind, said in json.loads(row["site_signals"])),
        warnings=(*json.loads(row["warnings"]), *decoded.warnings),
        raw=raw,
        content_type=row["content_type"],
    )
