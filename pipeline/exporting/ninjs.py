"""ninjs 3.0, the IPTC's news in JSON: one item an article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.exporting.empty import without_empty

_STANDARD = {
    "name": "ninjs",
    "version": "3.0",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json",
}
_USES = (
    ("redistribute", "redistribution"),
    ("tdm", "text and data mining"),
    ("ai_train", "AI training"),
)

PROPERTIES: Mapping[str, str] = {
    "uri": "canonical_url",
    "type": "text",
    "representationType": "full",
    "version": "revision",
    "firstCreated": "published_at, or first_seen_at",
    "versionCreated": "modified_at, or what firstCreated is",
    "pubStatus": "usable; canceled where removed_at is known",
    "copyrightHolder": "rights.holder",
    "copyrightNotice": "rights.notice",
    "usageTerms": "rights.uses, as a sentence",
    "rightsInfo": "rights.license_url",
    "language": "language",
    "headlines": "headline (main), subheadline (subheadline)",
    "descriptions": "summary, with by as its role",
    "bodies": "text",
    "by": "authors: name and role",
    "infoSources": "publisher",
    "subjects": "section and keywords, told apart by rel",
    "genres": "labels",
    "associations": "images: caption and credit",
    "altIds": "id, url, original_url, content_hash, by their names as role",
    "standard": "ninjs 3.0 and its schema",
}
"""Each property of an item, and what of the record it says. A property without a value is left out."""


def item(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ninjs item of a record."""
    rights, summary = record["rights"], record["summary"]
    created = record["published_at"] or record["first_seen_at"]
    found = {
        "uri": record["canonical_url"],
        "type": "text",
        "representationType": "full",
        "version": str(record["revision"]) if record["revision"] else None,
        "firstCreated": created,
        "versionCreated": record["modified_at"] or created,
        "pubStatus": "canceled" if record["removed_at"] else "usable",
        "copyrightHolder": rights["holder"],
        "copyrightNotice": rights["notice"],
        "usageTerms": "; ".join(f"{said}: {rights['uses'][use]}" for use, said in _USES),
        "rightsInfo": rights["license_url"] and {"linkedRights": rights["license_url"]},
        "language": record["language"],
        "headlines": [
            *_said("main", record["headline"]),
            *_said("subheadline", record["subheadline"]),
        ],
        "descriptions": [*_said(summary["by"], summary["text"])] if summary else [],
        "bodies": _bodies(record["text"]),
        "by": ", ".join(_name(author) for author in record["authors"]),
        "infoSources": record["publisher"] and [{"name": record["publisher"]}],
        "subjects": [*_subjects(record)],
        "genres": [{"name": label} for label in record["labels"]],
        "associations": [_picture(n, image) for n, image in enumerate(record["images"], 1)],
        "altIds": [
            {"role": name, "value": record[name]}
            for name in ("id", "url", "original_url", "content_hash")
            if record[name]
        ],
        "standard": _STANDARD,
    }
    return without_empty(found)


def _said(role: str, value: str | None) -> Iterator[dict[str, str]]:
    if value:
        yield {"role": role, "contentType": "text/plain", "value": value}


def _bodies(text: str) -> list[dict[str, Any]]:
    count = {"charCount": len(text), "wordCount": len(text.split())}
    return [count | said for said in _said("main", text)]


def _name(author: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (author["name"], author["role"])))


def _subjects(record: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    if record["section"]:
        yield {"name": record["section"], "rel": "section"}
    for keyword in record["keywords"]:
        yield {"name": keyword, "rel": "keyword"}


def _picture(number: int, image: Mapping[str, Any]) -> dict[str, Any]:
    return without_empty(
        {
            "name": f"image-{number}",
            "uri": image["url"],
            "type": "picture",
            "descriptions": [*_said("caption", image["caption"])],
            "by": image["credit"],
            "renditions": [{"name": "original", "href": image["url"]}],
        }
    )
