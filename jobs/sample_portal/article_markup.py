"""Renders an article page: head line, tools layer, body, and everything that stands around them."""

from datetime import datetime
from html import escape

from jobs.sample_portal import noise
from jobs.sample_portal.article import RelatedLink, SampleArticle
from jobs.sample_portal.body_markup import body_section
from jobs.sample_portal.bylines import subscription
from jobs.sample_portal.frame_markup import page
from jobs.sample_portal.site import Site
from jobs.sample_portal.words import SECTION_NAMES


def article_page(article: SampleArticle, site: Site) -> str:
    """Return the page at /v/<id>."""
    content = f"""<article id="mArticle" class="box_view" data-cloud="article_main">
{_masthead(article)}
<section class="inner-main"><h2 class="screen_out">{SECTION_NAMES[article.section]}</h2>
<div class="head_view">
<h3 class="tit_view" data-translation="true">{_text(article.headline_as_printed)}</h3>
{_info(article)}
{noise.tools(_summary_layer(article))}
</div>
<div class="news_view fs_type1">
{_subheadline(article)}
{body_section(article, site)}
</div>
{_after_body(article, site)}
</section>
</article>
{_popular(article, site)}"""
    return page(site, article.headline_as_printed, _metas(article, site), content)


def screen_time(when: datetime) -> str:
    """Return a time as the portal shows it: 2026. 9. 27. 09:54."""
    return f"{when.year}. {when.month}. {when.day}. {when:%H:%M}"


def _metas(article: SampleArticle, site: Site) -> dict[str, str]:
    lead = article.lead
    metas = {
        "og:type": "article",
        "og:title": article.headline_as_printed,
        "og:url": site.article_url(article.id),
        "og:description": lead if len(lead) < 100 else lead[:97] + "...",
        "og:regDate": f"{article.published_at:%Y%m%d%H%M%S}",
        "og:article:author": article.publisher,
        "og:site_name": f"다온 | {article.publisher}",
    }
    if article.images:
        metas["og:image"] = article.images[0].url
    return metas


def _masthead(article: SampleArticle) -> str:
    """Print the publisher in h1: as a name, or as a logo with the name beside it."""
    home = f"https://www.{article.publisher_slug}.example/"
    if len(article.publisher) % 2:
        logo = f'<img class="thumb_g" alt="{article.publisher}" src="{home}logo.png"/>'
        return f"""<h1 class="doc-title"><a class="link_cp" href="{home}">{logo}</a></h1>
<strong id="kakaoServiceLogo" class="screen_out">{article.publisher}</strong>"""
    return f"""<h1 class="doc-title"><a id="kakaoServiceLogo" class="link_cp" href="{home}">\
{article.publisher}</a></h1>"""


def _info(article: SampleArticle) -> str:
    byline = article.byline_as_printed
    spans = [f'<span class="txt_info">{_text(byline)}</span>'] if byline else []
    for label, when in (("입력", article.published_at), ("수정", article.modified_at)):
        if when:
            date = f'<span class="num_date">{screen_time(when)}</span>'
            spans.append(f'<span class="txt_info">{label} {date}</span>')
    counter = '<button type="button" class="link_cmt">댓글 <span class="num_cmt">17</span></button>'
    return f'<div class="info_view">{" ".join(spans)} {counter}</div>'


def _summary_layer(article: SampleArticle) -> str:
    if article.summary is None:
        return ""
    return f"""<div class="layer_util"><button type="button" class="btn_summary">요약보기</button>
<div class="layer_summary"><strong class="tit_summary">자동요약</strong>
<p class="desc_summary">{noise.SUMMARY_DISCLAIMER}</p>
<p class="txt_summary">{_text(article.summary)}</p></div></div>"""


def _subheadline(article: SampleArticle) -> str:
    lines = "<br/>".join(_text(line) for line in article.subheadline_lines)
    return f'<strong class="summary_view" data-translation="true">{lines}</strong>' if lines else ""


def _after_body(article: SampleArticle, site: Site) -> str:
    return f"""<div class="foot_view">
<p class="txt_subscribe">{subscription(article.publisher)}</p>
<p class="txt_subscribe">{article.publisher} 채널을 구독하고 메인에서 바로 만나보세요!</p>
<div class="box_relate"><strong class="tit_relate">관련기사</strong>
<ul class="list_relate">{_links(article.related, site, "link_relate")}</ul></div>
<div class="info_cp"><p class="txt_copyright">{_text(article.notice)}</p>
<a class="link_origin" href="{escape(article.original_url)}"
 target="_blank">해당 언론사로 이동합니다</a></div>
{noise.reactions(article.id)}
</div>"""


def _popular(article: SampleArticle, site: Site) -> str:
    others = [link for link in site.newsroom.popular() if link.id != article.id][:10]
    return f"""<aside class="box_etc"><div class="box_popnews">
<strong class="tit_box">이 시각 인기뉴스</strong>
<ol class="list_popnews">{_links(others, site, "link_popnews")}</ol></div></aside>"""


def _links(links: list[RelatedLink] | tuple[RelatedLink, ...], site: Site, name: str) -> str:
    return "".join(
        f'<li><a class="{name}" href="{site.article_url(link.id)}">{_text(link.headline)}</a></li>'
        for link in links
    )


def _text(text: str) -> str:
    return escape(text, quote=False)
