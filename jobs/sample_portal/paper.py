"""A plain publisher beside the portal, at /paper: the same articles in other markup, feeds and an archive."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Final

from jobs.sample_portal.article import SampleArticle
from jobs.sample_portal.site import Site

PAPER: Final = "/paper"
NAME: Final = "온새미 신문"
NO_DATE_SECTION: Final = "digital"
"""Pages of this section print no time: only feeds and the news sitemap tell it."""
ARCHIVE_PAGE: Final = 10
"""Articles on a page of the archive by date."""
_SECTIONS: Final = {"politics": "정치", "society": "사회", "culture": "문화"}


def stories(site: Site) -> list[SampleArticle]:
    """Return what the paper shows: the newest articles with text, newest first."""
    return [article for article, _ in zip(every_story(site), range(site.entries), strict=False)]


def story_url(site: Site, article: SampleArticle) -> str:
    """Return the address of an article at the paper."""
    return f"{site.base_url}{PAPER}/article/{article.id}"


def listing(site: Site) -> str:
    """Return the page at /paper: a block for each article, menus and footers around them."""
    cards = "".join(_card(site, article) for article in stories(site))
    return _page(
        NAME,
        f"""<div class="story-list">{cards}</div>
<div class="paging"><a href="{PAPER}?page=2">2</a> <a href="{PAPER}?page=3">3</a></div>""",
        '<meta property="og:type" content="website">',
    )


def archive(site: Site, query: Mapping[str, str]) -> str:
    """Return a page of the articles of a day, newest first: `date` is YYYYMMDD, `page` counts from 1."""
    day, page = query.get("date", ""), query.get("page", "1")
    found = [a for a in every_story(site) if f"{a.published_at:%Y%m%d}" == day]
    first = (int(page) - 1) * ARCHIVE_PAGE if page.isdecimal() else 0
    cards = "".join(_card(site, article) for article in found[first : first + ARCHIVE_PAGE])
    content = f'<div class="story-list">{cards}</div>' if cards else "<p>기사가 없습니다.</p>"
    return _page(f"{NAME} {day}", content, "")


def every_story(site: Site) -> Iterator[SampleArticle]:
    """Yield every article with text, newest first."""
    return (a for a in site.newsroom.articles() if a.kind == "article" and a.id.isdecimal())


def story(site: Site, article: SampleArticle) -> str:
    """Return the page of an article."""
    url = story_url(site, article)
    has_date = article.section != NO_DATE_SECTION
    meta = [f'<link rel="canonical" href="{url}">', '<meta property="og:type" content="article">']
    if has_date:
        meta.append(_time_meta("published", article.published_at))
        meta += [_time_meta("modified", article.modified_at)] if article.modified_at else []
    when = f'<time class="when">{article.published_at:%Y.%m.%d %H:%M}</time>' if has_date else ""
    paragraphs = "".join(
        f"<p>{escape(text, quote=False)}</p>" for kind, text in article.body if kind == "paragraph"
    )
    names = ", ".join(f"{author.name} 기자" for author in article.authors)
    return _page(
        article.headline_as_printed,
        f"""<article><h1 class="story-title">{escape(article.headline_as_printed, quote=False)}</h1>
<p class="byline"><span class="writer">{names}</span> {when}</p>
<div class="story-text">{paragraphs}</div></article>""",
        "\n".join(meta),
    )


def _time_meta(name: str, at: datetime) -> str:
    return f'<meta property="article:{name}_time" content="{at.isoformat()}">'


def _card(site: Site, article: SampleArticle) -> str:
    url = story_url(site, article).removeprefix(site.base_url)
    headline = escape(article.headline_as_printed, quote=False)
    return f"""<div class="story-card"><a class="thumb" href="{url}"><img alt="" src="/t.jpg"></a>
<h3 class="card-title"><a href="{url}">{headline}</a></h3>
<p class="teaser">{escape(article.lead[:60], quote=False)}</p></div>
"""


def _page(title: str, content: str, head: str) -> str:
    menu = "".join(
        f'<li><a href="{PAPER}/{key}">{name}</a></li>' for key, name in _SECTIONS.items()
    )
    return f"""<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>{escape(title, quote=False)} - {NAME}</title>
<meta property="og:site_name" content="{NAME}">
{head}
<link rel="alternate" type="application/rss+xml" href="{PAPER}/rss.xml">
</head><body><header><nav class="menu"><ul>{menu}</ul></nav></header>
<main>{content}</main>
<footer><a href="{PAPER}/about/20260101">회사 소개와 이용 약관 보기</a> <small>© {NAME}</small></footer>
</body></html>
"""
