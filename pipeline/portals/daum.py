"""Daum News: section pages of news.daum.net, articles of v.daum.net."""

from __future__ import annotations

import re
from urllib.parse import unquote

from pipeline.bylines import authors_of
from pipeline.dates import parse_time
from pipeline.errors import LayoutChanged, NotAnArticle
from pipeline.headlines import split_labels
from pipeline.portals._daum_head import (
    read_headline,
    read_publisher,
    read_times,
    reporter_slot,
)
from pipeline.portals._daum_urls import NAME, article_id, at_home, canonical_url, is_other
from pipeline.portals._dmcf import Body, joined_text, read_body
from pipeline.records import Article, Author, Entry, Page, Related, Rights, Summary
from pipeline.rights import read_rights
from pipeline.select import Node, Tree, attribute, lines_of, many, maybe, parse, text_of
from pipeline.structured import Head, read_head
from pipeline.text import clean
from pipeline.urls import absolute

VERSION = 1
__all__ = [
    "NAME",
    "VERSION",
    "article_id",
    "canonical_url",
    "parse_article",
    "parse_listing",
    "recognises",
]

_ITEMS = "a.item_newsheadline2, a.item_newsbasic, a.item_newsblock, .list_newsissue a"
_DISCLAIMER = re.compile(r"자동\s?요약한 결과|전체 맥락을 이해하기|본문 보기를 권장|요약문이므로")
_SUMMARY_BUTTONS = frozenset({"요약보기", "자동요약", "요약", "닫기", "AI 요약", "자동요약 닫기"})
_NOT_A_SECTION = re.compile(r"메뉴|본문|검색|바로가기|뉴스$")
_RELATED_MOST = 40
_REPLACEMENT = "\ufffd"


def recognises(html: str) -> bool:
    """Is this Daum's body markup?"""
    return "dmcf-ptype" in html and "article_view" in html


def parse_listing(page: Page) -> tuple[Entry, ...]:
    """Read a section page: every list of articles on it, in page order, each article once.

    Raises:
        LayoutChanged: no item, or no item that leads to an article.
    """
    tree = parse(page.html, page.url)
    entries: dict[str, Entry] = {}
    for item in many(tree, _ITEMS, at_least=1, url=page.url):
        entry = _entry(item, page, rank=len(entries) + 1)
        if entry is not None:
            entries.setdefault(entry.article_id, entry)
    if not entries:
        raise LayoutChanged(page.url, f"{_ITEMS} [href*='/v/']", expected=1, found=0)
    return tuple(entries.values())


def parse_article(page: Page, *, permission: str | None = None) -> Article:
    """Read an article page.

    Raises:
        Gone: the portal says the article was deleted.
        NotAnArticle: a video or gallery without text.
        LayoutChanged: the headline or the body is not where it was.
    """
    tree = parse(page.html, page.url)
    head = read_head(tree)
    headline, labels = split_labels(read_headline(tree, head, page))
    publisher = read_publisher(tree, head)
    body = read_body(
        tree, url=page.url, publisher=publisher, is_article=lambda u: is_other(u, page.url)
    )
    text = _text(body, page)
    times = read_times(tree, head, page)
    return Article(
        id=_id(page, tree),
        portal=NAME,
        publisher=publisher,
        url=page.url,
        canonical_url=canonical_url(page.url),
        original_url=_original_url(tree, page),
        headline=headline,
        labels=labels,
        subheadline="\n".join(_lines(maybe(tree, ".summary_view"))) or None,
        summary=_summary(tree),
        body=tuple(body.blocks),
        text=text,
        images=tuple(body.images.values()),
        authors=_authors(tree, body, publisher),
        section=_section(tree),
        language=head.language or "ko",
        published_at=times.published_at,
        modified_at=times.modified_at,
        published_at_source=times.source,
        related=_related(tree, page, body),
        rights=_rights(tree, head, body, page, permission),
        fetched_at=page.fetched_at,
        parser=f"{NAME}/{VERSION}",
        warnings=(*page.warnings, *body.warnings, *times.warnings),
    )


def _id(page: Page, tree: Tree) -> str:
    found = article_id(page.url, base=page.url)
    if found:
        return found
    # A saved body without its URL is known by the id of its section.
    section = attribute(maybe(tree, ".article_view section[dmcf-sid]"), "dmcf-sid")
    return f"{NAME}:sid-{section or 'unknown'}"


def _entry(item: Node, page: Page, rank: int) -> Entry | None:
    listed = absolute(page.url, item.attributes.get("href"))
    found = article_id(listed, base=page.url) if listed else None
    if listed is None or found is None:
        return None
    infos = [text for node in item.css("span.txt_info") if (text := text_of(node))]
    times = [parse_time(info, now=page.fetched_at) for info in infos]
    presses = [info for info, at in zip(infos, times, strict=True) if at is None]
    # `tit_txt` is cut to fit, `data-title` holds the whole headline, URL-encoded
    whole = clean(unquote(item.attributes.get("data-title") or ""))
    if _REPLACEMENT in whole:  # cut in the middle of a character
        whole = ""
    headline = whole or text_of(maybe(item, ".tit_txt")) or text_of(item)
    if not headline:
        return None
    return Entry(
        article_id=found,
        url=canonical_url(at_home(listed, page.url)),
        listed_url=listed,
        rank=rank,
        headline=headline,
        publisher=presses[0] if presses else None,
        published_at=next((at for at in times if at), None),
    )


def _text(body: Body, page: Page) -> str:
    text = joined_text(body.blocks)
    if not text:
        what = "video" if body.has_video else "pictures" if body.images else "nothing"
        # [속보] comes as a bare headline, and its text some minutes later
        is_flash = what == "nothing"
        raise NotAnArticle(page.url, f"no text in the body, only {what}", may_become=is_flash)
    return text


def _authors(tree: Tree, body: Body, publisher: str | None) -> tuple[Author, ...]:
    opening = next((block.text for block in body.blocks if block.type == "paragraph"), "")
    return authors_of(reporter_slot(tree), opening, body.signoffs, publisher=publisher)


def _rights(tree: Tree, head: Head, body: Body, page: Page, permission: str | None) -> Rights:
    own = text_of(maybe(tree, ".txt_copyright"))
    return read_rights(
        notices=[own, *body.notices] if own else body.notices,
        head=head,
        robots_tags=page.robots_tags,
        permission=permission,
        seen_at=page.fetched_at,
    )


def _summary(tree: Tree) -> Summary | None:
    """The portal's automatic summary, known by its disclaimer, since the class of its layer varies."""
    for node in tree.css("[class*=summary], [class*=summar], .layer_util"):
        lines = lines_of(node)
        if any(_DISCLAIMER.search(line) for line in lines):
            said = [
                line
                for line in lines
                if line not in _SUMMARY_BUTTONS and not _DISCLAIMER.search(line)
            ]
            return Summary(" ".join(said), "portal") if said else None
    return None


def _section(tree: Tree) -> str | None:
    said = text_of(maybe(tree, "section.inner-main h2.screen_out"))
    return said if said and len(said) <= 12 and not _NOT_A_SECTION.search(said) else None


def _original_url(tree: Tree, page: Page) -> str | None:
    for link in tree.css("a[href]"):
        said = f"{text_of(link) or ''} {attribute(link, 'title') or ''}"
        if re.search(r"해당 언론사로 이동|기사\s?원문|원문\s?보기", said):
            return absolute(page.url, link.attributes.get("href"))
    return None


def _related(tree: Tree, page: Page, body: Body) -> tuple[Related, ...]:
    """Every other article that the page links to, by whatever list: classes change, links do not."""
    found: dict[str, Related] = {}
    for near in body.related:
        url = (
            canonical_url(at_home(near.url, page.url)) if is_other(near.url, page.url) else near.url
        )
        found.setdefault(url, Related(near.headline, url))
    for link in tree.css("a[href]"):
        href = link.attributes.get("href") or ""
        if "/v/" not in href or len(found) >= _RELATED_MOST:
            continue
        target = absolute(page.url, href)
        headline = text_of(maybe(link, ".tit_txt, strong")) or text_of(link)
        if target and headline and is_other(target, page.url):
            url = canonical_url(at_home(target, page.url))
            found.setdefault(url, Related(headline, url))
    return tuple(found.values())


def _lines(node: Node | None) -> list[str]:
    return lines_of(node) if node is not None else []
