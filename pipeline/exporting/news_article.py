"""schema.org's NewsArticle as JSON-LD: one document an article, each whole in itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.exporting.empty import without_empty

PROPERTIES: Mapping[str, str] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "@id": "canonical_url",
    "url": "canonical_url",
    "identifier": "id, content_hash",
    "sameAs": "original_url",
    "headline": "headline",
    "alternativeHeadline": "subheadline",
    "abstract": "summary.text",
    "articleBody": "text",
    "articleSection": "section",
    "genre": "labels",
    "keywords": "keywords",
    "inLanguage": "language",
    "datePublished": "published_at",
    "dateModified": "modified_at",
    "author": "authors",
    "image": "images",
    "publisher": "publisher",
    "provider": "portal",
    "copyrightHolder": "rights.holder",
    "copyrightNotice": "rights.notice",
    "license": "rights.license_url",
    "usageInfo": "rights.uses",
    "creativeWorkStatus": "Removed, and removed_at, where it is known",
    "version": "revision",
    "sdDatePublished": "fetched_at",
}
"""Each property of a document, and what of the record it says. A property without a value is left out."""


def document(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON-LD document of a record."""
    rights, removed = record["rights"], record["removed_at"]
    found = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": record["canonical_url"],
        "url": record["canonical_url"],
        "identifier": [_value("gisa", record["id"]), _value("sha256", record["content_hash"])],
        "sameAs": record["original_url"],
        "headline": record["headline"],
        "alternativeHeadline": record["subheadline"],
        "abstract": record["summary"] and record["summary"]["text"],
        "articleBody": record["text"],
        "articleSection": record["section"],
        "genre": record["labels"],
        "keywords": record["keywords"],
        "inLanguage": record["language"],
        "datePublished": record["published_at"],
        "dateModified": record["modified_at"],
        "author": [_person(author) for author in record["authors"]],
        "image": [_picture(image) for image in record["images"]],
        "publisher": _organization(record["publisher"]),
        "provider": _organization(record["portal"]),
        "copyrightHolder": _organization(rights["holder"]),
        "copyrightNotice": rights["notice"],
        "license": rights["license_url"],
        "usageInfo": _usage(rights["uses"]),
        "creativeWorkStatus": f"Removed {removed}" if removed else None,
        "version": record["revision"],
        "sdDatePublished": record["fetched_at"],
    }
    return without_empty(found)


def _value(kind: str, value: str) -> dict[str, str]:
    return {"@type": "PropertyValue", "propertyID": kind, "value": value}


def _usage(uses: Mapping[str, str]) -> dict[str, str]:
    """Say the uses as the text of a work: schema.org takes an address or a work here."""
    return {
        "@type": "CreativeWork",
        "text": "; ".join(f"{name}: {value}" for name, value in uses.items()),
    }


def _person(author: Mapping[str, Any]) -> dict[str, Any]:
    return without_empty(
        {
            "@type": "Person",
            "name": author["name"],
            "email": author["email"],
            "jobTitle": author["role"],
        }
    )


def _picture(image: Mapping[str, Any]) -> dict[str, Any]:
    return without_empty(
        {
            "@type": "ImageObject",
            "contentUrl": image["url"],
            "caption": image["caption"],
            "creditText": image["credit"],
        }
    )


def _organization(name: str | None) -> dict[str, str] | None:
    return {"@type": "Organization", "name": name} if name else None
