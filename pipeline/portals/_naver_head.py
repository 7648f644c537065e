"""What stands over the text of a Naver article, in the layouts that Naver has served since 2014."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.dates import parse_time
from pipeline.errors import LayoutChanged, NotAnArticle
from pipeline.portals._around import refuse_deleted, shown_times
from pipeline.portals._naver_urls import is_scripted
from pipeline.records import Page
from pipeline.select import Node, Tree, attribute, lines_of, many, maybe, one, text_of


@dataclass(frozen=True, slots=True)
class Layout:
    """Where one of Naver's layouts keeps what every article has."""

    body: str
    headline: str
    press: str
    published: str
    """Where several match, the second is the change."""
    modified: str | None = None


LAYOUTS = (
    # since 2022; a `div` first, an `article` since 2023
    Layout(
        "#dic_area",
        "h2.media_end_head_headline",
        "a.media_end_head_top_logo img",
        "._ARTICLE_DATE_TIME",
        "._ARTICLE_MODIFY_DATE_TIME",
    ),
    # news.naver.com/main/read.nhn, to 2022
    Layout("#articleBodyContents", "#articleTitle", ".press_logo img", ".sponsor .t11"),
    # entertain.naver.com, to 2023; the id is spelt like this
    Layout("#articeBody", "h2.end_tit", ".press_logo img", ".article_info .author em"),
    # sports.news.naver.com, to 2023
    Layout("#newsEndContents", ".news_headline .title", "#pressLogo img", ".news_headline .info"),
)
_BODIES = ", ".join(layout.body for layout in LAYOUTS)
_SHELL_TEXT = 300
"""Characters that a page which waits for its scripts shows at most."""


def layout_of(tree: Tree, page: Page) -> Layout:
    """Return the layout of this page.

    Raises:
        Gone: Naver says that the article was deleted.
        NotAnArticle: a page of sports or entertainment whose text only scripts would fetch.
        LayoutChanged: none that is known.
    """
    refuse_deleted(tree, page, article=_BODIES)
    for layout in LAYOUTS:
        if maybe(tree, layout.body) is not None:
            return layout
    text = sum(map(len, lines_of(tree.body))) if tree.body is not None else 0
    if is_scripted(page.url) and text <= _SHELL_TEXT:
        raise NotAnArticle(page.url, "an empty shell: scripts would fetch the text")
    raise LayoutChanged(page.url, _BODIES, expected=1, found=0)


def read_publisher(tree: Tree, layout: Layout, page: Page) -> str:
    """Return the press, which signs with a picture: its name is the text that replaces it."""
    logo = one(tree, layout.press, url=page.url)
    said = attribute(logo, "title") or attribute(logo, "alt")
    if said is None:
        raise LayoutChanged(page.url, f"{layout.press} [alt]", expected=1, found=0)
    return said


def read_times(tree: Tree, layout: Layout, page: Page) -> tuple[datetime | None, datetime | None]:
    """Return 입력 and 수정. Since 2022 they have seconds in an attribute, and minutes on the screen."""
    shown = many(tree, layout.published, at_least=1, url=page.url)
    if layout.modified is None:
        return shown_times(shown, page)
    changed = maybe(tree, layout.modified)
    published_at = _stamp(shown[0], "data-date-time", page)
    return published_at, _stamp(changed, "data-modify-date-time", page)


def reporter_slot(tree: Tree) -> str | None:
    """Return who stands under the headline; of several the page shows one, the hidden card all."""
    css = ".media_end_head_journalist_name, .media_end_head_journalist_layer_name"
    return ", ".join(dict.fromkeys(filter(None, map(text_of, tree.css(css))))) or None


def bylines_below(tree: Tree) -> list[str]:
    """Return the lines under the text, where the e-mails are."""
    return [said for node in tree.css(".byline .byline_s, p.byline") if (said := text_of(node))]


def _stamp(node: Node | None, name: str, page: Page) -> datetime | None:
    return parse_time(attribute(node, name) or text_of(node), now=page.fetched_at)
