"""What a page is that could not be read: another layout, or a wall that stands in front of the article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import Blocked, Gone, LayoutChanged, NotAnArticle, PageError, Unreachable
from pipeline.records import Page

if TYPE_CHECKING:
    from pipeline.walls import Wall

_KEEPS_US_OUT = frozenset({"login", "consent", "captcha"})
_IS_OF_THIS_ARTICLE = frozenset({"subscription", "age"})


def named(error: PageError, page: Page, asked: str) -> PageError:
    """Return the error that a page deserves which its parser could not read.

    Args:
        error: what the parser said.
        page: what came.
        asked: the URL that was asked for, before redirects.

    Returns:
        The error itself where the page is no wall: then the layout has changed, or it is no article.
    """
    from pipeline.walls import (
        wall_of,
    )  # its patterns take 30 ms to compile, and few runs meet a wall

    wall = wall_of(page, asked=asked)
    # that nothing is there is what the parser said already
    return error if wall is None or wall.kind == "empty" else _of(wall, page, asked)


def _of(wall: Wall, page: Page, asked: str) -> PageError:
    words = f"{wall.kind.replace('_', ' ')} page in place of the one asked for: {wall.evidence}"
    if wall.kind in _KEEPS_US_OUT:
        return Blocked(page.url, words)
    if wall.kind in _IS_OF_THIS_ARTICLE:
        return NotAnArticle(page.url, words)
    if wall.kind == "not_found":
        return Gone(page.url, words)
    if wall.kind == "maintenance":
        return Unreachable(page.url, "server_error", words)
    # a front page or a script shell: one article may be gone, of many the site has changed
    return LayoutChanged(page.url, f"{asked or page.url} ({words})", expected=1, found=0)
