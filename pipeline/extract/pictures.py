"""Pictures with captions and credits: figures, and elements that are figures in all but name."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.extract.noise import NOT_TEXT, is_named_noise, names_of
from pipeline.records import Image
from pipeline.select import Node, attribute, lines_of
from pipeline.urls import absolute

_FRAME_TEXT = 250
_FRAME_LEVELS = 4
_FRAME_NODES = 200
_NO_FRAMES = frozenset(
    {"p", "li", "ul", "ol", "td", "tr", "tbody", "table", "article", "main", "body", "html"}
)
_MEDIA = "img, picture, video, iframe, amp-img"
# `src` comes last but one: where a page loads pictures late it holds a blank.
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
_SETS = ("srcset", "data-srcset")
_CANDIDATE = re.compile(r"([^\s,]\S*)\s+(\d{1,6}(?:\.\d{1,3})?)[wx]")
_CREDIT_NAME = re.compile(
    r"credit|source|copyright|photographer|author|quelle|byline", re.IGNORECASE
)
_CREDIT = re.compile(
    r"(?:(?<!\w)(?:photo(?:graph)?s?|foto(?:grafie)?|image|picture|bild(?:quelle)?|quelle|crédit|credit|"
    r"fuente|fonte|zdjęcie|фото|사진|写真|圖|图)\s?(?:by|credit|提供|제공)?\s?[:=：]|[©ⓒ])\s?(.{2,60})$",
    re.IGNORECASE,
)
_NO_LEAD = (NOT_TEXT - {"header"}) | {"figure"}
_LEADS = 20
_SMALLEST = 60
"""Pixels: what is smaller is an icon."""


def frames_in(container: Node) -> set[int]:
    """Return the elements that hold a picture and no more text than a caption."""
    found: set[int] = set()
    too_long = {container.mem_id}
    for media in container.css(_MEDIA):
        at = media.parent
        for _ in range(_FRAME_LEVELS):
            if at is None or at.mem_id in found or at.mem_id in too_long or at.tag in _NO_FRAMES:
                break
            if not _is_small(at):
                too_long.add(at.mem_id)
                break
            found.add(at.mem_id)
            at = at.parent
    return found


def _is_small(node: Node) -> bool:
    """Is there hardly more in the element than a picture and its caption? Looks no further than that."""
    said = 0
    for count, at in enumerate(node.traverse(include_text=True, skip_empty=True)):
        if at.is_text_node:
            said += len((at.text_content or "").strip())
        if said > _FRAME_TEXT or count > _FRAME_NODES:
            return False
    return True


def holds_picture(node: Node) -> bool:
    """Is there a picture or a video in the element, and no table or quote that is the matter of it?"""
    return node.css_first("table, blockquote") is None and (
        node.css_first(_MEDIA) is not None or node.css_first("figcaption") is not None
    )


def read_figure(figure: Node, base: str) -> tuple[list[Image], str | None]:
    """Return the pictures and the caption of a figure."""
    parts = figure.css("figcaption") or [figure]
    signed = [text for part in parts for text in _marked_credits(part)]
    lines = [line for part in parts for line in lines_of(part)]
    said = " ".join(_without(line, signed) for line in dict.fromkeys(lines)).strip()
    credit = next(iter(signed), None)
    if credit is None and (match := _CREDIT.search(said[-120:])):
        credit = match[1].strip(" )]】」/")
    caption = said or None
    images = [image for img in figure.css("img") if (image := read_picture(img, base, caption))]
    return [Image(image.url, caption, credit or None) for image in images], caption


def _without(line: str, signed: list[str]) -> str:
    for credit in signed:
        line = line.removesuffix(credit).rstrip()
    return line


def _marked_credits(part: Node) -> list[str]:
    marked = (node for node in part.css("[class]") if _names_credit(names_of(node.attributes)))
    return [line for node in marked for line in lines_of(node)]


@lru_cache(maxsize=4096)
def _names_credit(name: str) -> bool:
    return _CREDIT_NAME.search(name) is not None


def read_picture(img: Node, base: str, caption: str | None) -> Image | None:
    """Return a picture at its address; None for icons and for what is no address."""
    attributes = img.attributes
    for name in ("width", "height"):
        value = attributes.get(name) or ""
        if value.isascii() and value.isdigit() and int(value[:6]) < _SMALLEST:
            return None
    for source in _SOURCES:
        if url := absolute(base, attributes.get(source)):
            return Image(url, caption)
    for holder in _with_sets(img):
        for name in _SETS:
            if url := absolute(base, _widest(attribute(holder, name))):
                return Image(url, caption)
    return None


def _with_sets(img: Node) -> list[Node]:
    parent = img.parent
    return [img, *(parent.css("source") if parent is not None and parent.tag == "picture" else [])]


def _widest(source_set: str | None) -> str | None:
    sizes: list[tuple[float, str]] = [
        (float(width), url) for url, width in _CANDIDATE.findall(source_set or "")
    ]
    if sizes:
        return max(sizes)[1]
    first = (source_set or "").split(",")[0].split()
    return first[0] if first else None


def lead_figures(container: Node) -> list[Node]:
    """Return the figures that stand in the same article as the body, but not in the body."""
    around = container
    while around.tag not in ("article", "main", "body", "html") and around.parent is not None:
        around = around.parent
    if around.tag not in ("article", "main") or around.mem_id == container.mem_id:
        return []
    return [figure for figure in around.css("figure")[:_LEADS] if _leads(figure, around, container)]


def _leads(figure: Node, around: Node, container: Node) -> bool:
    at = figure.parent
    while at is not None and at.mem_id != around.mem_id:
        if (
            at.mem_id == container.mem_id
            or at.tag in _NO_LEAD
            or is_named_noise(names_of(at.attributes))
        ):
            return False
        at = at.parent
    return figure.css_first("a h2, a h3, a h4") is None
