"""A saved page to a regression case: the page with its text replaced, and what must be filled in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline import portals
from pipeline.errors import GisaError, PageError
from pipeline.fiction import fictional
from pipeline.record_json import record
from pipeline.records import Page

FILL_IN = "FILL IN: read it off the page"
PAGE_BYTES_MOST = 200_000
"""What tests/pipeline/test_saved_pages.py allows."""
_FIELDS = (
    "id", "publisher", "canonical_url", "original_url", "headline", "labels", "subheadline", "text",
    "images", "authors", "section", "published_at", "modified_at", "published_at_source", "rights_notice",
)  # fmt: skip
_LOOSE = frozenset({"content_hash", "email", "notice", "holder", "value"})
"""Of these it counts whether they are there, not how long they are."""
_ENTRY = ("id", "url", "rank", "headline", "publisher", "published_at")


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it will be written; `differs` are the fields that its parser reads in another shape now."""

    portal: str
    name: str
    html: str
    skeleton: dict[str, Any]
    differs: tuple[str, ...]


def case_of(page: Page, portal: str, name: str | None, *, verbatim: bool) -> Case:
    """Return the case of a page.

    Args:
        page: as it was saved.
        portal: whose parser reads it.
        name: of the case; without one it is made of the kind of page and the end of its URL.
        verbatim: keep its text.
    """
    module = portals.named(portal)
    is_listing = module.article_id(page.url, base=page.url) is None
    html = page.html if verbatim else fictional(page.html)
    prefix = "section" if is_listing else "article"
    end = re.sub(r"[^\w]+", "_", page.url.rstrip("/").rpartition("/")[2])[-40:] or "front"
    before, after = (_shape(module, it, is_listing) for it in (page, replace(page, html=html)))
    differs = () if before == after else _differing(before, after)
    skeleton = {
        "url": page.url,
        "fetched_at": page.fetched_at.isoformat(),
        "expected": {"entries": [dict.fromkeys(_ENTRY, FILL_IN)]}
        if is_listing
        else dict.fromkeys(_FIELDS, FILL_IN),
    }
    return Case(portal, name or f"{prefix}_{end}", html, skeleton, tuple(differs))


def write(case: Case, folder: Path) -> list[Path]:
    """Write the two files of a case; an earlier one of the same name is never touched.

    Raises:
        GisaError: there is such a case, or the folder cannot be written.
    """
    html, said = folder / f"{case.name}.html", folder / f"{case.name}.json"
    if there := next((path for path in (html, said) if path.exists()), None):
        raise GisaError(f"{there} exists: choose another name with --name")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        html.write_bytes(case.html.encode("utf-8", "replace"))
        text = json.dumps(case.skeleton, ensure_ascii=False, indent=2)
        said.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise GisaError(f"{error.filename}: {error.strerror}") from None
    return [html, said]


def _shape(module: portals.Portal, page: Page, is_listing: bool) -> Any:  # noqa: FBT001
    """What a parser makes of a page, without the words: lengths, kinds, times."""
    try:
        if is_listing:
            return [
                (it.article_id, len(it.headline), bool(it.publisher), it.published_at)
                for it in module.parse_listing(page)
            ]
        whole = record(module.parse_article(page))
    except PageError as error:
        return type(error).__name__
    return {name: _measured(name, value) for name, value in whole.items()}


def _measured(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _measured(key, it) for key, it in value.items()}
    if isinstance(value, list):
        return [_measured(name, it) for it in value]
    is_own_word = name.endswith("_at") or name in (
        "type",
        "language",
        "published_at_source",
        "uses",
    )
    if not isinstance(value, str) or is_own_word:
        return value
    return bool(value) if name in _LOOSE or "url" in name else len(value)


def _differing(before: Any, after: Any) -> tuple[str, ...]:
    if isinstance(before, dict) and isinstance(after, dict):
        return tuple(name for name, value in before.items() if after[name] != value)
    return ("entries",) if isinstance(before, list) else (f"{before} -> {after}"[:80],)
