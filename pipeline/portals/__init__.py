"""One module a portal; this folder is the registry. A module whose name starts with `_` is no portal.

A portal module offers `NAME`, `VERSION`, and the functions of the protocol `Portal`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Protocol, cast

from pipeline.records import Article, Entry, Page


class Portal(Protocol):
    """What every module of this folder offers."""

    NAME: str
    """The name in config.toml and the prefix of article ids."""
    VERSION: int
    """Raised with every change of what the parser returns; `NAME/VERSION` is in each record."""

    def article_id(self, url: str, *, base: str = "") -> str | None:
        """Return `NAME:<id>` where the URL is one of an article on this portal."""
        ...

    def canonical_url(self, url: str) -> str:
        """Return the one form of an article's URL, whatever host, path or tracking it came with."""
        ...

    def recognises(self, html: str) -> bool:
        """Is this page, whose URL is not known, in this portal's markup?"""
        ...

    def parse_listing(self, page: Page) -> tuple[Entry, ...]:
        """Return the entries of a listing in page order, each article once."""
        ...

    def parse_article(self, page: Page, *, permission: str | None = None) -> Article:
        """Return the record of an article page."""
        ...


@cache
def names() -> tuple[str, ...]:
    """Return the names of all portals there are."""
    return tuple(
        sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    )


def named(name: str) -> Portal:
    """Return the portal of that name.

    Raises:
        KeyError: there is no such portal.
    """
    if name not in names():
        raise KeyError(name)
    return cast("Portal", importlib.import_module(f"{__name__}.{name}"))


def for_url(url: str) -> Portal | None:
    """Return the portal that has an article at this address."""
    return next((portal for portal in map(named, names()) if portal.article_id(url)), None)


def for_page(page: Page) -> Portal | None:
    """Return the portal that serves this page, by its URL, or by its markup where it has none."""
    for portal in map(named, names()):
        known = portal.article_id(page.url) if page.url else portal.recognises(page.html)
        if known:
            return portal
    return None
