"""The article that a page's JSON-LD describes; other articles on the page are passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from pipeline.json_script import (
    VALUES_MOST,
    Json,
    address_of,
    first_of,
    flat,
    name_of,
    parse_script,
    resolved,
    text_of,
    texts_of,
    types_of,
)
from pipeline.records import Image
from pipeline.select import Node, Tree
from pipeline.text import clean

_NODES_MOST, _AUTHORS_MOST = 2000, 60
_ARTICLE = re.compile(r"(?:Article|Posting|BlogPost|Report|Review)$")
_PAGE_TYPES = frozenset({"WebPage", "ItemPage", "VideoObject", "NewsVideo", "CreativeWork"})
_WITHIN = ("@graph", "mainEntity", "mainEntityOfPage", "item", "article")
_ORGANISATION = re.compile(r"Organi[sz]ation|Corporation|Brand|Company|WebSite")
_NO_WORD = re.compile(r"[\W_]+")
_SHORTEST = 12
"""Characters from which on one headline inside another says that both are of one article."""


@dataclass(frozen=True, slots=True)
class JsonLdAuthor:
    """Who signs, as the data has it: the name may hold more than a name."""

    name: str
    is_organisation: bool = False
    email: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class JsonLdArticle:
    """The fields of the article's node; texts are cleaned, times and addresses as they stand."""

    headline: str | None = None
    alternative_headline: str | None = None
    description: str | None = None
    authors: tuple[JsonLdAuthor, ...] = ()
    published: str | None = None
    modified: str | None = None
    publisher: str | None = None
    sections: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    article_body: str | None = None
    images: tuple[Image, ...] = ()
    url: str | None = None
    language: str | None = None


SCRIPTS = 'script[type*="ld+json" i]'


def read_json_ld(
    tree: Tree, *, urls: Sequence[str] = (), titles: Sequence[str] = ()
) -> JsonLdArticle | None:
    """Return the article of the page, None where no node describes one.

    Args:
        tree: the page.
        urls: its address, its canonical address.
        titles: what else of the page states the headline.
    """
    return article_of(tree.css(SCRIPTS), urls=urls, titles=titles)


def article_of(
    scripts: Iterable[Node], *, urls: Sequence[str] = (), titles: Sequence[str] = ()
) -> JsonLdArticle | None:
    """Return what `read_json_ld` does, for who has the scripts of the page already."""
    roots = [root for script in scripts for root in parse_script(script.text())]
    if not roots:
        return None
    nodes, by_id = _index(roots)
    choice = _Choice({_path(url) for url in urls if url}, [_key(title) for title in titles])
    rated = [(rate, node) for node in nodes if (rate := choice.rate(node)) > 0]
    rated.sort(key=lambda pair: -pair[0])
    if not rated:
        return None
    best, found = rated[0][0], _article(rated[0][1], by_id)
    for rate, node in rated[1:4]:  # one article may be described twice, by two plugins
        if rate >= min(best, choice.sure):
            found = _filled(found, _article(node, by_id))
    return found


def _index(roots: Iterable[Any]) -> tuple[list[Json], dict[str, Json]]:
    """Return the nodes that may be the page's article, and every named node for references."""
    nodes: list[Json] = []
    by_id: dict[str, Json] = {}
    stack = [*roots][::-1]
    while stack and len(nodes) < _NODES_MOST:
        at = stack.pop()
        if isinstance(at, list):
            stack.extend(at[:_NODES_MOST][::-1])
        elif isinstance(at, dict):
            nodes.append(at)
            name = at.get("@id")
            if isinstance(name, str) and len(at) > 1:
                by_id.setdefault(name, at)
            stack.extend(at[key] for key in _WITHIN[::-1] if isinstance(at.get(key), dict | list))
    return nodes, by_id


class _Choice:
    """How well a node fits the page."""

    sure = 10

    def __init__(self, paths: set[str], titles: Sequence[str]) -> None:
        self._paths = paths
        self._titles = [title for title in titles if title]

    def rate(self, node: Json) -> int:
        types = types_of(node)
        is_article = any(_ARTICLE.search(kind) for kind in types)
        if not is_article and not types & _PAGE_TYPES:
            return 0
        if not any(node.get(name) for name in ("headline", "datePublished", "articleBody")):
            return 0
        points = 5 if is_article else 1
        points += 1 if any("News" in kind for kind in types) else 0
        points += 4 if self._has_address(node) else 0
        return (
            points + self._likeness(node) + sum(bool(node.get(n)) for n in ("author", "headline"))
        )

    def _has_address(self, node: Json) -> bool:
        stated = [node.get("url"), node.get("mainEntityOfPage"), node.get("@id")]
        for value in stated:
            said = address_of(value)
            if said and _path(said) in self._paths:
                return True
        return False

    def _likeness(self, node: Json) -> int:
        stated = map(node.get, ("headline", "name", "alternativeHeadline"))
        said = (_key(text_of(value) or "") for value in stated if value)
        for mine in filter(None, said):
            for title in self._titles:
                short, long = sorted((mine, title), key=len)
                if short == long or (len(short) >= _SHORTEST and short in long):
                    return 5
        return 0


def _article(node: Json, by_id: dict[str, Json]) -> JsonLdArticle:
    return JsonLdArticle(
        headline=text_of(node.get("headline")) or text_of(node.get("name")),
        alternative_headline=text_of(node.get("alternativeHeadline") or node.get("alternateName")),
        description=text_of(node.get("description")),
        authors=tuple(_authors(node.get("author") or node.get("creator"), by_id)),
        published=text_of(node.get("datePublished") or node.get("uploadDate")),
        modified=text_of(node.get("dateModified")),
        publisher=name_of(resolved(first_of(node.get("publisher")), by_id)),
        sections=tuple(texts_of(node.get("articleSection"))),
        keywords=tuple(_keywords(node.get("keywords"))),
        article_body=_body(node.get("articleBody")),
        images=tuple(_images(node.get("image"), by_id)),
        url=text_of(node.get("url")) or address_of(node.get("mainEntityOfPage")),
        language=text_of(node.get("inLanguage")),
    )


def _filled(known: JsonLdArticle, other: JsonLdArticle) -> JsonLdArticle:
    gaps = {f.name: getattr(other, f.name) for f in fields(known) if not getattr(known, f.name)}
    return replace(known, **gaps)


def _authors(value: Any, by_id: dict[str, Json]) -> Iterator[JsonLdAuthor]:
    for item in flat(value)[:_AUTHORS_MOST]:
        node = resolved(item, by_id)
        if isinstance(node, dict):
            is_organisation = any(_ORGANISATION.search(kind) for kind in types_of(node))
            email, role = text_of(node.get("email")), text_of(node.get("jobTitle"))
            email = email.lower().removeprefix("mailto:") if email and "@" in email else None
            for said in texts_of(node.get("name")):
                yield JsonLdAuthor(said, is_organisation, email, role)
        elif name := text_of(node):
            yield JsonLdAuthor(name)


def _images(value: Any, by_id: dict[str, Json]) -> Iterator[Image]:
    for item in flat(value)[:VALUES_MOST]:
        node = resolved(item, by_id)
        if not isinstance(node, dict):
            if isinstance(node, str) and node.strip():
                yield Image(node.strip())
            continue
        address = address_of(node.get("url")) or address_of(node.get("contentUrl"))
        if address:
            caption = text_of(node.get("caption")) or text_of(node.get("description"))
            credit = text_of(node.get("creditText")) or name_of(first_of(node.get("creator")))
            yield Image(address, caption, credit)


def _keywords(value: Any) -> Iterator[str]:
    for said in texts_of(value):
        parts = said.split(",") if not isinstance(value, list) or len(value) == 1 else [said]
        yield from (word for part in parts if (word := clean(part)))


def _body(value: Any) -> str | None:
    text = "\n\n".join(part for part in flat(value) if isinstance(part, str))
    return text if text.strip() else None


def _key(text: str) -> str:
    return _NO_WORD.sub("", text.casefold())


def _path(url: str) -> str:
    """Return what names an article in its address: hosts, schemes and fragments differ too often."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    path = unquote(parts.path).rstrip("/").removesuffix("/amp").casefold()
    return path or f"{parts.netloc}?{parts.query}"
