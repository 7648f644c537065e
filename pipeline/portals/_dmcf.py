"""Daum's body markup: `div.article_view section` with children that carry `dmcf-ptype`.

Counted over 306 bodies of about 80 publishers (2023-11): p[general] 3214, figure[figure] 834,
div[general] 434, table[general] 5, div[embed] 4, div[kakaotv] 3, hr[line] 2, h3[h3] 2, blockquote[pre] 1.
In 26 of them there is no p[general] at all: whoever takes only paragraphs loses whole articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.boilerplate import is_headline_like, is_told, trim
from pipeline.portals._dmcf_images import (
    caption_and_credit,
    caption_of,
    frames_pictures,
    images_in,
    rows_of,
)
from pipeline.records import Block, BlockType, Image, Related
from pipeline.select import Node, Tree, is_block, lines_of, many, text_of
from pipeline.urls import absolute

BLOCKS = ".article_view [dmcf-ptype]"

_LIST_MARK = re.compile(r"^[-•·∙‣*]\s+\S")
_SUBHEAD_MARK = re.compile(r"^[◆◇■□●◈▣▶#]\s?\S")
_RELATED_LABEL = re.compile(
    r"^[\s▶▷☞•·]*[\[<【]\s*(관련|추천|인기|주요)\s?(기사|뉴스)\s*[\]>】]\s*"
)
_EDITORS_NOTE = re.compile(r"^[\[<【※■▶\s]*편집자\s?주")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_QUOTES = frozenset({"blockquote", "pre"})
_VIDEOS = frozenset({"embed", "kakaotv", "iframe", "video"})
_APART = _HEADINGS | _QUOTES | _VIDEOS | {"figure", "table", "line", "hr"}
_APART_CSS = ", ".join(f"{name}, [dmcf-ptype={name}]" for name in sorted(_APART))
_NOT_BODY = frozenset({"nav", "aside", "form", "ins"})
_SUBHEAD_LENGTH = 60
_DEEPEST = 30
"""Levels below the body that are told apart; what lies deeper is read as text."""


@dataclass(slots=True)
class Body:
    """What a body holds, before and after its lines are trimmed."""

    blocks: list[Block] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    related: list[Related] = field(default_factory=list)
    signoffs: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    has_video: bool = False


def read_body(
    tree: Tree, *, url: str, publisher: str | None, is_article: Callable[[str], bool]
) -> Body:
    """Read the body in page order, then drop the lines that are no text.

    Raises:
        LayoutChanged: there is no element with `dmcf-ptype`.
    """
    many(tree, BLOCKS, at_least=1, url=url)
    first, *others = [v for v in tree.css(".article_view") if v.css_first("[dmcf-ptype]")]
    body = Body()
    _Reading(body, url, is_article).walk(first, is_typed=False)
    apart = [view for view in others if not _is_inside(view, first)]
    if apart:
        body.warnings.append(f"{len(apart)} more bodies on the page were left out")
    _trim(body, publisher)
    body.blocks = _joined_lists(body.blocks)
    return body


def joined_text(blocks: list[Block]) -> str:
    """Return the running text: no captions, no tables, no editor's note (편집자주)."""
    return "\n\n".join(
        block.text
        for block in blocks
        if block.type not in ("caption", "table")
        and not (block.type == "quote" and _EDITORS_NOTE.match(block.text))
    )


@dataclass(slots=True)
class _Reading:
    body: Body
    url: str
    is_article: Callable[[str], bool]

    def walk(self, around: Node, *, is_typed: bool, depth: int = 0) -> None:
        """Read what stands apart (pictures, tables, quotes …) and the runs of text between it."""
        run: list[Node] = []
        for node in around.iter(include_text=True):
            names = {node.tag or "", _kind(node)}
            typed = is_typed or bool(_kind(node))
            if names & _NOT_BODY or (not typed and _is_inserted(node)):
                continue
            if names & _APART:
                self._read_text(run)
                run = []
                self._read_apart(node, names, depth)
            elif depth < _DEEPEST and _holds(node, is_typed=typed):
                self._read_text(run)
                run = []
                self.walk(node, is_typed=typed, depth=depth + 1)
            else:
                self._note(node, is_typed=is_typed)
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
        if frames_pictures(table):
            self._read_images(table, *caption_and_credit(table))
        elif depth < _DEEPEST and (sum(map(len, cells)) == 1 or table.css_first("img")):
            for cell in (cell for row in cells for cell in row):  # a box around text
                self.walk(cell, is_typed=True, depth=depth + 1)
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
        for node in nodes:
            self._read_images(node, None)
        items = _texts(nodes, "li")
        bold = _texts(nodes, "b, strong")
        links = {text: a for node in nodes for a in node.css("a[href]") if (text := text_of(a))}
        for line in lines_of(*nodes):
            bare = _RELATED_LABEL.sub("", line).strip("▶▷☞•· ")
            link = links.get(line) or links.get(bare)
            base = self.url or "https://v.daum.net/"
            target = absolute(base, link.attributes["href"]) if link else None
            if target and (line != bare or (self.is_article(target) and is_headline_like(line))):
                self.body.related.append(Related(bare, target))
            else:
                self._add(_line_type(line, items, bold), line)

    def _read_images(self, node: Node, caption: str | None, credit: str | None = None) -> None:
        for image in images_in(node, base=self.url, caption=caption, credit=credit):
            self.body.images.setdefault(image.url, image)
        self._add("caption", caption)

    def _note(self, node: Node, *, is_typed: bool) -> None:
        """Say so where the text of an article stands in markup that was not seen before."""
        kind = _kind(node)
        if kind in ("", "general") and (kind or is_typed):
            return
        warning = f"unknown dmcf-ptype {kind!r} read as text" if kind else "text without dmcf-ptype"
        if warning not in self.body.warnings and text_of(node):
            self.body.warnings.append(warning)

    def _add(self, kind: BlockType, text: str | None) -> None:
        if text:
            self.body.blocks.append(Block(kind, text))


def _kind(node: Node) -> str:
    return node.attributes.get("dmcf-ptype") or "" if node.tag != "-text" else ""


def _is_inserted(node: Node) -> bool:
    """Advertisements and widgets are `div`s without a type; a paragraph that lost its type is told."""
    if node.tag != "div" or node.css_first("[dmcf-ptype]") is not None:
        return False
    return not any(map(is_told, lines_of(node)))


def _holds(node: Node, *, is_typed: bool) -> bool:
    """Does this element hold any that stands apart, or any with a type where none was seen yet?"""
    if (node.tag or "-").startswith("-"):
        return False
    wanted = _APART_CSS if is_typed else f"[dmcf-ptype], {_APART_CSS}"
    return node.css_first(wanted) is not None


def _is_inside(node: Node, other: Node) -> bool:
    around = node.parent
    while around is not None and around != other:
        around = around.parent
    return around is not None


def _texts(nodes: list[Node], css: str) -> set[str]:
    return {text for node in nodes for at in node.css(css) if (text := text_of(at))}


def _line_type(line: str, items: set[str], bold: set[str]) -> BlockType:
    if line in items or _LIST_MARK.match(line):
        return "list"
    is_set_apart = line in bold or _SUBHEAD_MARK.match(line)
    if is_set_apart and len(line) <= _SUBHEAD_LENGTH and is_headline_like(line):
        return "subhead"
    return "paragraph"


def _trim(body: Body, publisher: str | None) -> None:
    lines = [(i, b.text) for i, b in enumerate(body.blocks) if b.type in _TRIMMED]
    trimmed = trim([text for _, text in lines], publisher=publisher)
    kept = {lines[k][0]: text for k, text in zip(trimmed.kept, trimmed.text, strict=True)}
    body.signoffs, body.notices = trimmed.signoffs, trimmed.notices
    body.blocks = [
        Block(b.type, kept[i]) if i in kept else b
        for i, b in enumerate(body.blocks)
        if i in kept or b.type not in _TRIMMED
    ]


_TRIMMED: frozenset[BlockType] = frozenset({"paragraph", "subhead", "list"})


def _joined_lists(blocks: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        if block.type == "list" and joined and joined[-1].type == "list":
            joined[-1] = Block("list", f"{joined[-1].text}\n{block.text}")
        else:
            joined.append(block)
    return joined
