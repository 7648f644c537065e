"""The body of an article as HTML of a few harmless elements; every text in it is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from pipeline.records import Block
from pipeline.text import clean

_ELEMENTS = {"subhead": "h3", "quote": "blockquote", "caption": "small"}


def as_html(body: Iterable[Block]) -> str:
    """Return the blocks, one element each; those without text are left out."""
    return "\n".join(filter(None, map(_element, body)))


def _element(block: Block) -> str:
    lines = [escape(line) for line in map(clean, block.text.split("\n")) if line]
    if not lines:
        return ""
    if block.type == "list":
        return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
    if block.type == "table":
        return f"<pre>{chr(10).join(lines)}</pre>"
    inner = "<br/>".join(lines)
    name = _ELEMENTS.get(block.type)
    return (
        f"<p><small>{inner}</small></p>"
        if name == "small"
        else f"<{name or 'p'}>{inner}</{name or 'p'}>"
    )
