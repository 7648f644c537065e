"""Names of sources that are added: out of a host, an address or a title. All are valid in config.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_SECOND_LEVEL = frozenset(
    {
        "co", "or", "go", "ne", "pe", "re", "ac", "hs", "ms", "es", "sc", "kg", "mil", "com", "net", "org",
        "gov", "edu",
    }
)  # fmt: skip
"""What stands before a country's top level, as in co.kr, and is no name."""
_SAYS_NOTHING = frozenset(
    {"rss", "feed", "feeds", "xml", "atom", "rdf", "json", "index", "www", "php", "html", "htm", "aspx", "do"}
)  # fmt: skip
_MOST = 55  # characters: a number still fits behind it
_LEAST = 2
_FALLBACK = "source"


def of_host(url: str) -> str:
    """Return the name that a host has for people: `hani` of www.hani.co.kr, `127-0-0-1` of an IP address."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    labels = host.split(".")
    if host.replace(".", "").isdecimal() or ":" in host or len(labels) == 1:
        return slug(host) or _FALLBACK
    is_country = len(labels[-1]) == 2
    above = (
        labels[:-2]
        if is_country and labels[-2] in _SECOND_LEVEL and len(labels) > 2
        else labels[:-1]
    )
    return slug(above[-1]) or slug(_as_ascii(above[-1])) or _FALLBACK


def of_address(url: str) -> str:
    """Return the host's name and what the rest tells: `hani-politics` of hani.co.kr/rss/politics.xml."""
    parts = urlsplit(url)
    words = re.findall(r"[a-z0-9]+", f"{parts.path} {parts.query}".lower())
    return slug("-".join([of_host(url), *(word for word in words if word not in _SAYS_NOTHING)]))


def of_title(title: str) -> str:
    """Return a title as a name; empty where it is not in ASCII, of which the half would mislead."""
    found = slug(title) if title.isascii() else ""
    return found if len(found) >= _LEAST else ""


def slug(text: str) -> str:
    """Return the ASCII letters and digits of a text in lower case, joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:_MOST].strip("-")


def _as_ascii(label: str) -> str:
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


class Names:
    """Names that are taken, and new ones beside them."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._last: dict[str, int] = {}

    def take(self, name: str) -> str:
        """Return a name as it is, or with the first number from 2 on that is free; it is taken now."""
        number, found = self._last.get(name, 1), name
        while found in self._taken:
            number += 1
            found = f"{name}-{number}"
        self._last[name] = number
        self._taken.add(found)
        return found
