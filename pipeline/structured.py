"""What the head of a page says of it: OpenGraph, article and robots meta tags, canonical link, language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.select import Tree, attribute, maybe
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


def read_head(tree: Tree) -> Head:
    """Read every meta tag once; names are compared without case, as browsers do."""
    meta: dict[str, list[str]] = {}
    for tag in tree.css("meta[content]"):
        attributes = tag.attributes
        name = clean(attributes.get("property") or attributes.get("name") or "").lower()
        value = clean(attributes.get("content") or "")
        if name and value:
            meta.setdefault(name, []).append(value)
    canonical = attribute(maybe(tree, "link[rel~=canonical i]"), "href")
    licences = [attribute(at, "href") for at in tree.css("[rel~=license i][href]")]
    language = _LANGUAGE.match(attribute(maybe(tree, "html"), "lang") or "")
    return Head(
        {name: tuple(values) for name, values in meta.items()},
        canonical,
        language.group(1).lower() if language else None,
        tuple(dict.fromkeys(filter(None, licences))),
    )
