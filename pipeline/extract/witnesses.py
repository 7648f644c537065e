"""Everything on a page that states facts of its article, read once: head, JSON-LD, microdata, headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from urllib.parse import urlsplit

from pipeline.extract.zones import zone_of
from pipeline.json_ld import SCRIPTS, JsonLdArticle, article_of
from pipeline.records import Page
from pipeline.select import Node, Tree, attribute, maybe, text_of
from pipeline.structured import HEAD, Head, head_of
from pipeline.text import clean
from pipeline.urls import absolute

_ITEMS = frozenset(
    {
        "headline",
        "alternativeheadline",
        "datepublished",
        "datecreated",
        "datemodified",
        "author",
        "articlesection",
    }
)
_ITEMS_MOST, _HEADINGS_MOST, _NAME_LONGEST, _LONGEST = 60, 8, 200, 400
_STATING = (
    f"{HEAD}, {SCRIPTS}, h1, h2[class], h3[class], h4[class], p[class*=sub i]"
    ", p[class*=standfirst i], [rel~=author], [itemprop]"
)
"""Every element that may state a fact: one search for all costs far less than one for each."""
_DECK_TAGS = frozenset({"h2", "h3", "h4", "p"})
_DECK = re.compile(r"sub[-_]?(?:tit|head)|^sub|standfirst|\bsub\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2}))?(?:[-_]|$)", re.IGNORECASE)
_SCRIPTS = (
    (re.compile("[가-힣]"), "ko"),
    (re.compile("[ぁ-ヿ]"), "ja"),
    (re.compile("[一-鿿]"), "zh"),
    (re.compile("[а-я]"), "ru"),
)
_NOT_A_NAME = frozenset(
    {"www", "m", "amp", "news", "mobile", "co", "com", "org", "net", "or", "ne", "go"}
)


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What the parsers of the single facts draw on."""

    tree: Tree
    page: Page
    head: Head
    data: JsonLdArticle
    items: dict[str, tuple[str, ...]]
    headings: tuple[str, ...]
    decks: tuple[Node, ...]
    signed: tuple[str, ...]
    title: str | None
    sites: tuple[str, ...]
    language: str | None
    zone: tzinfo
    month_first: bool

    @property
    def now(self) -> datetime:
        """When the page was fetched: no fact is later."""
        return self.page.fetched_at


def read_witnesses(tree: Tree, page: Page) -> Witnesses:
    """Read the page's statements; none of them is weighed yet."""
    found = _found(tree)
    head = head_of(tree, found.metas, found.licences)
    headings = tuple(
        said for node in found.headings[:_HEADINGS_MOST] if (said := short_text(node, _LONGEST))
    )
    title = text_of_title(tree)
    titles = [*head.meta.get("og:title", ()), *headings, *([title] if title else [])]
    urls = [page.url, *head.meta.get("og:url", ()), *([head.canonical] if head.canonical else [])]
    data = article_of(found.scripts, urls=urls, titles=titles) or JsonLdArticle()
    locale = _locale(head, data, titles)
    # where a saved page comes without its URL, the address that it declares stands for it
    own = next(filter(None, (absolute(page.url, url) for url in urls)), "")
    return Witnesses(
        tree=tree,
        page=page,
        head=head,
        data=data,
        items=_items(found.items),
        headings=headings,
        decks=tuple(found.decks[:_HEADINGS_MOST]),
        signed=tuple(dict.fromkeys(found.signed[:_ITEMS_MOST])),
        title=title,
        sites=_sites(head, data, own),
        language=locale.split("-")[0] if locale else None,
        zone=zone_of(own, locale),
        month_first=_month_first(own, locale),
    )


@dataclass(slots=True)
class _Found:
    """The elements that state facts, by what they are."""

    metas: list[dict[str, str | None]] = field(default_factory=list)
    licences: list[Node] = field(default_factory=list)
    scripts: list[Node] = field(default_factory=list)
    headings: list[Node] = field(default_factory=list)
    decks: list[Node] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)
    items: list[tuple[str, Node]] = field(default_factory=list)


def _found(tree: Tree) -> _Found:
    found = _Found()
    last = 0
    for node in tree.css(_STATING):
        at = node.mem_id
        if at == last:  # a node is found once for each selector that it matches
            continue
        last, tag, attributes = at, node.tag, node.attributes
        if "itemprop" in attributes:
            found.items.append(((attributes["itemprop"] or "").lower(), node))
        rel = attributes.get("rel") or ""
        if tag == "meta":
            found.metas.append(attributes)
        elif tag == "script":
            found.scripts.append(node)
        elif tag == "h1":
            found.headings.append(node)
        elif "author" in rel:
            found.signed += filter(None, [short_text(node, _LONGEST)])
        elif tag in _DECK_TAGS and _DECK.search(attributes.get("class") or ""):
            found.decks.append(node)
        if rel and "license" in rel.lower().split():
            found.licences.append(node)
    return found


def short_text(node: Node, longest: int) -> str | None:
    """Return the text of an element that holds a fact; None where it holds half of the page."""
    if len(node.text()) > 8 * longest + 2000:
        return None
    said = text_of(node)
    return said if said and len(said) <= longest else None


def text_of_title(tree: Tree) -> str | None:
    """Return the page's title; titles of drawings inside the body are none."""
    node = maybe(tree, "head > title") or maybe(tree, "title")
    return clean(node.text()) or None if node is not None else None


def _items(named: list[tuple[str, Node]]) -> dict[str, tuple[str, ...]]:
    """Return the values of microdata by lower-case name."""
    found: dict[str, list[str]] = {}
    for name, node in named:
        if name not in _ITEMS or len(found.get(name, ())) >= _ITEMS_MOST:
            continue
        value = _item(node, name)
        if value and len(value) <= _LONGEST:
            found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def _item(node: Node, name: str) -> str | None:
    value = attribute(node, "content") or attribute(node, "datetime")
    if value:
        return value
    if name == "author":
        inner = maybe(node, "[itemprop=name]")
        return attribute(inner, "content") or short_text(inner or node, _LONGEST)
    return short_text(node, _LONGEST)


def _sites(head: Head, data: JsonLdArticle, own: str) -> tuple[str, ...]:
    """Return what the site calls itself, its domain's words among them."""
    stated = [
        *head.meta.get("og:site_name", ()),
        *head.meta.get("application-name", ()),
        *head.meta.get("apple-mobile-web-app-title", ()),
        *head.meta.get("publisher", ()),
        *head.meta.get("dc.publisher", ()),
        *([data.publisher] if data.publisher else []),
    ]
    host = urlsplit(own).hostname
    if host:
        labels = [label for label in host.split(".")[:-1] if label not in _NOT_A_NAME]
        stated += [host.removeprefix("www."), *labels[-1:], *_domain(host)]
    return tuple(dict.fromkeys(said for said in stated if 1 < len(said) <= _NAME_LONGEST))


def _domain(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[-2:])] if len(labels) > 1 and labels[-2] not in _NOT_A_NAME else []


def _locale(head: Head, data: JsonLdArticle, titles: list[str]) -> str | None:
    """Return "de" or "de-AT", by what the page says and else by the script of its titles."""
    stated = (
        *head.meta.get("content-language", ()), *head.meta.get("og:locale", ()), data.language or "",
    )  # fmt: skip
    language = head.language
    for said in stated:
        match = _LANGUAGE.match(said)
        if not match:
            continue
        if language is None and match.group(1).lower() != "kr":
            language = match.group(1).lower()
        if match.group(2) and match.group(1).lower() == language:
            return f"{language}-{match.group(2).lower()}"
    if language:
        return language
    text = " ".join(titles)
    return next((name for pattern, name in _SCRIPTS if pattern.search(text.lower())), None)


def _month_first(url: str, locale: str | None) -> bool:
    """Only the United States and the Philippines print 4/28/2023."""
    language, _, region = (locale or "").partition("-")
    if region:
        return region in {"us", "ph"}
    return language == "en" and bool(
        re.match(r"https?://[^/]+\.(?:com|org|net|us|tv|news|ph)(?:[:/]|$)", url)
    )


def canonical_of(witnesses: Witnesses) -> str | None:
    """Return the address that the page declares for itself, absolute."""
    page, head = witnesses.page, witnesses.head
    for said in (head.canonical, head.first("og:url"), witnesses.data.url):
        if url := absolute(page.url, said):
            return url
    return None
