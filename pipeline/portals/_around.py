"""What stands around an article on a portal's page: times, summary, links, and the page that says "deleted"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from pipeline.dates import parse_time
from pipeline.errors import Gone, LayoutChanged
from pipeline.portals._body import Body
from pipeline.records import Page, Related, Rights, Summary
from pipeline.rights import read_rights
from pipeline.select import Node, Tree, attribute, lines_of, maybe, one, text_of, texts_of
from pipeline.structured import Head
from pipeline.urls import absolute

# "삭제된 기사입니다.", "존재하지 않는 페이지입니다.": a line of its own, on a page with little else
_DELETED = re.compile(
    r"(기사|페이지|뉴스|콘텐츠|게시[물글]|문서).{0,20}(삭제|존재하지\s?않|찾을\s?수\s?없|종료|중단)"
    r"|(삭제|존재하지\s?않|찾을\s?수\s?없|종료|중단).{0,12}(기사|페이지|뉴스|콘텐츠|게시[물글]|문서)"
)
_DELETED_LINE, _DELETED_PAGE = 80, 2000
"""Characters of such a line, and of all that is read on such a page, at most."""
LABEL = re.compile(r"(?:^|\s)(?:최종\s?)?(입력|등록|승인|송고|수정|업데이트)\s?[:：]?\s?(?=\d|$)")
_LABELLED = re.compile(
    r"(?<=\S)\s?(?=(?:최종\s?)?(?:입력|등록|승인|송고|수정|업데이트)\s?[:：]?\s?\d)"
)
_CHANGES = frozenset({"수정", "업데이트"})
_CLOCK = re.compile(r"\d\s*[:시]|전|방금")
_DISCLAIMER = re.compile(
    r"자동\s?(요약한|추출)|전체 맥락을 이해하기|본문 (전체)?보기를 권장|요약문이므로"
)
_BUTTONS = frozenset(
    {"요약보기", "자동요약", "요약", "닫기", "AI 요약", "자동요약 닫기", "본문 요약봇", "도움말"}
)
_ORIGINAL = re.compile(r"해당 언론사로 이동|기사\s?원문|원문\s?보기")
_MAY_BE_ORIGINAL = re.compile("원|해|\u11ab|\u1162")
"""One of these is in the markup of every link that says so, whole or in parts that become a syllable."""
_RELATED_MOST = 40


def refuse_deleted(tree: Tree, page: Page, *, article: str) -> None:
    """Raise Gone where the portal says so, and only there: a changed layout is no removal.

    Args:
        tree: the page.
        page: where it came from.
        article: the selector of what every article of the portal has.
    """
    if not page.url or maybe(tree, article) is not None or tree.body is None:
        return
    lines = lines_of(tree.body)
    if sum(map(len, lines)) > _DELETED_PAGE:
        return
    if any(len(line) <= _DELETED_LINE and _DELETED.search(line) for line in lines):
        raise Gone(page.url, "the portal says that the article was deleted")


def printed_headline(tree: Tree, css: str, page: Page) -> str:
    """Return the headline as printed.

    Raises:
        LayoutChanged: it is not there, or empty.
    """
    said = text_of(one(tree, css, url=page.url))
    if said is None:
        raise LayoutChanged(page.url, f"{css} (its text)", expected=1, found=0)
    return said


def shown_times(nodes: Iterable[Node], page: Page) -> tuple[datetime | None, datetime | None]:
    """A time is what its label says; without one the first is 입력 and the next 수정."""
    published = modified = None
    label = ""
    for node in nodes:
        for piece in (piece for said in texts_of(node) for piece in _LABELLED.split(said)):
            labels = LABEL.findall(piece)
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


def time_of(node: Node | None, page: Page) -> datetime | None:
    """Return the time that an element prints. A day alone, as listings have it, is no time."""
    said = text_of(node) or ""
    return parse_time(said, now=page.fetched_at) if _CLOCK.search(said) else None


def portal_summary(tree: Tree, css: str) -> Summary | None:
    """Return the portal's automatic summary, known by its disclaimer, since the class of its layer varies."""
    for node in tree.css(css):
        lines = lines_of(node)
        if any(_DISCLAIMER.search(line) for line in lines):
            said = [n for n in lines if n not in _BUTTONS and not _DISCLAIMER.search(n)]
            return Summary(" ".join(said), "portal") if said else None
    return None


def original_url(tree: Tree, page: Page) -> str | None:
    """Return where the publisher has the article, by the words of the link."""
    for link in tree.css("a[href]"):
        attributes = link.attributes
        if not _MAY_BE_ORIGINAL.search(f"{link.text()}{attributes.get('title') or ''}"):
            continue
        said = f"{text_of(link) or ''} {attribute(link, 'title') or ''}"
        if _ORIGINAL.search(said):
            return absolute(page.url, attributes.get("href"))
    return None


def related_links(
    links: Iterable[Node],
    *,
    near: Sequence[Related],
    base: str,
    other: Callable[[str], str | None],
    headline: str,
) -> tuple[Related, ...]:
    """Return other articles that a page links to, each once: those inside the body first.

    Args:
        links: of the page, in page order.
        near: those that stand in the body.
        base: the URL that relative links hold for.
        other: the canonical URL of another article of the portal, None for any other link.
        headline: the selector of the headline inside a link; without one all its text is.
    """
    found: dict[str, Related] = {}
    for one_near in near:
        url = other(one_near.url) or one_near.url
        found.setdefault(url, Related(one_near.headline, url))
    for link in links:
        if len(found) >= _RELATED_MOST:
            break
        target = absolute(base, link.attributes.get("href"))
        canonical = other(target) if target else None
        if not canonical or canonical in found:
            continue
        said = text_of(maybe(link, headline)) or text_of(link)
        if said:
            found[canonical] = Related(said, canonical)
    return tuple(found.values())


def rights_of(
    notice: str | None, body: Body, head: Head, page: Page, permission: str | None
) -> Rights:
    """Weigh the page's own notice, those inside the body, and what machines are told."""
    return read_rights(
        notices=[notice, *body.notices] if notice else body.notices,
        head=head,
        robots_tags=page.robots_tags,
        permission=permission,
        seen_at=page.fetched_at,
        site_signals=page.site_signals,
    )


def address_of(head: Head, page: Page, article_id: Callable[[str], str | None]) -> str:
    """Return the article's URL; on a saved page without one what the page says of itself.

    Raises:
        LayoutChanged: neither is the URL of an article.
    """
    said = page.url if article_id(page.url) else head.first("og:url") or ""
    if article_id(said) is None:
        raise LayoutChanged(page.url, "meta[property='og:url']", expected=1, found=0)
    return said
