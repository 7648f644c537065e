"""Renders a section's listing: headline block, basic list, issue block and what is beside them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from urllib.parse import quote

from jobs.sample_portal.article import SampleArticle
from jobs.sample_portal.article_markup import screen_time
from jobs.sample_portal.frame_markup import page
from jobs.sample_portal.site import PORTAL_NAME, Site
from jobs.sample_portal.words import SECTION_NAMES

# Longer headlines are cut on screen; `data-title` keeps them whole.
_SHOWN = 30
_REPEATED = 3


def listing_page(section: str, site: Site) -> str:
    """Return the page at /<section>: its blocks hold min(entries, all) different articles."""
    articles = site.newsroom.listing(section, site.entries)
    split = max(1, len(articles) * 3 // 5)
    first, rest = articles[:split], articles[split:]
    name = SECTION_NAMES[section]
    content = f"""<article id="mArticle"><h2 class="screen_out">{name}</h2>
<div class="box_g box_news_headline2"><strong class="tit_box">{name} 주요뉴스</strong>
<ul class="list_newsheadline2">
{_items(first, site, "item_newsheadline2", 0)}
</ul></div>
<div class="box_g box_news_issue"><strong class="tit_box">이슈</strong>
<ul class="list_newsissue">{_issues(first[:2], site)}
<li><a class="link_gallery" href="{site.base_url}/gallery/p/20241">포토 갤러리</a></li>
</ul></div>
<div class="box_g box_news_basic"><strong class="tit_box">최신 뉴스</strong>
<ul class="list_newsbasic">
{_items(first[:_REPEATED] + rest, site, "item_newsbasic", 7)}
</ul></div>
</article>
{_beside(section, site)}"""
    return page(site, name, {"og:title": f"{name} | {PORTAL_NAME}", "og:type": "website"}, content)


def relative_time(published_at: datetime, now: datetime) -> str:
    """Return the age of an article in the portal's words."""
    age = now - published_at
    if age < timedelta(minutes=1):
        return "방금 전"
    if age < timedelta(hours=1):
        return f"{age // timedelta(minutes=1)}분 전"
    if age < timedelta(days=1):
        return f"{age // timedelta(hours=1)}시간 전"
    if age < timedelta(days=2):
        return "어제"
    return f"{age.days}일 전" if age.days < 7 else screen_time(published_at)


def _items(articles: Sequence[SampleArticle], site: Site, name: str, places_before: int) -> str:
    return "\n".join(
        _item(article, site, name, (rank, places_before + rank))
        for rank, article in enumerate(articles, start=1)
    )


def _item(article: SampleArticle, site: Site, name: str, rank_and_place: tuple[int, int]) -> str:
    rank, place = rank_and_place
    headline = article.headline_as_printed
    lead = article.lead[:80]
    desc = f'<p class="desc_txt">{escape(lead, quote=False)}</p>' if lead else ""
    age = relative_time(article.published_at, site.newsroom.now)
    return f"""<li><a class="{name}" href="{site.odd_url(article, place)}" data-tiara-layer="{name}"
 data-tiara-ordnum="{rank}" data-title="{quote(headline, safe="")}">
{_thumb(article)}<div class="cont_thumb"><strong class="tit_txt">{_cut(headline)}</strong>
{desc}
<span class="info_thumb"><span class="txt_info">{article.publisher}</span>
<span class="txt_info">{age}</span></span></div></a></li>"""


def _cut(headline: str) -> str:
    shown = headline if len(headline) <= _SHOWN else headline[:_SHOWN].rstrip() + "…"
    return escape(shown, quote=False)


def _thumb(article: SampleArticle) -> str:
    if not article.images:
        return ""
    thumb = (
        f"https://img1.daon.example/thumb/S240x160/?fname={quote(article.images[0].url, safe='')}"
    )
    return f"""<div class="wrap_thumb"><picture><source srcset="{thumb}" type="image/webp"/>
<img class="img_g" alt="" src="{thumb}"/></picture></div>
"""


def _issues(articles: Sequence[SampleArticle], site: Site) -> str:
    return "".join(
        f'<li><a class="item_newsblock" href="{site.article_url(article.id)}">'
        f'<strong class="tit_txt">{_cut(article.headline_as_printed)}</strong></a></li>'
        for article in articles
    )


def _beside(section: str, site: Site) -> str:
    """List articles of other sections: links to articles that are no entries of this listing."""
    elsewhere = [other for other in site.newsroom.sections if other != section]
    others = [article for other in elsewhere for article in site.newsroom.listing(other, 2)]
    links = "".join(
        f'<li><a class="link_popnews" href="{site.article_url(article.id)}">'
        f"{escape(article.headline_as_printed, quote=False)}</a></li>"
        for article in others
    )
    return f"""<aside class="box_etc"><div class="box_popnews">
<strong class="tit_box">이 시각 인기뉴스</strong>
<ol class="list_popnews">{links}</ol></div></aside>"""
