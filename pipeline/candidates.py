"""A page where selectors match no more: what else states the field, which elements may hold it now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.dates import parse_time
from pipeline.json_ld import read_json_ld
from pipeline.records import Article, Page
from pipeline.select import Node, Tree, parse, text_of
from pipeline.structured import read_head
from pipeline.text import one_line

_META = {
    "headline": ("og:title", "twitter:title"),
    "published_at": ("article:published_time", "og:regdate", "pubdate", "date"),
    "modified_at": ("article:modified_time", "og:updated_time"),
    "authors": ("article:author", "author", "og:article:author", "dable:author"),
    "images": ("og:image", "twitter:image"),
    "section": ("article:section",),
    "keywords": ("article:tag", "keywords", "news_keywords"),
    "publisher": ("og:site_name", "publisher"),
    "text": ("og:description", "description"),
}
_JSON_LD = {
    "headline": "headline", "published_at": "published", "modified_at": "modified", "authors": "authors",
    "images": "images", "section": "sections", "keywords": "keywords", "publisher": "publisher",
    "text": "article_body",
}  # fmt: skip
_NAMES = re.compile(r"[.#]([\w-]+)|\[([\w-]+)")
_TAG = re.compile(r"(?:^|[\s>+~])([a-z][a-z0-9]*)(?=[^\s>+~]*$)")
_ALIKE = 0.6
_ELEMENTS_MOST = 6_000
_SHORT = 400
_CANDIDATES_MOST = 5
_DATE = re.compile(r"\d{1,4}\s?[./년-]\s?\d{1,2}|\d{1,2}:\d\d|\d\s?(?:분|시간) 전")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An element that may hold a field now: how to select it, what it says, and why it is one."""

    field: str
    selector: str
    text: str
    why: str


def stated(page: Page, field: str) -> dict[str, str]:
    """Return what the page's data for machines still says of a field, by who says it: `meta og:title`."""
    tree = parse(page.html, page.url)
    said: dict[str, str] = {}
    data = read_json_ld(tree, urls=[page.url])
    value = getattr(data, _JSON_LD[field], None) if data and field in _JSON_LD else None
    if value:
        said["json-ld"] = one_line(_told(value), 100)
    head = read_head(tree)
    for name in _META.get(field, ()):
        if found := head.first(name):
            said[f"meta {name}"] = one_line(found, 100)
    return said


def candidates(page: Page, broken: Iterable[str], known: Article | None) -> list[Candidate]:
    """Return elements that may hold what broken selectors held, the likeliest first.

    Args:
        page: as it is served now.
        broken: selectors that matched before and do not any more.
        known: what the generic extractor reads on it; None where it reads no article.
    """
    tree = parse(page.html, page.url)
    elements = _elements(tree)
    found = [*_by_value(elements, known, page)] if known else []
    for css in broken:
        found += [*_in_its_place(css, tree), *_by_name(css, elements)]
    unique: dict[str, dict[str, Candidate]] = {}
    for it in found:
        of_field = unique.setdefault(it.field, {})
        if len(of_field) < _CANDIDATES_MOST:
            of_field.setdefault(it.selector, it)
    return [it for of_field in unique.values() for it in of_field.values()]


def _elements(tree: Tree) -> list[Node]:
    return [] if tree.body is None else tree.css("body *")[:_ELEMENTS_MOST]


def _by_value(elements: Sequence[Node], known: Article, page: Page) -> Iterator[Candidate]:
    """Elements whose text is what the generic extractor found, the innermost first."""
    names = [author.name for author in known.authors]
    for node in reversed(elements):
        if node.tag in ("script", "style", "a"):
            continue
        said = text_of(node) or ""
        if not 0 < len(said) <= _SHORT:
            continue
        if known.headline in said and len(said) <= len(known.headline) + 20:
            yield Candidate("headline", selector_of(node), one_line(said, 60), "holds the headline")
        if any(name in said for name in names) and len(said) <= 60:
            yield Candidate("authors", selector_of(node), one_line(said, 60), "names the author")
        if len(said) <= 60 and _DATE.search(said) and parse_time(said, now=page.fetched_at):
            yield Candidate("published_at", selector_of(node), one_line(said, 60), "shows a time")
    body = _around(elements, known)
    if body is not None:
        opening = one_line(text_of(body) or "", 60)
        yield Candidate("text", selector_of(body), opening, "holds the whole text")


def _around(elements: Sequence[Node], known: Article) -> Node | None:
    """The innermost element that holds the first and the last paragraph."""
    paragraphs = [block.text for block in known.body if block.type == "paragraph"]
    if not paragraphs:
        return None
    ends = [_squeezed(paragraphs[0])[:40], _squeezed(paragraphs[-1])[:40]]
    for node in reversed(elements):
        if node.tag not in ("script", "style", "p"):
            said = _squeezed(node.text())
            if all(end in said for end in ends):
                return node
    return None


def _by_name(css: str, elements: Sequence[Node]) -> Iterator[Candidate]:
    """Elements whose class, id or attribute is spelt much like the old one."""
    wanted = [a or b for part in css.split(",") for a, b in _NAMES.findall(part.split()[-1])]
    tag = _TAG.search(css.split(",")[0])
    rated: dict[str, tuple[float, Node]] = {}
    for node in elements:
        names = [*(node.attributes.get("class") or "").split(), node.attributes.get("id") or ""]
        names += [name for name in node.attributes if name.count("-")]
        alike = max((_alike(a, b) for a in wanted for b in names if b), default=0.0)
        alike += 0.2 * bool(tag and node.tag == tag[1])
        if alike >= _ALIKE:
            rated.setdefault(selector_of(node), (alike, node))
    best = sorted(rated.items(), key=lambda it: -it[1][0])[:_CANDIDATES_MOST]
    for selector, (alike, node) in best:
        said = one_line(text_of(node) or "", 60)
        yield Candidate(css, selector, said, f"spelt like it ({min(alike, 1):.0%})")


def _in_its_place(css: str, tree: Tree) -> Iterator[Candidate]:
    """Elements inside what the selector names first, where that is still there."""
    around, _, last = css.split(",")[0].strip().rpartition(" ")
    if not around or around.endswith((">", "+", "~")) or not last:
        return
    for node in tree.css(f"{around} *")[:_CANDIDATES_MOST]:
        if said := text_of(node):
            yield Candidate(css, selector_of(node), one_line(said, 60), f"stands in {around}")


def _alike(old: str, new: str) -> float:
    return 0.0 if old == new else SequenceMatcher(None, old, new).ratio()


def selector_of(node: Node) -> str:
    """Return a short selector of an element: its tag with a class or an id, else that of what is around it."""
    tag, attributes = node.tag or "", node.attributes
    if name := (attributes.get("id") or "").split():
        return f"{tag}#{name[0]}"
    if names := (attributes.get("class") or "").split():
        return f"{tag}.{names[0]}"
    around = node.parent
    is_top = around is None or around.tag in ("body", "html", None)
    return tag if is_top or around is None else f"{selector_of(around)} > {tag}"


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(
            str(getattr(it, "name", None) or getattr(it, "url", None) or it) for it in value
        )
    return str(value)
