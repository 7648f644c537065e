"""What each site of the press calls the parts of an article page: one row a template, the newest first.

A site whose markup is known only in part has no row, since the generic extractor reads more than it would:
TV조선 and 뉴스타파 (where their times stand is not known), 아이뉴스24 (of its template only bare tags are),
경향신문, 한국경제, 서울경제 and 이데일리 (no page of theirs was read).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.portals._press_scripts import arc_story, hankook_story, unglued_story
from pipeline.select import Tree


@dataclass(frozen=True, slots=True)
class Site:
    """The CSS selectors of one template. Headline and body must be there, all else may be absent."""

    host: str
    """As the table of addresses has it."""
    headline: str
    """An element with the text, or a `meta` with the content."""
    body: str
    """The element around the text; where it matches several, the text is made of them all."""
    publisher: str
    authors: str | None = None
    times: str | None = None
    """Printed times with their labels."""
    published: str | None = None
    """An element that has the time alone, in an attribute mostly; it goes before the printed one."""
    modified: str | None = None
    subheadline: str | None = None
    section: str | None = None
    keywords: str | None = None
    related: str = "a[href]"
    """Links; those to other articles of the site count."""
    left_out: str = ""
    """What stands inside the body and is no part of it."""
    figures: str = ".image-zone01, .editor-img-box, .ab_photo, .img_cont, .img-box"
    """What frames a picture and its caption."""
    items: str | None = None
    """The items of a list; without it every link to an article is one."""
    story: Callable[[Tree], str | None] | None = None
    """Writes the article out as the markup that the selectors are of, where the page does not have it."""
    has_json_ld: bool = False
    """Are times and authors in JSON-LD, and the printed ones less exact?"""
    is_mislabelled: bool = False
    """Are times in attributes UTC, whatever offset they carry?"""
    begins_with_deck: bool = False
    """Is the first line of the body the deck?"""
    signs_as: str | None = None
    """The word before the reporter's name at the end of a report: "연합뉴스TV 홍길동입니다."."""


_STORY = Site(
    "", "h1", "#story", "",
    authors=".by", times=".times p", subheadline="h2", section=".section", keywords=".tags a",
)  # fmt: skip
_YNA_ITEMS = "div.list-type212 ul.list01 > li[data-cid]"
_HANKOOK_LEFT_OUT = (
    "h2.sub-tit-ll, .module-quote, .end-ad-container, .writer, .reaction-btns, .more-news, .edit-subscribe,"
    " .newspaper-subscribe, .article-bottom-banner, .more-articles, .no-print"
)

SITES = (
    Site(
        "yna.co.kr", "h1.tit01", ".story-news.article", "연합뉴스",
        authors=".txt-con .tit-name a", times=".txt-time01",
        published=".update-time[data-published-time]", subheadline=".tit-sub h2.tit01",
        keywords=".keyword-zone a", left_out=".tit-sub, .txt-copyright, .keyword-zone, .writer-zone01",
        items=_YNA_ITEMS,
    ),
    Site(
        "hani.co.kr", "h3[class*=ArticleDetailView_title]", ".article-text", "한겨레",
        authors="[class*=reporterLink]", times="[class*=dateListItem]",
        subheadline="h4[class*=subtitle]", left_out="[class*=adBox], [class*=subscribe]",
    ),
    Site(
        "joongang.co.kr", "h1.headline", "#article_body", "중앙일보",
        authors=".byline a, .ab_byline", published="time[itemprop=datePublished]",
        modified="time[itemprop=dateModified]", section=".subhead a", keywords=".tag_wrap .tag",
        left_out=".ab_byline, .ab_related_article, .ab_subscribe, .tag_wrap",
    ),
    Site(
        "donga.com", ".head_group h1", ".news_view", "동아일보",
        authors=".author_info a", times=".date_info", modified=".date_info button",
        subheadline="h2.sub_tit",
        left_out="h2.sub_tit, .article_relation, .view_ad06, .view_m_adA, .a1",
    ),
    replace(_STORY, host="chosun.com", publisher="조선일보", story=arc_story),
    replace(_STORY, host="biz.chosun.com", publisher="조선비즈", story=arc_story),
    Site(
        "news.chosun.com", "h1#news_title_text_id", "#news_body_id", "조선닷컴",
        authors=".news_title_author .author", times=".news_date",
        published="meta[property='article:published_time']", subheadline=".news_subtitle",
        # the last `.par` may hold no text but links of advertisers
        left_out=".news_date, .news_subtitle, .news_like, .news_copyright, .par:has(> b > a[onfocus])",
        story=unglued_story,
    ),
    Site(
        "hankookilbo.com", "meta[name=headline]", "#article-view-content", "한국일보",
        subheadline="h2.sub-tit-ll", left_out=_HANKOOK_LEFT_OUT, has_json_ld=True,
    ),
    Site(
        "hankookilbo.com", "meta[name=headline]", ".col-main[itemprop=articleBody]", "한국일보",
        authors=".writer .name", subheadline="h2.sub-tit-ll", left_out=_HANKOOK_LEFT_OUT,
        has_json_ld=True,
    ),
    replace(
        _STORY, host="hankookilbo.com", publisher="한국일보", story=hankook_story,
        left_out=_HANKOOK_LEFT_OUT,
    ),
    Site(
        "mk.co.kr", "h2.news_ttl", "[itemprop=articleBody]", "매일경제",
        authors="li.author", times=".time_area", subheadline=".midtitle_text",
        left_out=".midtitle_text, .ai_summary, .author, .reporter_box", figures=".thumb_area, .thum_figure",
    ),
    Site(
        "yonhapnewstv.co.kr", ".article-head strong.title", "#articleBody", "연합뉴스TV",
        times=".article-head .info li", modified="meta[property='dd:modified_time']",
        section=".article-head .subTitle", left_out=".videoWrap", is_mislabelled=True,
        signs_as="연합뉴스TV",
    ),
    Site(
        "asiae.co.kr", ".area_title h1", ".article", "아시아경제",
        authors=".reporter strong", times=".date_box p", subheadline=".article_head h4",
        left_out=".article_head, .txt_prohibition, .area_title, .date_box, .reporter",
    ),
    Site(
        "seoul.co.kr", "h1.h38", ".viewContent", "서울신문",
        authors=".reporterInfo .name", times=".dateInfo .writeInfo, .dateInfo .updateInfo",
        subheadline="h2.stit", left_out="h2.stit, .reporterInfo",
    ),
    Site(
        "munhwa.com", "h1.title", "#article-body", "문화일보",
        authors=".byline .writer", times=".date-publish", subheadline=".article-subtitle p",
        left_out=".article-subtitle",
    ),
    Site(
        "news.kbs.co.kr", "h4.headline-title", ".detail-body", "KBS",
        times="em.input-date, em.edit-date", signs_as="KBS 뉴스",
    ),
    Site(
        "news.sbs.co.kr", "h1#news-title", ".text_area[itemprop=articleBody]", "SBS",
        authors=".reporter [itemprop=name]", published="meta[itemprop=datePublished]",
        signs_as="SBS",
    ),
    Site(
        "wowtv.co.kr", "h1.title-news", "#divNewsContent", "한국경제TV",
        times="#artdate, #artupdate",
    ),
    Site(
        "nongmin.com", ".view_tit pre", ".news_txt", "농민신문",
        authors="li#writeName", times=".view_data pre", subheadline=".news_sub_tit",
        left_out=".news_sub_tit",
    ),
    Site(
        "entermedia.co.kr", ".newsTitle dt", "#_article", "엔터미디어",
        times=".newsContent", begins_with_deck=True,
    ),
)  # fmt: skip
_BY_HOST: dict[str, tuple[Site, ...]] = {
    host: tuple(site for site in SITES if site.host == host) for host in {s.host for s in SITES}
}


def sites_of(host: str) -> tuple[Site, ...]:
    """Return the templates of a host, the newest first."""
    return _BY_HOST[host]
