"""Pages of any publisher to whole records; what is no article is refused, and nothing raises."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import NotAnArticle, PageError
from pipeline.extract import article_id, parse_article
from pipeline.records import Article, Page

NOON = datetime(2026, 9, 27, 3, tzinfo=UTC)
URL = "https://www.hanbit.example/society/2609270041?utm_source=x"
HEAD = """<html lang="ko"><head><title>강변 도서관 문 열다 | 한빛일보</title>
<meta property="og:type" content="article"><meta property="og:title" content="강변 도서관 문 열다">
<meta property="og:site_name" content="한빛일보"><link rel="canonical" href="/society/2609270041">
<meta property="article:published_time" content="2026-09-27T09:10:00+09:00">
<meta name="author" content="김하늘 기자"></head>"""
BODY = """<body><nav><a href="/">처음</a></nav><h1>강변 도서관 문 열다</h1><article>
<figure><img src="/a.jpg"><figcaption>강변 도서관 앞. 한빛시 제공</figcaption></figure>
<p>(한빛=한빛일보) 김하늘 기자 = 한빛시는 27일 강변 도서관의 문을 새로 열었다고 밝혔다.</p>
<p>도서관에는 책 3만 권과 열람석 200개가 있으며, 시민이면 누구나 이용할 수 있다.</p>
<p>한빛시 관계자는 “주말에도 밤 열 시까지 연다”고 말했다.</p>
<p>김하늘 기자 sky@hanbit.example</p>
<p>&lt;저작권자 ⓒ 한빛일보, 무단 전재 및 재배포, AI 학습 이용 금지&gt;</p></article>
<aside><h3>많이 본 뉴스</h3><a href="/2">너울시 버스 노선 바뀐다</a></aside></body></html>"""


def article_of(html: str, url: str = URL, **more) -> Article:
    return parse_article(Page(url, html, NOON, **more))


def test_a_whole_record() -> None:
    found = article_of(HEAD + BODY, site_signals=(("robots", "keeps out GPTBot"),))
    assert found.id == article_id("https://www.hanbit.example/society/2609270041")
    assert found.canonical_url == "https://www.hanbit.example/society/2609270041"
    assert (found.portal, found.parser, found.publisher) == ("web", "web/1", "한빛일보")
    assert found.headline == "강변 도서관 문 열다"
    assert found.published_at == datetime(2026, 9, 27, 0, 10, tzinfo=UTC)
    assert [(a.name, a.email, a.role) for a in found.authors] == [
        ("김하늘", "sky@hanbit.example", "기자")
    ]
    assert found.text.split("\n\n")[-1].startswith("한빛시 관계자는")
    assert len(found.text.split("\n\n")) == 3
    assert [image.caption for image in found.images] == ["강변 도서관 앞. 한빛시 제공"]
    assert found.rights.uses.ai_train == "prohibited"
    assert [signal.type for signal in found.rights.signals] == ["notice", "robots"]


SEARCH = (
    "<html><head><meta property='og:type' content='website'><title>검색</title></head><body>"
    "<h1>검색</h1><p>" + "검색 결과를 더 정확하게 찾으려면 검색어를 바꾸어 보세요. " * 40 + "</p>"
)


@pytest.mark.parametrize(
    "html", ["", "<p>x</p>", "<h1>머리</h1>", "<h1>머리</h1><p>짧은 글.</p>", SEARCH]
)
def test_what_is_no_article(html: str) -> None:
    with pytest.raises(NotAnArticle):
        article_of(html, "")


def test_ids_are_of_the_canonical_url_alone() -> None:
    other = article_of(HEAD + BODY, "https://m.hanbit.example/x?fbclid=1")
    assert other.canonical_url.endswith("/society/2609270041")
    assert len(article_id("https://a.example/1")) == len("web:") + 16
    assert article_id("https://a.example/1") != article_id("https://a.example/2")


_WORDS = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<br>",
    "<article>",
    "<h1>",
    "</h1>",
    "<script>",
    "</script>",
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":',
    "<!--",
    "-->",
    "<table>",
    "<td>",
    "<figure>",
    "<img src=a.jpg>",
    '<meta property="og:title" content="',
    '">',
    "<time>",
    "\ud800",
    "2026. 9. 27. 오후 25:61",
    "기자 a@b.example",
    "ⓒ",
    "\x00",
    "\u202e",
    "한빛시는 문을 열었다. " * 3,
]


@given(st.lists(st.sampled_from(_WORDS), max_size=12), st.integers(0, 900), st.integers(0, 900))
@settings(deadline=None, max_examples=200)
def test_mutated_pages_never_raise_anything_else(pieces: list[str], at: int, until: int) -> None:
    page = HEAD + BODY
    mutated = page[:at] + "".join(pieces) + page[max(at, until) :]
    try:
        found = article_of(mutated)
    except PageError:
        return
    said = [found.headline, found.text, *(block.text for block in found.body)]
    assert all(unicodedata.is_normalized("NFC", text) for text in said)
    kinds = {unicodedata.category(c) for text in said for c in text if c != "\n"}
    assert not kinds & {"Cc", "Cs"}
    letters = {c for block in found.body for c in block.text if c.isalnum()}
    assert letters <= set(unicodedata.normalize("NFC", mutated))
