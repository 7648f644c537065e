"""The body of an article page of any publisher: blocks, pictures, related links, sign-offs, notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.errors import BadAnswer
from pipeline.extract.blocks import Line, Walk, to_blocks
from pipeline.extract.lines import Trimmed, trim
from pipeline.extract.pictures import lead_figures, read_figure
from pipeline.extract.scoring import Found, find_container
from pipeline.extract.script_body import as_html, body_in_scripts
from pipeline.records import Block, Image, Page, Related
from pipeline.select import Node, Tree, parse
from pipeline.urls import absolute

_SHORT = 600
"""Size below which a body may be a teaser of one that the scripts hold."""
_LONGER = 1.5


@dataclass(frozen=True, slots=True)
class Hints:
    """What other parts of the page say that helps to tell the body from the rest."""

    headline: str | None = None
    publisher: str | None = None
    article_body: str | None = None


@dataclass(slots=True)
class ExtractedBody:
    """What a body holds, without the lines that are not text."""

    blocks: list[Block] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    related: list[Related] = field(default_factory=list)
    signoffs: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_body(tree: Tree, page: Page, hints: Hints) -> ExtractedBody:
    """Find the body, read it, drop what is not text; look into the scripts where the page shows none."""
    body = ExtractedBody()
    found = find_container(tree, hints.headline, hints.article_body)
    trimmed = _read(found, page, hints, body) if found is not None else Trimmed()
    if trimmed.said < _SHORT:
        trimmed = _from_scripts(tree, page, hints, trimmed, body)
    body.blocks = to_blocks(trimmed.lines)
    body.related = _related(trimmed.links, page.url)
    body.signoffs = list(dict.fromkeys(trimmed.signoffs))
    body.notices = list(dict.fromkeys(trimmed.notices))
    return body


def read_chosen(nodes: Iterable[Node], page: Page, hints: Hints) -> ExtractedBody:
    """Read the body that stands in these elements, one after the other."""
    body, lines, signoffs, notices = ExtractedBody(), list[Line](), list[str](), list[str]()
    links: list[Line] = []
    for node in nodes:
        trimmed = _read(Found(node), page, hints, body)
        lines += trimmed.lines
        links += trimmed.links
        signoffs += trimmed.signoffs
        notices += trimmed.notices
    body.blocks = to_blocks(lines)
    body.related = _related(links, page.url)
    body.signoffs, body.notices = list(dict.fromkeys(signoffs)), list(dict.fromkeys(notices))
    return body


def _read(found: Found, page: Page, hints: Hints, body: ExtractedBody) -> Trimmed:
    walk = Walk(found, page.url)
    walk.run()
    for figure in lead_figures(found.container):
        for image in read_figure(figure, page.url)[0]:
            body.images.setdefault(image.url, image)
    body.images.update(walk.images)
    return trim(walk.lines, hints.headline, hints.publisher)


def _from_scripts(
    tree: Tree, page: Page, hints: Hints, shown: Trimmed, body: ExtractedBody
) -> Trimmed:
    """Return the body that the page's scripts hold, where it is longer than the one it shows."""
    sources = {
        "state": body_in_scripts(tree),
        "articleBody": as_html(hints.article_body) if hints.article_body else None,
    }
    for name, html in sources.items():
        fragment = _parsed(html)
        if fragment is None or fragment.body is None:
            continue
        held = ExtractedBody()
        trimmed = _read(Found(fragment.body), page, hints, held)
        if trimmed.said > _LONGER * shown.said:
            body.images.update(held.images)
            body.warnings.append(f"the body was read from the {name} in the page's scripts")
            return trimmed
    return shown


def _parsed(html: str | None) -> Tree | None:
    try:
        return parse(html.encode("utf-8", "replace").decode()) if html else None
    except BadAnswer:
        return None


def _related(links: list[Line], base: str) -> list[Related]:
    found: dict[str, Related] = {}
    for line in links:
        url = absolute(base, line.href)
        if url and url not in found:
            found[url] = Related(line.text, url)
    return list(found.values())
