"""CSV (RFC 4180): one line an article, flat, and no cell that a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from typing import Any

BOM = "\ufeff"
"""What makes Excel read UTF-8 as UTF-8."""
_BETWEEN = " | "

COLUMNS: Mapping[str, str] = {
    "id": "id",
    "portal": "portal",
    "publisher": "publisher",
    "url": "url",
    "canonical_url": "canonical_url",
    "original_url": "original_url",
    "headline": "headline",
    "labels": "labels",
    "subheadline": "subheadline",
    "summary": "summary.text",
    "summary_by": "summary.by",
    "text": "text",
    "image_urls": "images.url",
    "image_captions": "images.caption",
    "image_credits": "images.credit",
    "authors": "authors.name",
    "author_emails": "authors.email",
    "author_roles": "authors.role",
    "section": "section",
    "keywords": "keywords",
    "language": "language",
    "published_at": "published_at",
    "modified_at": "modified_at",
    "published_at_source": "published_at_source",
    "rights_notice": "rights.notice",
    "rights_holder": "rights.holder",
    "license_url": "rights.license_url",
    "redistribute": "rights.uses.redistribute",
    "tdm": "rights.uses.tdm",
    "ai_train": "rights.uses.ai_train",
    "first_seen_at": "first_seen_at",
    "last_seen_at": "last_seen_at",
    "fetched_at": "fetched_at",
    "removed_at": "removed_at",
    "revision": "revision",
    "content_hash": "content_hash",
    "parser": "parser",
    "warnings": "warnings",
}
"""Each column, and the field of the record that it is made of; body, related and rights.signals have none."""

# Also the full-width and small forms, which spreadsheets of East Asia take for the same, and behind blanks and
# invisible characters, which some cut off; a cell that was marked before is marked once more, so that taking
# one mark away always gives back what was there.
_FORMULA = re.compile(
    "'*(?:[\t\r\n]|[\\s\u00ad\u200b-\u200f\u2060\ufeff]*[=+\\-@＝＋－＠﹦﹢﹣﹫−])"
)
_MARK = "'"


class _Line:
    """What `csv.writer` writes to: it hands the line back."""

    def write(self, text: str) -> str:
        return text


_WRITER = csv.writer(_Line(), quoting=csv.QUOTE_ALL, lineterminator="\r\n")


def head() -> str:
    """Return the first line, which names the columns."""
    return row(COLUMNS)


def line(record: Mapping[str, Any]) -> str:
    """Return the line of a record. Every cell is quoted: no other separator can cut it."""
    return row(_cell(_found(record, path.split("."))) for path in COLUMNS.values())


def row(cells: Iterable[str]) -> str:
    """Return cells as a line of CSV."""
    done: str = _WRITER.writerow([safe(cell) for cell in cells])
    return done


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe before what one would."""
    return _MARK + text if _FORMULA.match(text) else text


def unsafe(text: str) -> str:
    """Return the text that `safe` was given."""
    return text[1:] if text.startswith(_MARK) and _FORMULA.match(text[1:]) else text


def _found(value: Any, path: list[str]) -> Any:
    """Return what stands at a path; of a list of objects, that of each of them."""
    if not path or value is None:
        return value
    if isinstance(value, list):
        return [_found(item, path) for item in value]
    return _found(value[path[0]], path[1:])


def _cell(value: Any) -> str:
    """Return a value as a cell; of a list where nothing is known of any item, nothing."""
    if isinstance(value, list):
        return _BETWEEN.join(item or "" for item in value) if any(value) else ""
    return "" if value is None else str(value)
