"""Where a link stands in a page, and what it says: by these the links of headlines are told from others."""

from __future__ import annotations

import re

from pipeline.select import Node, Tree, attribute, lines_of, maybe, text_of

LINKS = "a[href]"
_TITLES = "h1, h2, h3, h4, h5, [class*=tit i], [class*=headline i], [class*=subject i], strong"
_APART = frozenset({"nav", "footer", "aside", "select", "button"})
_MENU = re.compile(
    r"(?:^|[-_ ])(?:nav|gnb|lnb|snb|menu|foot|footer|bread|crumb|breadcrumbs?|paging|pagination|pager|"
    r"sns|share|banner|ad|ads|copyright|sitemap|util|family|login|search|hidden|skip)(?:[-_ ]|$)|"
    r"(?:^|[-_ ])tags?(?:[-_](?:list|cloud|area|box|wrap|links?|group|items?))?(?: |$)",
    re.IGNORECASE,
)
"""Names of menus. `tag-busan` is none: WordPress so writes the tags of an article beside it."""
_HALF = 0.5
_LEVELS, _STRUCTURE = 8, 3
"""How far up names of a menu are looked for, and how much of the path is compared."""
_DIGITS = re.compile(r"\d+")
_HEADLINE_LEAST, _HEADLINE_MOST = 20, 600  # bytes of UTF-8: a syllable of Hangul has three
_TIME_AT_END = re.compile(
    r"\s*[(\[|·]?\s*(?:20)?\d\d[-./]\s?\d{1,2}[-./]\s?\d{1,2}\.?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?\s*[)\]]?$"
)


def is_headline(text: str) -> bool:
    """Is a text of several words, and as long as headlines are?"""
    size = len(text.encode("utf-8", "ignore"))
    return _HEADLINE_LEAST <= size <= _HEADLINE_MOST and " " in text.strip()


def said_of(link: Node) -> str:
    """Return what a link says: of a whole card its headline, not its section, its summary and its time."""
    titles = (text_of(it) or "" for it in link.css(_TITLES) if it.mem_id != link.mem_id)
    lines = lines_of(link)
    best = next(filter(is_headline, [*titles, *lines]), None) or " ".join(lines)
    return _TIME_AT_END.sub("", best)


def label_of(link: Node) -> str:
    """Return what a link without a text says: its title, or that of its picture."""
    return attribute(link, "title") or attribute(maybe(link, "img[alt]"), "alt") or ""


def path_of(link: Node) -> str:
    """Return tags and class names around a link: those of repeated blocks are the same."""
    names: list[str] = []
    at: Node | None = link
    while at is not None and len(names) < _STRUCTURE and at.tag not in ("body", "html"):
        classes = _DIGITS.sub("0", at.attributes.get("class") or "").split()
        names.append(f"{at.tag}.{'.'.join(sorted(classes)[:2])}")
        at = at.parent
    return " ".join(names)


class Menus:
    """Tells the links of a page that stand in a menu, a footer or a list of tags, by tag or by name.

    What is called so, but has half of the page's links, is a frame around all of it, as the form of a page is.
    """

    def __init__(self, tree: Tree) -> None:
        self._links = len(tree.css(LINKS))
        self._known: dict[int, bool] = {}

    def has(self, link: Node) -> bool:
        """Does a link stand in one?"""
        at: Node | None = link
        for _ in range(_LEVELS):
            if at is None or at.tag in ("body", "html"):
                return False
            if self._is_menu(at):
                return True
            at = at.parent
        return False

    def _is_menu(self, node: Node) -> bool:
        known = self._known.get(node.mem_id)
        if known is None:
            known = self._known[node.mem_id] = node.tag in _APART or (
                self._is_called_so(node) and len(node.css(LINKS)) < _HALF * self._links
            )
        return known

    @staticmethod
    def _is_called_so(node: Node) -> bool:
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        return node.tag == "form" or bool(names.strip() and _MENU.search(names))
