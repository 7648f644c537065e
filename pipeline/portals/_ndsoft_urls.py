"""URLs of articles on ND-soft's content system, in all their forms."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.urls import absolute, authority

NAME = "ndsoft"

# /news/articleView.html?idxno=12345; with &replyAll=…, ?mod=news&act=articleView&idxno=…, as AMP or to print
_PATH = re.compile(r"^/news/article(?:View|ViewAmp|Print)\.html$")
_NUMBER = re.compile(r"(?:^|&)idxno=(?P<id>\d{1,10})(?:&|$)")


def article_id(url: str, *, base: str = "") -> str | None:
    """Return `ndsoft:<host>:<idxno>`; relative URLs hold for `base`. Hosts are told without `www.` and `m.`."""
    found = _match(absolute(base, url) if base else url)
    return f"{NAME}:{found[0]}:{found[1]}" if found else None


def canonical_url(url: str) -> str:
    """Return `/news/articleView.html?idxno=N` on the host of the URL; on its `www.` for one with `m.`.

    A host may answer with `www.` or without: which of them does is not known, so it stays as it is.
    """
    found = _match(url)
    if found is None:
        return url
    host = authority(url)
    host = f"www.{host[2:]}" if host.startswith("m.") else host
    scheme = urlsplit(url).scheme if ":" in host else "https"  # a port is a port of one scheme
    return f"{scheme}://{host}/news/articleView.html?idxno={found[1]}"


def _match(url: str | None) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url or "")
        host = authority(url or "")
    except ValueError:  # "http://[": no address at all
        return None
    if parts.scheme not in ("http", "https") or not _PATH.match(parts.path):
        return None
    number = _NUMBER.search(parts.query)
    return (re.sub(r"^(?:www|m)\.", "", host), number["id"]) if number else None
