"""A body to blocks, pictures and related links, whatever portal it stands on.

What HTML has tags for is read the same way everywhere; what a portal has its own words for, its `Markup` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.boilerplate import is_headline_like
from pipeline.portals._body import Body, is_text, tidy
from pipeline.portals._pictures import (
    CAPTIONS,
    addresses_in,
    caption_and_credit,
    caption_of,
    frames_pictures,
    images_in,
    rows_of,
)
from pipeline.records import Block, BlockType, Related
from pipeline.select import Node, has_only_text, is_block, lines_of, text_of
from pipeline.urls import absolute

_LIST_MARK = re.compile(r"^[-•·∙‣*]\s+\S")
_SUBHEAD_MARK = re.compile(r"^[◆◇■□●◈▣▶#]\s?\S")
_RELATED_LABEL = re.compile(
    r"^[\s▶▷☞•·]*[\[<【]\s*(관련|추천|인기|주요)\s?(기사|뉴스)\s*[\]>】]\s*"
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_QUOTES = frozenset({"blockquote", "pre"})
_ITEM, _BOLD = frozenset({"li"}), frozenset({"b", "strong"})
_VIDEOS = frozenset({"embed", "kakaotv", "iframe", "video"})
APART = _HEADINGS | _QUOTES | _VIDEOS | {"figure", "table", "line", "hr"}
"""Kinds of elements that stand apart from the running text."""
APART_CSS = ", ".join(sorted(APART))
LEFT_OUT = "left out"
"""The kind of elements that are no part of the body."""
_NOT_BODY = frozenset({"nav", "aside", "form", "ins", LEFT_OUT})
_SUBHEAD_LENGTH = 60
_DEEPEST = 30
"""Levels below the body that are told apart; what lies deeper is read as text."""


def _says_nothing(_: Node) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Markup:
    """A portal's own words for what a body is made of."""

    home: str
    """The URL that relative links hold for on a saved page without one."""
    kind: Callable[[Node], str]
    """One of `APART`, `LEFT_OUT`, or any other word for an element; "" for none."""
    holds: Callable[[Node], bool]
    """Does an element hold any of a kind that stands apart?"""
    original: Callable[[str], str]
    """The address of the whole picture from that of its thumbnail."""
    warning: Callable[[Node], str | None] = _says_nothing
    """What is odd about an element that is read as text."""


def read_body(
    nodes: Iterable[Node],
    markup: Markup,
    *,
    url: str,
    publisher: str | None,
    is_article: Callable[[str], bool],
) -> Body:
    """Read what a body is made of in its order, then drop the lines that are no text.

    Args:
        nodes: the children of the element that holds the body, and what else belongs to it.
        markup: the portal's.
        url: of the page.
        publisher: the press, whose name alone on a line is a sign-off.
        is_article: does this URL lead to another article of the portal?
    """
    body = Body()
    _Reading(body, url or markup.home, markup, is_article).walk(nodes)
    tidy(body, publisher)
    return body


def children_of(node: Node) -> Iterable[Node]:
    """Return the elements and the pieces of text right below an element."""
    return node.iter(include_text=True)


def is_inside(node: Node, other: Node) -> bool:
    """Does an element stand inside another, at whatever depth?"""
    around = node.parent
    while around is not None and around.mem_id != other.mem_id:  # `==` compares their HTML
        around = around.parent
    return around is not None


@dataclass(slots=True)
class _Reading:
    body: Body
    base: str
    markup: Markup
    is_article: Callable[[str], bool]

    def walk(self, nodes: Iterable[Node], *, depth: int = 0) -> None:
        """Read what stands apart (pictures, tables, quotes …) and the runs of text between it."""
        run: list[Node] = []
        for node in nodes:
            names = {node.tag or "", self.markup.kind(node) if _is_element(node) else ""}
            if names & _NOT_BODY:
                continue
            if names & APART:
                self._read_text(run)
                run = []
                self._read_apart(node, names, depth)
            elif depth < _DEEPEST and _is_element(node) and self.markup.holds(node):
                self._read_text(run)
                run = []
                self.walk(children_of(node), depth=depth + 1)
            else:
                self._warn(node)
                run.append(node)
        self._read_text(run)

    def _read_apart(self, node: Node, names: set[str], depth: int) -> None:
        if names & _VIDEOS:
            self.body.has_video = True
        elif "figure" in names:
            self._read_images(node, caption_of(node))
        elif names & _QUOTES:
            self._add("quote", "\n".join(lines_of(node)))
        elif names & _HEADINGS:
            self._add("subhead", text_of(node))
        elif "table" in names:
            self._read_table(node, depth)

    def _read_table(self, table: Node, depth: int) -> None:
        cells = rows_of(table)
        if frames_pictures(table) and len(table.css(CAPTIONS)) < 2:
            self._read_images(table, *caption_and_credit(table))
        elif depth < _DEEPEST and (sum(map(len, cells)) == 1 or table.css_first("img")):
            for cell in (cell for row in cells for cell in row):  # a box around text
                self.walk(children_of(cell), depth=depth + 1)
        else:
            rows = [[text_of(cell) or "" for cell in row] for row in cells]
            said = "\n".join(" | ".join(row) for row in rows if any(row))
            self._add("table", said or text_of(table))

    def _read_text(self, run: list[Node]) -> None:
        """Read elements that begin lines one by one, what runs on between them together."""
        inline: list[Node] = []
        for node in run:
            if is_block(node):
                self._read_lines(inline)
                self._read_lines([node])
                inline = []
            else:
                inline.append(node)
        self._read_lines(inline)

    def _read_lines(self, nodes: list[Node]) -> None:
        marked = [node for node in nodes if not (node.tag == "p" and has_only_text(node))]
        for node in marked:
            self._read_images(node, None)
        items = _lines_inside(marked, _ITEM)
        bold = _lines_inside(marked, _BOLD)
        links = {text: a for node in marked for a in node.css("a[href]") if (text := text_of(a))}
        for line in lines_of(*nodes):
            bare = _RELATED_LABEL.sub("", line).strip("▶▷☞•· ")
            link = links.get(line) or links.get(bare)
            target = absolute(self.base, link.attributes["href"]) if link else None
            if target and (line != bare or (self.is_article(target) and is_headline_like(line))):
                if is_text(line):  # and not "▶ subscribe to us", which links as well
                    self.body.related.append(Related(bare, target))
            else:
                self._add(_line_type(line, items, bold), line)

    def _read_images(self, node: Node, caption: str | None, credit: str | None = None) -> None:
        urls = addresses_in(node, base=self.base, original=self.markup.original)
        for image in images_in(urls, caption=caption, credit=credit):
            self.body.images.setdefault(image.url, image)
        self._add("caption", caption)

    def _warn(self, node: Node) -> None:
        warning = self.markup.warning(node)
        if warning and warning not in self.body.warnings and text_of(node):
            self.body.warnings.append(warning)

    def _add(self, kind: BlockType, text: str | None) -> None:
        if text:
            self.body.blocks.append(Block(kind, text))


def _is_element(node: Node) -> bool:
    return not (node.tag or "-").startswith("-")


def _lines_inside(nodes: list[Node], tags: frozenset[str]) -> set[str]:
    """Return the lines that stand whole in an element of these; of nested ones the outermost counts."""
    lines: set[str] = set()
    css = ", ".join(tags)
    stack = [node for node in nodes if _is_element(node) and node.css_first(css) is not None]
    while stack:
        at = stack.pop()
        if at.tag in tags:
            lines.update(lines_of(at))
        else:
            stack.extend(at.iter())
    return lines


def _line_type(line: str, items: set[str], bold: set[str]) -> BlockType:
    if line in items or _LIST_MARK.match(line):
        return "list"
    is_set_apart = line in bold or _SUBHEAD_MARK.match(line)
    if is_set_apart and len(line) <= _SUBHEAD_LENGTH and is_headline_like(line):
        return "subhead"
    return "paragraph"
