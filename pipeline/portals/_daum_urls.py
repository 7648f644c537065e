"""URLs of Daum's articles, in all their forms, and of mirrors that serve Daum's pages."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline.urls import origin

NAME = "daum"

# v.daum.net/v/20260927095437316: time of entry in KST and a serial number; creators' posts have letters.
# The same id under news.v., v.media., news. and others, with ?f=m or ?rcmd=rn, is the same article.
_PATH = re.compile(r"^/v/(?P<id>\d{17}|[A-Za-z][A-Za-z0-9]{7,19})/?$")
_OTHER_HOSTS = ("gallery.", "newslink.", "www.")


def article_id(url: str, *, base: str = "") -> str | None:
    """Return `daum:<id>` of an article URL in any of Daum's forms.

    On a page that is not served by Daum itself (`base`: a mirror, the sample portal) any host's /v/<id> counts.
    """
    try:
        host, path = _host_and_path(url)
    except ValueError:  # "http://[": no address at all
        return None
    match = _PATH.match(path)
    if not match or (_is_daum(host) and host.startswith(_OTHER_HOSTS)):
        return None
    if not _is_daum(host) and (not base or _is_daum(_host_and_path(base)[0])):
        return None
    return f"{NAME}:{match.group('id')}"


def canonical_url(url: str) -> str:
    """Return `https://v.daum.net/v/<id>`; on another host that host is kept."""
    try:
        host, path = _host_and_path(url)
        home = "https://v.daum.net" if _is_daum(host) else origin(url)
    except ValueError:
        return url
    match = _PATH.match(path)
    return f"{home}/v/{match.group('id')}" if match else url


@lru_cache(maxsize=256)
def _host_and_path(url: str) -> tuple[str, str]:
    """Each link of a page is asked for them some times, the page's own address with every link."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.path


def _is_daum(host: str) -> bool:
    return host == "daum.net" or host.endswith(".daum.net")


def at_home(url: str, base: str) -> str:
    """On a page of a mirror, links under any other host of that mirror lead to the mirror itself."""
    host, path = _host_and_path(url)
    return url if _is_daum(host) else f"{origin(base)}{path}"


def is_other(url: str, base: str) -> bool:
    """Is this an article, and not the one at `base`?"""
    found = article_id(url, base=base)
    return found is not None and found != article_id(base, base=base)
