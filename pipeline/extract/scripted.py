"""Times that only the state of a page's scripts tells: the last witness of pages that the browser draws."""

from __future__ import annotations

import re

from pipeline.extract.moments import Moment, read_moment
from pipeline.extract.witnesses import Witnesses

_PAIR = re.compile(
    r"""["'](?P<key>[A-Za-z_]{4,30})\\?["']\s*:\s*\\?["']"""
    r"""(?P<value>20\d\d[-./]\d\d?[-./]\d\d?[ T]\d\d:\d\d[^"'\\]{0,12})"""
)
_PUBLISHED = re.compile(
    r"^(?:first_?)?(?:publish|deploy|display|release|article|news|pub|reg|post)(?:ed|_?date|_?time|_?at|_?on|_?dt|ed_?at|ed_?date|ed_?on)*$"
    r"|^date_?published$",
    re.IGNORECASE,
)
_MODIFIED = re.compile(
    r"^(?:last_?)?(?:modif(?:y|ied)|update[d]?|re_?deploy)(?:_?date|_?time|_?at|_?on|_?dt)*$|^date_?modified$",
    re.IGNORECASE,
)


def read_scripted(witnesses: Witnesses) -> tuple[Moment, Moment | None] | None:
    """Return the first times whose keys say published and modified."""
    published = modified = None
    for match in _PAIR.finditer(witnesses.page.html):
        key = match["key"]
        is_published, is_modified = _PUBLISHED.match(key), _MODIFIED.match(key)
        if not is_published and not is_modified:
            continue
        found = read_moment(match["value"], zone=witnesses.zone, now=witnesses.now)
        if is_published:
            published = published or found
        elif published:  # of the same record: it stands behind
            modified = modified or found
    return (published, modified) if published else None
