"""The address of a query at Naver's news search; apart from its answers, since settings need no parser."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

DISPLAY = 100
"""Results that one call may bring."""
START_MOST = 1000
"""The last result that a call may begin with."""


def search_url(api: str, query: str, start: int = 1) -> str:
    """Return the address of a query's results from the one with this number on (from 1), newest first."""
    asked = {"query": query, "display": DISPLAY, "start": start, "sort": "date"}
    return f"{api}?{urlencode(asked)}"


def query_of(url: str) -> str:
    """Return the query of such an address; an address without one as it is."""
    return parse_qs(urlsplit(url).query).get("query", [url])[0]


def from_start(url: str, start: int) -> str:
    """Return the address of the same query's results from another number on."""
    return search_url(url.partition("?")[0], query_of(url), start)
