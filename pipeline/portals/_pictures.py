"""Pictures and tables of a body, with their captions and credits."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.records import Image
from pipeline.select import Node, attribute, lines_of, text_of
from pipeline.urls import absolute

# `src` comes last but one: where a page loads pictures late it holds a blank.
_SOURCES = ("data-org-src", "data-original", "data-src", "data-lazy-src", "src")
_SOURCE_SETS = ("srcset", "data-srcset")
_CANDIDATE = re.compile(r"([^\s,]\S*)\s+(\d{1,6}(?:\.\d{1,3})?)[wx]")
_CREDIT_WORDS = re.compile(
    r"사진|제공|자료|캡처|캡쳐|출처|촬영|그래픽|연합|뉴시스|뉴스1|로이터|기자|특파원|갈무리|DB|AP|AFP|EPA|[=ⓒ©/]"
)
_CREDIT = re.compile(
    r"[\[【] ?(?P<square>[^\]】]{2,40})[\]】]$|\( ?(?P<round>[^()]{2,40})\)$"
    r"|사진 ?(?:제공)? ?[=:|/] ?(?P<photo>[^\]).=:|]{2,40})[\]).]?$|[ⓒ©] ?(?P<sign>[^\]).ⓒ©]{2,40})$"
    r"|[./] ?(?P<person>[가-힣]{2,4} [가-힣]{0,6}(?:기자|특파원))$"
    r"|[.…] (?P<given>[^.…/]{2,30} (?:제공|캡처|캡쳐|갈무리))$"
)
_CREDIT_LABEL = re.compile(r"^사진 ?(제공)? ?[=:|/]? ?")
_SIDES = re.compile(r"왼쪽|오른쪽|가운데|\d일$|^위|^아래|뒷줄|앞줄")
_SIGNS = ("ⓒ", "©")
_CAPTION_LENGTH = 300
_ROWS, _CELLS = frozenset({"tr"}), frozenset({"td", "th"})
CAPTIONS = "figcaption, em.img_desc"
"""What portals mark as a caption: Daum and most of the press the one, Naver the other."""


def addresses_in(node: Node, *, base: str, original: Callable[[str], str]) -> list[str]:
    """Return where the pictures below an element lie.

    Args:
        node: the element.
        base: the URL that relative addresses hold for.
        original: the portal's way from the address of a thumbnail to that of the whole picture.
    """
    found = (_address(img, base) for img in node.css("img") if not _is_pixel(img))
    return [original(url) for url in found if url]


def images_in(urls: list[str], *, caption: str | None, credit: str | None) -> list[Image]:
    """Return pictures that share a caption."""
    return [Image(url, caption, credit or credit_of(caption)) for url in urls]


def caption_of(figure: Node) -> str | None:
    """Return what stands under a picture; where nothing is marked as a caption, all its text."""
    marked = [text for node in figure.css(CAPTIONS) if (text := text_of(node))]
    return " ".join(marked) or text_of(figure)


def caption_and_credit(table: Node) -> tuple[str | None, str | None]:
    """Read a table that holds a picture: "▲ caption" in one cell, "ⓒ name" in another."""
    lines = lines_of(table)
    said = [line for line in lines if not line.startswith(_SIGNS)]
    signed = [line.lstrip("".join(_SIGNS) + " ") for line in lines if line.startswith(_SIGNS)]
    return " ".join(said).lstrip("▲△ ") or None, next(iter(signed), None)


def frames_pictures(table: Node) -> bool:
    """Is this table a frame around pictures, with no more text than a caption?"""
    return table.css_first("img") is not None and len(text_of(table) or "") <= _CAPTION_LENGTH


def rows_of(table: Node) -> list[list[Node]]:
    """Return the cells of a table's own rows; those of a table inside belong to their cell."""
    return [_own(row, _CELLS) for row in _own(table, _ROWS)]


def _own(around: Node, tags: frozenset[str]) -> list[Node]:
    """Return the elements of these tags below one, in page order, and none that a table inside holds."""
    found = []
    stack = [*around.iter()][::-1]
    while stack:
        at = stack.pop()
        if at.tag in tags:
            found.append(at)
        elif at.tag != "table":
            stack.extend([*at.iter()][::-1])
    return found


def credit_of(caption: str | None) -> str | None:
    """Return who made or gave the picture, as the end of its caption says."""
    match = _CREDIT.search((caption or "")[-120:])
    if not match:
        return None
    said = next(str(group) for group in match.groups() if group).strip()
    if match.group("round") and not _CREDIT_WORDS.search(said):
        return None
    return None if _SIDES.search(said) else _CREDIT_LABEL.sub("", said) or None


def _address(img: Node, base: str) -> str | None:
    shown = [attribute(img, name) for name in _SOURCES]
    shown += [_widest(attribute(at, name)) for at in _with_sets(img) for name in _SOURCE_SETS]
    for address in shown:
        url = absolute(base, address)
        if url:
            return url
    return None


def _with_sets(img: Node) -> list[Node]:
    parent = img.parent
    return [img, *(parent.css("source") if parent is not None and parent.tag == "picture" else [])]


def _widest(source_set: str | None) -> str | None:
    sizes: list[tuple[float, str]] = [
        (float(size), url) for url, size in _CANDIDATE.findall(source_set or "")
    ]
    if sizes:
        return max(sizes)[1]
    return next(iter((source_set or "").replace(",", " ").split()), None)


def _is_pixel(img: Node) -> bool:
    return "1" in (attribute(img, "width"), attribute(img, "height"))
