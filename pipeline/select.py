"""CSS selection that states how many matches it expects. The owner of selectolax for all parsers.

A selector that silently matches nothing is how scrapers die quietly: `one` and `many` raise LayoutChanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from pipeline.errors import LayoutChanged
from pipeline.markup import refuse_costly
from pipeline.text import clean
from pipeline.urls import absolute

Tree: TypeAlias = LexborHTMLParser
Node: TypeAlias = LexborNode
Attributes: TypeAlias = dict[str, str | None]

_UNSEEN = frozenset(
    {
        "head", "script", "style", "noscript", "template", "iframe", "svg", "math", "button", "select",
        "datalist", "textarea", "video", "audio", "object", "canvas", "rp", "noembed", "noframes",
    }
)  # fmt: skip
_NOT_ONE_LINE = _UNSEEN | {"pre"}
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
BLOCKS = frozenset(
    {
        "p", "div", "section", "article", "aside", "ul", "ol", "li", "dl", "dt", "dd", "table",
        "tr", "td", "th", "tbody", "thead", "tfoot", "caption", "h1", "h2", "h3", "h4", "h5", "h6",
        "figure", "figcaption", "blockquote", "pre", "hr", "br", "header", "footer", "main", "nav",
        "address", "center", "details", "summary", "dialog", "fieldset", "form", "legend", "menu",
    }
)  # fmt: skip


class _Counting(LexborHTMLParser):
    """A page that notes how many elements each selector found that was asked of it as a whole."""

    matches: dict[str, int]

    def css(self, query: str) -> list[Node]:
        found: list[Node] = super().css(query)
        self.matches[query] = max(self.matches.get(query, 0), len(found))
        return found

    def css_first(self, query: str, default: Any = None, strict: bool = False) -> Any:  # noqa: FBT001, FBT002
        found = super().css_first(query, default, strict)
        self.matches[query] = max(self.matches.get(query, 0), int(found is not None))
        return found


def parse(html: str, url: str = "", matches: dict[str, int] | None = None) -> Tree:
    """Parse a page with Lexbor. Broken markup is repaired as browsers do, never refused.

    Args:
        html: decoded text.
        url: where it came from, for the error.
        matches: is told what each selector found that is asked of the whole page; a "first match" counts 1.

    Raises:
        BadAnswer: the parser would take far longer than for a page of this size.
    """
    utf8 = html.encode("utf-8", "ignore")  # lone surrogates are no text
    refuse_costly(utf8, url)
    if matches is None:
        return LexborHTMLParser(utf8)
    tree = _Counting(utf8)
    tree.matches = matches
    return tree


def base_of(tree: Tree, url: str) -> str:
    """Return what the relative links of a page are resolved against: its address, or what its `<base>` says."""
    said = tree.css_first("base[href]")
    return (absolute(url, said.attributes.get("href")) if said else None) or url


def selector_fault(css: str) -> str | None:
    """Say what is wrong with a CSS selector; None where the parser understands it."""
    try:
        LexborHTMLParser(b"<p>").css(css)
    except SelectolaxError as error:
        return str(error)
    return None


def one(root: Tree | Node, css: str, *, url: str) -> Node:
    """Return the first match of a required selector.

    Raises:
        LayoutChanged: nothing matched.
    """
    found = root.css_first(css)
    if found is None:
        raise LayoutChanged(url, css, expected=1, found=0)
    return found


def maybe(root: Tree | Node, css: str) -> Node | None:
    """Return the first match of a selector that may be absent."""
    return root.css_first(css)


def many(root: Tree | Node, css: str, *, at_least: int, url: str) -> list[Node]:
    """Return all matches of a selector that must match `at_least` times.

    Raises:
        LayoutChanged: fewer matched.
    """
    found = root.css(css)
    if len(found) < at_least:
        raise LayoutChanged(url, css, expected=at_least, found=len(found))
    return found


def text_of(node: Node | None) -> str | None:
    """Return the cleaned visible text of an element on one line, None where there is none."""
    return " ".join(lines_of(node)) or None if node is not None else None


def attribute(node: Node | None, name: str) -> str | None:
    """Return an attribute's cleaned value, None where it is absent or empty."""
    value = node.attrs.get(name) if node is not None else None
    return clean(value) or None if value else None


def texts_of(node: Node) -> list[str]:
    """Return the visible text piece by piece, as the markup splits it."""
    return [text for piece in _pieces(node, _UNSEEN) if (text := clean(piece or ""))]


def is_block(node: Node) -> bool:
    """Does this element begin a line of its own?"""
    return node.tag in BLOCKS


def has_only_text(node: Node) -> bool:
    """Is this an element with a single piece of text in it, and no markup?"""
    return _text_alone(node) is not None


def _text_alone(node: Node) -> Node | None:
    child = node.child
    alone = child is not None and child.next is None and child.tag == "-text"
    return child if alone else None


def lines_of(*nodes: Node, skip: frozenset[str] = frozenset()) -> list[str]:
    """Return the visible text as the lines a reader sees: broken at `<br>` and at block elements.

    Args:
        nodes: the element whose text is wanted, or several that stand side by side.
        skip: tags whose text is left out, besides scripts, styles and controls.
    """
    if len(nodes) == 1 and (only := _only_text(nodes[0], skip)) is not None:
        return [line] if (line := clean(only)) else []
    lines: list[str] = []
    current: list[str] = []
    for piece in (piece for node in nodes for piece in _pieces(node, _UNSEEN | skip)):
        if piece is not None:
            current.append(piece)
        elif current:
            lines.append(clean("".join(current)))
            current = []
    lines.append(clean("".join(current)))
    return [line for line in lines if line]


def _only_text(node: Node, skip: frozenset[str]) -> str | None:
    """Return all the text of an element that is one line whatever it holds; None for any other."""
    if node.tag in _NOT_ONE_LINE or node.tag in skip:
        return None
    alone = _text_alone(node)
    return alone.text_content or "" if alone is not None else None


def _pieces(node: Node, unseen: frozenset[str]) -> Iterator[str | None]:
    """Yield text, and None at every break. An explicit stack: hostile pages nest 100,000 deep."""
    stack: list[Node | None] = [node]
    while stack:
        at = stack.pop()
        if at is None:
            yield None
            continue
        tag = at.tag
        if tag == "-text":
            text = at.text_content or ""
            if "\n" in text:
                yield from _lines_in(text, at)
            else:
                yield text
            continue
        if (
            tag is None
            or tag.startswith("-")
            or tag in unseen
            or (at is not node and is_hidden(at.attributes))
        ):
            continue
        if tag in BLOCKS:
            yield None
            stack.append(None)
        stack.extend(reversed([*at.iter(include_text=True)]))


def _lines_in(text: str, node: Node) -> Iterator[str | None]:
    """In `<pre>` a line break is one to the reader, elsewhere it is a blank."""
    if node.parent is None or node.parent.tag != "pre":
        yield text
        return
    first, *others = text.split("\n")
    yield first
    for line in others:
        yield None
        yield line


def is_hidden(attributes: Attributes) -> bool:
    """Is an element with these attributes not shown?"""
    style = attributes.get("style")
    return "hidden" in attributes or bool(style and _HIDING.search(style))
