"""Where a link stands in a page, and what it says: by these the links of headlines are told from others."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipeline.select import Node, attribute, lines_of, maybe, text_of, texts_of

LINKS = "a[href]"
_TITLES = "h1, h2, h3, h4, h5, [class*=tit i], [class*=headline i], [class*=subject i], strong"
_APART = frozenset({"nav", "footer", "aside", "select", "button"})
_MENU = re.compile(
    r"(?:^|[-_ ])(?:nav|gnb|lnb|snb|menu|foot|footer|bread|crumb|breadcrumbs?|paging|pagination|pager|"
    r"side|sidebar|aside|sns|share|banner|ad|ads|copyright|sitemap|util|family|login|search|hidden|skip)"
    r"(?:[-_ ]|$)|"
    r"(?:^|[-_ ])tags?(?:[-_](?:list|cloud|area|box|wrap|links?|group|items?))?(?: |$)",
    re.IGNORECASE,
)
"""Names of menus and side boxes. `tag-busan` is none: WordPress so writes the tags of an article beside it."""
_STATE = re.compile(r"(?:^|\s)(?:has|is|no|with|without)[-_]\S*", re.IGNORECASE)  # `no-sidebar`
_HALF = 0.5
_LEVELS, _STRUCTURE = 8, 3
"""How far up names of a menu are looked for, and how much of the path is compared."""
_DIGITS = re.compile(r"\d+")
_HEADLINE_LEAST, _HEADLINE_MOST = 20, 600  # bytes of UTF-8: a syllable of Hangul has three
_PLACE, _COUNT = re.compile(r"\d{1,3}[.위]?"), re.compile(r"[(\[]\d{1,5}[)\]]")
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
    return _TIME_AT_END.sub("", _without_counts(best, link))


def _without_counts(said: str, link: Node) -> str:
    """A number in an element of its own is a place in a ranking, or behind the headline one of comments."""
    pieces = texts_of(link)
    if len(pieces) > 1 and _PLACE.fullmatch(pieces[0]):
        said = said.removeprefix(pieces[0])
    if len(pieces) > 1 and _COUNT.fullmatch(pieces[-1]):
        said = said.removesuffix(pieces[-1])
    return said.strip()


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


def names_a_block(path: str) -> bool:
    """Has such a path a class name in it? Tags alone, `li` in `ul`, are the same in all of a page."""
    return any(not name.endswith(".") for name in path.split())


class Menus:
    """Tells the links of a page that stand in a menu, a footer or a list of tags, by tag or by name.

    What is called so, but holds more than half of the links that may be of articles, is a frame around all of
    it, as the form of a page is.
    """

    def __init__(self, articles: Collection[int]) -> None:
        """Take the `mem_id` of the links that may be of articles."""
        self._articles = articles
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
            known = node.tag in _APART or (_is_called_menu(node) and not self._holds_most(node))
            self._known[node.mem_id] = known
        return known

    def _holds_most(self, node: Node) -> bool:
        held = sum(link.mem_id in self._articles for link in node.css(LINKS))
        return held > _HALF * len(self._articles)


def _is_called_menu(node: Node) -> bool:
    if node.tag == "form":
        return True
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    return bool(names.strip() and _MENU.search(_STATE.sub(" ", names)))
