"""URLs as text: resolving, naming hosts, removing what only tracks."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote_plus, urljoin, urlsplit, urlunsplit

MAX_LENGTH = 2083
"""Characters. Longer links are skipped; the bound is the one that Scrapy and old browsers share."""

_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|igshid|mc_[ce]id|ref|rcmd|cmpid|_ga)$")
_CREDENTIALS = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]*://|//)[^/?#]*@")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ENDS = "".join(map(chr, range(0x21)))  # stripped by browsers, as the URL standard says
_LINE_BREAKS = re.compile(r"[\t\r\n]")  # removed by them
_NO_URL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_PLAIN = re.compile(
    r"https?://[a-z0-9.-]+(?::(?:[1-5]\d{4}|[1-9]\d{0,3}))?/[\w.~/%&=+@!$,:-]*(?:\?[\w.~/%&=+@!$,:-]+)?",
    re.ASCII,
)
"""Addresses that resolving leaves as they are."""
_ROOT = re.compile(r"(https?://[a-z0-9.-]+(?::(?:[1-5]\d{4}|[1-9]\d{0,3}))?)(?:[/?#]|\Z)", re.ASCII)
_ROOTED = re.compile(r"/(?!/)[\w.~/%&=+@!$,:-]*(?:\?[\w.~/%&=+@!$,:-]+)?", re.ASCII)
"""Paths that stand behind the root as they are, where they hold no `/.`."""


def absolute(base: str, href: str | None) -> str | None:
    """Resolve a link of a page. None for anything but http(s), for broken and for overlong links."""
    if not href or len(href) > MAX_LENGTH:
        return None
    if _PLAIN.fullmatch(href):
        return href
    if _ROOTED.fullmatch(href) and "/." not in href and (root := _ROOT.match(base)):
        url = root[1] + href
        return None if len(url) > MAX_LENGTH else url
    try:
        url = urljoin(base, _LINE_BREAKS.sub("", href.strip(_ENDS)))
        if _NO_URL.search(url):
            return None
        url = _with_blanks_encoded(url)
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "%" in parts.hostname:
            return None
        _ = parts.port
    except ValueError:
        return None
    return None if len(url) > MAX_LENGTH else url


def _with_blanks_encoded(url: str) -> str:
    """Write blanks and characters that no script uses as percent codes, as browsers do."""
    if url.isprintable() and " " not in url:
        return url
    return "".join(c if c.isprintable() and c != " " else quote(c) for c in url)


@lru_cache(maxsize=1024)
def authority(url: str) -> str:
    """Return `host` or `host:port` in lower case, without credentials and without a default port.

    Raises:
        ValueError: the URL has no host or a port that is no number.
    """
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port
    if not host:
        raise ValueError(f"no host in {url!r}")
    host = f"[{host}]" if ":" in host else host
    return host if port is None or port == _DEFAULT_PORTS.get(parts.scheme) else f"{host}:{port}"


def origin(url: str) -> str:
    """Return `scheme://authority`: what one robots.txt speaks for (RFC 9309, section 2.3)."""
    return f"{urlsplit(url).scheme}://{authority(url)}"


def site_of(host: str) -> str:
    """Return the part of a host that its sections and its mobile pages share.

    Good enough to tell a site from others; it knows of no registry: `news.hanbit.co.kr` gives `hanbit.co.kr`.
    """
    names = host.removeprefix("www.").split(".")
    if host.replace(".", "").isdecimal() or len(names) <= 2:
        return host.removeprefix("www.")
    is_second_level = len(names[-1]) == 2 and len(names[-2]) <= 3
    return ".".join(names[-3:] if is_second_level else names[-2:])


def without_tracking(url: str) -> str:
    """Drop the fragment and query parameters that only track; keep the others as they are written.

    Their percent codes are left alone: older Korean sites encode queries in EUC-KR.
    """
    parts = urlsplit(url)
    pairs = [pair for pair in parts.query.split("&") if pair]
    kept = [pair for pair in pairs if not _TRACKING.match(unquote_plus(pair.partition("=")[0]))]
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", "&".join(kept), ""))


def redacted(url: str) -> str:
    """Return the URL fit for a log: credentials in it are replaced by dots."""
    return _CREDENTIALS.sub(r"\1…@", url, count=1)
