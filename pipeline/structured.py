"""What the head of a page says of it: OpenGraph, article and robots meta tags, canonical link, language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.select import Node, Tree, attribute, maybe
from pipeline.text import clean

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]|$)")


@dataclass(frozen=True, slots=True)
class Head:
    """Meta tags by lower-case name or property, each with all of its values in page order.

    `licenses` are the addresses of `rel=license` links, as they are written.
    """

    meta: dict[str, tuple[str, ...]]
    canonical: str | None
    language: str | None
    licenses: tuple[str, ...] = ()

    def first(self, *names: str) -> str | None:
        """Return the first value of the first of these names that the page carries."""
        for name in names:
            values = self.meta.get(name.lower())
            if values:
                return values[0]
        return None


HEAD = "meta[content], [rel~=license i][href]"
"""What `head_of` is told of; so that one search of a page may look for other things, too."""


def read_head(tree: Tree) -> Head:
    """Read every meta tag once; names are compared without case, as browsers do."""
    found = tree.css(HEAD)
    metas = [node.attributes for node in found if node.tag == "meta"]
    return head_of(tree, metas, [node for node in found if node.tag != "meta"])


def head_of(
    tree: Tree, metas: Iterable[Mapping[str, str | None]], licences: Iterable[Node]
) -> Head:
    """Return the head of which the meta tags' attributes and the links to licences were found."""
    meta: dict[str, list[str]] = {}
    for attributes in metas:
        name = attributes.get("property") or attributes.get("name")
        value = attributes.get("content")
        if name and value and (name := clean(name).lower()) and (value := clean(value)):
            meta.setdefault(name, []).append(value)
    addresses = [attribute(node, "href") for node in licences]
    language = _LANGUAGE.match(attribute(maybe(tree, "html"), "lang") or "")
    return Head(
        {name: tuple(values) for name, values in meta.items()},
        attribute(maybe(tree, "link[rel~=canonical i]"), "href"),
        language.group(1).lower() if language else None,
        tuple(dict.fromkeys(filter(None, addresses))),
    )
