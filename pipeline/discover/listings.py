"""Pages of links to entries: by the operator's selector, or by what headline links have in common.

Articles of a site have addresses of one shape, with a number, a date or a long slug in it; their links stand in
repeated blocks and their texts are as long as headlines are. Menus, tags and pages of lists have none of that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.discover.address_shapes import Shape, is_same, shape_of
from pipeline.discover.addresses import Link, entries_of, entry_of
from pipeline.discover.link_places import (
    LINKS,
    Menus,
    is_headline,
    label_of,
    names_a_block,
    path_of,
    said_of,
)
from pipeline.errors import LayoutChanged
from pipeline.records import Entry, Page
from pipeline.select import Node, base_of, many, parse
from pipeline.urls import absolute, without_tracking

CONFIDENT = 0.5
"""Least confidence with which links are taken for headlines without a selector."""
_LINKS_MOST = 3_000
_GROUP_LEAST, _ENOUGH = 3, 8
_ALIKE, _ALSO = 0.6, 0.34
_SAME_TEXT = 3
"""Addresses with one text from which on it is no headline, but "read more"."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Headline links of a page, and how sure it is (0 to 1) that they are."""

    entries: tuple[Entry, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Found:
    """A link that may be of an article; `text` is empty where it says no headline, `path` where it stands."""

    url: str
    text: str
    path: str
    shape: Shape


@dataclass(slots=True, eq=False)
class _Group:
    """Links whose addresses have one shape: headlines by address, and where in the page each stands."""

    texts: dict[str, str] = field(default_factory=dict)
    paths: Counter[str] = field(default_factory=Counter)

    def add(self, it: _Found) -> None:
        self.texts[it.url] = self.texts.get(it.url) or it.text
        self.paths[it.path] += 1

    @property
    def headlines(self) -> int:
        """How many different headlines there are."""
        return len({text for text in self.texts.values() if text})

    @property
    def share(self) -> float:
        """Which share of its articles has a headline of its own."""
        return self.headlines / len(self.texts) if self.texts else 0.0


def linked(page: Page, css: str) -> tuple[Entry, ...]:
    """Return the links that a selector matches, in page order, each article once with its longest text.

    The selector may match links or elements with links in them.

    Raises:
        LayoutChanged: it matches nothing, or nothing that leads to a page.
    """
    tree = parse(page.html, page.url)
    base = base_of(tree, page.url)
    texts: dict[str, str] = {}
    for node in many(tree, css, at_least=1, url=page.url):
        for link in [node] if node.tag == "a" else node.css(LINKS):
            url = absolute(base, link.attributes.get("href"))
            if url and not is_same(url, page.url):
                key, said = _key(url), said_of(link) or label_of(link)
                texts[key] = max(texts.get(key, ""), said, key=len)
    entries = tuple(entries_of((Link(u, said) for u, said in texts.items() if said), page.url))
    if not entries:
        raise LayoutChanged(page.url, f"{css} (a link with a text)", expected=1, found=0)
    return entries


def headline_links(page: Page) -> Recognised:
    """Return the links of a page that lead to articles, by its structure and the shapes of their addresses."""
    links = _candidates(page)
    groups = _groups((it.shape, it) for it in links)
    chosen = _chosen(groups.values())
    if _confidence(chosen) >= CONFIDENT:
        chosen += _beside(chosen, groups)
    else:  # a few links of each of many sections?
        chosen = _chosen(_groups((it.shape.rough, it) for it in links).values()) or chosen
    texts = {url: text for group in chosen for url, text in group.texts.items() if text}
    urls = dict.fromkeys(it.url for it in links)
    found = (Link(url, texts[url]) for url in urls if url in texts)
    return Recognised(tuple(entries_of(found, page.url)), _confidence(chosen))


def _candidates(page: Page) -> list[_Found]:
    """Return the links with addresses as articles have them, in page order.

    The label of a picture speaks only where no text does: it may say what the picture shows.
    """
    tree = parse(page.html, page.url)
    base = base_of(tree, page.url)
    found: list[tuple[Node, _Found, str]] = []
    for link in tree.css(LINKS)[:_LINKS_MOST]:
        entry = entry_of(Link(link.attributes.get("href") or ""), base)
        shape = shape_of(entry, page.url) if entry else None
        if entry is not None and shape is not None:
            it = _Found(entry.url, said_of(link), path_of(link), shape)
            found.append((link, it, label_of(link)))
    menus = Menus(
        {x.mem_id for x, it, label in found if is_headline(it.text) or is_headline(label)}
    )
    return _speaking([(it, label) for link, it, label in found if not menus.has(link)])


def _speaking(links: list[tuple[_Found, str]]) -> list[_Found]:
    """Leave a link its text if that is a headline, else give it its label if its article has no other."""
    said_by: dict[str, set[str]] = defaultdict(set)
    for it, _ in links:
        said_by[it.text].add(it.url)
    found = []
    for it, label in links:
        is_own = is_headline(it.text) and len(said_by[it.text]) < _SAME_TEXT
        found.append((replace(it, text=it.text if is_own else ""), label))
    told = {it.url for it, _ in found if it.text}
    return [
        replace(it, text=label) if it.url not in told and is_headline(label) else it
        for it, label in found
    ]


def _groups(links: Iterable[tuple[Hashable, _Found]]) -> dict[Any, _Group]:
    groups: dict[Any, _Group] = defaultdict(_Group)
    for key, it in links:
        groups[key].add(it)
    return groups


def _chosen(groups: Iterable[_Group]) -> list[_Group]:
    """Return the largest group that is of headlines, and others that are nearly as large."""
    good = [g for g in groups if g.headlines >= _GROUP_LEAST and g.share >= _ALIKE]
    most = max((g.headlines for g in good), default=0)
    return [g for g in good if g.headlines >= _ALSO * most]


def _beside(chosen: list[_Group], groups: dict[Shape, _Group]) -> list[_Group]:
    """Return smaller groups, as of sections with few articles, of the same kind and in the same blocks."""
    rough = {shape.rough for shape, group in groups.items() if group in chosen}
    paths = {path for group in chosen for path in group.paths if names_a_block(path)}
    return [
        group
        for shape, group in groups.items()
        if shape.rough in rough
        and group not in chosen
        and group.share >= _ALIKE
        and paths.issuperset(group.paths)
    ]


def _confidence(chosen: list[_Group]) -> float:
    if not chosen:
        return 0.0
    best = max(chosen, key=lambda group: group.headlines)
    blocks = sum(count for _, count in best.paths.most_common(3)) / sum(best.paths.values())
    return round(min(1.0, best.headlines / _ENOUGH) * best.share * (0.5 + 0.5 * blocks), 2)


def _key(url: str) -> str:
    entry = entry_of(Link(url), url)
    return entry.url if entry else without_tracking(url)
