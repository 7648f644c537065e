"""The page that compares two states of an article."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from jobs.web.language import translator
from jobs.web.revision_diff import CHARACTERS_MOST, Telling, differences, field_diff
from pipeline.record_json import record
from pipeline.records import Article, Author, Block, Image, Rights, Source, Uses
from pipeline.store import Store
from tests.jobs.web.hostile import text_of
from tests.pipeline.store.conftest import ARTICLE, NOON

DIFF = f"/article/{ARTICLE.id}/diff"
HOW = Telling(translator("ko"), lambda at: at or "", emails=True)


def later(hours: float, **changes: object) -> Article:
    return replace(ARTICLE, fetched_at=NOON + timedelta(hours=hours), **changes)  # type: ignore[arg-type]


@pytest.fixture
def edited(store: Store) -> Store:
    store.sources.remember(Source("politics", "daum", ("http://h/politics",)), NOON)
    store.articles.save(ARTICLE, "politics")
    store.articles.save(later(1, headline="정부, 새 예산안 철회"), "politics")
    anew = {"headline": "정부, 새 예산안 철회", "parser": "daum/2", "authors": ARTICLE.authors[:1]}
    store.articles.save(later(2, **anew), "politics")
    store.articles.mark_removed(ARTICLE.id, NOON + timedelta(hours=3))
    return store


def changed(before: Article, after: Article) -> tuple[list[str], list[str]]:
    found = differences(record(before), record(after), HOW, whole=False)
    return [it.name for it in found.written], [it.name for it in found.others]


def test_any_two_revisions_or_the_nearest_there_are(edited: Store, page: httpx.Client) -> None:
    for query, title in (
        ("", "3판과 4판"), ("?from=1&to=3", "1판과 3판"), ("?from=3&to=1", "3판과 1판"), ("?to=2", "1판과 2판"),
        ("?from=2", "2판과 4판"), ("?from=1&to=1", "1판과 1판"), ("?from=0&to=99999", "1판과 4판"),
        ("?from=-1&to=x", "3판과 4판"), ("?from=" + "9" * 4000, "3판과 4판"), ("?from=%00&to=%F0", "3판과 4판"),
        ("?from=1&from=2&to=", "1판과 4판"), ("?from=٣&to=²", "3판과 4판"),
    ):  # fmt: skip
        answer = page.get(DIFF + query)
        assert answer.status_code == 200, query
        assert f"<h1>{title} 비교</h1>" in answer.text, query


def test_the_form_and_the_neighbours_lead_on(edited: Store, page: httpx.Client) -> None:
    html = page.get(f"{DIFF}?from=2&to=3").text
    assert f'<form class="ask" action="{DIFF}" method="get">' in html
    assert html.count("<option") == 8
    assert '<option value="2" selected>' in html
    assert f'<a rel="prev" href="{DIFF}?from=1&amp;to=2">' in html
    assert f'<a rel="next" href="{DIFF}?from=3&amp;to=4">' in html


def test_who_changed_it_is_told(edited: Store, page: httpx.Client) -> None:
    for older, newer, said, not_said in (
        (1, 2, "발행사가 수정했습니다", "파서가"),
        (2, 3, "새 파서가 다시 읽은 결과입니다", "발행사가 수정했습니다"),
        (1, 3, "섞여 있습니다", "삭제되었습니다"),
        (3, 4, "달라진 것이 없습니다. 이 사이에 기사가 삭제되었습니다", "수정했습니다"),
        (4, 4, "같은 판입니다", "삭제되었습니다"),
    ):
        text = text_of(page.get(f"{DIFF}?from={older}&to={newer}").text)
        notice = text[text.index("비교하기") :]
        assert said in notice
        assert not_said not in notice, said


def test_what_is_read_anew_without_a_change_of_the_text_says_so(
    store: Store, page: httpx.Client
) -> None:
    """The states of an article that came back differ in nothing but what the portal adds."""
    store.sources.remember(Source("politics", "daum", ("http://h/politics",)), NOON)
    store.articles.save(ARTICLE, "politics")
    store.articles.mark_removed(ARTICLE.id, NOON + timedelta(hours=1))
    store.articles.save(later(2, section="경제"), "politics")
    text = text_of(page.get(f"{DIFF}?from=1&to=3").text)
    assert "발행사가 쓴 내용은 달라지지 않았습니다. 이 사이에 기사가 삭제되었습니다." in text
    assert "섹션 [삭제] 정치 [끝] [추가] 경제 [끝]" in text


def test_removed_and_added_words_are_marked_for_eyes_and_ears(
    edited: Store, page: httpx.Client
) -> None:
    html = page.get(f"{DIFF}?from=1&to=2").text
    assert '<del><span class="visually-hidden">[삭제] </span>발표' in html
    assert '<ins><span class="visually-hidden">[추가] </span>철회' in html
    text = text_of(page.get(f"{DIFF}?from=1&to=3").text)
    assert "기자 김기자 기자 kim@press.example [삭제] 박선임 [끝]" in text
    assert "파서 [삭제] daum/1 [끝] [추가] daum/2 [끝]" in text


@pytest.mark.parametrize(
    ("field", "changes", "group"),
    [
        ("headline", {"headline": "다른 제목"}, 0),
        ("labels", {"labels": ("종합",)}, 0),
        ("subheadline", {"subheadline": None}, 0),
        ("text", {"text": "다른 글"}, 0),
        ("blocks", {"body": (ARTICLE.body[0], Block("caption", "회견장 밖"))}, 0),
        ("blocks", {"body": (Block("subhead", ARTICLE.body[0].text), ARTICLE.body[1])}, 0),
        ("authors", {"authors": (Author("김기자", "kim@press.example", "선임기자"), ARTICLE.authors[1])}, 0),
        ("images", {"images": (Image("https://img.example/3.jpg"),)}, 0),
        ("published_at", {"published_at": None}, 0),
        ("modified_at", {"modified_at": NOON}, 0),
        ("publisher", {"publisher": None}, 0),
        ("notice", {"rights": replace(ARTICLE.rights, notice="모든 권리 보유")}, 0),
        ("uses", {"rights": replace(ARTICLE.rights, uses=Uses())}, 1),
        ("signals", {"rights": replace(ARTICLE.rights, signals=())}, 1),
        ("holder", {"rights": replace(ARTICLE.rights, license_url="https://cc.example/")}, 1),
        ("summary", {"summary": None}, 1),
        ("section", {"section": None}, 1),
        ("keywords", {"keywords": ()}, 1),
        ("language", {"language": "en"}, 1),
        ("canonical_url", {"canonical_url": "https://v.daum.net/v/1"}, 1),
        ("original_url", {"original_url": None}, 1),
        ("published_at_source", {"published_at_source": "json-ld"}, 1),
        ("related", {"related": ()}, 1),
        ("parser", {"parser": "daum/2"}, 1),
        ("warnings", {"warnings": ()}, 1),
    ],
)  # fmt: skip
def test_every_field_that_changed_is_named_and_no_other(
    field: str, changes: dict[str, object], group: int
) -> None:
    expected: tuple[list[str], list[str]] = ([], [])
    expected[group].append(field)
    assert changed(ARTICLE, replace(ARTICLE, **changes)) == expected  # type: ignore[arg-type]
    assert changed(ARTICLE, ARTICLE) == ([], [])


def test_records_of_which_parts_are_missing_are_compared() -> None:
    empty = replace(
        ARTICLE, publisher=None, subheadline=None, summary=None, images=(), authors=(), section=None,
        language=None,
        published_at=None, modified_at=None, published_at_source=None, rights=Rights(), original_url=None,
    )  # fmt: skip
    assert changed(empty, empty) == ([], [])
    assert not differences({}, {}, HOW, whole=False).written
    assert differences({}, record(ARTICLE), HOW, whole=False).written


def test_long_unchanged_stretches_are_folded_and_can_be_shown(
    store: Store, page: httpx.Client
) -> None:
    store.sources.remember(Source("politics", "daum", ("http://h/politics",)), NOON)
    words = [f"낱말{number}" for number in range(100)]
    for hours, text in enumerate((" ".join(words), " ".join([*words[:50], "고침", *words[51:]]))):
        body = (Block("paragraph", text),)
        store.articles.save(later(hours, text=text, body=body), "politics")
    html = page.get(DIFF).text
    text = text_of(html)
    assert "낱말49 [삭제] 낱말50 [끝] [추가] 고침 [끝] 낱말51" in text
    assert "낱말3 " not in text
    assert f'href="{DIFF}?from=1&amp;to=2&amp;all=1#field-text"' in html
    assert "낱말3 " in text_of(page.get(f"{DIFF}?all=1").text)


def test_only_blanks_differ(store: Store, page: httpx.Client) -> None:
    store.sources.remember(Source("politics", "daum", ("http://h/politics",)), NOON)
    store.articles.save(ARTICLE, "politics")
    store.articles.save(
        later(1, text=ARTICLE.text.replace("27일 ", "27일\n\n"), labels=()), "politics"
    )
    assert "본문 띄어쓰기나 줄바꿈만 다릅니다" in text_of(page.get(DIFF).text)


def test_texts_of_megabytes_are_compared_in_time_and_cut() -> None:
    before = "\n\n".join(f"{n}번째 문단은 이렇게 적혀 있다." for n in range(60_000))
    begin = time.process_time()
    small = field_diff("text", before, before[:10] + " 고침 " + before[10:])
    other = field_diff("text", before, before.replace("문단", "단락"))
    assert time.process_time() - begin < 3
    assert sum(len(c.text) for c in small.changes) < 500
    assert (small.unit, small.is_folded, small.is_cut) == ("words", True, False)
    assert other.is_cut
    assert sum(len(c.text) for c in other.changes) <= CHARACTERS_MOST
