"""Reads bodies that a page carries only in its scripts: state of Next.js, of Arc and of the like, as HTML."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from pipeline.select import Tree

_PUSHED = re.compile(r'self\.__next_f\.push\(\[\d+,\s*("(?:[^"\\]|\\.)*+")\]\)')
_HTML_KEYS = (
    "contentHtml|contentHTML|bodyHtml|bodyHTML|htmlContent|htmlBody|articleBody|articleHtml"
    "|body_html|content_html|rendered"
)
_HTML_VALUE = re.compile(
    rf'"(?:{_HTML_KEYS}|content|body|html|text)"\s*:\s*("(?:[^"\\]|\\.){{200,}}+")'
)
_STATE = re.compile(
    r"(?:Fusion\.globalContent|__INITIAL_STATE__|__PRELOADED_STATE__|__NEXT_DATA__)\s*=\s*(?=\{)"
)
_CHUNK_KEY = re.compile(rf'"(?:{_HTML_KEYS})"\s*:\s*"\$([0-9a-f]{{1,6}})"')
_CHUNKS = 8
_CHUNK = r"(?:^|\n){}:T([0-9a-f]+),"
_PLACEHOLDER = re.compile(r"\$\$\w+\$\$")
_MARKED_UP = re.compile(r"<(?:p|br|div|h[2-6])\b", re.IGNORECASE)
_DEEPEST = 60
_TAGS = {"text": "p", "paragraph": "p", "header": "h2", "heading": "h2", "quote": "blockquote"}


def body_in_scripts(tree: Tree) -> str | None:
    """Return the longest body that the scripts of the page hold, as HTML."""
    found: list[str] = []
    pushed: list[str] = []
    for script in tree.css("script"):
        text = script.text()
        if "__next_f" in text:
            pushed += [value for match in _PUSHED.finditer(text) if (value := _string(match[1]))]
        elif len(text) > 200:
            found += _bodies(text)
    if pushed:
        found += _bodies("".join(pushed))
    return max(found, key=len, default=None)


def as_html(article_body: str) -> str:
    """Return an `articleBody` as HTML: it is plain text with line breaks, or HTML already."""
    if _MARKED_UP.search(article_body):
        return article_body
    return "".join(f"<p>{escape(line)}</p>" for line in article_body.splitlines() if line.strip())


def _bodies(text: str) -> list[str]:
    found = []
    for match in _HTML_VALUE.finditer(text):
        value = _string(match[1]) or ""
        if _MARKED_UP.search(value):
            found.append(_PLACEHOLDER.sub("", value))
    for name in dict.fromkeys(_CHUNK_KEY.findall(text)[:_CHUNKS]):
        found += _chunk(text, name)
    if '"content_elements"' in text:
        found += _elements(text)
    return found


def _string(literal: str) -> str | None:
    try:
        value = json.loads(literal, strict=False)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _chunk(text: str, name: str) -> list[str]:
    """A row of the stream, `24:T1a2b,…`, gives its length in bytes."""
    match = re.search(_CHUNK.format(name), text)
    if match is None:
        return []
    size = int(match[1], 16)
    value = text[match.end() : match.end() + size].encode("utf-8", "replace")[:size]
    return [_PLACEHOLDER.sub("", value.decode("utf-8", "ignore"))]


def _elements(text: str) -> list[str]:
    found = []
    start = _STATE.search(text)
    try:
        state = json.JSONDecoder(strict=False).raw_decode(text, start.end() if start else 0)[0]
    except (ValueError, RecursionError):
        return []
    stack: list[tuple[Any, int]] = [(state, 0)]
    while stack:
        at, depth = stack.pop()
        if isinstance(at, dict):
            elements = at.get("content_elements")
            if isinstance(elements, list):
                found.append("".join(map(_element, elements)))
                continue
            at = list(at.values())
        if isinstance(at, list) and depth < _DEEPEST:
            stack.extend((value, depth + 1) for value in at if isinstance(value, dict | list))
    return found


def _element(element: Any) -> str:
    if not isinstance(element, dict):
        return ""
    kind = element.get("type")
    content = element.get("content")
    if kind == "list" and isinstance(element.get("items"), list):
        items = [item.get("content") for item in element["items"] if isinstance(item, dict)]
        return (
            "<ul>"
            + "".join(f"<li>{item}</li>" for item in items if isinstance(item, str))
            + "</ul>"
        )
    if kind == "quote" and isinstance(element.get("content_elements"), list):
        parts = [part for part in element["content_elements"] if isinstance(part, dict)]
        said = [part["content"] for part in parts if isinstance(part.get("content"), str)]
        return "<blockquote>" + "".join(f"<p>{text}</p>" for text in said) + "</blockquote>"
    tag = _TAGS.get(kind) if isinstance(kind, str) else None
    return f"<{tag}>{content}</{tag}>" if tag and isinstance(content, str) else ""
