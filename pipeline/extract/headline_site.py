"""A title without the name of its site, before or behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SEPARATOR = r"\s*(?:\s[|\-–—−:·•»«/<>~›‹]+\s|[|ㅣ｜│»›«‹‐]|::|：|--)\s*"
_LAST = re.compile(rf"(?P<sep>{_SEPARATOR})(?P<tail>(?:(?!{_SEPARATOR}).)+)$")
_FIRST = re.compile(rf"^(?P<front>(?:(?!{_SEPARATOR}).)+?)(?P<sep>{_SEPARATOR}|[:：]\s)")
_HARD_REST = re.compile(r"^\s*[|»›ㅣ｜│]|^\s?-\S|^\s[-–—]\s")
_NO_WORD = re.compile(r"[\W_]+")
_SHORTEST, _SITE_LONGEST = 8, 40
_MORE_IN_FRONT = 6
"""Letters besides the site's name in front of a headline; more are words of it ("The Times view on …")."""


def key_of(text: str) -> str:
    """Return what of a headline counts when two are compared."""
    return _NO_WORD.sub("", text.casefold())


def site_keys(names: Sequence[str]) -> frozenset[str]:
    """Return the names to look for; a whole sentence in a field for the site's name is none."""
    return frozenset(key for key in map(key_of, names) if 0 < len(key) <= _SITE_LONGEST)


def without_site(text: str, others: Sequence[str], sites: frozenset[str]) -> str:
    """Take the site's name off a title: known by its own statements, or by a witness without it."""
    for _ in range(4):
        shorter = _shorter(text, others, sites)
        if shorter == text:
            break
        text = shorter
    return text


def _shorter(text: str, others: Sequence[str], sites: frozenset[str]) -> str:
    match = _LAST.search(text)
    if match and match.start() and _is_site(match.group("tail"), sites):
        return text[: match.start()].rstrip()
    match = _FIRST.match(text)
    if match and len(text) - match.end() >= _SHORTEST:
        front = match.group("front")
        if _is_site(front, sites, _MORE_IN_FRONT):
            return text[match.end() :]
    for other in others:
        rest = text[len(other) :]
        if len(other) >= _SHORTEST and text.startswith(other) and _HARD_REST.match(rest):
            return other
    return text


def _is_site(said: str, sites: frozenset[str], more: int | None = None) -> bool:
    key = key_of(said)
    if not key or len(said) > _SITE_LONGEST:
        return False
    return any(
        key == site
        or (len(site) >= 3 and site in key and len(key) <= len(site) + (more or len(site) + 6))
        or (len(key) >= 4 and key in site)
        for site in sites
    )
