"""Adds up the text of a page by the blocks that it stands in: one pass over its pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.extract.noise import NOT_TEXT, is_body_name, is_named_noise, names_of
from pipeline.select import Attributes, Node, is_hidden

INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
        "i", "ins", "kbd", "mark", "nobr", "q", "rb", "rt", "ruby", "s", "samp", "small", "span", "strike",
        "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
_UNSEEN = frozenset({"script", "style", "noscript", "template", "textarea", "option", "title"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "title"})
_HALF_TEXT = frozenset({"li", "td", "dd", "dt"})
_PUNCTUATION = re.compile(r"[,.!?;:，。！？、；：।،؛؟…]")
_PIECE, _WIDE_PIECE, _BLOCK = 20, 8, 40
"""Sizes below which a piece of text, or a block, says nothing of where the body stands."""
_IN_DATA = 3
"""How much more a piece counts that the page's structured data repeats."""
_DATA = 50_000
"""Characters of structured data that are compared."""
_UNPUNCTUATED = 0.3


def size(text: str) -> int:
    """Length as Latin text would have it: a letter of an East Asian script says as much as three.

    Told by the bytes of UTF-8, which is far quicker than looking at each letter.
    """
    letters = len(text)
    if text.isascii():
        return letters
    return letters + 2 * max(0, len(text.encode("utf-8", "surrogatepass")) - 2 * letters)


def squeezed(text: str) -> str:
    """Return the text without blanks and case, to compare it."""
    return "".join(text.casefold().split())


@dataclass(slots=True, eq=False)
class Element:
    """An element above text, and how much text stands in it.

    What its attributes say is asked late: of most elements nobody needs to know, and to read them costs more
    than all the rest.
    """

    node: Node
    tag: str
    parent: Element | None
    in_link: bool
    block: Element = field(init=False)
    kids: list[Element] = field(init=False)  # those with running text
    is_off: bool = False
    said: int = 0
    linked: int = 0
    has_points: bool = False
    raw: float = 0.0
    total: float = 0.0
    _attributes: Attributes | None = None

    @property
    def value(self) -> float:
        """How much running text stands in the block itself."""
        if self.said < _BLOCK or 2 * self.linked > self.said or self.tag in _HEADINGS:
            return 0.0
        weight = 0.5 if self.tag in _HALF_TEXT else 1.0
        return (self.said - self.linked) * weight * (1.0 if self.has_points else _UNPUNCTUATED)

    @property
    def attributes(self) -> Attributes:
        """The attributes, read once."""
        if self._attributes is None:
            self._attributes = self.node.attributes
        return self._attributes

    @property
    def name(self) -> str:
        """The class and id names."""
        return names_of(self.attributes)

    @property
    def is_noise(self) -> bool:
        """Do tag, names or state say that no text of an article stands in the element?"""
        if self.tag in NOT_TEXT or self.tag == "figure":
            return True
        attributes = self.attributes
        return bool(attributes) and (is_named_noise(self.name) or is_hidden(attributes))

    @property
    def is_marked(self) -> bool:
        """Does the markup say that the text of the article stands in the element?"""
        return (
            self.tag in ("article", "main")
            or is_body_name(self.name)
            or "articlebody" in (self.attributes.get("itemprop") or "").lower()
        )


class Survey:
    """The elements of a page that text stands in."""

    def __init__(self, article_body: str) -> None:
        self.article_body = article_body[:_DATA]
        self.known: dict[int, Element] = {}  # each stands after those around it
        self.links: dict[int, int] = {}  # text of links by the element around them

    def of(self, body: Node) -> list[Element]:
        """Return the elements above running text; each stands after those around it."""
        self.known[body.mem_id] = _element(body, None)
        for node in body.traverse(include_text=True, skip_empty=True):
            if not node.is_text_node:
                continue
            text = node.text_content or ""
            if len(text) >= _PIECE or (len(text) >= _WIDE_PIECE and not text.isascii()):
                self._count(node, text)
        for around, said in self.links.items():
            if around in self.known:
                self.known[around].block.said += said
                self.known[around].block.linked += said
        return _running([*self.known.values()])

    def _count(self, node: Node, text: str) -> None:
        parent = node.parent
        if parent is None or (tag := parent.tag) in _UNSEEN:
            return
        said = size(text)
        if tag == "a" and (above := parent.parent) is not None:
            around = above.mem_id
            self.links[around] = self.links.get(around, 0) + said
            return
        if self.article_body and text.strip() in self.article_body:
            said *= _IN_DATA
        at = self._enter(parent)
        block = at.block
        block.said += said
        if at.in_link:
            block.linked += said
        elif not block.has_points and _PUNCTUATION.search(text):
            block.has_points = True

    def _enter(self, node: Node) -> Element:
        """Return the element, after those around it that were not known."""
        above: Node | None = node
        chain: list[tuple[int, Node]] = []
        at: Element | None = None
        while above is not None and (at := self.known.get(place := above.mem_id)) is None:
            chain.append((place, above))
            above = above.parent
        for place, each in reversed(chain):
            at = self.known[place] = _element(each, at)
        assert at is not None
        return at


def _element(node: Node, parent: Element | None) -> Element:
    tag = node.tag or ""
    at = Element(node, tag, parent, tag == "a" or (parent is not None and parent.in_link))
    at.block = parent.block if parent is not None and tag in INLINE else at
    return at


def _running(elements: list[Element]) -> list[Element]:
    """Add up the running text of every element; return those that hold some, each with its children.

    From here on elements know those in them and no longer those around them: a circle would keep the whole
    page in memory until the garbage collector comes by.
    """
    for at in reversed(elements):
        at.raw += at.value
        if at.parent is not None:
            at.parent.raw += at.raw
    running = [at for at in elements if at.raw]
    for at in running:
        at.kids = []
        if at.parent is not None:
            at.parent.kids.append(at)
    for at in elements:
        del at.parent, at.block
    return running
