"""Fields read by the operator's own selectors, for a site that the generic extractor misreads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from pipeline.boilerplate import joined_text, opening_of
from pipeline.bylines import authors_of
from pipeline.dates import KST, parse_time
from pipeline.errors import LayoutChanged, NotAnArticle
from pipeline.extract.article import parse_article
from pipeline.extract.body import ExtractedBody, Hints, read_chosen
from pipeline.extract.moments import read_moment
from pipeline.hashing import hashed
from pipeline.headlines import split_labels
from pipeline.records import Article, Page
from pipeline.select import Node, Tree, attribute, lines_of, many, parse, text_of
from pipeline.source import MAY_BE_ABSENT

_TIMES = ("published_at", "modified_at")
_LINES = ("publisher", "section")


def mark_of(fields: Mapping[str, str]) -> str:
    """Return what is added to the parser's name, so that other selectors are another parser: `+1f3a`."""
    return f"+{hashed(sorted(fields.items()))[:4]}" if fields else ""


def parse_chosen(
    page: Page, fields: Mapping[str, str], *, permission: str | None = None
) -> Article:
    """Read an article page; what a field's selector matches takes the place of what was extracted.

    A selector that matches nothing is no empty field: the site has changed. One that ends with a question
    mark may match nothing.

    Raises:
        LayoutChanged: a selector does not match, or what should be a time is none.
        NotAnArticle: there is no headline, or no text.
    """
    trusted = {"headline", "body"} <= fields.keys()
    article = parse_article(page, permission=permission, doubt=not trusted)
    tree = parse(page.html, page.url)
    found = {name: _found(tree, css, page) for name, css in fields.items()}
    changes: dict[str, Any] = {}
    for name, nodes in found.items():
        changes |= _change(name, nodes, fields[name], page)
    publisher = changes.get("publisher", article.publisher)
    headline = changes.get("headline", article.headline)
    body = read_chosen(found.get("body", ()), page, Hints(headline, publisher))
    if found.get("body"):
        changes |= _of_body(body, article)
    if "authors" in found:
        opening = opening_of(body.blocks)
        slot = ", ".join(filter(None, map(text_of, found["authors"]))) or None
        changes["authors"] = authors_of(slot, opening, body.signoffs, publisher=publisher)
    if trusted and not (headline and changes.get("text")):
        raise NotAnArticle(page.url, "its headline or its body is empty", may_become=True)
    return replace(article, **changes, parser=article.parser + mark_of(fields))


def _found(tree: Tree, css: str, page: Page) -> list[Node]:
    least = 0 if css.endswith(MAY_BE_ABSENT) else 1
    return many(tree, css.removesuffix(MAY_BE_ABSENT), at_least=least, url=page.url)


def _change(name: str, nodes: list[Node], css: str, page: Page) -> dict[str, Any]:
    """Return what a field becomes; body and authors are read together, elsewhere."""
    if name in _TIMES:
        at = _time(nodes, css, page)
        source = {"published_at_source": "text" if at else None} if name == "published_at" else {}
        return {name: at, **source}
    if name == "headline":
        headline, labels = split_labels(_first(nodes) or "")
        return {"headline": headline, "labels": labels}
    if name == "subheadline":
        return {name: "\n".join(line for node in nodes for line in lines_of(node)) or None}
    if name == "keywords":
        said = (text_of(node) or "" for node in nodes)
        return {name: tuple(dict.fromkeys(filter(None, (word.lstrip("# ") for word in said))))}
    return {name: _first(nodes)} if name in _LINES else {}


def _first(nodes: Iterable[Node]) -> str | None:
    """Return the text of the first element that has any; of a meta tag, its content."""
    said = (attribute(n, "content") if n.tag == "meta" else text_of(n) for n in nodes)
    return next(filter(None, said), None)


def _time(nodes: list[Node], css: str, page: Page) -> datetime | None:
    for node in nodes:
        for said in (attribute(node, "datetime"), attribute(node, "content"), text_of(node)):
            found = read_moment(said, zone=KST, now=page.fetched_at)
            at = found.at if found else parse_time(said, now=page.fetched_at)
            if at is not None:
                return at
    if nodes:
        raise LayoutChanged(page.url, f"{css} (a time)", expected=1, found=0)
    return None


def _of_body(body: ExtractedBody, article: Article) -> dict[str, Any]:
    return {
        "body": tuple(body.blocks),
        "text": joined_text(body.blocks),
        "images": tuple(body.images.values()) or article.images,
        "related": tuple(body.related),
    }
