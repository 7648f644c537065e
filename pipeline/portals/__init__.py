"""One module a portal; this folder is the registry. A module whose name starts with `_` is no portal.

Installed packages may offer more by entry points of the group `gisa.portals`.

A portal module offers `NAME`, `VERSION`, and the functions of the protocol `Portal`.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol, cast

from pipeline.records import Article, Entry, Page

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")


class Parser(Protocol):
    """What reads the pages of a source."""

    NAME: str
    """The name in config.toml and the prefix of article ids."""
    VERSION: int
    """Raised with every change of what the parser returns; `NAME/VERSION` is in each record."""

    def parse_listing(self, page: Page) -> tuple[Entry, ...]:
        """Return the entries of a listing in page order, each article once."""
        ...

    def parse_article(self, page: Page, *, permission: str | None = None) -> Article:
        """Return the record of an article page."""
        ...


class Portal(Parser, Protocol):
    """What every module of this folder offers: it knows its own addresses and markup, too."""

    def article_id(self, url: str, *, base: str = "") -> str | None:
        """Return `NAME:<id>` where the URL is one of an article on this portal."""
        ...

    def canonical_url(self, url: str) -> str:
        """Return the one form of an article's URL, whatever host, path or tracking it came with."""
        ...

    def recognises(self, html: str) -> bool:
        """Is this page, whose URL is not known, in this portal's markup?"""
        ...


def archive_of(portal: Parser, listing: str) -> str | None:
    """Return the address of a listing's past by date, with the placeholders of `discover.archives`.

    That is an optional part of the protocol: a function `archive(listing)`. None where the portal has no such
    pages, or none of this listing.
    """
    offered = getattr(portal, "archive", None)
    return offered(listing) if callable(offered) else None


def is_of_any_host(portal: Parser) -> bool:
    """Is it a system that many sites run, so that its addresses alone do not prove its markup?

    That is an optional part of the protocol: `ANY_HOST = True`.
    """
    return getattr(portal, "ANY_HOST", False) is True


GROUP = "gisa.portals"
"""The entry points by which installed packages offer portal modules, each under its `NAME`."""
_OFFERED = ("article_id", "canonical_url", "recognises", "parse_listing", "parse_article")


@cache
def own_names() -> tuple[str, ...]:
    """Return the names of the portals of this folder."""
    return tuple(
        sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    )


@cache
def others() -> dict[str, Portal]:
    """Return the portals of installed packages that can be used, by name."""
    return _examined()[0]


@cache
def faults() -> tuple[str, ...]:
    """Return what is wrong with portals of installed packages, a sentence each; they are left out."""
    return _examined()[1]


@cache
def _examined() -> tuple[dict[str, Portal], tuple[str, ...]]:
    found: dict[str, Portal] = {}
    wrong: list[str] = []
    for point in sorted(entry_points(group=GROUP), key=lambda it: (it.name, it.value)):
        try:
            module = point.load()
            fault = _fault(point.name, module, found)
        except Exception as error:  # whatever a stranger's module does as it is loaded
            module, fault = None, f"cannot be loaded: {type(error).__name__}: {error}"
        if module is None or fault:
            package = point.dist.name if point.dist else "?"
            wrong.append(f"portal {point.name} ({point.value}, package {package}): {fault}")
        else:
            found[point.name] = cast("Portal", module)
    return found, tuple(wrong)


def _fault(name: str, module: object, known: dict[str, Portal]) -> str | None:
    """Say what a module lacks of the protocol `Portal`; None where it has everything."""
    if name in own_names() or name in known:
        return "there is a portal of this name already"
    if getattr(module, "NAME", None) != name or not _NAME.fullmatch(name):
        said = getattr(module, "NAME", None)
        return f"its NAME should be the name of the entry point, in lower case; it is {said!r:.80}"
    version = getattr(module, "VERSION", None)
    if not isinstance(version, int) or isinstance(version, bool):
        return "its VERSION should be a whole number"
    missing = [each for each in _OFFERED if not callable(getattr(module, each, None))]
    return f"it lacks {', '.join(missing)}" if missing else None


def names() -> tuple[str, ...]:
    """Return the names of all portals there are: of this folder, and of installed packages."""
    return tuple(sorted((*own_names(), *others())))


def named(name: str) -> Portal:
    """Return the portal of that name.

    Raises:
        KeyError: there is no such portal.
    """
    if name in others():
        return others()[name]
    if name not in own_names():
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
