"""When an article of the press appeared and changed: by JSON-LD, by attributes, or as printed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from pipeline.dates import KST, parse_time
from pipeline.json_ld import JsonLdArticle
from pipeline.portals._around import shown_times
from pipeline.portals._blocks import children_of
from pipeline.portals._press_sites import Site
from pipeline.records import Page
from pipeline.select import Node, Tree, attribute, maybe
from pipeline.text import clean

Source: TypeAlias = Literal["meta", "json-ld", "text"]

_ATTRIBUTES = ("content", "datetime", "data-published-time")
_UTC = ZoneInfo("UTC")


def read_times(
    tree: Tree, site: Site, data: JsonLdArticle | None, page: Page
) -> tuple[datetime | None, datetime | None, Source | None]:
    """Return publication, change and the witness of the first. A change that is none is left out."""
    printed = (
        [piece for node in tree.css(site.times) for piece in _pieces(node, site)]
        if site.times
        else []
    )
    published, modified = shown_times(printed, page)
    source: Source = "meta" if site.story else "text"
    stated = _stated(tree, site.published, site, page)
    if stated:
        published, source = stated, "meta"
    modified = _stated(tree, site.modified, site, page) or modified
    if data is not None and (at := parse_time(data.published, now=page.fetched_at)):
        published, source = at, "json-ld"
        modified = parse_time(data.modified, now=page.fetched_at) or modified
    published, modified = _in_seoul(published), _in_seoul(modified)
    if published and modified and _same_minute(published, modified):
        modified = None
    return published, modified, source if published else None


def _pieces(node: Node, site: Site) -> list[Node]:
    """Of an element that holds the body, too, only its own text tells times."""
    if node.css_first(site.body) is None:
        return [node]
    return [child for child in children_of(node) if child.tag == "-text"]


def _stated(tree: Tree, css: str | None, site: Site, page: Page) -> datetime | None:
    node = maybe(tree, css) if css else None
    if node is None:
        return None
    said = next((text for name in _ATTRIBUTES if (text := attribute(node, name))), None)
    at = parse_time(said or clean(node.text()), now=page.fetched_at)  # it may stand in a button
    return at.replace(tzinfo=_UTC) if at and site.is_mislabelled else at


def _in_seoul(at: datetime | None) -> datetime | None:
    return at.astimezone(KST) if at else None


def _same_minute(a: datetime, b: datetime) -> bool:
    return a.replace(second=0) == b.replace(second=0)
