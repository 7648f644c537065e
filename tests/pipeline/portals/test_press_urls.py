"""Every form of an article's URL on a site of the press, or on ND-soft's system, gives one id."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import portals
from pipeline.portals import _press_sites, _press_urls
from pipeline.records import Page

ARC = "ONSAEPOSTDRONEQ2ZT7LETTERA"
FORMS = {
    "https://www.yna.co.kr/view/AKR20260927041200990": [
        "https://m.yna.co.kr/view/AKR20260927041200990?section=society/all&site=topnews01",
        "https://www.yna.co.kr/amp/view/AKR20260927041200990",
        "http://yna.co.kr/view/AKR20260927041200990/",
    ],
    "https://www.hani.co.kr/arti/society/society_general/1230001.html": [
        "https://m.hani.co.kr/arti/society/society_general/1230001.html?_fr=mt1",
        "http://www.hani.co.kr/arti/PRINT/society/society_general/1230001.html",
    ],
    "https://www.joongang.co.kr/article/25300010": [
        "https://www.joongang.co.kr/amparticle/25300010",
        "https://mnews.joongang.co.kr/article/25300010#home",
        "https://news.joins.com/article/25300010?cloc=joongang-mhome-group1",
    ],
    "https://www.donga.com/news/article/all/20260926/131745012/1": [
        "https://www.donga.com/news/Politics/article/all/20260926/131745012/2?ref=main",
        "https://www.donga.com/news/amp/all/20260926/131745012/1",
        "https://news.donga.com/3/all/20260926/131745012/1",
    ],
    f"https://www.chosun.com/national/2026/09/25/{ARC}/": [
        f"https://www.chosun.com/national/2026/09/25/{ARC}/?outputType=amp&utm_source=naver",
        f"https://chosun.com/national/2026/09/25/{ARC}",
    ],
    f"https://biz.chosun.com/it-science/ict/2026/09/25/{ARC}/": [
        f"https://biz.chosun.com/it-science/ict/2026/09/25/{ARC}/?outputType=amp"
    ],
    "https://news.chosun.com/site/data/html_dir/2020/08/20/2020082099001.html": [
        "http://news.chosun.com/site/data/html_dir/2020/08/20/2020082099001.html?utm_source=x"
    ],
    "https://www.hankookilbo.com/news/article/A2026092610450009901": [
        "https://www.hankookilbo.com/News/Read/A2026092610450009901",
        "https://m.hankookilbo.com/News/Read/A2026092610450009901?did=NA",
    ],
    "https://www.mk.co.kr/article/11335489": [
        "https://www.mk.co.kr/news/politics/11335489",
        "https://m.mk.co.kr/news/politics/11335489?utm_source=x",
    ],
    "https://www.yonhapnewstv.co.kr/news/MYH20260920009000990": [
        "http://m.yonhapnewstv.co.kr/news/MYH20260920009000990?srt=l"
    ],
    "https://www.asiae.co.kr/article/2026092710300099001": [
        "https://view.asiae.co.kr/article/2026092710300099001",
        "https://cm.asiae.co.kr/article/2026092710300099001?aceRef=x",
    ],
    "https://www.seoul.co.kr/news/newsView.php?id=20260920990001": [
        "https://www.seoul.co.kr/news/society/law/2026/09/20/20260920990001?wlog_tag3=naver",
        "https://m.seoul.co.kr/news/newsView.php?cp=seoul&id=20260920990001",
    ],
    "https://www.munhwa.com/article/11511111": ["https://m.munhwa.com/article/11511111?x=1"],
    "https://news.kbs.co.kr/news/pc/view/view.do?ncd=8123456": [
        "https://news.kbs.co.kr/news/mobile/view/view.do?ncd=8123456&ref=A",
        "http://news.kbs.co.kr/news/view.do?ref=A&ncd=8123456",
    ],
    "https://news.sbs.co.kr/news/endPage.do?news_id=N1008123456": [
        "https://news.sbs.co.kr/amp/news.amp?news_id=N1008123456",
        "http://news.sbs.co.kr/news/endPage.do?news_id=N1008123456&plink=ORI&cooper=NAVER",
    ],
    "https://www.wowtv.co.kr/NewsCenter/News/Read?articleId=A202609270123": [
        "https://m.wowtv.co.kr/NewsCenter/News/Read?t=NN&articleId=A202609270123"
    ],
    "https://www.nongmin.com/article/20260927500123": [
        "https://m.nongmin.com/article/20260927500123?x=1"
    ],
    "http://entermedia.co.kr/news/news_view.html?idx=8723": [
        "http://www.entermedia.co.kr/news/news_view.html?idx=8723&page=1&bc=&mc=&find=&sch_date=",
        "http://entermedia.co.kr/m/news_view.html?idx=8723",
    ],
}
PAIRS = [(url, canonical) for canonical, urls in FORMS.items() for url in (canonical, *urls)]
ND = "https://www.onsae.example/news/articleView.html?idxno=204511"
ND_FORMS = [
    ND,
    "http://onsae.example/news/articleView.html?idxno=204511",
    "https://m.onsae.example/news/articleView.html?idxno=204511",
    "https://www.onsae.example/news/articleViewAmp.html?idxno=204511",
    "https://www.onsae.example/news/articlePrint.html?idxno=204511",
    "https://WWW.onsae.example/news/articleView.html?utm_source=x&idxno=204511&replyAll=#reply",
]


def _owner(url: str) -> str | None:
    owner = portals.for_page(Page(url, "", datetime.fromisoformat("2026-09-27T11:00:00+09:00")))
    return owner.NAME if owner else None


@pytest.mark.parametrize(("url", "canonical"), PAIRS)
def test_every_form_is_one_article(url: str, canonical: str) -> None:
    press = portals.named("press")
    assert press.article_id(url) == press.article_id(canonical) is not None
    assert press.canonical_url(url) == canonical
    assert _owner(url) == "press"


@pytest.mark.parametrize("url", ND_FORMS)
def test_every_form_on_the_content_system_is_one_article(url: str) -> None:
    ndsoft = portals.named("ndsoft")
    assert ndsoft.article_id(url) == "ndsoft:onsae.example:204511"
    assert ndsoft.canonical_url(ndsoft.canonical_url(url)) == ndsoft.canonical_url(url)
    assert _owner(url) == "ndsoft"


def test_a_host_of_the_content_system_is_kept_but_for_the_mobile_one() -> None:
    ndsoft = portals.named("ndsoft")
    assert [ndsoft.canonical_url(url) for url in ND_FORMS[:4]] == [
        ND,
        ND.replace("www.", ""),
        ND,
        ND,
    ]
    local = "http://127.0.0.1:8000/news/articleView.html?idxno=7"
    assert ndsoft.canonical_url(local + "&page=2") == local
    assert ndsoft.article_id("articleView.html?idxno=7", base=local) == "ndsoft:127.0.0.1:8000:7"


def test_every_address_has_a_form_and_a_template() -> None:
    hosts = {address.host for address in _press_urls._ADDRESSES}
    assert {str(_press_urls.host_of(url)) for url in FORMS} == hosts
    assert {site.host for site in _press_sites.SITES} == hosts


@pytest.mark.parametrize(
    "url",
    [
        "https://www.yna.co.kr/society/all",
        "https://www.yna.co.kr/view/PYH20260927000100990",
        "https://en.yna.co.kr/view/AEN20260927041200990",
        "https://www.hani.co.kr/arti/society",
        "https://www.joongang.co.kr/politics",
        "https://www.donga.com/news/Politics/List",
        "https://www.chosun.com/politics/",
        "https://www.chosun.com/nsearch/?query=2026/09/25",
        "https://www.hankookilbo.com/News/Politics",
        "https://www.mk.co.kr/news/politics/",
        "https://www.mk.co.kr/en/politics/11335489",
        "https://www.seoul.co.kr/newsList/politics",
        "https://news.kbs.co.kr/news/pc/category/category.do?ctcd=0003",
        "https://news.sbs.co.kr/news/newsSection.do?sectionType=01",
        "https://news.tvchosun.com/site/data/html_dir/2026/01/06/2026010690123.html",
        "https://www.yna.co.kr.evil.example/view/AKR20260927041200990",
        "https://evil.example/view/AKR20260927041200990",
        "ftp://www.yna.co.kr/view/AKR20260927041200990",
        "https://www.onsae.example/news/articleList.html?sc_section_code=S1N3",
        "https://www.onsae.example/news/articleView.html",
        "https://www.onsae.example/news/articleView.html?idxno=",
        "https://www.onsae.example/news/articleView.html?xidxno=1",
        "https://www.onsae.example:port/news/articleView.html?idxno=1",
        "http://[",
        "",
    ],
)
def test_what_is_no_article_has_no_id(url: str) -> None:
    for name in ("press", "ndsoft"):
        assert portals.named(name).article_id(url) is None
        assert portals.named(name).canonical_url(url) == url
    assert not url or _owner(url) is None


@given(
    st.sampled_from([*sorted(_press_urls._BY_HOST), "onsae.example"]),
    st.text(alphabet="/?&=.-_#abdehinorstvwAKNR0123456789", max_size=60),
)
def test_no_url_of_a_site_breaks_it(host: str, tail: str) -> None:
    for name in ("press", "ndsoft"):
        portal = portals.named(name)
        found = portal.article_id(f"https://{host}/{tail}")
        assert found is None or found == portal.article_id(
            portal.canonical_url(f"https://{host}/{tail}")
        )


ND_BODY = "article-view-content-div"
PAGE = '<meta content="{}" property="og:url"><div id="{}">'


@pytest.mark.parametrize(
    ("url", "body", "owner"),
    [
        ("https://www.yna.co.kr/view/AKR20260927041200990", "x", "press"),
        ("https://www.yna.co.kr/society/all", "x", None),
        ("https://www.onsae.example/news/articleView.html?a=1&amp;idxno=7", ND_BODY, "ndsoft"),
        ("https://www.onsae.example/news/articleView.html?idxno=7", "other", None),
        ("https://www.onsae.example/about", ND_BODY, None),
    ],
)  # fmt: skip
def test_a_saved_page_without_url_is_known_by_what_it_says(
    url: str, body: str, owner: str | None
) -> None:
    html = PAGE.format(url, body)
    assert [n for n in portals.names() if portals.named(n).recognises(html)] == (
        [owner] if owner else []
    )
