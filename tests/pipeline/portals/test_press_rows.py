"""Every row of the table reads a page in its site's shape: headline, reporter, times, and the text alone."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import portals
from pipeline.errors import Gone, LayoutChanged
from pipeline.portals import press
from pipeline.portals._press_sites import SITES, Site
from pipeline.portals._press_urls import host_of
from pipeline.records import Page
from pipeline.select import parse

PAGES = Path(__file__).parent.parent.parent / "pages"
AT = datetime.fromisoformat("2026-09-27T11:00:00+09:00")
FIRST, LAST = "온새읍에 새 다리가 놓였다.", "다리 이름은 주민이 정한다."
HANI = """<h3 class="ArticleDetailView_title__9q1C_">새 다리</h3>
<h4 class="ArticleDetailView_subtitle__z1">걸어서 3분</h4>
<div class="ArticleDetailView_reporterLink__a1">고운비 기자</div><ul>
<li class="ArticleDetailView_dateListItem__b1">수정 2026-09-26 18:10</li>
<li class="ArticleDetailView_dateListItem__b1">등록 2026-09-26 17:25</li></ul>
<div class="article-text"><p class="text">{0}</p><div class="adBox_a1">광고를 보세요</div>
<p class="text">{1}</p>
<p class="text">고운비 기자 goun@press.example</p></div>"""
JOONGANG = """<h1 class="headline">새 다리</h1><div class="byline"><a>고운비 기자</a></div>
<time itemprop="datePublished" datetime="2026-09-26T17:25:09+09:00"></time>
<time itemprop="dateModified" datetime="2026-09-26T18:10:00+09:00"></time>
<div id="article_body"><p data-divno="1">{0}</p><p data-divno="2">{1}</p>
<div class="ab_byline"><p>고운비 기자 goun@press.example</p></div></div>"""
HANKOOK = """<meta name="headline" content="새 다리">
<script type="application/ld+json">{{"@type":"NewsArticle",
"headline":"새 다리","author":[{{"@type":"Person","name":"고운비"}}],
"datePublished":"2026-09-26T17:25:09.000+0900",
"dateModified":"2026-09-26T18:10:00.000+0900"}}</script><div class="col-main" itemprop="articleBody">
<h2 class="sub-tit-ll">걸어서 3분</h2><div class="module-quote"><blockquote>다리다</blockquote>
<p class="who">주민</p></div>
<p class="editor-p">{0}</p><p class="editor-p">{1}</p>
<div class="writer">
<span class="name">순천, 광양 <strong>고운비</strong> 기자
<span class="email">goun@press.example</span>
</span></div>
<div class="edit-subscribe"><p>읽을거리</p></div></div>"""
MK = """<h2 class="news_ttl">새 다리</h2><div class="time_area"><dl><dt>입력 : </dt>
<dd>2026-09-26 17:25:09</dd></dl>
<dl><dt>수정 : </dt><dd>2026-09-26 18:10:00</dd></dl></div><ul>
<li class="author">고운비 기자 goun@press.example</li></ul>
<div itemprop="articleBody"><div class="midtitle_text">걸어서 3분</div><p>{0}</p><p>{1}</p></div>"""
ASIAE = """<div class="area_title"><h1>새 다리</h1></div><div class="date_box"><p>입력 2026.09.26 17:25</p>
<p>수정 2026.09.26 18:10</p></div><div class="reporter"><strong>고운비 기자</strong></div>
<div class="article"><div class="article_head"><h4>걸어서 3분</h4></div><p data-alda-marking="1">{0}</p>
<p>{1}</p>
<p>고운비 기자 goun@press.example</p><p class="txt_prohibition">© 무단전재 금지</p></div>"""
SEOUL = """<h1 class="h38">새 다리</h1><h2 class="stit">걸어서 3분</h2><div class="dateInfo">
<span class="writeInfo">입력 2026-09-26 17:25</span><span class="updateInfo">수정 2026-09-26 18:10</span>
</div>
<div class="viewContent">{0}<br><br>{1}<br><br>온새 고운비 기자 goun@press.example</div>
<div class="reporterInfo"><span class="name">고운비 기자</span></div>"""
MUNHWA = """<h1 class="title">새 다리</h1><div class="article-subtitle"><p>걸어서 3분</p></div>
<div class="byline"><span class="writer">고운비 기자</span></div>
<span class="date-publish">입력 2026-09-26 17:25</span>
<div id="article-body"><p class="text-l">{0}</p><p class="text-l">{1}</p>
<p>고운비 기자 goun@press.example</p></div>"""
KBS = """<h4 class="headline-title">새 다리</h4><em class="input-date">입력 2026.09.26 (17:25)</em>
<em class="edit-date">수정 2026.09.26 (18:10)</em><div class="detail-body">[앵커]<br><br>{0}<br>
<br>[리포트]<br><br>{1}
<br><br>KBS 뉴스 고운비입니다.<br><br>촬영기자:한누리/영상편집:도담</div>"""
SBS = """<h1 id="news-title">새 다리</h1><meta itemprop="datePublished" content="2026-09-26T17:25:09+09:00">
<div class="reporter"><em itemprop="name">고운비</em> 기자</div>
<div class="text_area" itemprop="articleBody">{0}<br><br>{1}</div>"""
WOWTV = """<h1 class="title-news">새 다리</h1><span id="artdate">입력 2026-09-26 17:25</span>
<span id="artupdate">수정 2026-09-26 18:10</span><div id="divNewsContent">{0}<br><br>{1}<br><br>
고운비 기자 goun@press.example</div>"""
NONGMIN = """<div class="view_tit"><pre>새 다리</pre></div><div class="news_sub_tit">걸어서 3분</div><ul>
<li id="writeName">고운비 기자</li></ul><div class="view_data"><pre>입력 2026-09-26 17:25</pre>
<pre>수정 2026-09-26 18:10</pre></div><div class="news_txt"><p>{0}</p><p>{1}</p>
<p>고운비 기자 goun@press.example</p></div>"""
ROWS = [  # URL, page, has a deck, an e-mail, seconds, a change
    ("https://www.hani.co.kr/arti/area/1230001.html", HANI, True, True, False, True),
    ("https://www.joongang.co.kr/article/25300010", JOONGANG, False, True, True, True),
    ("https://www.hankookilbo.com/News/Read/A2026092510450009901", HANKOOK, True, True, True, True),
    ("https://www.mk.co.kr/news/society/11335489", MK, True, True, True, True),
    ("https://www.asiae.co.kr/article/2026092617250099001", ASIAE, True, True, False, True),
    ("https://www.seoul.co.kr/news/newsView.php?id=20260926990001", SEOUL, True, True, False, True),
    ("https://www.munhwa.com/article/11511111", MUNHWA, True, True, False, False),
    ("https://news.kbs.co.kr/news/pc/view/view.do?ncd=8123456", KBS, False, False, False, True),
    ("https://news.sbs.co.kr/news/endPage.do?news_id=N1008123456", SBS, False, False, True, False),
    ("https://www.wowtv.co.kr/NewsCenter/News/Read?articleId=A1234567890", WOWTV, False, True, False, True),
    ("https://www.nongmin.com/article/20260926500123", NONGMIN, True, True, False, True),
]  # fmt: skip
SAVED = [("press", "article_wire"), ("press", "article_arc_script"), ("press", "article_json_ld"),
         ("press", "article_state_script"), ("press", "article_broadcast"),
         ("press", "article_glued_signoff"), ("ndsoft", "article_breadcrumbs")]  # fmt: skip


@pytest.mark.parametrize(("url", "markup", "deck", "email", "seconds", "change"), ROWS)
def test_row_reads_its_site(
    url: str, markup: str, deck: bool, email: bool, seconds: bool, change: bool
) -> None:
    page = Page(url, markup.format(FIRST, LAST), AT)
    assert portals.for_page(page) is portals.named("press")
    article = press.parse_article(page)
    assert article.headline == "새 다리"
    assert article.text == f"{FIRST}\n\n{LAST}"
    assert article.subheadline == ("걸어서 3분" if deck else None)
    assert [a.name for a in article.authors] == ["고운비"]
    assert article.authors[0].email == ("goun@press.example" if email else None)
    said = article.published_at
    assert said is not None
    assert said.isoformat() == f"2026-09-26T17:25:0{9 if seconds else 0}+09:00"
    said = article.modified_at
    assert (said and said.isoformat()) == ("2026-09-26T18:10:00+09:00" if change else None)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.host)
def test_every_selector_is_one(site: Site) -> None:
    tree = parse("<p>x</p>")
    values = {f.name: getattr(site, f.name) for f in fields(site)}
    names = {"headline", "body", "authors", "times", "published", "modified", "subheadline",
             "section", "keywords", "related", "left_out", "figures", "items"}  # fmt: skip
    for css in (values[name] for name in names if values[name]):
        assert tree.css(css) == []


@pytest.mark.parametrize(("url", "markup", "deck", "email", "seconds", "change"), ROWS)
@pytest.mark.parametrize("part", ["headline", "body"])
def test_what_every_article_has_is_loud_when_gone(
    url: str, markup: str, deck: bool, email: bool, seconds: bool, change: bool, part: str
) -> None:
    host = host_of(url)
    kept = parse(markup)
    site = next(s for s in SITES if s.host == host and kept.css_first(s.body))
    node = kept.css_first(getattr(site, part))
    assert node is not None
    node.decompose()
    with pytest.raises(LayoutChanged):
        press.parse_article(Page(url, (kept.html or "").format(FIRST, LAST), AT))


def _page(portal: str, case: str) -> Page:
    html = (PAGES / portal / f"{case}.html").read_text(encoding="utf-8")
    url = portals.named(portal)._OWN_URL.search(html)  # type: ignore[attr-defined]
    return Page(url[1], html, AT)


@pytest.mark.parametrize(("portal", "case"), SAVED)
def test_saved_page_without_url_gives_the_same_article(portal: str, case: str) -> None:
    page = _page(portal, case)
    nameless = replace(page, url="")
    assert portals.for_page(nameless) is portals.named(portal)
    assert [n for n in portals.names() if portals.named(n).recognises(page.html)] == [portal]
    with_url = portals.named(portal).parse_article(page, permission="licence of 2026-09-01")
    without = portals.named(portal).parse_article(nameless)
    assert without.content_hash == with_url.content_hash
    assert (without.id, without.related) == (with_url.id, with_url.related)
    assert with_url.rights.signals[-1].value == "licence of 2026-09-01"


def test_a_page_that_scripts_fill_is_not_gone_for_a_headline_about_deletion() -> None:
    page = _page("press", "article_arc_script")
    odd = page.html.replace("조선일보</a>", "조선일보</a><p>기사 삭제 요구한 시의원</p>")
    assert press.parse_article(replace(page, html=odd)).headline


def test_a_deleted_page_of_the_content_system_is_gone() -> None:
    url = "https://www.onsae.example/news/articleView.html?idxno=7"
    html = "<body><p>삭제되었거나 존재하지 않는 기사입니다.</p></body>"
    with pytest.raises(Gone):
        portals.named("ndsoft").parse_article(Page(url, html, AT))
