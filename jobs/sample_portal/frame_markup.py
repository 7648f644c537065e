"""The frame of every page: head, navigation, footer, and padding that gives a page its weight."""

import random
from functools import cache
from html import escape

from jobs.sample_portal.site import PORTAL_NAME, Site
from jobs.sample_portal.words import SECTION_NAMES

_STYLES = ("margin", "padding", "border", "color", "background", "width", "height", "display")
_UNITS = ("0 auto", "12px 8px", "1px solid #e5e5e5", "#1e1e1e", "100%", "inline-block", "24px")


def page(site: Site, title: str, metas: dict[str, str], content: str) -> str:
    """Return a whole document; `metas` are Open Graph properties."""
    properties = "\n".join(
        f'<meta property="{name}" content="{escape(value)}"/>' for name, value in metas.items()
    )
    head = f"""<!doctype html>
<html lang="ko" class="os_none none version_0">
<head>
<meta charset="utf-8"/>
<meta http-equiv="X-UA-Compatible" content="IE=edge"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
{properties}
<title>{escape(title, quote=False)} | {PORTAL_NAME}</title>
<link rel="icon" href="data:,"/>
"""
    body = f"""</head>
<body>
<div id="kakaoIndex"><a href="#kakaoBody">본문 바로가기</a>
<a href="#kakaoGnb">메뉴 바로가기</a></div>
{_navigation(site)}
<main id="kakaoContent" class="doc-main">
{content}
</main>
<footer class="doc-footer"><a href="{site.base_url}/">{PORTAL_NAME}</a>
<small>© 다온 뉴스 서비스</small></footer>
</body>
</html>
"""
    return head + padding(site.page_weight - len((head + body).encode())) + body


def deleted_page(site: Site) -> str:
    """Return the page that stands where an article was removed or never was."""
    return page(
        site,
        "오류",
        {"og:title": PORTAL_NAME},
        """<div class="error_view">
<strong class="tit_error">삭제되었거나 존재하지 않는 기사입니다.</strong>
<p class="desc_error">언론사의 요청으로 삭제되었거나 주소가 바뀐 기사입니다.
주소를 다시 확인해 주세요.</p></div>""",
    )


def plain_page(site: Site, title: str) -> str:
    """Return a page that is neither a listing nor an article: the front page, a photo gallery."""
    return page(site, title, {"og:title": title}, f"<h2>{escape(title)}</h2>")


def padding(size: int) -> str:
    """Return `size` bytes of style and script such as real pages carry, or nothing."""
    frame = ("<style>\n", "\n</style>\n<script>\n", "\n</script>\n")
    room = size - sum(map(len, frame))
    if room <= 0:
        return ""
    styles, scripts = _cut(_filler("style"), room // 2), _cut(_filler("script"), room - room // 2)
    return f"{frame[0]}{styles}{frame[1]}{scripts}{frame[2]}"


def _cut(text: str, size: int) -> str:
    """Repeat and cut a text to a size, at the end of a line."""
    repeated = text * (size // len(text) + 1)
    return repeated[:size].rpartition("\n")[0].ljust(size)


@cache
def _filler(kind: str) -> str:
    rng = random.Random(kind)
    lines = []
    for number in range(1500):
        name = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz_", k=9))
        rule = f".doc-main .{name}{{{rng.choice(_STYLES)}:{rng.choice(_UNITS)}}}\n"
        lines.append(rule if kind == "style" else f'window.tiara["{name}"]={number};\n')
    return "".join(lines)


def _navigation(site: Site) -> str:
    items = "".join(
        f'<li><a class="link_gnb" href="{site.base_url}/{slug}">{SECTION_NAMES[slug]}</a></li>'
        for slug in site.newsroom.sections
    )
    return f"""<header class="doc-header" id="kakaoHead">
<strong class="tit_service">{PORTAL_NAME}</strong>
<nav id="kakaoGnb"><ul class="list_gnb">{items}</ul></nav></header>"""
