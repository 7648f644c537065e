"""What stands over the text of a Daum article: headline, press, reporters, times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from pipeline.dates import parse_stamp, parse_time
from pipeline.errors import Gone, LayoutChanged
from pipeline.records import Page
from pipeline.select import Tree, attribute, lines_of, maybe, one, text_of, texts_of
from pipeline.structured import Head

_HEADLINE = "h3.tit_view"
# "삭제된 기사입니다.", "존재하지 않는 페이지입니다.": a line of its own, on a page with little else
_DELETED = re.compile(
    r"(기사|페이지|뉴스|콘텐츠|게시[물글]|문서).{0,20}(삭제|존재하지\s?않|찾을\s?수\s?없|종료|중단)"
    r"|(삭제|존재하지\s?않|찾을\s?수\s?없|종료|중단).{0,12}(기사|페이지|뉴스|콘텐츠|게시[물글]|문서)"
)
_DELETED_LINE, _DELETED_PAGE = 80, 2000
"""Characters of such a line, and of all that is read on such a page, at most."""
_NOT_A_PRESS = frozenset(
    {"뉴스", "다음", "다음뉴스", "다음 뉴스", "Daum", "Daum 뉴스", "연예", "스포츠"}
)
_SITE_NAME = re.compile(r"^(?:Daum|다음)\s?[|-]\s?(\S.*)$")
_LABEL = re.compile(r"(?:^|\s)(?:최종\s?)?(입력|등록|송고|수정|업데이트)\s?[:：]?\s?(?=\d|$)")
_LABELLED = re.compile(r"(?<=\S)\s?(?=(?:최종\s?)?(?:입력|등록|송고|수정|업데이트)\s?[:：]?\s?\d)")
_CHANGES = frozenset({"수정", "업데이트"})
_SAME_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Times:
    """When the article appeared and changed, and which witness says so."""

    published_at: datetime | None
    modified_at: datetime | None
    source: Literal["meta", "text", "url"] | None
    warnings: tuple[str, ...]


def _refuse_deleted(tree: Tree, page: Page) -> None:
    """Raise Gone where the portal says so, and only there: a changed layout is no removal."""
    if not page.url or maybe(tree, ".article_view") is not None or tree.body is None:
        return
    lines = lines_of(tree.body)
    if sum(map(len, lines)) > _DELETED_PAGE:
        return
    if any(len(line) <= _DELETED_LINE and _DELETED.search(line) for line in lines):
        raise Gone(page.url, "the portal says that the article was deleted")


def read_headline(tree: Tree, head: Head, page: Page) -> str:
    """Return the headline as printed. A saved body without its URL may have it in any heading."""
    _refuse_deleted(tree, page)
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
        and not _LABEL.search(said)
    ]
    return ", ".join(slots) or None


def read_times(tree: Tree, head: Head, page: Page) -> Times:
    """`og:regDate` has seconds; the screen has minutes and is the only witness of 수정; the id is a stamp."""
    shown, modified = _shown_times(tree, page)
    stamped = parse_stamp(head.first("og:regDate"), now=page.fetched_at)
    if stamped:
        at_odds = shown is not None and abs(stamped - shown) > _SAME_MINUTE
        warning = (f"og:regDate says {stamped.isoformat()}, the page {shown}",) if at_odds else ()
        return Times(stamped, modified, "meta", warning)
    if shown:
        return Times(shown, modified, "text", ())
    found = parse_stamp(urlsplit(page.url).path, now=page.fetched_at)
    return Times(found, modified, "url" if found else None, ())


def _shown_times(tree: Tree, page: Page) -> tuple[datetime | None, datetime | None]:
    """A time is what its label says; without one the first is 입력 and the next 수정."""
    published = modified = None
    label = ""
    for info in tree.css(".info_view"):
        for piece in (piece for said in texts_of(info) for piece in _LABELLED.split(said)):
            labels = _LABEL.findall(piece)
            label = labels[-1] if labels else label
            at = parse_time(piece, now=page.fetched_at)
            if at is None:
                continue
            if label in _CHANGES or (not label and published):
                modified = modified or at
            else:
                published = published or at
            label = ""
    return published, modified
