"""`gisa search`: what was crawled is found, for eyes and for programs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.records import Article, Author, Block, Rights, Source, Uses
from pipeline.store import open_store
from tests.jobs.desk import Desk

NIGHT = datetime(2026, 9, 27, 0, 30, tzinfo=ZoneInfo("Asia/Seoul"))
HOSTILE = "\x1b]0;pwned\x07\x1b[2J\u202e거꾸로\u2066\x9b31m\r\n다음 줄\x00"


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """A database of one article."""
    article = Article(
        id="daum:1",
        portal="daum",
        publisher="한빛일보",
        url="https://v.daum.net/v/1",
        canonical_url="https://v.daum.net/v/1",
        headline="금융감독원, ‘GPT-5’ 살핀다",
        body=(Block("paragraph", "처음 줄."),),
        text="처음 줄.\n\n금융감독원은 27일 AI를 살핀다고 밝혔다.",
        fetched_at=NIGHT,
        parser="daum/1",
        authors=(Author("김온결"),),
        section="경제",
        published_at=NIGHT,
        published_at_source="meta",
        rights=Rights(uses=Uses("prohibited", "reserved", "unknown")),
    )
    with open_store(desk.database) as store:
        store.sources.remember(Source("politics", "daum", ("https://news.daum.net",)), NIGHT)
        store.articles.save(article, "politics")
    return desk


def test_what_was_crawled_is_found(desk: Desk) -> None:
    desk.gisa("run")
    article_id, headline = desk.rows("SELECT id, headline FROM articles")[0]
    done = desk.gisa("search", *re.findall(r"[가-힣]{2,}", headline))
    assert (done.code, done.err) == (0, "")
    assert article_id in done.out


def test_text_marks_what_was_found(filled: Desk) -> None:
    done = filled.gisa("search", "금융감독원", "AI")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "«금융감독원», ‘GPT-5’ 살핀다",
        "한빛일보 · 김온결 · 2026-09-27 00:30 · daum:1",
        "처음 줄. «금융감독원»은 27일 «AI»를 살핀다고 밝혔다.",
        "",
    ]


def test_json_has_ranges_and_times_of_the_zone(filled: Desk) -> None:
    (hit,) = filled.gisa("search", "gpt5", "--format", "json").json
    assert (hit["id"], hit["published_at"]) == ("daum:1", "2026-09-27T00:30:00+09:00")
    assert [hit["headline"][start:end] for start, end in hit["headline_ranges"]] == ["GPT-5"]
    assert hit["ranges"] == []
    assert hit["score"] > 0


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--since", "2026-09-27"), True),
        (("--since", "2026-09-27T01:00"), False),
        (("--since", "2026-09-26T15:31Z"), False),
        (("--until", "2026-09-27"), True),
        (("--until", "2026-09-26"), False),
        (("--since", "2026-09-27", "--until", "2026-09-27"), True),
        (("--since", "3650d"), True),
        (("--publisher", "한빛일보", "--source", "politics", "--limit", "1"), True),
        (("--publisher", "다른일보"), False),
        (("--source", "society"), False),
        (("--section", "경제", "--author", "김온결", "--rights", "tdm=reserved"), True),
        (("--rights", "tdm=reserved", "--rights", "ai_train=unknown"), True),
        (("--rights", "tdm=reserved", "--rights", "ai_train=prohibited"), False),
        (("--section", "정치"), False),
        (("--author", "김온"), False),
    ],
)
def test_filters(filled: Desk, options: tuple[str, ...], found: bool) -> None:
    done = filled.gisa("search", "금융감독원", *options)
    assert done.code == 0
    assert ("daum:1" in done.out, bool(done.err)) == (found, not found)


def test_so_long_ago_counts_from_now(filled: Desk) -> None:
    with open_store(filled.database) as store:
        stored = store.articles.get("daum:1")
        assert stored is not None
        at = datetime.now(ZoneInfo("UTC")) - timedelta(hours=30)
        store.articles.save(replace(stored.article, published_at=at), "politics")
    assert "daum:1" in filled.gisa("search", "금융감독원", "--since", "2d").out
    assert filled.gisa("search", "금융감독원", "--since", "1d").out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x", "--since", "gestern"),
        ("x", "--since", "0001-01-01"),
        ("x", "--until", "7y"),
        ("x", "--limit", "0"),
        ("x", "--rights", "id=reserved"),
        ("x", "--rights", "tdm=perhaps"),
    ],
)
def test_what_is_no_search_is_told(desk: Desk, arguments: tuple[str, ...]) -> None:
    done = desk.gisa("search", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "gisa search" in done.err


@pytest.mark.parametrize("query", ["없는말이다", "\udcff", '"', "😀", "\x1b[2J"])
def test_nothing_found_is_said(filled: Desk, query: str) -> None:
    done = filled.gisa("search", query)
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("no match for ")
    assert done.err.replace("\n", "").isprintable()
    assert filled.gisa("search", query, "--format", "json").json == []


def test_what_the_index_lacks_is_told_and_brought_in(filled: Desk) -> None:
    with open_store(filled.database, index=False) as store:
        stored = store.articles.get("daum:1")
        assert stored is not None
        store.articles.save(
            replace(stored.article, id="daum:2", headline="새물결 온다"), "politics"
        )
    done = filled.gisa("search", "새물결 온다")
    assert (
        done.err.splitlines()[1]
        == "articles that the index lacks: 1; gisa search --reindex brings them in"
    )
    assert "index lacks: 1" in filled.gisa("doctor").out
    assert filled.gisa("search", "--reindex").err == "articles brought into the index: 1\n"
    assert "daum:2" in filled.gisa("search", "새물결 온다").out


def test_nothing_found_can_steer_the_terminal(filled: Desk) -> None:
    with open_store(filled.database) as store:
        stored = store.articles.get("daum:1")
        assert stored is not None
        hostile = replace(
            stored.article,
            id=f"daum:{HOSTILE}",
            headline=HOSTILE,
            text=HOSTILE,
            publisher=HOSTILE,
            authors=(Author(HOSTILE),),
        )
        store.articles.save(hostile, "politics")
    out = filled.gisa("search", "거꾸로").out
    assert "«거꾸로»" in out
    assert all(line.isprintable() for line in out.split("\n"))
    assert "\x1b" not in filled.gisa("search", "거꾸로", "--format", "json").out
