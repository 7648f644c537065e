"""The page of an article, and its record as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from jobs.__main__ import main
from jobs.web.article_blocks import BLOCKS_MOST, CHARACTERS_MOST, body_of
from pipeline.records import (
    Article,
    Author,
    Block,
    Entry,
    Image,
    Related,
    Rights,
    Signal,
    Source,
    Summary,
    Uses,
)
from pipeline.store import Store
from tests.jobs.web.hostile import EVIL, EVIL_URL, SCHEMES, text_of
from tests.pipeline.store.conftest import ARTICLE, NOON

ADDRESS = f"/article/{ARTICLE.id}"
BARE = Article("web:1", "web", None, "http://h/1", "http://h/1", "", (), "", NOON, "web/1")


@pytest.fixture(autouse=True)
def sources(store: Store) -> None:
    for name in ("politics", "society"):
        store.sources.remember(Source(name, "daum", (f"https://news.daum.net/{name}",)), NOON)


def later(hours: float, **changes: object) -> Article:
    return replace(ARTICLE, fetched_at=NOON + timedelta(hours=hours), **changes)  # type: ignore[arg-type]


def saying(text: str) -> dict[str, object]:
    return {"text": text, "body": (Block("paragraph", text),)}


def listed(store: Store, *ranks: int | None, source: str = "politics", head: str = "제목") -> None:
    for look, rank in enumerate(ranks):
        entries = [Entry(ARTICLE.id, ARTICLE.url, ARTICLE.url, rank, head)] if rank else []
        at = NOON + timedelta(minutes=10 * look)
        store.visits.discover(source, f"https://news.daum.net/{source}", entries, at)


def test_everything_that_is_known_is_shown(store: Store, page: httpx.Client) -> None:
    store.articles.save(ARTICLE, "politics")
    html = page.get(ADDRESS).text
    text = text_of(html)
    for said in (
        "단독", "정부, 새 예산안 발표", "첫 줄", "둘째 줄", "한겨레", "정치", "김기자", "kim@press.example",
        "포털 자동 요약 예산안이 나왔다.", "정부는 27일 새 예산안을 발표했다.", "회견장",
        "원본 사진 보기(img.example)",
        "예산", "2026-09-27 09:54", "근거: 기사 페이지의 메타 정보", "2026-09-27 10:00",
        "처음 저장 2026-09-27 12:00",
        "재배포 금지", "텍스트·데이터 분석 권리 유보", "AI 학습 금지", "‘알 수 없음’은 허락이 아닙니다",
        "페이지의 저작권 문구 무단 전재 금지 2026-09-27 12:00", "1판 2026-09-27 12:00 처음 수집",
        "목록에서 본 기록이 없습니다", "다른 기사", "daum/1", "declared utf-8, is cp949", "포털 다음",
    ):  # fmt: skip
        assert said in text, said
    assert f'<link rel="alternate" type="application/json" href="{ADDRESS}.json">' in html
    assert '<article class="article" lang="ko">' in html
    for url in (ARTICLE.canonical_url, ARTICLE.original_url, "https://img.example/2.jpg"):
        assert f'href="{url}" rel="noopener noreferrer nofollow"' in html
    assert "<img" not in html


def test_english_has_the_same_page(store: Store, page: httpx.Client) -> None:
    store.articles.save(ARTICLE, "politics")
    text = text_of(page.get(ADDRESS, headers={"accept-language": "en"}).text)
    for said in ("Redistribution prohibited", "from the page's meta tags", "“Unknown” is not permission",
                 "Revision 1", "Portal Daum"):  # fmt: skip
        assert said in text, said


def test_blocks_are_what_they_are(store: Store, page: httpx.Client) -> None:
    body = (
        Block("subhead", "작은 제목"), Block("quote", "따온 말\n둘째 줄"), Block("list", "하나\n둘"),
        Block("table", "구분 | 지금\n대여소 | 340곳\n합계"), Block("table", "나뉘지 않는 줄"),
    )  # fmt: skip
    store.articles.save(replace(ARTICLE, body=body), "politics")
    html = page.get(ADDRESS).text
    for piece in (
        '<h2 class="subhead">작은 제목</h2>', "<blockquote><p>따온 말<br>둘째 줄</p></blockquote>",
        "<ul><li>하나</li><li>둘</li></ul>", "<p>나뉘지 않는 줄</p>",
        "<tr><td>구분</td><td>지금</td></tr><tr><td>대여소</td><td>340곳</td></tr><tr><td>합계</td><td></td></tr>",
    ):  # fmt: skip
        assert piece in html, piece


def test_a_caption_stands_with_its_picture_and_other_pictures_below() -> None:
    shown = body_of(ARTICLE)
    assert [(it.kind, it.lines, it.image) for it in shown.pieces[1:]] == [
        ("figure", ("회견장",), ARTICLE.images[0])
    ]
    assert shown.images == ARTICLE.images[1:]


def test_a_record_with_nothing_in_it_has_a_page(store: Store, page: httpx.Client) -> None:
    store.articles.save(BARE, "politics")
    answer = page.get("/article/web:1")
    assert answer.status_code == 200
    text = text_of(answer.text)
    for said in (
        "(제목 없음)",
        "본문이 없습니다",
        "재배포 알 수 없음",
        "읽은 권리 표시가 없습니다",
        "발행 –",
    ):
        assert said in text, said
    assert "None" not in text


def test_a_removed_article_says_so_at_the_top_and_keeps_its_text(
    store: Store, page: httpx.Client
) -> None:
    store.articles.save(ARTICLE, "politics")
    store.articles.mark_removed(ARTICLE.id, NOON + timedelta(hours=5))
    html = page.get(ADDRESS).text
    text = text_of(html)
    assert "삭제된 기사 2026-09-27 17:00" in text
    assert html.index("삭제된 기사") < html.index("<h1>")
    assert ARTICLE.text in text
    assert "2판 2026-09-27 17:00 삭제됨" in text


def test_revisions_tell_cause_headline_and_length(store: Store, page: httpx.Client) -> None:
    store.articles.save(ARTICLE, "politics")
    store.articles.save(later(1, headline="정부, 새 예산안 철회"), "politics")
    store.articles.save(
        later(2, headline="정부, 새 예산안 철회", parser="daum/2", **saying(ARTICLE.text + " 끝.")),
        "politics",
    )
    html = page.get(ADDRESS).text
    text = text_of(html)
    assert "2판 2026-09-27 13:00 발행사가 수정 1판과 2판 비교" in text
    assert "정부, 새 예산안 [삭제] 발표 [끝] [추가] 철회 [끝]" in text
    assert "3판 2026-09-27 14:00 새 파서로 다시 읽음 본문 3자 늘어남" in text
    assert f'href="{ADDRESS}/diff?from=1&amp;to=3"' in html


def test_of_many_revisions_the_newest_ten_are_open(store: Store, page: httpx.Client) -> None:
    for number in range(1, 14):
        store.articles.save(later(number, headline=f"{number}보"), "politics")
    html = page.get(ADDRESS).text
    assert (
        html.index("4판</strong>")
        < html.index("이전 3개 판 보기")
        < html.index("3판</strong>", html.index("이전"))
    )


def test_ranks_are_drawn_and_told(store: Store, page: httpx.Client) -> None:
    store.articles.save(ARTICLE, "politics")
    listed(store, 1, 4, None, 2)
    listed(store, 9, source="society", head="다른 제목")
    html = page.get(ADDRESS).text
    text = text_of(html)
    assert html.count('<svg class="ranks" role="img"') == 2
    assert "순위 변화: 1위로 시작해 최고 1위, 최저 4위, 마지막 2위" in text
    assert "노출 20분 최고 1위 마지막 2위 3회 확인" in text
    assert "2026-09-27 12:10 2026-09-27 12:20 4" in text
    assert '<a href="/sources/society">' in html
    assert "다른 제목" in text


def test_where_looks_were_pruned_the_sums_are_left(store: Store, page: httpx.Client) -> None:
    store.articles.save(ARTICLE, "politics")
    listed(store, 1, 2, None)
    store.sightings.prune(NOON + timedelta(minutes=15))
    html = page.get(ADDRESS).text
    assert (
        "2026-09-27 12:00 – 2026-09-27 12:10: 회차별 기록은 정리되어 합계만 남았습니다"
        in text_of(html)
    )
    assert 'class="ranks"' not in html


def test_changed_headlines_of_a_listing_are_a_diff(store: Store, page: httpx.Client) -> None:
    store.articles.save(ARTICLE, "politics")
    for look, head in enumerate(("예산안 발표", "예산안 철회")):
        entry = Entry(ARTICLE.id, ARTICLE.url, ARTICLE.url, 1, head)
        store.visits.discover(
            "politics", "https://h/p", [entry], NOON + look * timedelta(minutes=1)
        )
    assert "2026-09-27 12:01 예산안 [삭제] 발표 [끝] [추가] 철회 [끝]" in text_of(
        page.get(ADDRESS).text
    )


def test_copies_in_its_story_are_linked(store: Store, page: httpx.Client) -> None:
    text = "\n\n".join(
        f"{n}번 문단에는 다온시 공공 자전거 이야기가 {n * 7}줄 적혀 있다." for n in range(30)
    )
    one = replace(ARTICLE, text=text)
    other = replace(one, id="naver:022:1", portal="naver", publisher="<너울>", url="http://n/2777",
                    canonical_url="http://n/2777", original_url=None)  # fmt: skip
    for each in (one, other):
        store.articles.save(each, "politics")
    store.stories.group()
    html = page.get(ADDRESS).text
    assert '<a href="/article/naver:022:1"><bdi>정부, 새 예산안 발표</bdi></a>' in html
    assert "기사 2건 · 발행사 2곳의 사안 보기" in html
    assert "옮긴 글 100%" in text_of(html)


def test_ids_with_odd_characters(store: Store, page: httpx.Client) -> None:
    for key in (
        "odd:a/b",
        "odd:ä 가?#&%20;",
        "odd:..",
        "odd:1.html",
        "odd:%2F%00",
        "odd:<b>\"'",
        "a" * 900,
    ):
        store.articles.save(replace(BARE, id=key, headline="이상한 번호"), "politics")
        address = f"/article/{quote(key, safe=':')}"
        html = page.get(address).text
        assert "이상한 번호" in text_of(html), key
        assert f'href="{address}.json"' in html
        assert page.get(f"{address}.json").json()["id"] == key
        assert page.get(f"{address}/diff").status_code == 200, key


def test_another_id_of_the_article_leads_to_it(store: Store, page: httpx.Client) -> None:
    store.articles.save(ARTICLE, "politics")
    store.aliases.note("web:ä/1", ARTICLE.id, NOON)
    for behind in ("", ".json", "/diff?from=1&to=2"):
        answer = page.get(f"/article/web:%C3%A4%2F1{behind}")
        assert (answer.status_code, answer.headers["location"]) == (302, f"{ADDRESS}{behind}")


def test_what_is_not_there_is_404(page: httpx.Client) -> None:
    for path in ("/article/daum:0", "/article/%2e%2e%2f", "/article/%00", "/article/x/diff"):
        assert page.get(path).status_code == 404, path
    answer = page.get("/article/%ff.json")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_json_is_what_gisa_show_prints(store: Store, page: httpx.Client, config: Path) -> None:
    evil = replace(ARTICLE, headline=EVIL, text="본문 " + EVIL)
    store.articles.save(evil, "politics")
    answer = page.get(f"{ADDRESS}.json")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    with redirect_stdout(StringIO()) as printed:
        assert main(["show", "--config", str(config), "--format", "json", ARTICLE.id]) == 0
    assert answer.text == printed.getvalue()
    assert json.loads(answer.text)["headline"].startswith("<script>")


def test_addresses_of_authors_are_not_shown_where_they_are_not_kept(
    store: Store, serve: Callable[..., httpx.Client], config: Path
) -> None:
    store.articles.save(ARTICLE, "politics")
    store.articles.save(later(1, authors=ARTICLE.authors[:1]), "politics")
    config.write_text(config.read_text().replace("[pipeline]", "[pipeline]\nkeep_emails = false"))
    page = serve(headers={"accept-language": "ko"})
    for address in (ADDRESS, f"{ADDRESS}/diff"):
        html = page.get(address).text
        assert "김기자" in html
        assert "kim@press.example" not in html


EVERYWHERE = replace(
    ARTICLE, id="daum:66", publisher=EVIL, url=EVIL_URL, canonical_url=EVIL_URL, headline=EVIL, text=EVIL,
    original_url=EVIL_URL, labels=(EVIL,), subheadline=EVIL, summary=Summary(EVIL, EVIL),  # type: ignore[arg-type]
    body=tuple(Block(kind, f"{EVIL} | {EVIL}\n{EVIL}")  # type: ignore[arg-type]
               for kind in ("paragraph", "subhead", "quote", "list", "table", "caption", EVIL)),
    images=(Image(EVIL_URL, EVIL, EVIL), Image("http://h/<script>", None, EVIL)),
    authors=(Author(EVIL, EVIL, EVIL),),
    section=EVIL, keywords=(EVIL,), language=EVIL, published_at_source=EVIL,  # type: ignore[arg-type]
    related=tuple(Related(EVIL, url) for url in (EVIL_URL, *SCHEMES)), parser=EVIL, warnings=(EVIL,),
    rights=Rights(EVIL, EVIL, EVIL_URL, Uses(EVIL, EVIL, EVIL), (Signal(EVIL, EVIL, NOON),)),  # type: ignore[arg-type]
)  # fmt: skip


def test_nothing_from_outside_gets_out_unescaped(store: Store, page: httpx.Client) -> None:
    store.sources.remember(Source(EVIL, EVIL, (EVIL_URL,)), NOON)
    store.articles.save(EVERYWHERE, EVIL)
    store.articles.save(
        replace(EVERYWHERE, headline=EVIL * 2, text=EVIL * 3, fetched_at=NOON + timedelta(1)), EVIL
    )
    for look in range(3):
        entry = Entry("daum:66", EVIL_URL, EVIL_URL, 1, EVIL + "x" * look)
        store.visits.discover(EVIL, EVIL_URL, [entry], NOON + look * timedelta(minutes=1))
    for language in ("ko", "en"):
        for behind in ("", "/diff", "/diff?all=1"):
            html = page.get(f"/article/daum:66{behind}", headers={"accept-language": language})
            assert html.status_code == 200
            assert "<script>alert(1)</script>" in text_of(html.text)


def test_texts_without_end_make_a_page_within_bounds(store: Store, page: httpx.Client) -> None:
    endless = "긴말 " * 150_000
    huge = replace(
        EVERYWHERE, text=endless, body=(Block("paragraph", endless), *[Block("paragraph", "끝")] * 9),
        section=endless,
        publisher=endless, subheadline=endless, keywords=(endless,) * 2, language="k" * 10**5, headline=endless,
        authors=(Author(endless, None, endless),), images=(Image("http://h/" + "a" * 10**5, endless, endless),),
        canonical_url="http://h/" + "a" * 10**5, warnings=(endless,), labels=(endless,),
    )  # fmt: skip
    store.articles.save(huge, "politics")
    html = page.get("/article/daum:66").text
    assert len(html) < CHARACTERS_MOST + 100_000
    assert "본문이 길어 250,009자를 줄였습니다" in text_of(html)


def test_blocks_without_end_are_cut_too() -> None:
    many = replace(ARTICLE, body=(Block("paragraph", "가"),) * (BLOCKS_MOST + 5))
    shown = body_of(many)
    assert (len(shown.pieces), shown.rest) == (BLOCKS_MOST, 5)
