"""The shapes of addresses: what those of a site's articles have in common, and those of its lists have not."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from pipeline.records import Entry
from pipeline.source import WEB
from pipeline.urls import site_of, without_tracking

_NO_ARTICLE = re.compile(
    r"/(?:tags?|topics?|search|authors?|reporters?|journalists?|users?|members?|login|join|rss|feeds?|"
    r"photo-?list)(?:[/.?]|$)|"
    r"/(?:categor(?:y|ies)|sections?|lists?|pages?)(?:/[^/]*)?/?$|"
    r"/(?:[\w-]*list)\.\w{2,5}$|"
    r"/(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$",
    re.IGNORECASE,
)
"""Tags and persons at any place; a section, a page or a day where nothing stands behind it."""
_PAGE_NUMBER = re.compile(r"(?:page|pg|p|pageno|page_?num|page_?index|offset|start)", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_ENDING = re.compile(r"\.\w{2,5}$")
_TURNS = re.compile(r"\d+|[A-Za-z]+")
_ID_LEAST, _SLUG_LEAST, _SLUG_WORDS = 4, 12, 3
_CODE_LEAST, _CODE_TURNS = 8, 5


class Shape(NamedTuple):
    """`exact` has the words of an address, such as its section; `rough` only how many there are."""

    exact: str
    rough: str


def is_same(url: str, other: str) -> bool:
    """Do two addresses differ in nothing but tracking?"""
    return without_tracking(url) == without_tracking(other)


def shape_of(entry: Entry, page: str) -> Shape | None:
    """Return the shape of an address that a page has; None for what is no article's of its site."""
    url, parts = entry.url, urlsplit(entry.url)
    site = site_of(parts.hostname or "")
    if site != site_of(urlsplit(page).hostname or "") or is_same(url, page):
        return None
    if _NO_ARTICLE.search(parts.path):
        return None
    if not entry.article_id.startswith(f"{WEB}:"):  # a portal module knows it
        portal = entry.article_id.partition(":")[0]
        return Shape(portal, portal)
    segments = [segment for segment in parts.path.split("/") if segment]
    pieces = [_piece(it, is_last=at == len(segments)) for at, it in enumerate(segments, 1)]
    pairs = (pair.partition("=") for pair in parts.query.split("&"))
    asked = [
        f"{name}={kind}" for name, _, value in pairs if (kind := _asked(name, value, parts.path))
    ]
    if not asked and not any("#" in piece for piece in pieces):
        return None
    rough = "/".join(piece if "#" in piece else "*" for piece in pieces)
    return Shape(*(f"{site}/{path}?{'&'.join(asked)}" for path in ("/".join(pieces), rough)))


def _asked(name: str, value: str, path: str) -> str | None:
    """Return the kind of a parameter; None where it names no article. Small papers are at number 400."""
    is_post = name == "p" and path in ("", "/")  # of WordPress
    if _PAGE_NUMBER.fullmatch(name) and not is_post:
        return None
    kind = _piece(value, is_last=True)
    return kind if "#" in kind else None


def _piece(segment: str, *, is_last: bool) -> str:
    """Return a piece of an address as its kind: `#id`, `#slug`, or a word as it is."""
    plain = unquote(segment)
    stem, _, ending = plain.rpartition(".") if _ENDING.search(plain) else (plain, "", "")
    words = [word for word in re.split(r"[-_ ]", stem) if word]
    is_slug = len(words) >= _SLUG_WORDS and len(stem) >= _SLUG_LEAST
    if is_slug or (not stem.isascii() and len(stem) >= _SLUG_LEAST):
        return f"#slug.{ending}"
    longest = max(map(len, _DIGITS.findall(stem)), default=0)
    is_year = re.fullmatch(r"(?:19|20)\d\d", stem) is not None
    if (longest >= _ID_LEAST and not (is_year and not is_last)) or _is_code(stem):
        return f"#id.{ending}"
    if stem.isdecimal():
        return f"#id.{ending}" if is_last else "0"
    return plain


def _is_code(stem: str) -> bool:
    """Is it a hash or a short code: letters and digits in turns, as no word has them?"""
    turns = _TURNS.findall(stem)
    return len(stem) >= _CODE_LEAST and len(turns) >= _CODE_TURNS and "".join(turns) == stem
