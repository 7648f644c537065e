"""What IPTC's ninjs 3.0 says of the properties that we use: their types, and that others are not allowed.

Written from its documentation, not its schema file, which is longer and has a licence of its own.
"""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
URI = {**TEXT, "pattern": r"^[a-z][a-z0-9+.-]*:\S+$"}
TIME = {**TEXT, "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [*required],
        "additionalProperties": False,
    }


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


_SAID = _list(_object(("value",), role=TEXT, contentType=TEXT, value=TEXT))
_BODIES = _list(
    _object(
        ("value",),
        role=TEXT, contentType=TEXT, value=TEXT,
        charCount={"type": "integer"}, wordCount={"type": "integer"},
    )
)  # fmt: skip
_KINDS = [
    "text",
    "audio",
    "video",
    "picture",
    "graphic",
    "composite",
    "component",
    "event",
    "planning",
]
_PROPERTIES = {
    "uri": URI,
    "type": {"enum": _KINDS},
    "representationType": {"enum": ["full", "partial"]},
    "version": TEXT,
    "firstCreated": TIME,
    "versionCreated": TIME,
    "contentCreated": TIME,
    "pubStatus": {"enum": ["usable", "withheld", "canceled"]},
    "copyrightHolder": TEXT,
    "copyrightNotice": TEXT,
    "usageTerms": TEXT,
    "language": TEXT,
    "headlines": _SAID,
    "descriptions": _SAID,
    "bodies": _BODIES,
    "by": TEXT,
    "infoSources": _list(_object(name=TEXT, role=TEXT, uri=URI, literal=TEXT)),
    "subjects": _list(_object(name=TEXT, rel=TEXT, uri=URI, literal=TEXT)),
    "genres": _list(_object(name=TEXT, uri=TEXT, literal=TEXT)),
    "renditions": _list(_object(("name",), name=TEXT, uri=URI, href=URI, contentType=TEXT)),
    "altIds": _list(_object(role=TEXT, value=TEXT)),
    "standard": _object(name=TEXT, version=TEXT, schema=URI),
    "rightsInfo": _object(("linkedRights",), langId=URI, linkedRights=URI),
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        ("uri",),
        **_PROPERTIES,
        associations=_list(_object(("name", "uri"), name=TEXT, **_PROPERTIES)),
    ),
}
