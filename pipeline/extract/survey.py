"""Adds up the text of a page by the blocks that it stands in: one pass over its pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.extract.noise import NOT_TEXT, is_body_name, is_hidden, is_named_noise, names_of
from pipeline.select import Node

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
    """An element above text, and how much text stands in it."""

    node: Node
    tag: str
    name: str
    parent: Element | None
    in_link: bool
    is_noise: bool
    is_marked: bool
    block: Element = field(init=False)
    kids: list[Element] = field(default_factory=list)
    is_off: bool = False
    said: int = 0
    linked: int = 0
    points: int = 0
    raw: float = 0.0
    total: float = 0.0

    @property
    def value(self) -> float:
        """How much running text stands in the block itself."""
        if self.said < _BLOCK or 2 * self.linked > self.said or self.tag in _HEADINGS:
            return 0.0
        weight = 0.5 if self.tag in _HALF_TEXT else 1.0
        return (self.said - self.linked) * weight * (1.0 if self.points else _UNPUNCTUATED)


class Survey:
    """The elements of a page that text stands in."""

    def __init__(self, article_body: str) -> None:
        self.article_body = article_body[:_DATA]
        self.known: dict[int, Element] = {}
        self.order: list[Element] = []
        self.links: dict[int, int] = {}  # text of links by the element around them

    def of(self, body: Node) -> list[Element]:
        """Return the elements above text; each stands after those around it."""
        self._enter(body)
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
        return self.order

    def _count(self, node: Node, text: str) -> None:
        parent = node.parent
        if parent is None or (tag := parent.tag) in _UNSEEN:
            return
        said = size(text)
        if tag == "a" and parent.parent is not None:
            around = parent.parent.mem_id
            self.links[around] = self.links.get(around, 0) + said
            return
        if self.article_body and text.strip() in self.article_body:
            said *= _IN_DATA
        at = self.known.get(parent.mem_id) or self._enter(parent)
        block = at.block
        block.said += said
        if at.in_link:
            block.linked += said
        elif _PUNCTUATION.search(text):
            block.points += 1

    def _enter(self, node: Node) -> Element:
        chain = [node]
        above = node.parent
        while self.order and above is not None and above.mem_id not in self.known:
            chain.append(above)
            above = above.parent
        at = self.known[above.mem_id] if self.order and above is not None else None
        for each in reversed(chain):
            at = _element(each, at)
            self.known[each.mem_id] = at
            self.order.append(at)
        return self.known[node.mem_id]


def _element(node: Node, parent: Element | None) -> Element:
    tag, attributes = node.tag or "", node.attributes
    name = names_of(attributes)
    is_marked = (
        tag in ("article", "main")
        or is_body_name(name)
        or "articlebody" in (attributes.get("itemprop") or "").lower()
    )
    is_noise = tag in NOT_TEXT or tag == "figure" or is_named_noise(name) or is_hidden(attributes)
    in_link = tag == "a" or (parent is not None and parent.in_link)
    at = Element(node, tag, name, parent, in_link, is_noise and parent is not None, is_marked)
    at.block = parent.block if parent is not None and tag in INLINE else at
    if parent is not None:
        parent.kids.append(at)
    return at
