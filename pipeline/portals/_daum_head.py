"""What stands over the text of a Daum article: headline, press, reporters, times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from pipeline.dates import parse_stamp
from pipeline.errors import LayoutChanged
from pipeline.portals._around import LABEL, refuse_deleted, shown_times
from pipeline.records import Page
from pipeline.select import Tree, attribute, maybe, one, text_of
from pipeline.structured import Head

_HEADLINE = "h3.tit_view"
_NOT_A_PRESS = frozenset(
    {"뉴스", "다음", "다음뉴스", "다음 뉴스", "Daum", "Daum 뉴스", "연예", "스포츠"}
)
_SITE_NAME = re.compile(r"^(?:Daum|다음)\s?[|-]\s?(\S.*)$")
_SAME_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Times:
    """When the article appeared and changed, and which witness says so."""

    published_at: datetime | None
    modified_at: datetime | None
    source: Literal["meta", "text", "url"] | None
    warnings: tuple[str, ...]


def read_headline(tree: Tree, head: Head, page: Page) -> str:
    """Return the headline as printed. A saved body without its URL may have it in any heading."""
    refuse_deleted(tree, page, article=".article_view")
    if page.url:
        said = text_of(one(tree, _HEADLINE, url=page.url)) or head.first("og:title")
        if said is None:
            raise LayoutChanged(page.url, f"{_HEADLINE} (its text)", expected=1, found=0)
        return said
    for css in (_HEADLINE, "h1", "h2", "h3"):
        heading = text_of(maybe(tree, css))
        if heading:
            return heading
    return head.first("og:title") or ""


def read_publisher(tree: Tree, head: Head) -> str | None:
    """`og:site_name` is "Daum | 매체" since 2025, "다음 - 매체" before."""
    logo = maybe(tree, "#kakaoServiceLogo")
    site = _SITE_NAME.match(head.first("og:site_name") or "")
    witnesses = (
        text_of(logo),
        attribute(maybe(tree, "#kakaoServiceLogo img[alt]"), "alt"),
        head.first("og:article:author"),
        site.group(1) if site else None,
    )
    return next((said for said in witnesses if said and said not in _NOT_A_PRESS), None)


def reporter_slot(tree: Tree) -> str | None:
    """Return what stands where the reporters do; each may have a span of their own."""
    slots = [
        said
        for node in tree.css(".info_view .txt_info")
        if (said := text_of(node))
        and maybe(node, ".num_date") is None
        and not re.search(r"\d{4}\s?\.", said)
        and not LABEL.search(said)
    ]
    return ", ".join(slots) or None


def read_times(tree: Tree, head: Head, page: Page) -> Times:
    """`og:regDate` has seconds; the screen has minutes and is the only witness of 수정; the id is a stamp."""
    shown, modified = shown_times(tree.css(".info_view"), page)
    stamped = parse_stamp(head.first("og:regDate"), now=page.fetched_at)
    if stamped:
        at_odds = shown is not None and abs(stamped - shown) > _SAME_MINUTE
        warning = (f"og:regDate says {stamped.isoformat()}, the page {shown}",) if at_odds else ()
        return Times(stamped, modified, "meta", warning)
    if shown:
        return Times(shown, modified, "text", ())
    found = parse_stamp(urlsplit(page.url).path, now=page.fetched_at)
    return Times(found, modified, "url" if found else None, ())
