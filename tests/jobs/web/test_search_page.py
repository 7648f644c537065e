"""The search page: what is found, narrowed down, shared; and what the world wrote stays text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import httpx
import pytest

from pipeline.records import Article, Author, Block, Rights, Source, Uses
from pipeline.store import Store

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2026, 9, 27, 12, 0, tzinfo=SEOUL)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
    "\u202e거꾸로\u2066<b>",
    "' onmouseover='alert(1)",
)


def article(number: int, **changes: object) -> Article:
    at = NOON - timedelta(hours=number)
    url = f"https://v.daum.net/v/{number}"
    made = Article(
        id=f"daum:{number}", portal="daum", publisher="한빛일보", url=url, canonical_url=url,
        headline=f"정부, {number}번째 예산안", body=(Block("paragraph", "정부는 예산안을 냈다."),),
        text="정부는 27일 예산안을 냈다. 금융감독원도 밝혔다.", fetched_at=at, parser="daum/1",
        authors=(Author("김하나"),), section="정치", language="ko", published_at=at,
        published_at_source="meta",
    )  # fmt: skip
    return replace(made, **changes)


@pytest.fixture
def filled(store: Store) -> Store:
    for name in ("politics", "society"):
        store.sources.remember(Source(name, "daum", (f"http://h/{name}",)), NOON)
    for number in range(25):
        store.articles.save(article(number), "politics")
    odd = article(
        30, headline="국회, 법안 살핀다", publisher="다온신문", section="사회", labels=("단독",),
        authors=(Author("이두리"), Author("박세찬")),
        rights=Rights("무단 전재 금지", None, None, Uses("prohibited", "reserved", "prohibited")),
    )  # fmt: skip
    store.articles.save(odd, "society")
    return store


class Read(HTMLParser):
    """A page as a browser takes it: its elements, the names of their attributes, its text, its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._from = -1
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "a":
            self.links.append((dict(attrs).get("href") or "", ""))
            self._from = len(self.text)

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            said = " ".join("".join(self.text[self._from :]).split())
            self.links[-1] = (self.links[-1][0], said)


def link(html: str, text: str) -> str:
    return next(url for url, said in Read(html).links if said == text)


def hits(html: str) -> list[str]:
    return [url for url, _ in Read(html).links if url.startswith("/article/")]


def heading(html: str) -> str:
    found = re.search(r'<h2 id="results">(.*?)</h2>', html, re.DOTALL)
    assert found
    return " ".join(found[1].split())


def test_words_are_found_marked_and_counted(page: httpx.Client, filled: Store) -> None:
    html = page.get("/search", params={"q": "국회"}).text
    assert hits(html) == ["/article/daum:30"]
    assert heading(html) == "1건"
    assert "<mark>국회</mark>, 법안 살핀다" in html
    assert "<title>‘국회’ 검색 · gisa</title>" in html
    for said in ("단독", "다온신문", "이두리", "박세찬", "사회", "society", "2026-09-26 06:00"):
        assert said in html
    assert "금지: 재배포, AI 학습" in html


def test_without_words_the_newest_come_first(page: httpx.Client, filled: Store) -> None:
    html = page.get("/search").text
    assert heading(html) == "최신 기사 26건"
    assert hits(html) == [f"/article/daum:{number}" for number in range(20)]
    assert hits(page.get(link(html, "다음 →")).text)[-1] == "/article/daum:30"


def test_an_empty_database_says_so(page: httpx.Client) -> None:
    html = page.get("/search").text
    assert "아직 모은 기사가 없습니다." in html
    assert (
        "Nothing was collected yet." in page.get("/search", headers={"accept-language": "en"}).text
    )


def test_facets_narrow_down_and_chips_take_back(page: httpx.Client, filled: Store) -> None:
    html = page.get("/search", params={"q": "정부"}).text
    assert heading(html) == "26건"
    narrowed = page.get(link(html, "다온신문"))
    assert (narrowed.status_code, hits(narrowed.text)) == (200, ["/article/daum:30"])
    back = next(
        url for url, said in Read(narrowed.text).links if said.startswith("언론사 다온신문")
    )
    assert heading(page.get(back).text) == "26건"
    day = page.get(link(html, "2026-09-26")).text
    assert hits(day) == [f"/article/daum:{number}" for number in (*range(13, 25), 30)]
    rights = page.get("/search?rights=tdm:reserved", follow_redirects=True).text
    assert hits(rights) == ["/article/daum:30"]


def test_all_filters_at_once_and_one_too_many(page: httpx.Client, filled: Store) -> None:
    everything = {
        "q": "국회", "source": "society", "publisher": "다온신문", "section": "사회", "author": "이두리",
        "rights": "tdm:reserved", "day": "2026-09-26", "since": "2026-09-01", "until": "2026-09-27",
        "sort": "newest",
    }  # fmt: skip
    answer = page.get("/search", params=everything)
    assert (answer.status_code, hits(answer.text)) == (200, ["/article/daum:30"])
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert kept == {
        name: everything[name] for name in everything if name not in ("q", "since", "until")
    }
    none = page.get("/search", params=everything | {"section": "경제"}).text
    assert heading(none) == "찾은 기사가 없습니다"
    assert "이 조건을 빼면 있습니다" in none
    assert hits(page.get(link(none, "분야 경제")).text) == ["/article/daum:30"]


def test_an_address_has_one_form(page: httpx.Client, filled: Store) -> None:
    sloppy = "/search?page=1&source=&sort=newest&q=%EC%A0%95%EB%B6%80&within=&since=&until="
    answer = page.get(sloppy)
    assert (answer.status_code, answer.headers["location"]) == (
        302,
        "/search?q=%EC%A0%95%EB%B6%80&sort=newest",
    )
    shared = page.get(answer.headers["location"])
    assert shared.status_code == 200
    assert 'value="정부"' in shared.text
    assert page.get("/search?q=a&page=-1").headers["location"] == "/search?q=a"


def test_nothing_found_leads_to_something(page: httpx.Client, filled: Store) -> None:
    html = page.get("/search", params={"q": "국회에서는 없는말"}).text
    assert heading(html) == "찾은 기사가 없습니다"
    assert hits(page.get(link(html, "국회")).text) == ["/article/daum:30"]
    html = page.get("/search", params={"q": "없는말"}).text
    assert "조사를 떼거나 더 짧은 말로" in html
    filled.db.conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    assert "색인에 없는 기사가 26건" in page.get("/search", params={"q": "없는말"}).text


@pytest.mark.parametrize(
    "query",
    [
        '"', "''", "NEAR(정부 예산)", "*", "AND", "정부 AND", "(((", ")", "OR OR", "-", "- -", "^정부",
        "정부*", "terms:정부", '"정부', "정부\"예산", "\0", "\0정부", "😀", "\u202e", "a" * 5000, "{}[]",
        "정" * 1000, "-정부", "%_\\", "\udcff".encode("utf-8", "surrogatepass").decode("latin-1"),
        "?", "&amp;", "{{ 7*7 }}", "{n}", "5G", "3.5%",
    ],
)  # fmt: skip
def test_any_query_has_an_answer(page: httpx.Client, filled: Store, query: str) -> None:
    answer = page.get("/search", params={"q": query}, follow_redirects=True)
    assert answer.status_code == 200
    assert (
        hits(answer.text) or heading(answer.text) == "찾은 기사가 없습니다" or not query.strip("\0")
    )


def test_a_query_without_a_word_says_what_can_be_searched(
    page: httpx.Client, filled: Store
) -> None:
    for query in ("!?", "😀", "-정부"):
        assert "글자나 숫자가 없습니다" in page.get("/search", params={"q": query}).text


def test_decomposed_hangul_is_the_same(page: httpx.Client, filled: Store) -> None:
    query = unicodedata.normalize("NFD", "국회")
    answer = page.get("/search", params={"q": query}, follow_redirects=True)
    assert hits(answer.text) == ["/article/daum:30"]


def test_far_too_long_is_refused_and_serving_goes_on(page: httpx.Client, filled: Store) -> None:
    assert page.get("/search", params={"q": "a" * 60_000}).status_code in (400, 431)
    assert page.get("/search", params={"q": "a" * 9_000}).status_code == 302
    assert page.get("/search", params={"page": "9" * 1000}).status_code == 302
    assert page.get("/search").status_code == 200


ELEMENTS = {
    "a", "aside", "b", "bdi", "body", "button", "details", "div", "footer", "form", "h1", "h2", "h3", "head",
    "header", "html", "input", "label", "li", "link", "main", "mark", "meta", "nav", "ol", "option", "p",
    "section", "select", "span", "summary", "time", "title", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "action", "aria-current", "aria-describedby", "aria-hidden", "aria-label", "aria-labelledby",
    "autocomplete", "charset", "class", "content", "datetime", "for", "href", "id", "lang", "maxlength",
    "method", "name", "rel", "role", "selected", "start", "tabindex", "title", "type", "value",
}  # fmt: skip


@pytest.mark.parametrize("evil", HOSTILE)
def test_what_the_world_wrote_stays_text(page: httpx.Client, filled: Store, evil: str) -> None:
    made = article(
        40, id=f"daum:{evil}", headline=f"국회 {evil}", text=f"국회 {evil}", section=evil,
        publisher=evil, authors=(Author(evil),), labels=(evil,), language=evil, published_at=None,
    )  # fmt: skip
    filled.articles.save(made, "society")
    everything = dict.fromkeys(("section", "publisher", "author", "source", "day", "sort"), evil)
    for params in (
        {"q": f"국회 {evil}"}, {"section": evil}, {"publisher": evil}, {"author": evil}, {"q": "국회"},
        everything | {"q": "없는말"},
    ):  # fmt: skip
        read = Read(page.get("/search", params=params, follow_redirects=True).text)
        assert read.tags <= ELEMENTS
        assert read.attributes <= ATTRIBUTES
        assert all(url.startswith(("/", "#")) for url, _ in read.links)
        assert not set("".join(read.text)) & {"\u202e", "\u2066"}
    found = page.get("/search", params={"section": evil, "author": evil}, follow_redirects=True)
    assert len(hits(found.text)) == 1


def test_texts_of_megabytes_make_no_page_of_megabytes(page: httpx.Client, filled: Store) -> None:
    long = "국회 " * 20_000
    made = article(
        0, id="daum:41", headline=long, text=long * 10, section=long, publisher=long,
        authors=(Author(long),) * 3, labels=(long,) * 9,
    )  # fmt: skip
    filled.articles.save(made, "society")
    for params in ({}, {"q": "국회"}):
        answer = page.get("/search", params=params)
        assert answer.status_code == 200
        assert len(answer.content) < 200_000
        assert "/article/daum:41" in hits(answer.text)


def test_the_page_is_read_from_the_words_to_the_facets(page: httpx.Client, filled: Store) -> None:
    html = page.get("/search?q=%EC%A0%95%EB%B6%80&source=politics").text
    order = ['href="#content"', 'id="q"', "<button", 'id="within"', 'class="chips"', 'id="results"',
             'href="/article/', 'rel="next"', 'id="facets"', 'href="/feed.atom']  # fmt: skip
    places = [html.index(part, html.index("<body")) for part in order]
    assert places == sorted(places)
    assert html.count("<h1") == 1


def test_it_speaks_english_too(page: httpx.Client, filled: Store) -> None:
    english = {"accept-language": "en"}
    html = page.get("/search", params={"q": "국회"}, headers=english).text
    assert heading(html) == "1 article"
    assert "prohibited: Redistribution, AI training" in html
    assert not re.search(
        "[가-힣]", page.get("/search?q=zzz", headers=english).text.replace("기사", "")
    )


def test_it_links_its_feeds(page: httpx.Client, filled: Store) -> None:
    html = page.get("/search?q=%EA%B5%AD%ED%9A%8C&source=society&sort=newest").text
    query = "?q=%EA%B5%AD%ED%9A%8C&amp;source=society"
    for path, kind in (("/feed.atom", "atom+xml"), ("/feed.json", "feed+json")):
        assert html.count(f'href="{path}{query}"') == 2
        assert f'<link rel="alternate" type="application/{kind}"' in html
    assert page.get(link(html, "이 검색의 Atom 피드")).status_code == 200
