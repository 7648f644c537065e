"""URLs as text: resolving, naming hosts, removing what only tracks."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

MAX_LENGTH = 2083
"""Characters. Longer links are skipped; the bound is the one that Scrapy and old browsers share."""

_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|igshid|mc_[ce]id|ref|rcmd|cmpid|_ga)$")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def absolute(base: str, href: str | None) -> str | None:
    """Resolve a link of a page. None for anything but http(s), for broken and for overlong links."""
    if not href or len(href) > MAX_LENGTH:
        return None
    try:
        url = urljoin(base, href.strip())
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return None
        _ = parts.port
    except ValueError:
        return None
    return url


def authority(url: str) -> str:
    """Return `host` or `host:port` in lower case, without credentials and without a default port.

    Raises:
        ValueError: the URL has no host or a port that is no number.
    """
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError(f"no host in {url!r}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme):
        return host
    return f"{host}:{parts.port}"


def origin(url: str) -> str:
    """Return `scheme://authority`: what one robots.txt speaks for (RFC 9309, section 2.3)."""
    return f"{urlsplit(url).scheme}://{authority(url)}"


def without_tracking(url: str) -> str:
    """Drop the fragment and query parameters that only track; keep the others in their order."""
    parts = urlsplit(url)
    kept = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(key)
    ]
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", urlencode(kept), ""))


def redacted(url: str) -> str:
    """Return the URL fit for a log: credentials in it are replaced by dots."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc="…@" + parts.netloc.rpartition("@")[2]))
