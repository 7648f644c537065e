"""URLs of Nate's articles, in all their forms."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.urls import absolute

NAME = "nate"

# news.nate.com/view/20260703n12345?mid=n0201: the day and a serial number. The same path on
# m.news.nate.com, sports.news.nate.com and m.sports.nate.com is the same article.
_PATH = re.compile(r"^/view/(?P<id>[0-9]{8}n[0-9]{1,6})/?$")

_RECENT = ("news.nate.com", "m.news.nate.com")
_OF_DAY = ("date", "page")


def article_id(url: str, *, base: str = "") -> str | None:
    """Return `nate:<id>` of an article URL in any of Nate's forms; relative ones hold for `base`."""
    found = _serial(absolute(base, url) if base else url)
    return f"{NAME}:{found}" if found else None


def canonical_url(url: str) -> str:
    """Return `https://news.nate.com/view/<id>`."""
    found = _serial(url)
    return f"https://news.nate.com/view/{found}" if found else url


def archive(listing: str) -> str | None:
    """Return the pages by date of `news.nate.com/recent?…`; other listings of Nate have none."""
    parts = urlsplit(listing)
    if parts.hostname not in _RECENT or parts.path.rstrip("/") != "/recent":
        return None
    kept = [it for it in parts.query.split("&") if it and it.partition("=")[0] not in _OF_DAY]
    query = "&".join([*kept, "date={date}", "page={page}"])
    return f"https://news.nate.com/recent?{query}"


def _serial(url: str | None) -> str | None:
    try:
        parts = urlsplit(url or "")
    except ValueError:  # "http://[": no address at all
        return None
    host = parts.hostname or ""
    match = _PATH.match(parts.path) if host == "nate.com" or host.endswith(".nate.com") else None
    return match["id"] if match else None
