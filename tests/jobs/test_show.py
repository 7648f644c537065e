"""`gisa show` and `gisa history`: one article, by its id or the end of it, safe to look at."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from jobs.verbs.show import find
from pipeline.errors import GisaError
from pipeline.record_json import RECORD_FIELDS
from pipeline.records import Author, Block, Rights, Summary
from pipeline.store import open_store
from tests.jobs.desk import Desk

HOSTILE = "\x1b]0;pwned\x07\x1b[2J\u202e거꾸로\u2066\x9b31m\r\n다음 줄\x00"


@pytest.fixture
def crawled(desk: Desk) -> Desk:
    desk.gisa("run")
    return desk


def one_id(desk: Desk) -> str:
    return str(desk.rows("SELECT id FROM articles ORDER BY id LIMIT 1")[0][0])


@pytest.mark.parametrize("verb", ["show", "history"])
def test_an_article_by_id_by_number_and_by_the_end_of_it(crawled: Desk, verb: str) -> None:
    whole = one_id(crawled)
    by_id = crawled.gisa(verb, whole)
    assert (by_id.code, by_id.err) == (0, "")
    assert by_id.out
    for shorter in (whole.removeprefix("daum:"), whole[-9:], f" {whole} "):
        assert crawled.gisa(verb, shorter).out == by_id.out


def test_json_is_the_whole_record_in_the_configured_zone(crawled: Desk) -> None:
    done = crawled.gisa("show", one_id(crawled), "--format", "json")
    assert tuple(done.json) == RECORD_FIELDS
    assert done.json["first_seen_at"].endswith("+09:00")
    assert done.json["revision"] == 1


@pytest.mark.parametrize("verb", ["show", "history"])
def test_an_unknown_or_ambiguous_id_is_told(crawled: Desk, verb: str) -> None:
    unknown = crawled.gisa(verb, "nothing-like-this")
    assert (unknown.code, unknown.out) == (1, "")
    assert unknown.err == "gisa: no article matches 'nothing-like-this'\n"
    ambiguous = crawled.gisa(verb, "2026")
    lines = ambiguous.err.splitlines()
    assert (ambiguous.code, lines[0]) == (1, "gisa: several articles match '2026'")
    assert all(re.match(r"  daum:\S+  \S", line) for line in lines[1:])
    for odd in ("", "%", "_", "\udcff", "'; DROP TABLE articles; --"):
        assert crawled.gisa(verb, odd).code == 1


def test_an_end_is_taken_before_a_middle(crawled: Desk) -> None:
    with open_store(crawled.database) as store:
        article = next(store.articles.latest(1)).article
        for number in ("daum:11112222", "daum:22221111", "daum:99992222", "daum:22223333"):
            store.articles.save(replace(article, id=number), "politics")
        assert find(store, "3333").article.id == "daum:22223333"
        assert find(store, "12222").article.id == "daum:11112222"
        assert find(store, "21111").article.id == "daum:22221111"
        assert find(store, "92222").article.id == "daum:99992222"
        with pytest.raises(GisaError, match="several articles match '2222'"):
            find(store, "2222")


def test_before_the_first_run_the_way_out_is_told(desk: Desk) -> None:
    done = desk.gisa("show", "x")
    assert (done.code, done.out) == (1, "")
    assert "does not exist yet: `gisa run` makes it" in done.err


def test_text_for_people_has_what_matters(crawled: Desk) -> None:
    truth = next(
        a for a in crawled.portal.newsroom.articles("politics")
        if a.kind == "article" and a.authors
    )  # fmt: skip
    out = crawled.gisa("show", truth.id).out
    assert truth.authors[0].name in out
    assert truth.published_at.strftime("published %Y-%m-%d %H:%M KST") in out
    assert re.search(r"redistribute: \w+, tdm: \w+, ai_train: \w+", out)
    assert all(line == line.rstrip() for line in out.splitlines())


@pytest.mark.parametrize("verb", ["show", "history"])
def test_nothing_stored_can_steer_the_terminal(crawled: Desk, verb: str) -> None:
    with open_store(crawled.database) as store:
        article = next(store.articles.latest(1)).article
        hostile = replace(
            article,
            headline=HOSTILE,
            subheadline=HOSTILE,
            publisher=HOSTILE,
            section=HOSTILE,
            labels=(HOSTILE,),
            authors=(Author(HOSTILE, HOSTILE, HOSTILE),),
            summary=Summary(HOSTILE, "portal"),
            body=(Block("paragraph", HOSTILE), Block("caption", HOSTILE)),
            text=HOSTILE,
            rights=Rights(notice=HOSTILE),
            canonical_url=f"https://v.daum.net/{HOSTILE}",
            fetched_at=article.fetched_at + timedelta(minutes=5),
        )
        store.articles.save(hostile, "politics")
    out = crawled.gisa(verb, article.id).out
    assert "거꾸로" in out
    assert all(line.isprintable() for line in out.split("\n"))
    ambiguous = crawled.gisa(verb, "2026").err
    assert all(line.isprintable() for line in ambiguous.split("\n"))
    record = crawled.gisa(verb, article.id, "--format", "json").out
    assert "\x1b" not in record
    json.loads(record)


def test_history_shows_edits_as_a_word_diff_and_the_removal(crawled: Desk) -> None:
    news = crawled.portal.newsroom
    before = next(a for a in news.articles("politics") if a.kind == "article")
    after = news.edit(before.id)
    with open_store(crawled.database) as store, store.writing() as db:
        db.execute("UPDATE visits SET not_before = first_listed_at")
    assert crawled.gisa("run").summary["revised"] == 1
    news.remove(before.id)
    with open_store(crawled.database) as store, store.writing() as db:
        db.execute("UPDATE visits SET not_before = first_listed_at")
    assert crawled.gisa("run").summary["removed"] == 1
    done = crawled.gisa("history", before.id)
    told, _, listed = done.out.partition("\n\n")
    lines = told.splitlines()
    stood, edited = listed.splitlines()
    assert stood.startswith("listed by politics: 0 min, ")
    assert re.fullmatch(r"   listed .{16}: .*\[-.+-\] \{\+.+\+\}.*", edited)
    assert [line[0] for line in lines if line[0] != " "] == ["1", "2", "3"]
    assert lines[0].endswith("first seen")
    assert "edited by the publisher" in done.out
    assert lines[-1].endswith("taken down by the publisher; the text is kept")
    (headline,) = [line for line in lines if line.startswith("   headline: ")]
    assert re.search(r"\[-.+?-\] \{\+.+?\+\}", headline)
    assert re.sub(r"\[-.*?-\] ?|\{\+|\+\}", "", headline).split(": ", 1)[1].split() == (
        after.headline.split()
    )
    revisions = crawled.gisa("history", before.id, "--format", "json").json
    assert [r["cause"] for r in revisions] == ["publisher", "publisher", "removed"]
    assert revisions[0]["record"]["headline"] in before.headline
    assert revisions[1]["record"]["headline"] in after.headline
    assert "removed " in crawled.gisa("show", before.id).out
