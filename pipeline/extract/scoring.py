"""Finds the element that holds the body: where most of the running text of a page stands.

From the page downwards the heaviest child is taken as long as nothing of the body stays behind. Linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.extract.noise import is_surely_noise
from pipeline.extract.survey import INLINE, Element, Survey, squeezed
from pipeline.select import Node, Tree

_OF_LAYOUT = re.compile(
    r"^(?:|js-.*)$|row|col|container|wrap|layout|grid|flex|group|item|block|box"
)
_LEAVES = frozenset({"p", "li", "ul", "ol", "blockquote", "pre"}) | INLINE
_NEARLY_ALL, _MOST, _MOST_IF_MARKED = 0.92, 0.7, 0.5
_SPINE, _SURE_SPINE, _TOO_LITTLE = 0.4, 0.85, 0.3
_LEDE = 80
_HEAD = 6
_ARTICLE, _ARTICLE_SHARE = 250, 0.15


@dataclass(slots=True)
class Found:
    """The element that holds the body, and the elements that hold most of the page's text."""

    container: Node
    spine: frozenset[int] = frozenset()
    trusts_names: bool = True


def find_container(tree: Tree, headline: str | None, article_body: str | None) -> Found | None:
    """Return the smallest element that holds nearly all running text, None where there is none."""
    elements = Survey(article_body or "").of(tree.body) if tree.body is not None else []
    if not elements:
        return None
    whole = elements[0].raw
    _weigh(elements, trusts_names=True)
    trusts_names = elements[0].total >= _TOO_LITTLE * whole
    if not trusts_names:
        _weigh(elements, trusts_names=False)
    at = _start(tree, elements, headline)
    if at.total <= 0:
        return None
    best = _heaviest(at)
    while best is not None and _leads(at, best):
        at, best = best, _heaviest(best)
    spine = frozenset(each.node.mem_id for each in elements if _holds_most(each, whole))
    return Found(at.node, spine, trusts_names)


def _weigh(elements: list[Element], *, trusts_names: bool) -> None:
    """Add up the text of blocks without that of what is named as noise."""
    whole = elements[0].raw
    for at in elements:
        for kid in at.kids:
            kid.is_off = at.is_off or (
                not _holds_most(kid, whole)
                and (kid.is_noise if trusts_names else is_surely_noise(kid.tag, kid.name))
            )
    for at in reversed(elements):
        at.total = 0.0 if at.is_off else at.value + sum(kid.total for kid in at.kids)


def _holds_most(at: Element, whole: float) -> bool:
    """Does so much of the page's text stand in the element that its name cannot be true?"""
    share = at.raw / whole
    return share >= _SPINE and (share >= _SURE_SPINE or not is_surely_noise(at.tag, at.name))


def _start(tree: Tree, elements: list[Element], headline: str | None) -> Element:
    """Return the article that the headline stands in where a page shows several, else the page."""
    articles = {at.node.mem_id: at for at in elements if at.tag == "article" and at.total}
    if len(articles) < 2:
        return elements[0]
    heads = tree.css("h1")
    wanted = squeezed(headline or "")
    same = [
        head for head in heads if len(text := squeezed(head.text())) >= _HEAD and text in wanted
    ]
    for head in same[:1] or heads[:1]:
        at = head.parent
        while at is not None and at.mem_id not in articles:
            at = at.parent
        around = articles[at.mem_id] if at is not None else elements[0]
        if around.total >= max(_ARTICLE, _ARTICLE_SHARE * elements[0].total):
            return around
    return elements[0]


def _heaviest(at: Element) -> Element | None:
    best = max(at.kids, key=lambda kid: kid.total, default=None)
    return None if best is None or best.tag in _LEAVES or best.total <= 0 else best


def _leads(at: Element, best: Element) -> bool:
    """Does nothing of the body stay behind when `best` is taken instead of `at`?"""
    if _has_lede(at, best):
        return False
    share = best.total / at.total
    if share >= _NEARLY_ALL:
        return True
    if _is_in_parts(at, best):
        return False
    if share < (_MOST_IF_MARKED if best.is_marked else _MOST):
        return False
    kept = _forms([best])
    lost = _forms([kid for kid in at.kids if kid is not best])
    alike = sum(value for form, value in lost.items() if form in kept and form[1])
    return alike <= (1 - _NEARLY_ALL) * at.total


def _has_lede(at: Element, best: Element) -> bool:
    """Does a paragraph stand before `best`, as a lede does before a body that is set apart?"""
    for kid in at.kids:
        if kid is best:
            return False
        if kid.tag == "p" and kid.total >= _LEDE:
            return True
    return False


def _is_in_parts(at: Element, best: Element) -> bool:
    """Does the body go on in an element of the same name, as where an advertisement divides it?"""
    name = best.name.split(" ", 1)[0]
    if best.tag == "article" or (name and _OF_LAYOUT.search(name)):
        return False
    if not name and not at.is_marked and at.tag != "section":
        return False
    parts = [
        kid
        for kid in at.kids
        if kid is not best
        and (kid.tag, kid.name.split(" ", 1)[0]) == (best.tag, name)
        and kid.total >= _LEDE
    ]
    tags = {tag for tag, _ in _forms([best])} if parts else set()
    return any(tag in tags for tag, _ in _forms(parts))


def _forms(tops: list[Element]) -> dict[tuple[str, str], float]:
    """Add up text by the form (tag and first class) of its block."""
    forms: dict[tuple[str, str], float] = {}
    stack = tops
    while stack:
        at = stack.pop()
        if not at.is_off and (value := at.value):
            form = at.tag, at.name.split(" ", 1)[0]
            forms[form] = forms.get(form, 0.0) + value
        stack.extend(at.kids)
    return forms
