"""Daum's body markup: `div.article_view section` with children that carry `dmcf-ptype`.

Counted over 306 bodies of about 80 publishers (2023-11): p[general] 3214, figure[figure] 834,
div[general] 434, table[general] 5, div[embed] 4, div[kakaotv] 3, hr[line] 2, h3[h3] 2, blockquote[pre] 1.
In 26 of them there is no p[general] at all: whoever takes only paragraphs loses whole articles.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from pipeline.boilerplate import is_told
from pipeline.portals._blocks import (
    APART,
    APART_CSS,
    LEFT_OUT,
    Markup,
    children_of,
    is_inside,
    read_body,
)
from pipeline.portals._body import Body
from pipeline.select import Node, Tree, has_only_text, lines_of, many
from pipeline.urls import absolute

BLOCKS = ".article_view [dmcf-ptype]"

_TYPED_CSS = ", ".join([APART_CSS, *(f"[dmcf-ptype={name}]" for name in sorted(APART))])
_CELLS = frozenset({"td", "th"})


def read_views(
    tree: Tree, *, url: str, publisher: str | None, is_article: Callable[[str], bool]
) -> Body:
    """Read the body; where a page holds several, the first.

    Raises:
        LayoutChanged: there is no element with `dmcf-ptype`.
    """
    many(tree, BLOCKS, at_least=1, url=url)
    first, *others = [v for v in tree.css(".article_view") if v.css_first("[dmcf-ptype]")]
    body = read_body(
        children_of(first), _MARKUP, url=url, publisher=publisher, is_article=is_article
    )
    apart = [view for view in others if not is_inside(view, first)]
    if apart:
        body.warnings.insert(0, f"{len(apart)} more bodies on the page were left out")
    return body


def _type_of(node: Node) -> str:
    return node.attributes.get("dmcf-ptype") or ""


def _kind(node: Node) -> str:
    return _type_of(node) or (LEFT_OUT if _is_inserted(node) else "")


def _is_inserted(node: Node) -> bool:
    """Advertisements and widgets are `div`s without a type; a paragraph that lost its type is told."""
    if node.tag != "div" or node.css_first("[dmcf-ptype]") is not None or _is_typed(node):
        return False
    return not any(map(is_told, lines_of(node)))


def _is_typed(node: Node) -> bool:
    """Does a type stand on any element around this one, or is it in a cell of a table of text?"""
    around = node.parent
    while around is not None and "article_view" not in (around.attributes.get("class") or ""):
        if _type_of(around) or around.tag in _CELLS:
            return True
        around = around.parent
    return False


def _holds(node: Node) -> bool:
    """Does this element hold any that stands apart, or any with a type where none was seen yet?"""
    own = _type_of(node)
    if own and has_only_text(node):
        return False
    is_typed = bool(own) or _is_typed(node)
    return node.css_first(_TYPED_CSS if is_typed else f"[dmcf-ptype], {APART_CSS}") is not None


def _warning(node: Node) -> str | None:
    """Say so where the text of an article stands in markup that was not seen before."""
    kind = _type_of(node) if node.tag != "-text" else ""
    if kind in ("", "general") and (kind or _is_typed(node)):
        return None
    return f"unknown dmcf-ptype {kind!r} read as text" if kind else "text without dmcf-ptype"


def _original(url: str) -> str:
    """Daum's thumbnail server names the picture it shrinks in `fname`."""
    named = parse_qs(urlsplit(url).query).get("fname", [""])[0]
    whole = absolute(url, named) if named.startswith(("http://", "https://", "//")) else None
    return whole or url


_MARKUP = Markup(
    home="https://v.daum.net/", kind=_kind, holds=_holds, original=_original, warning=_warning
)
