"""The sitemaps that a robots.txt names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from pipeline.discover.sitemaps import Child
from pipeline.encoding import decode
from pipeline.records import Page
from pipeline.urls import absolute

_LINE = re.compile(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2083})")
_NEWS = re.compile(r"(?<![a-z])news(?![a-z])|googlenews|newssitemap|sitemapnews", re.IGNORECASE)


def sitemaps_in_robots(page: Page) -> tuple[Child, ...]:
    """Return what the Sitemap lines of a robots.txt name; they hold for every crawler."""
    text = decode(page.raw or page.html.encode()).text
    found = (absolute(page.url, match[1]) for match in _LINE.finditer(text))
    return tuple(Child(url) for url in dict.fromkeys(filter(None, found)))


def news_of(children: Sequence[Child]) -> tuple[Child, ...]:
    """Return those of a robots.txt that are for news by their names; all of them where none is.

    The others of such a site hold its whole past, its sections and its topics.
    """
    for_news = tuple(child for child in children if _NEWS.search(urlsplit(child.url).path))
    return for_news or tuple(children)
