"""Every form of an article's URL gives one id and one canonical URL; what is no article gives none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import portals

N = "https://n.news.naver.com/article/001/0012345678"
NATE = "https://news.nate.com/view/20260703n12345"
ZUM = "https://news.zum.com/articles/98407004"

NAVER_FORMS = [
    N,
    "http://n.news.naver.com/article/001/0012345678/",
    "https://n.news.naver.com/article/001/0012345678?cds=news_edit&type=journalists#comment",
    "https://n.news.naver.com/mnews/article/001/0012345678?sid=100",
    "https://n.news.naver.com/mnews/ranking/article/001/0012345678?ntype=RANKING&sid=001",
    "https://n.news.naver.com/mnews/hotissue/article/001/0012345678?cid=1089510",
    "https://n.news.naver.com/article/comment/001/0012345678",
    "https://n.news.naver.com/mnews/article/comment/001/0012345678?sid=100",
    "https://n.news.naver.com/article/newspaper/001/0012345678?date=20260703",
    "http://news.naver.com/main/read.nhn?mode=LSD&mid=sec&sid1=102&oid=001&aid=0012345678",
    "https://news.naver.com/main/read.naver?mode=LSD&mid=shm&sid1=100&oid=001&aid=0012345678",
    "https://news.naver.com/main/ranking/read.nhn?mid=etc&oid=001&aid=0012345678&rankingType=RANKING",
    "https://news.naver.com/main/hotissue/read.nhn?mid=hot&cid=1&iid=2&oid=001&aid=0012345678",
    "https://news.naver.com/main/tool/print.nhn?oid=001&aid=0012345678",
    "https://m.news.naver.com/read.nhn?oid=1&aid=12345678&sid1=102",
    "https://m.news.naver.com/rankingRead.nhn?oid=001&aid=0012345678&sid1=102&date=20190105",
    "https://sports.news.naver.com/news.nhn?oid=001&aid=0012345678",
    "https://sports.news.naver.com/news?oid=001&aid=0012345678",
    "https://sports.news.naver.com/kbaseball/news/read.nhn?oid=001&aid=0012345678",
    "https://m.sports.naver.com/kbaseball/article/001/0012345678",
    "https://sports.naver.com/kfootball/article/001/0012345678",
    "https://entertain.naver.com/read?oid=001&aid=0012345678",
    "https://entertain.naver.com/ranking/read?oid=001&aid=0012345678",
    "https://m.entertain.naver.com/article/001/0012345678",
    "https://m.entertain.naver.com/ranking/article/001/0012345678",
]
NATE_FORMS = [
    NATE,
    "http://news.nate.com/view/20260703n12345?mid=n0201",
    "https://m.news.nate.com/view/20260703n12345?list=edit&cpcd=",
    "https://sports.news.nate.com/view/20260703n12345?mid=s1001#replyArea",
    "https://news.nate.com/view/20260703n12345/",
]
ZUM_FORMS = [
    ZUM,
    "http://news.zum.com/articles/98407004?cm=news_issue_topic",
    "https://m.news.zum.com/articles/98407004",
    "https://m.news.zum.com/articles/98407004/%EC%9D%B4%EB%B2%88%EC%97%94-%EC%93%B8%EB%A7%8C",
    "https://news.zum.com/articles/98407004/?utm_source=x",
]
FORMS = [
    *(("naver", url, "naver:001:0012345678", N) for url in NAVER_FORMS),
    *(("nate", url, "nate:20260703n12345", NATE) for url in NATE_FORMS),
    *(("zum", url, "zum:98407004", ZUM) for url in ZUM_FORMS),
]


@pytest.mark.parametrize(("portal", "url", "id_", "canonical"), FORMS)
def test_every_form_is_one_article(portal: str, url: str, id_: str, canonical: str) -> None:
    module = portals.named(portal)
    assert module.article_id(url) == id_
    assert module.canonical_url(url) == canonical
    assert module.canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    ("portal", "url", "base", "id_"),
    [
        ("naver", "/article/980/0000004411?type=journalists", N, "naver:980:0000004411"),
        (
            "naver",
            "/main/read.nhn?oid=980&aid=0000004411",
            "http://news.naver.com/main/home.nhn",
            "naver:980:0000004411",
        ),
        ("nate", "//news.nate.com/view/20260703n00001?mid=n1006", NATE, "nate:20260703n00001"),
        ("zum", "/articles/101000045/slug", ZUM, "zum:101000045"),
    ],
)
def test_relative_form_holds_for_its_page(portal: str, url: str, base: str, id_: str) -> None:
    assert portals.named(portal).article_id(url, base=base) == id_
    assert portals.named(portal).article_id(url) in (None, id_)


@pytest.mark.parametrize(
    ("portal", "url"),
    [
        ("naver", "https://news.naver.com/section/102"),
        ("naver", "https://news.naver.com/main/ranking/popularDay.naver?date=20260703"),
        ("naver", "https://news.naver.com/main/list.naver?mode=LPOD&mid=sec&oid=001"),
        (
            "naver",
            "https://news.naver.com/main/clusterArticles.naver?id=c_1&oid=001&aid=0012345678",
        ),
        ("naver", "https://news.naver.com/main/read.nhn?mode=LSD&oid=001"),
        ("naver", "https://news.naver.com/main/read.nhn?oid={{office}}&aid={{article}}"),
        ("naver", "https://media.naver.com/journalist/016/30023"),
        ("naver", "https://media.naver.com/press/001"),
        ("naver", "https://blog.naver.com/article/001/0012345678"),
        ("naver", "https://n.news.naver.com.evil.example/article/001/0012345678"),
        ("naver", "https://evil.example/article/001/0012345678"),
        ("naver", "https://www.press.example/article/001/0012345678"),
        ("nate", "https://news.nate.com/rank/interest?sc=all"),
        ("nate", "https://news.nate.com/view/summary/20260703n12345"),
        ("nate", "https://evilnate.com/view/20260703n12345"),
        ("nate", "https://pann.nate.com/talk/123456789"),
        ("zum", "https://news.zum.com/front?c=03"),
        ("zum", "https://hub.zum.com/articles/75576"),
        ("zum", "https://zum.com/articles/75576"),
        ("naver", "http://["),
        ("nate", "http://["),
        ("zum", "http://["),
        ("naver", ""),
        ("nate", ""),
        ("zum", ""),
    ],
)
def test_what_is_no_article_has_no_id(portal: str, url: str) -> None:
    module = portals.named(portal)
    assert module.article_id(url) is None
    assert module.canonical_url(url) == url


def test_an_article_number_counts_within_its_office() -> None:
    naver = portals.named("naver")
    other = N.replace("/001/", "/002/")
    assert naver.article_id(N) != naver.article_id(other)


@given(st.text(max_size=60))
def test_no_url_breaks_a_portal(tail: str) -> None:
    for name in portals.names():
        portal = portals.named(name)
        for url in (tail, f"https://n.news.naver.com/{tail}", f"https://news.zum.com/{tail}"):
            found = portal.article_id(url)
            assert found is None or found.startswith(f"{name}:")
            if found:
                assert portal.article_id(portal.canonical_url(url)) == found
