"""Daum's body markup: `div.article_view section` with children that carry `dmcf-ptype`.

Counted over 306 bodies of about 80 publishers (2023-11): p[general] 3214, figure[figure] 834,
div[general] 434, table[general] 5, div[embed] 4, div[kakaotv] 3, hr[line] 2, h3[h3] 2, blockquote[pre] 1.
In 26 of them there is no p[general] at all: whoever takes only paragraphs loses whole articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from pipeline.boilerplate import is_headline_like, trim
from pipeline.records import Block, BlockType, Image, Related
from pipeline.select import Node, Tree, attribute, lines_of, many, maybe, text_of
from pipeline.urls import absolute

BLOCKS = ".article_view [dmcf-ptype]"

_LIST_MARK = re.compile(r"^[-•·∙‣*]\s+\S")
_SUBHEAD_MARK = re.compile(r"^[◆◇■□●◈▣▶#]\s?\S")
_CREDIT = re.compile(
    r"[\[(【]\s*(?P<bracket>[^\])】]{2,40})\s*[\])】]\s*$|/?\s*사진\s*(?:제공)?\s*[=:]\s*(?P<photo>[^\]).]{2,40})[\]).]?\s*$"
    r"|[ⓒ©]\s*(?P<sign>[^\]).]{2,40})$"
)
_RELATED_LABEL = re.compile(
    r"^[\s▶▷☞•·]*[\[<【]\s*(관련|추천|인기|주요)\s?(기사|뉴스)\s*[\]>】]\s*"
)
_EDITORS_NOTE = re.compile(r"^[\[<【※■▶\s]*편집자\s?주")
_SIGNS = ("ⓒ", "©")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SUBHEAD_LENGTH = 60


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
    """Read every `dmcf-ptype` element in page order, then drop the lines that are no text.

    Raises:
        LayoutChanged: there is no such element.
    """
    body = Body()
    for node in many(tree, BLOCKS, at_least=1, url=url):
        if not _is_nested(node):
            _read_block(node, body, url, is_article)
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


def _read_block(node: Node, body: Body, url: str, is_article: Callable[[str], bool]) -> None:
    kind = node.attributes.get("dmcf-ptype") or ""
    tag = node.tag or ""
    if kind in ("embed", "kakaotv") or tag == "iframe":
        body.has_video = True
    elif kind == "line" or tag == "hr":
        return
    elif kind == "figure" or tag == "figure":
        _read_images(node, body, url, text_of(maybe(node, "figcaption")))
    elif tag == "table" or (kind == "general" and _is_table_only(node)):
        _read_table(node, body, url)
    elif kind == "pre" or tag in ("blockquote", "pre"):
        _add(body, "quote", "\n".join(lines_of(node)))
    elif tag in _HEADINGS:
        _add(body, "subhead", text_of(node))
    else:
        if kind != "general" and text_of(node):
            body.warnings.append(f"unknown dmcf-ptype {kind!r} read as text")
        _read_images(node, body, url, None)
        _read_lines(node, body, url, is_article)


def _read_lines(node: Node, body: Body, url: str, is_article: Callable[[str], bool]) -> None:
    items = {text for item in node.css("li") if (text := text_of(item))}
    bold = {text for item in node.css("b, strong, h3, h4") if (text := text_of(item))}
    links = {text: a for a in node.css("a[href]") if (text := text_of(a))}
    for line in lines_of(node):
        bare = _RELATED_LABEL.sub("", line).strip("▶▷☞•· ")
        link = links.get(line) or links.get(bare)
        target = absolute(url or "https://v.daum.net/", link.attributes["href"]) if link else None
        if target and (line != bare or (is_article(target) and is_headline_like(line))):
            body.related.append(Related(bare, target))
        else:
            _add(body, _line_type(line, items, bold), line)


def _line_type(line: str, items: set[str], bold: set[str]) -> BlockType:
    if line in items or _LIST_MARK.match(line):
        return "list"
    is_set_apart = line in bold or _SUBHEAD_MARK.match(line)
    if is_set_apart and len(line) <= _SUBHEAD_LENGTH and is_headline_like(line):
        return "subhead"
    return "paragraph"


def _read_table(node: Node, body: Body, url: str) -> None:
    if node.css_first("img") is not None:
        lines = lines_of(node)
        said = [line for line in lines if not line.startswith(_SIGNS)]
        credit = next(
            (line.lstrip("".join(_SIGNS) + " ") for line in lines if line.startswith(_SIGNS)), None
        )
        _read_images(node, body, url, " ".join(said).lstrip("▲△ ") or None, credit)
        return
    rows = [[text_of(cell) or "" for cell in row.css("td, th")] for row in node.css("tr")]
    _add(body, "table", "\n".join(" | ".join(row) for row in rows if any(row)))


def _read_images(
    node: Node, body: Body, url: str, caption: str | None, credit: str | None = None
) -> None:
    for img in node.css("img"):
        source = _image_url(img, url)
        if source and source not in body.images:
            body.images[source] = Image(source, caption, credit or _credit(caption))
    _add(body, "caption", caption)


def _image_url(img: Node, url: str) -> str | None:
    """The picture where the publisher stored it: Daum's thumbnail server names it in `fname`."""
    original = attribute(img, "data-org-src")
    if original:
        return absolute(url or "https://v.daum.net/", original)
    shown = absolute(url or "https://v.daum.net/", attribute(img, "src"))
    named = parse_qs(urlsplit(shown).query).get("fname") if shown else None
    return absolute("https://v.daum.net/", named[0]) if named else shown


def _credit(caption: str | None) -> str | None:
    match = _CREDIT.search(caption or "")
    if not match:
        return None
    credit = next(group for group in match.groups() if group)
    return re.sub(r"^사진\s*(제공)?\s*[=:]?\s*", "", credit).strip() or None


def _add(body: Body, kind: BlockType, text: str | None) -> None:
    if text:
        body.blocks.append(Block(kind, text))


def _is_nested(node: Node) -> bool:
    parent = node.parent
    while parent is not None and "article_view" not in (parent.attributes.get("class") or ""):
        if "dmcf-ptype" in parent.attributes:
            return True
        parent = parent.parent
    return False


def _is_table_only(node: Node) -> bool:
    table = node.css_first("table")
    return table is not None and text_of(table) == text_of(node)


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
