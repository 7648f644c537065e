"""JSON inside a page's scripts: repaired where that is sure, its values read whatever type they have."""

from __future__ import annotations

import html
import json
import re
from typing import Any, TypeAlias

from pipeline.text import clean

Json: TypeAlias = dict[str, Any]

_LARGEST = 2_000_000
"""Characters of one script that are read."""
VALUES_MOST = 100
_OPENING = re.compile(r"(?:\s|\ufeff|<!--|-->|//|/\*|\*/|<!\[CDATA\[|\]\]>)*")
_STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|,(?=\s*[}\]])', re.DOTALL)
_BAD_ESCAPE = re.compile(r"\\(\\|u[0-9a-fA-F]{4}|[\"/bfnrt])|\\")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_decoder = json.JSONDecoder(strict=False, parse_constant=lambda _: None)


def parse_script(text: str) -> list[Any]:
    """Return every JSON value of a script; empty where it cannot be repaired surely."""
    if len(text) > _LARGEST:
        return []
    opening = _OPENING.match(text)
    text = text[opening.end() :] if opening else text
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
    found = _values(text)
    if found is None:
        repaired = _STRING_OR_COMMA.sub(lambda match: match.group(1) or "", text)
        found = _values(_BAD_ESCAPE.sub(lambda m: m.group() if m.group(1) else "", repaired))
    return found or []


def _values(text: str) -> list[Any] | None:
    found: list[Any] = []
    at = 0
    while at < len(text):
        try:
            value, at = _decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return found or None
        found.append(value)
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
    return found


def types_of(node: Json) -> set[str]:
    """Return the schema types of a node without their prefixes."""
    kinds = flat(node.get("@type"))
    return {kind.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in kinds if isinstance(kind, str)}


def resolved(value: Any, by_id: dict[str, Json]) -> Any:
    """Follow a reference to a node that stands elsewhere on the page."""
    if isinstance(value, dict) and not value.get("name") and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


def flat(value: Any) -> list[Any]:
    """Return a value as a list: lists in lists are opened once more, no deeper."""
    items = value if isinstance(value, list) else [value]
    return [x for item in items for x in (item if isinstance(item, list) else [item])]


def first_of(value: Any) -> Any:
    """Return the first of a list, or the value that is none."""
    return next(iter(flat(value)), None)


def name_of(value: Any) -> str | None:
    """Return the name of a node, or the text that stands in its place."""
    return text_of(value.get("name")) if isinstance(value, dict) else text_of(value)


def address_of(value: Any) -> str | None:
    """Return the address of a node, or the text that stands in its place."""
    value = first_of(value)
    value = value.get("@id") or value.get("url") if isinstance(value, dict) else value
    return value.strip() or None if isinstance(value, str) else None


def texts_of(value: Any) -> list[str]:
    """Return every text of a value or list."""
    return [said for item in flat(value)[:VALUES_MOST] if (said := text_of(item))]


def text_of(value: Any) -> str | None:
    """Return a value's cleaned text; markup and entities in it are resolved."""
    if isinstance(value, list):
        value = first_of(value)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if -(10**18) < value < 10**18 else None
    if not isinstance(value, str):
        return None
    if "&" in value:
        value = html.unescape(value)
    if "<" in value:
        value = _TAG.sub(" ", value)
    return clean(value) or None
