"""The body of an article on a site of the press, with what the site adds to it: decks, sign-offs, tags."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from pipeline.boilerplate import is_headline_like
from pipeline.bylines import EMAIL
from pipeline.headlines import split_labels
from pipeline.portals._blocks import APART_CSS, LEFT_OUT, Markup, children_of, read_body
from pipeline.portals._body import Body
from pipeline.portals._press_sites import Site
from pipeline.records import Block
from pipeline.select import Node, Tree, many, text_of

_CUE = re.compile(r"^[\[<(【](앵커|기자|리포트|리포터|아나운서|인터뷰)\s?(멘트)?[\])>】]$")
_NAMED = re.compile(rf"^[가-힣]{{2,4}} 기자 ?\(?{EMAIL.pattern}\)?$", re.ASCII)
_TAG = re.compile(r"(?<!\S)#(\w+)")
_TEXT = frozenset({"paragraph", "subhead"})


@dataclass(slots=True)
class SiteBody:
    """A body, and what its last and first lines say beside the text."""

    body: Body
    deck: str | None
    tags: tuple[str, ...]


def read_site_body(
    tree: Tree,
    site: Site,
    *,
    url: str,
    home: str,
    headline: str,
    is_article: Callable[[str], bool],
) -> SiteBody:
    """Read the body of an article page.

    Raises:
        LayoutChanged: it is not there.
    """
    first, *others = many(tree, site.body, at_least=1, url=url)
    nodes = [first, *others] if others and _are_pieces(first, others) else [*children_of(first)]
    nodes, signoff, behind = _until_signoff(nodes, site.signs_as)
    body = read_body(
        nodes,
        _markup(tree, site, home),
        url=url,
        publisher=site.publisher,
        is_article=is_article,
    )
    body.signoffs = [*signoff, *body.signoffs]
    body.blocks = [block for block in body.blocks if not _CUE.match(block.text)]
    first_text = next((block for block in body.blocks if block.type in _TEXT), None)
    deck = None
    if first_text is not None and _is_repeated(first_text, headline):
        body.blocks.remove(first_text)
    elif first_text is not None and site.begins_with_deck and is_headline_like(first_text.text):
        body.blocks.remove(first_text)
        deck = first_text.text
    return SiteBody(body, deck, tuple(dict.fromkeys(_TAG.findall(behind))))


def _is_repeated(block: Block, headline: str) -> bool:
    return split_labels(block.text)[0] == headline


def _are_pieces(first: Node, others: Iterable[Node]) -> bool:
    """Are these elements side by side, each with a part of the text?"""
    return all(other.parent == first.parent for other in others)


def _until_signoff(nodes: list[Node], signs_as: str | None) -> tuple[list[Node], list[str], str]:
    """Cut a broadcaster's body where the reporter signs: what follows is small print and tags."""
    if signs_as is None:
        return nodes, [], ""
    spoken = re.compile(rf"^{re.escape(signs_as)} ([가-힣]{{2,4}})입니다\.?")
    for index, node in enumerate(nodes):
        said = text_of(node) or ""
        if len(said) > 80 or not (spoken.match(said) or _NAMED.match(said)):
            continue
        behind = " ".join(text for other in nodes[index + 1 :] if (text := text_of(other)))
        return nodes[:index], [spoken.sub(r"\1 기자", said)], behind
    return nodes, [], ""


def _markup(tree: Tree, site: Site, home: str) -> Markup:
    left_out = {node.mem_id for node in tree.css(site.left_out)} if site.left_out else set()
    figures = {node.mem_id for node in tree.css(site.figures) if node.css_first("img")}
    kinds_css = ", ".join(filter(None, [APART_CSS, site.left_out, site.figures]))

    def kind(node: Node) -> str:
        if node.mem_id in left_out:
            return LEFT_OUT
        return "figure" if node.mem_id in figures else ""

    def holds(node: Node) -> bool:
        return node.css_first(kinds_css) is not None

    return replace(_PLAIN, home=home, kind=kind, holds=holds)


def _as_it_is(url: str) -> str:
    return url


_PLAIN = Markup(home="", kind=lambda _: "", holds=lambda _: False, original=_as_it_is)
