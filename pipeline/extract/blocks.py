"""Walks the element that holds the body into lines, as a reader sees them, and joins lines to blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.extract.noise import NOT_TEXT, is_named_noise, is_surely_noise, names_of
from pipeline.extract.pictures import frames_in, holds_picture, read_figure, read_picture
from pipeline.extract.scoring import Found
from pipeline.extract.survey import INLINE
from pipeline.records import Block, BlockType, Image
from pipeline.select import BLOCKS, Attributes, Node, is_hidden, text_of
from pipeline.text import clean

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KINDS: dict[str, BlockType] = {
    "li": "list", "dt": "list", "dd": "list", "blockquote": "quote",
    **dict.fromkeys(_HEADINGS, "subhead"),
}  # fmt: skip
_CELL_OF_TEXT = 300
_SUBHEAD = 120


@dataclass(slots=True)
class Line:
    """A line as a reader sees it, with what its markup says of it."""

    kind: BlockType
    text: str
    tag: str = ""
    name: str = ""
    group: int = 0
    said: int = 0
    linked: int = 0
    bold: int = 0
    href: str | None = None

    @property
    def form(self) -> tuple[str, str]:
        """Tag and first class of the block that the line stands in."""
        return self.tag, self.name.split(" ", 1)[0]

    @property
    def is_link(self) -> bool:
        """Is there no text in the line but that of links?"""
        return self.linked > 0.8 * self.said


class _Place(NamedTuple):
    """Where a piece of text stands."""

    kind: BlockType = "paragraph"
    tag: str = ""
    name: str = ""
    group: int = 0
    href: str | None = None
    is_bold: bool = False
    in_figure: bool = False


@dataclass(slots=True)
class Walk:
    """The lines and pictures of a body, in page order."""

    found: Found
    base: str
    lines: list[Line] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    _pieces: list[str] = field(default_factory=list)
    _line: Line = field(default_factory=lambda: Line("paragraph", ""))
    _groups: int = 0
    _frames: set[int] = field(default_factory=set)

    def run(self) -> None:
        """Read the container. An explicit stack of children to come: hostile pages nest deep."""
        container = self.found.container
        self._frames = frames_in(container)
        place = self._inside(container.tag or "-", container.attributes, _Place())
        stack = [(container.iter(include_text=True), place, True)]
        while stack:
            children, place, is_line = stack[-1]
            for node in children:
                tag = node.tag or "-"
                if tag == "-text":
                    self._add(node.text_content or "", place)
                elif tag == "br":
                    self._end_line(place)
                elif tag == "img":
                    self._take(read_picture(node, self.base, None))
                elif tag[0] != "-":
                    attributes = node.attributes
                    if not self._is_read(node, tag, attributes, place):
                        inside = self._inside(tag, attributes, place)
                        if is_block := tag not in INLINE:
                            self._end_line(place)
                        stack.append((node.iter(include_text=True), inside, is_block))
                        break
            else:
                stack.pop()
                if is_line:
                    self._end_line(place)

    def _is_read(self, node: Node, tag: str, attributes: Attributes, place: _Place) -> bool:
        """Deal with what is no running text: noise, pictures with their captions, tables."""
        own = node.mem_id
        if own in self.found.spine:
            return False
        if tag == "figure" and place.in_figure:
            return False  # the figure around it was found to hold no picture
        if tag == "figure" and not holds_picture(node):
            return node.css_first("table, blockquote, pre, ul, ol") is None
        if tag == "figure" or own in self._frames:
            self._end_line(place)
            images, caption = read_figure(node, self.base)
            self._take(*images)
            if caption:
                self.lines.append(Line("caption", caption))
            return True
        if self._is_noise(tag, attributes):
            if tag in BLOCKS:
                self._end_line(place)
            return True
        if tag == "table" and (rows := _rows(node)):
            self._end_line(place)
            self.lines.append(Line("table", rows))
            return True
        return False

    def _is_noise(self, tag: str, attributes: Attributes) -> bool:
        if tag in NOT_TEXT:
            return True
        if not attributes:
            return False
        if is_hidden(attributes):
            return True
        name = names_of(attributes)
        if not name:
            return False
        return is_named_noise(name) if self.found.trusts_names else is_surely_noise(tag, name)

    def _inside(self, tag: str, attributes: Attributes, place: _Place) -> _Place:
        if tag in INLINE:
            if tag == "a":
                return place._replace(href=attributes.get("href") or "")
            return place._replace(is_bold=True) if tag in ("b", "strong") else place
        group = place.group
        if tag in ("ul", "ol", "dl", "blockquote"):
            group = self._groups = self._groups + 1
        kind = _KINDS.get(tag, place.kind)
        name = names_of(attributes) or place.name
        in_figure = place.in_figure or tag == "figure"
        return _Place(kind, tag, name, group, place.href, place.is_bold, in_figure)

    def _add(self, text: str, place: _Place) -> None:
        if place.tag == "pre" and "\n" in text:
            for line in text.split("\n"):
                self._add(line, place)
                self._end_line(place)
            return
        if not self._pieces and place.href is None and text.isspace():
            return  # the indent before a line
        self._pieces.append(text)
        said = len(text.strip())
        self._line.said += said
        if place.href is not None:
            self._line.linked += said
            self._line.href = self._line.href or place.href
        if place.is_bold:
            self._line.bold += said

    def _end_line(self, place: _Place) -> None:
        if not self._pieces:
            return
        text = clean("".join(self._pieces))
        self._pieces = []
        line, self._line = self._line, Line("paragraph", "")
        if not text:
            return
        line.text, line.tag, line.name, line.group = text, place.tag, place.name, place.group
        line.kind = place.kind
        if line.kind == "paragraph" and line.bold >= line.said and len(text) <= _SUBHEAD:
            line.kind = "subhead" if text[-1] not in ".!?。:" else "paragraph"
        elif line.kind == "subhead" and len(text) > 2 * _SUBHEAD:
            line.kind = "paragraph"
        self.lines.append(line)

    def _take(self, *images: Image | None) -> None:
        for image in images:
            if image is not None:
                self.images.setdefault(image.url, image)


def _rows(table: Node) -> str | None:
    """Return the rows of a table of data; None for one that only places things on the page."""
    if table.css_first("table table") is not None:
        return None
    cells = [[text_of(cell) or "" for cell in row.css("td, th")] for row in table.css("tr")]
    if max(map(len, cells), default=0) < 2:
        return None
    if any(len(cell) > _CELL_OF_TEXT for row in cells for cell in row):
        return None
    return "\n".join(" | ".join(row).strip() for row in cells if any(row)) or None


def to_blocks(lines: list[Line]) -> list[Block]:
    """Join the items of a list and the paragraphs of a quote."""
    blocks: list[Block] = []
    before: Line | None = None
    for line in lines:
        joins = before is not None and before.kind == line.kind and before.group == line.group
        if joins and line.kind in ("list", "quote"):
            blocks[-1] = Block(line.kind, f"{blocks[-1].text}\n{line.text}")
        else:
            blocks.append(Block(line.kind, line.text))
        before = line
    return blocks
