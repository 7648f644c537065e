"""Pages of results: what answers, counted again here by hand, within bounds that are told."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from benchmarks.grouping_prose import WideWriter
from pipeline.records import Article, Author, Uses
from pipeline.store import Store, finding
from pipeline.store.filters import Only
from pipeline.store.finding import Found

SEOUL = ZoneInfo("Asia/Seoul")
NEPAL = ZoneInfo("Asia/Kathmandu")
VALUES = ("allowed", "unknown", "prohibited")


@pytest.fixture
def written(store: Store, article: Article, noon: datetime) -> list[tuple[str, Article]]:
    """Sixty articles and their sources, five hours apart, not in the order of their times, some without one."""
    made = []
    for number in range(60):
        name = ("politics", "society")[number % 5 == 0]
        said = "정부가 금융감독원을" if number % 3 else "국회가"
        at = noon - timedelta(hours=5 * (number * 7 % 60))
        it = replace(
            article,
            id=f"daum:{number}",
            headline=f"{number}번 소식" + " 예산" * (number % 2),
            text=f"{said} 말했다. 이야기는 {number}쪽에 있다.",
            publisher=("한빛일보", "다온신문", None)[number % 3],
            section=("정치", "사회", None, "경제")[number % 4],
            authors=tuple(Author(name) for name in ("김하나", "이두리", "박세찬")[: number % 4]),
            published_at=None if number % 10 == 9 else at,
            fetched_at=at,
            rights=replace(article.rights, uses=Uses(VALUES[number % 3], "unknown", VALUES[number % 2])),
        )  # fmt: skip
        store.articles.save(it, name)
        made.append((name, it))
    return made


def at(article: Article) -> datetime:
    return article.published_at or article.fetched_at


def recounted(
    articles: list[tuple[str, Article]], zone: ZoneInfo = SEOUL
) -> dict[str, Counter[str]]:
    days = [at(it).astimezone(zone).date().isoformat() for _, it in articles]
    return {
        "source": Counter(name for name, _ in articles),
        "section": Counter(it.section for _, it in articles if it.section),
        "publisher": Counter(it.publisher for _, it in articles if it.publisher),
        "redistribute": Counter(it.rights.uses.redistribute for _, it in articles),
        "tdm": Counter(it.rights.uses.tdm for _, it in articles),
        "ai_train": Counter(it.rights.uses.ai_train for _, it in articles),
        "author": Counter(author.name for _, it in articles for author in it.authors),
        "day": Counter(days),
    }


def find(store: Store, query: str = "", **options: object) -> Found:
    options = {"only": Only(), "zone": SEOUL, "limit": 100} | options
    return store.finding.find(query, **options)  # type: ignore[arg-type]


def ids(found: Found) -> list[str]:
    return [hit.article_id for hit in found.hits]


def newest_first(articles: list[tuple[str, Article]]) -> list[str]:
    return [it.id for _, it in sorted(articles, key=lambda pair: at(pair[1]), reverse=True)]


SELECTIONS: dict[str, tuple[Only, Callable[[str, Article], bool]]] = {
    "all": (Only(), lambda name, it: True),
    "source": (Only(source="society"), lambda name, it: name == "society"),
    "section": (Only(section="사회"), lambda name, it: it.section == "사회"),
    "publisher": (Only(publisher="한빛 일보"), lambda name, it: it.publisher == "한빛일보"),
    "author": (
        Only(author="이두리"),
        lambda name, it: "이두리" in [author.name for author in it.authors],
    ),
    "rights": (
        Only(rights={"redistribute": "prohibited", "ai_train": "unknown"}),
        lambda name, it: it.rights.uses == Uses("prohibited", "unknown", "unknown"),
    ),
    "everything at once": (
        Only(
            source="politics", section="경제", publisher="한빛일보", author="김하나",
            rights={"redistribute": "allowed", "tdm": "unknown", "ai_train": "unknown"},
            since=datetime(2026, 9, 14, tzinfo=SEOUL), until=datetime(2026, 9, 28, tzinfo=SEOUL),
        ),
        lambda name, it: it.id in ("daum:3", "daum:27", "daum:39", "daum:51")
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "query", ["", "정부", "금융감독원", "정부 -예산", "금융감독원 -국회의사당"]
)
@pytest.mark.parametrize("name", SELECTIONS)
@pytest.mark.parametrize("few", [1000, 3])
def test_what_is_found_and_counted_is_what_a_recount_finds(
    store: Store,
    written: list[tuple[str, Article]],
    query: str,
    name: str,
    few: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(finding, "_FEW", few)
    only, fits = SELECTIONS[name]
    wanted, _, unwanted = query.partition(" -")
    right = [
        (source, it)
        for source, it in written
        if fits(source, it) and wanted in it.text and not (unwanted and unwanted in it.headline)
    ]
    found = find(store, query, only=only, by_time=True)
    assert ids(found) == newest_first(right)
    assert (found.total, found.is_exact, found.over) == (len(right), True, len(right))
    assert {name: dict(counts) for name, counts in found.facets.items()} == recounted(right)
    assert sorted(ids(find(store, query, only=only))) == sorted(ids(found))
    assert store.finding.count(query, only, most=50) == min(len(right), 50)


@pytest.mark.parametrize("name", SELECTIONS)
def test_no_selection_is_empty(written: list[tuple[str, Article]], name: str) -> None:
    assert any(SELECTIONS[name][1](source, it) for source, it in written)


def test_facets_stand_most_frequent_first_and_days_newest_first(
    store: Store, written: list[tuple[str, Article]]
) -> None:
    facets = find(store).facets
    for name, counts in facets.items():
        if name != "day":
            assert list(counts) == sorted(counts, key=lambda pair: (-pair[1], pair[0])), name
    days = [day for day, _ in facets["day"]]
    assert days == sorted(days, reverse=True)
    nepal = find(store, zone=NEPAL).facets["day"]
    assert dict(nepal) == recounted(written, NEPAL)["day"]


def test_the_best_come_first_unless_the_newest_are_asked_for(
    store: Store, written: list[tuple[str, Article]]
) -> None:
    best = find(store, "예산 OR 소식", limit=60)
    assert all("예산" in hit.headline for hit in best.hits[:30])
    assert best.hits[0].score > best.hits[-1].score > 0
    newest = find(store, "예산 OR 소식", by_time=True)
    assert ids(newest) == newest_first(written)
    assert newest.hits[0].headline_ranges


def test_leafing_visits_every_hit_once_and_stops_at_the_last(
    store: Store, written: list[tuple[str, Article]]
) -> None:
    for query in ("", "정부", "금융감독원"):
        pages = [find(store, query, limit=7, offset=7 * page, by_time=True) for page in range(9)]
        shown = [article_id for page in pages for article_id in ids(page)][: pages[0].total]
        assert shown == ids(find(store, query, by_time=True))
        assert [page.has_more for page in pages[:3]] == [True] * 3
        assert not pages[-1].has_more
        beyond = find(store, query, limit=7, offset=7_000)
        assert (len(beyond.hits), beyond.offset) == (pages[0].total % 7, pages[0].total // 7 * 7)


def test_beyond_the_bounds_it_is_told_that_there_may_be_more(
    store: Store, written: list[tuple[str, Article]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FACETS_OVER", 10)
    everything = find(store, by_time=True, limit=5)
    assert (everything.total, everything.is_exact, everything.over) == (60, True, 10)
    newest = newest_first(written)[:10]
    assert everything.facets["source"] == tuple(
        recounted([pair for pair in written if pair[1].id in newest])["source"].most_common()
    )
    filtered = find(store, "정부", only=Only(source="politics", publisher="다온신문"), limit=5)
    assert (filtered.total, filtered.is_exact) == (16, True)  # the index alone tells
    monkeypatch.setattr(finding, "_COMPARED", 12)
    compared = find(store, "금융감독원", by_time=True, limit=5)
    assert (compared.total, compared.is_exact, compared.over) == (10, False, 10)
    assert len(find(store, "금융감독원", limit=100).hits) == 40  # leafing goes on


def test_a_query_of_signs_finds_nothing_and_an_empty_one_everything(
    store: Store, written: list[tuple[str, Article]]
) -> None:
    for query in ("!?", '"', "😀", "-정부", "*"):
        assert (find(store, query).total, store.finding.count(query, Only(), most=9)) == (0, 0)
    assert find(store, " \n").total == 60


def test_hits_say_what_a_reader_wants_to_know(
    store: Store, article: Article, later: Callable[..., Article]
) -> None:
    writer = WideWriter(random.Random(8))
    said = "\n\n".join(writer.paragraph() for _ in range(8))
    copy = replace(article, id="daum:2", publisher="다온신문", text=said, original_url=None)
    store.articles.save(replace(article, text=said), "politics")
    store.articles.save(replace(copy, url="https://h/2", canonical_url="https://h/2"), "society")
    store.articles.save(later(1, headline="정부, 새 예산안 고쳐", text=said), "politics")
    reread = replace(copy, headline="다르게 읽은 제목", parser="daum/2")
    store.articles.save(replace(reread, url="https://h/2", canonical_url="https://h/2"), "society")
    by_id = {hit.article_id: hit for hit in find(store).hits}
    first, second = by_id[article.id], by_id["daum:2"]
    assert (first.is_edited, second.is_edited) == (True, False)
    assert (first.labels, first.section, first.source) == (("단독", "속보"), "정치", "politics")
    assert (first.uses, first.language) == (article.rights.uses, "ko")
    assert (first.story, first.story_articles) == (None, 1)
    store.stories.group()
    stories = {hit.article_id: (hit.story, hit.story_articles) for hit in find(store).hits}
    grouped = store.stories.of(article.id)
    assert grouped
    assert stories == dict.fromkeys(by_id, (grouped.id, 2))


def test_search_takes_the_same_limits(store: Store, written: list[tuple[str, Article]]) -> None:
    rights = {"ai_train": "unknown", "redistribute": "unknown"}
    hits = store.search("정부", section="사회", author="김하나", rights=rights)
    right = [
        it.id
        for _, it in written
        if it.section == "사회" and it.rights.uses == Uses("unknown", "unknown", "unknown")
        if "정부" in it.text and "김하나" in [author.name for author in it.authors]
    ]
    assert sorted(hit.article_id for hit in hits) == sorted(right) != []
    with pytest.raises(ValueError, match="id"):
        store.search("정부", rights={"id": "unknown"})


def test_values_of_an_article_are_no_sql(store: Store, article: Article) -> None:
    odd = "'; DROP TABLE articles; --"
    made = replace(article, section=odd, publisher=odd, authors=(Author(odd),))
    store.articles.save(made, "politics")
    only = Only(section=odd, publisher=odd, author=odd, source="politics")
    assert find(store, "정부", only=only).total == find(store, only=only).total == 1
    among = Only(among=[1, 7])
    assert find(store, only=among).total == find(store, "정부", only=among).total == 1
    assert find(store, only=Only(among=[7])).total == 0
    assert find(store, only=Only(section="\0\udcff")).total == 0
