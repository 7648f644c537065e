"""Feeds are valid whatever articles hold, say what there is to say, and no more text than may be given on."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.feeds.atom import atom
from pipeline.feeds.items import Content, Head, content, entry_id, feed_id
from pipeline.feeds.json_feed import json_feed
from pipeline.records import (
    Article,
    Author,
    Block,
    Change,
    Observed,
    Rights,
    StoredArticle,
    Summary,
    Uses,
)
from tests.pipeline.feeds.validating import (
    NAMES,
    XML_LANG,
    faults_of_atom,
    faults_of_json,
    valid_atom,
    valid_json,
)
from tests.pipeline.store.conftest import ARTICLE, NOON

HEAD = Head(
    feed_id("mailto:desk@newsroom.example", "all"),
    "온새 소식",
    "https://gisa.example/feed",
    "https://gisa.example/",
)
ALLOWED = Rights(
    "CC BY", "한겨레", "https://creativecommons.org/licenses/by/4.0/", Uses("licensed")
)


def change(
    article: Article = ARTICLE, *, hours: float = 0, removed: bool = False, revision: int = 1
) -> Change:
    at = NOON + timedelta(hours=hours)
    seen = Observed(NOON, at, at if removed else None, revision)
    return Change(StoredArticle(article, seen), at)


def of(*changes: Change, head: Head = HEAD, full_text: bool = False) -> Content:
    return content(head, changes, full_text=full_text)


def test_atom_says_what_there_is_to_say() -> None:
    body = atom(of(change(hours=1, revision=2)))
    read = valid_atom(body)
    assert (read.feed.title, read.feed.id, read.feed.language) == ("온새 소식", HEAD.id, "ko")
    assert read.feed.updated == "2026-09-27T04:00:00Z"
    assert {(link.rel, link.href) for link in read.feed.links} == {
        ("self", HEAD.self_url),
        ("alternate", HEAD.home_url),
    }
    (entry,) = read.entries
    assert entry.id == entry_id(ARTICLE.id)
    assert entry.title == "[단독] [속보] 정부, 새 예산안 발표"
    assert entry.link == ARTICLE.canonical_url
    assert (entry.published, entry.updated) == ("2026-09-27T00:54:37Z", "2026-09-27T04:00:00Z")
    assert [author.name for author in entry.authors] == ["김기자", "박선임"]
    assert [tag.term for tag in entry.tags] == ["정치", "예산", "정부"]
    assert (entry.publisher, entry.rights) == ("한겨레", "무단 전재 금지")
    assert entry.summary == "예산안이 나왔다."
    assert "content" not in entry
    assert ("via", ARTICLE.original_url) in {(link.rel, link.href) for link in entry.links}
    assert "kim@press.example" not in body.decode()
    assert etree.fromstring(body).find("atom:entry", NAMES).get(XML_LANG) == "ko"


def test_json_feed_says_what_there_is_to_say() -> None:
    said = valid_json(json_feed(of(change(hours=1, revision=2))))
    assert (said["title"], said["feed_url"], said["language"]) == (HEAD.title, HEAD.self_url, "ko")
    assert said["home_page_url"] == HEAD.home_url
    (item,) = said["items"]
    assert item["id"] == entry_id(ARTICLE.id)
    assert (item["url"], item["external_url"]) == (ARTICLE.canonical_url, ARTICLE.original_url)
    assert (item["date_published"], item["date_modified"]) == (
        "2026-09-27T00:54:37Z",
        "2026-09-27T04:00:00Z",
    )
    assert item["content_text"] == item["summary"] == "예산안이 나왔다."
    assert item["authors"] == [{"name": "김기자"}, {"name": "박선임"}]
    assert item["tags"] == ["정치", "예산", "정부"]
    assert item["_gisa"]["record_id"] == ARTICLE.id
    assert item["_gisa"]["revision"] == 2
    assert item["_gisa"]["rights"] == {
        "notice": "무단 전재 금지",
        "holder": "한겨레",
        "license_url": None,
        "uses": {"redistribute": "prohibited", "tdm": "reserved", "ai_train": "prohibited"},
    }


@pytest.mark.parametrize(
    ("uses", "full_text", "given_on"),
    [
        ("allowed", False, True),
        ("licensed", False, True),
        ("unknown", False, False),
        ("reserved", False, False),
        ("prohibited", False, False),
        ("prohibited", True, True),
    ],
)
def test_full_text_is_given_where_rights_allow_it_or_the_operator_asks(
    uses: str, full_text: bool, given_on: bool
) -> None:
    article = replace(ARTICLE, rights=replace(ALLOWED, uses=Uses(redistribute=uses)))  # type: ignore[arg-type]
    feed = of(change(article), full_text=full_text)
    (entry,) = valid_atom(atom(feed)).entries
    (item,) = valid_json(json_feed(feed))["items"]
    text = "정부는 27일 새 예산안을 발표했다."
    assert (text in json.dumps(item, ensure_ascii=False)) is given_on
    assert (text in str(entry)) is given_on
    licences = {link.href for link in entry.links if link.rel == "license"}
    assert licences == {ALLOWED.license_url}


def test_a_full_text_is_harmless_html_of_its_blocks() -> None:
    body = (
        Block("paragraph", "첫 줄 <script>alert(1)</script>\n둘째 줄"),
        Block("subhead", "소제목 & 끝"),
        Block("quote", "“말”"),
        Block("list", "하나\n둘"),
        Block("table", "가 | 나\n다 | 라"),
        Block("caption", "사진"),
        Block("paragraph", "\u200b \n"),
    )
    feed = of(change(replace(ARTICLE, body=body)), full_text=True)
    (item,) = valid_json(json_feed(feed))["items"]
    assert item["content_html"].split("\n") == [
        "<p>첫 줄 &lt;script&gt;alert(1)&lt;/script&gt;<br/>둘째 줄</p>",
        "<h3>소제목 &amp; 끝</h3>",
        "<blockquote>“말”</blockquote>",
        "<ul><li>하나</li><li>둘</li></ul>",
        "<pre>가 | 나",
        "다 | 라</pre>",
        "<p><small>사진</small></p>",
    ]
    assert "content_text" not in item
    (entry,) = etree.fromstring(atom(feed)).findall("atom:entry", NAMES)
    assert entry.findtext("atom:content", namespaces=NAMES) == item["content_html"]


def test_without_a_summary_an_excerpt_is_short() -> None:
    article = replace(ARTICLE, summary=None, text="온새시가 밝혔다. " * 500)
    (item,) = valid_json(json_feed(of(change(article))))["items"]
    assert len(item["summary"]) == 200
    assert item["summary"].startswith("온새시가 밝혔다. 온새시가")
    assert item["summary"].endswith("…")


def test_what_was_taken_down_is_a_tombstone_without_its_text() -> None:
    feed = of(change(hours=2, removed=True, revision=2), change(replace(ARTICLE, id="daum:2")))
    body = atom(feed)
    read = valid_atom(body)
    assert [entry.id for entry in read.entries] == [entry_id("daum:2")]
    (gone,) = etree.fromstring(body).findall("at:deleted-entry", NAMES)
    assert dict(gone.attrib) == {"ref": entry_id(ARTICLE.id), "when": "2026-09-27T05:00:00Z"}
    assert read.feed.updated == "2026-09-27T05:00:00Z"
    said = valid_json(json_feed(feed))
    assert [item["_gisa"]["record_id"] for item in said["items"]] == ["daum:2"]
    assert said["_gisa"]["removed"] == [
        {
            "id": entry_id(ARTICLE.id),
            "record_id": ARTICLE.id,
            "removed_at": "2026-09-27T05:00:00Z",
        }
    ]


def test_an_empty_feed_is_a_feed() -> None:
    feed = of(head=Head(HEAD.id, "\u200b"))
    read = valid_atom(atom(feed))
    assert (read.entries, read.feed.title, read.feed.updated) == (
        [],
        "gisa",
        "1970-01-01T00:00:00Z",
    )
    assert valid_json(json_feed(feed))["items"] == []


def test_ids_stay_and_the_same_articles_make_the_same_bytes() -> None:
    # were these to change, every article would be new to every reader
    assert entry_id("daum:1") == "urn:uuid:25a4c666-6a5c-5ec0-994c-bdfa5fd03929"
    assert feed_id("a", "b") != feed_id("a", "c") != feed_id("b", "c")
    moved = replace(ARTICLE, url="https://moved.example/1", canonical_url="https://moved.example/1")
    assert valid_atom(atom(of(change(moved)))).entries[0].id == entry_id(ARTICLE.id)
    assert atom(of(change())) == atom(of(change()))
    assert json_feed(of(change())) == json_feed(of(change()))


def test_the_validators_see_faults() -> None:
    atom_body, json_body = atom(of(change())), json_feed(of(change()))
    for old, new in [
        (b"<updated>2026", b"<updated>26"),
        (b"<title>", b"<title type='x'>"),
        (b"<author><name>", b"<author><uri/><uri/><name>"),
        (b"</entry>", b"<published>2026-09-27T00:54:37Z</published></entry>"),
        (b'rel="alternate"', b'rel="other"'),
        (b"https://v.daum", b"javascript:v.daum"),
    ]:
        assert faults_of_atom(atom_body.replace(old, new)), (old, new)
    for old, new in [
        (b'"content_text"', b'"content_texts"'),
        (b'"title"', b'"titel"'),
        (b"T00:54:37Z", b""),
        (b"version/1.1", b"version/2"),
        (b"https://v.daum", b"javascript:v.daum"),
    ]:
        assert faults_of_json(json_body.replace(old, new)), (old, new)


MEGABYTES = 5_000_000
EVIL = "]]> <![CDATA[ &amp; &#0; \x00\x0b\x1b[2J \u202e거꾸로\u2066 \ud800 \ufffe \U0010ffff \u2028 \x85"


@pytest.mark.parametrize(
    "article",
    [
        replace(ARTICLE, headline=EVIL, text=EVIL, body=(Block("paragraph", EVIL),)),
        replace(ARTICLE, headline="가" * MEGABYTES, text="나 " * (MEGABYTES // 2)),
        replace(ARTICLE, headline=" " * MEGABYTES),
        replace(ARTICLE, headline="", labels=(), text="", summary=None, body=()),
        replace(ARTICLE, headline="\u200b\u202e", labels=(), text="\x00", summary=None),
        replace(ARTICLE, id=EVIL, publisher=EVIL, section=EVIL, portal=EVIL, language=EVIL),
        replace(ARTICLE, id="", publisher="", portal="", authors=()),
        replace(ARTICLE, authors=(Author(EVIL), Author(""), Author("\u200b"))),
        replace(ARTICLE, authors=(Author("김"),) * 10_000, keywords=tuple(map(str, range(10_000)))),
        replace(ARTICLE, keywords=("", EVIL, "예산", "예산", "정치"), section=None),
        replace(ARTICLE, language="ko_KR"),
        replace(ARTICLE, language="한국어"),
        replace(ARTICLE, language=""),
        replace(ARTICLE, language=None),
        replace(ARTICLE, summary=Summary(EVIL, "portal")),
        replace(ARTICLE, rights=Rights(EVIL, EVIL, "javascript:alert(1)", Uses("allowed"))),
        replace(ARTICLE, rights=Rights("금지 " * MEGABYTES)),
        replace(ARTICLE, url="javascript:alert(1)", canonical_url="javascript:alert(1)"),
        replace(ARTICLE, url="", canonical_url="", original_url="data:text/html,x", text="글"),
        replace(ARTICLE, canonical_url='https://a.example/"><script>?q=한글 값#끝'),
        replace(ARTICLE, canonical_url="https://a.example/\u202e\x00", url="https://a.example/1"),
        replace(ARTICLE, published_at=None, modified_at=None),
        replace(ARTICLE, published_at=datetime(1, 1, 1, tzinfo=UTC)),
        replace(ARTICLE, published_at=datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        # Seoul before 1908: an offset with seconds is no RFC 3339
        replace(
            ARTICLE,
            published_at=datetime(
                1907, 1, 1, tzinfo=timezone(timedelta(hours=8, minutes=27, seconds=52))
            ),
        ),
    ],
    ids=range(25),
)
@pytest.mark.parametrize("full_text", [False, True])
def test_whatever_an_article_holds_the_feed_is_valid(article: Article, full_text: bool) -> None:
    feed = of(change(article), change(replace(ARTICLE, id="daum:2")), full_text=full_text)
    atom_body, json_body = atom(feed), json_feed(feed)
    assert len(valid_atom(atom_body).entries) == 2
    first, _ = valid_json(json_body)["items"]
    assert first["title"] or article.id == ""
    assert max(len(atom_body), len(json_body)) < 60_000
    for body in (atom_body.decode(), json_body.decode()):
        assert not {c for c in body if unicodedata.category(c) in ("Cc", "Cf", "Cs")} - {"\n"}
        assert "javascript:" not in body


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_valid(one: str, other: str) -> None:
    article = replace(
        ARTICLE, id=one, headline=one, text=other, labels=(other,), publisher=other, section=one,
        keywords=(one, other), authors=(Author(one),), canonical_url=f"https://a.example/{one}",
        body=(Block("paragraph", one), Block("list", other)), rights=Rights(other, one, other),
        language=other, summary=None, original_url=one,
    )  # fmt: skip
    feed = of(change(article), head=Head(HEAD.id, one, other, other), full_text=True)
    assert faults_of_atom(atom(feed)) == []
    assert faults_of_json(json_feed(feed)) == []


def test_every_character_of_unicode_is_legal_xml_or_left_out() -> None:
    for start in range(0, 0x110000, 0x8000):
        some = "".join(f"가{chr(n)}" for n in range(start, start + 0x8000))
        article = replace(ARTICLE, body=(Block("paragraph", some),), text="")
        etree.fromstring(atom(of(change(article), full_text=True)), etree.XMLParser(huge_tree=True))
