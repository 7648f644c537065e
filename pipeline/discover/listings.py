"""Pages of links to entries: by the operator's selector, or by what headline links have in common.

Articles of a site have addresses of one shape, with a number, a date or a long slug in it; their links stand in
repeated blocks and their texts are as long as headlines are. Menus, tags and pages of lists have none of that.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from pipeline.discover.addresses import Link, entries_of, entry_of
from pipeline.errors import LayoutChanged
from pipeline.records import Entry, Page
from pipeline.select import Node, attribute, many, maybe, parse, text_of
from pipeline.source import WEB
from pipeline.urls import absolute, site_of, without_tracking

_TITLES = "h1, h2, h3, h4, h5, [class*=tit i], [class*=headline i], [class*=subject i], strong"
_LINKS = "a[href]"
_LINKS_MOST = 3_000
_APART = frozenset({"nav", "footer", "aside", "form", "select", "button"})
_MENU = re.compile(
    r"(?:^|[-_ ])(?:nav|gnb|lnb|snb|menu|foot|footer|bread|crumb|breadcrumbs?|paging|pagination|pager|tags?|"
    r"sns|share|banner|ad|ads|copyright|sitemap|util|family|login|search|hidden|skip)(?:[-_ ]|$)",
    re.IGNORECASE,
)
_LEVELS, _STRUCTURE = (
    8,
    3,
)  # how far up names of a menu are looked for, and how much of the path is compared
_DIGITS = re.compile(r"\d+")
_NO_ARTICLE = re.compile(
    r"/(?:tags?|topics?|search|authors?|reporters?|journalists?|users?|members?|login|join|rss|feeds?|categor(?:y|ies)|"
    r"sections?|lists?|pages?|about|policy|terms|privacy|subscribe|company|help|archives?|photo-?list)(?:[/.?]|$)|"
    r"/(?:[\w-]*list)\.\w{2,5}$",
    re.IGNORECASE,
)
_ID_LEAST, _SLUG_LEAST, _SLUG_WORDS = 4, 12, 3
_HEADLINE_LEAST, _HEADLINE_MOST = 20, 600  # bytes of UTF-8: a syllable of Hangul has three
_GROUP_LEAST, _ENOUGH = 3, 8
_ALIKE, _ALSO = 0.6, 0.34


@dataclass(frozen=True, slots=True)
class Recognised:
    """Headline links of a page, and how sure it is (0 to 1) that they are."""

    entries: tuple[Entry, ...]
    confidence: float


@dataclass(slots=True)
class _Group:
    """Links whose addresses have one shape: texts by address, and where in the page each stands."""

    texts: dict[str, str] = field(default_factory=dict)
    paths: Counter[str] = field(default_factory=Counter)

    def add(self, url: str, text: str, path: str) -> None:
        known = self.texts.get(url)
        if known is None or (not _is_headline(known) and len(text) > len(known)):
            self.texts[url] = text
        self.paths[path] += 1

    @property
    def headlines(self) -> int:
        """How many different headlines there are: a text that comes again and again is no headline."""
        return len({text for text in self.texts.values() if _is_headline(text)})

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
    texts: dict[str, str] = {}
    for node in many(tree, css, at_least=1, url=page.url):
        for link in [node] if node.tag == "a" else node.css(_LINKS):
            url = absolute(page.url, link.attributes.get("href"))
            if url and not _is_same(url, page.url):
                key, said = _key(url), _text(link)
                texts[key] = max(texts.get(key, ""), said, key=len)
    entries = tuple(entries_of((Link(u, said) for u, said in texts.items() if said), page.url))
    if not entries:
        raise LayoutChanged(page.url, f"{css} (a link with a text)", expected=1, found=0)
    return entries


def headline_links(page: Page) -> Recognised:
    """Return the links of a page that lead to articles, by its structure and the shapes of their addresses."""
    tree = parse(page.html, page.url)
    order: list[str] = []
    groups: dict[str, _Group] = defaultdict(_Group)
    menus: dict[int, bool] = {}
    for link in tree.css(_LINKS)[:_LINKS_MOST]:
        entry = entry_of(Link(link.attributes.get("href") or ""), page.url)
        shape = _shape(entry, page.url) if entry else None
        if entry is None or shape is None or _in_menu(link, menus):
            continue
        order.append(entry.url)
        groups[shape].add(entry.url, _text(link), _path(link))
    chosen = _chosen(groups.values())
    texts = {url: text for group in chosen for url, text in group.texts.items()}
    found = [
        Link(url, texts[url]) for url in dict.fromkeys(order) if _is_headline(texts.get(url, ""))
    ]
    return Recognised(tuple(entries_of(found, page.url)), _confidence(chosen))


def _chosen(groups: Iterable[_Group]) -> list[_Group]:
    """Return the largest group that is of headlines, and others that are nearly as large."""
    good = [g for g in groups if g.headlines >= _GROUP_LEAST and g.share >= _ALIKE]
    most = max((g.headlines for g in good), default=0)
    return [g for g in good if g.headlines >= _ALSO * most]


def _confidence(chosen: list[_Group]) -> float:
    if not chosen:
        return 0.0
    best = max(chosen, key=lambda group: group.headlines)
    blocks = sum(count for _, count in best.paths.most_common(3)) / sum(best.paths.values())
    return round(min(1.0, best.headlines / _ENOUGH) * best.share * (0.5 + 0.5 * blocks), 2)


def _key(url: str) -> str:
    entry = entry_of(Link(url), url)
    return entry.url if entry else without_tracking(url)


def _is_same(url: str, other: str) -> bool:
    return without_tracking(url) == without_tracking(other)


def _text(link: Node) -> str:
    titles = (node for node in link.css(_TITLES) if node.mem_id != link.mem_id)
    said = text_of(next(titles, None)) or text_of(link)
    return said or attribute(link, "title") or attribute(maybe(link, "img[alt]"), "alt") or ""


def _is_headline(text: str) -> bool:
    size = len(text.encode("utf-8", "ignore"))
    return _HEADLINE_LEAST <= size <= _HEADLINE_MOST and " " in text.strip()


def _shape(entry: Entry, base: str) -> str | None:
    """Return what addresses of the same kind have in common; None for what is no article's."""
    url, parts = entry.url, urlsplit(entry.url)
    if site_of(parts.hostname or "") != site_of(urlsplit(base).hostname or "") or _is_same(
        url, base
    ):
        return None
    if _NO_ARTICLE.search(parts.path):
        return None
    if not entry.article_id.startswith(f"{WEB}:"):
        return entry.article_id.partition(":")[0]  # a portal module knows it
    pieces = [_piece(segment) for segment in parts.path.split("/") if segment]
    pairs = (pair.partition("=") for pair in parts.query.split("&"))
    asked = [f"{name}={kind}" for name, _, value in pairs if "#" in (kind := _piece(value))]
    if not asked and not any("#" in piece for piece in pieces):
        return None
    return f"{site_of(parts.hostname or '')}/{'/'.join(pieces)}?{'&'.join(asked)}"


def _piece(segment: str) -> str:
    """Return a piece of an address as its kind: `#id`, `#slug`, or a word as it is."""
    plain = unquote(segment)
    stem, _, ending = plain.rpartition(".") if re.search(r"\.\w{2,5}$", plain) else (plain, "", "")
    words = [word for word in re.split(r"[-_ ]", stem) if word]
    is_slug = len(words) >= _SLUG_WORDS and len(stem) >= _SLUG_LEAST
    if is_slug or (not stem.isascii() and len(stem) >= _SLUG_LEAST):
        return f"#slug.{ending}"
    longest = max(map(len, _DIGITS.findall(stem)), default=0)
    if longest >= _ID_LEAST and not re.fullmatch(r"(?:19|20)\d\d", stem):
        return f"#id.{ending}"
    return "0" if stem.isdecimal() else plain


def _path(link: Node) -> str:
    """Return tags and class names around a link: those of repeated blocks are the same."""
    names: list[str] = []
    at: Node | None = link
    while at is not None and len(names) < _STRUCTURE and at.tag not in ("body", "html"):
        classes = _DIGITS.sub("0", at.attributes.get("class") or "").split()
        names.append(f"{at.tag}.{'.'.join(sorted(classes)[:2])}")
        at = at.parent
    return " ".join(names)


def _in_menu(link: Node, known: dict[int, bool]) -> bool:
    """Does a link stand in a menu, a footer or a list of tags, by tag or by name?"""
    passed: list[int] = []
    at: Node | None = link
    is_menu = False
    while at is not None and len(passed) < _LEVELS and at.tag not in ("body", "html"):
        if at.mem_id in known:
            is_menu = known[at.mem_id]
            break
        passed.append(at.mem_id)
        names = f"{at.attributes.get('class') or ''} {at.attributes.get('id') or ''}"
        if at.tag in _APART or (names.strip() and _MENU.search(names)):
            is_menu = True
            break
        at = at.parent
    if is_menu:
        known.update(dict.fromkeys(passed, True))
    return is_menu
