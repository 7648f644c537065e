"""Watches end to end: what a crawl stored is found, told in one digest, and told once."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from jobs import wiring
from jobs.alerting import watching
from jobs.alerting.sending import Letter
from jobs.sample_portal import SampleArticle
from pipeline.records import Source
from pipeline.store import open_store
from pipeline.watches import Matcher, Watch
from tests.jobs.desk import Desk
from tests.jobs.receivers import Hook, Mailbox
from tests.pipeline.store.conftest import ARTICLE, NOON


def watch(
    desk: Desk, *terms: str, more: str = "", urls: str = '"json://hook.example"', **sections: str
) -> None:
    """Configure one watch `예산-소식`, and receivers."""
    desk.configure(*(sections or ("politics",)))
    wanted = json.dumps(terms, ensure_ascii=False)
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(f'[alerts]\nurls = [{urls}]\n[watch."예산-소식"]\nany = {wanted}\n{more}\n')


def published(desk: Desk, section: str = "politics") -> SampleArticle:
    """A new article of the portal that has a text."""
    while (article := desk.portal.newsroom.publish(section)).kind != "article":
        pass
    return article


def pass_time(desk: Desk, length: timedelta) -> None:
    with closing(sqlite3.connect(desk.database)) as db, db:
        db.execute(
            "UPDATE watches SET digest_at = strftime('%Y-%m-%dT%H:%M:%SZ', digest_at, ?)",
            [f"-{length.total_seconds():.0f} seconds"],
        )


def test_new_articles_that_fit_come_in_one_digest_by_mail_and_hook(
    desk: Desk, receiver: Hook, mail: Mailbox
) -> None:
    desk.gisa("run")
    first, other, second = (published(desk) for _ in range(3))
    watch(desk, first.headline, second.headline, urls=f'"{mail.url}", "{receiver.url}"')
    assert desk.gisa("run").summary["new"] >= 3
    ((subject, body),) = mail.mails
    assert receiver.said == [(subject, body)]
    assert subject.startswith("gisa: 예산-소식: 2 articles: ")
    assert subject.split("articles: ")[1].rstrip("…") in (first.headline, second.headline)
    blocks = body.split("\n\n")
    assert sorted(block.splitlines()[0] for block in blocks) == sorted(
        (first.headline, second.headline)
    )
    assert other.headline not in body
    for article in (first, second):
        (block,) = [block for block in blocks if article.headline in block]
        assert f"v/{article.id}" in block
        assert f"has: {article.headline}" in block
    desk.gisa("run")
    assert len(mail.mails) == 1
    shown = desk.gisa("watches")
    assert shown.out.splitlines()[-1] == "2 articles"
    assert f"daum:{first.id}" in shown.out
    hits = desk.gisa("watches", "예산-소식", "--format", "json").json
    assert {hit["article_id"] for hit in hits} == {f"daum:{first.id}", f"daum:{second.id}"}
    assert all(hit["sent_at"] and hit["terms"] for hit in hits)


def test_an_article_that_fits_only_after_an_edit_is_told_then(
    desk: Desk, letters: list[Letter]
) -> None:
    article = published(desk)
    watch(desk, "아무 기사에도 없는 낱말")
    desk.gisa("run")
    edited = desk.portal.newsroom.edit(article.id)
    assert edited.headline != article.headline
    watch(desk, edited.headline)
    with closing(sqlite3.connect(desk.database)) as db, db:
        db.execute("UPDATE visits SET not_before = first_listed_at")
    assert desk.gisa("run").summary["revised"] >= 1
    (letter,) = letters
    assert letter.subject == f"gisa: 예산-소식: {edited.headline}"
    assert ", edited\n" in letter.body


def test_a_pass_over_two_sources_has_one_digest_and_a_watch_may_name_one(
    desk: Desk, letters: list[Letter]
) -> None:
    watch(desk, "없는 낱말", politics="", society="")
    desk.gisa("run")
    terms = [published(desk, section).headline for section in ("politics", "society")]
    watch(desk, *terms, politics="", society="")
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(f'[watch.second]\nall = ["{terms[1]}"]\nsources = ["politics"]\n')
        file.write(f'[watch.third]\nall = ["{terms[1]}"]\nurls = ["json://own.example"]\n')
    desk.gisa("run")
    assert sorted((it.url, it.subject.split(":")[1]) for it in letters) == [
        ("json://hook.example", " 예산-소식"),
        ("json://own.example", " third"),
    ]
    assert [it.subject for it in letters if "2 articles" in it.subject]


def test_digests_keep_their_distance(desk: Desk, letters: list[Letter]) -> None:
    every = 'digest = "1h"'
    watch(desk, "없는 낱말", more=every)
    desk.gisa("run")
    terms: list[str] = []
    for _ in range(3):
        terms.append(published(desk).headline)
        watch(desk, *terms, more=every)
        desk.gisa("run")
    assert len(letters) == 1
    pass_time(desk, timedelta(minutes=61))
    desk.gisa("run")
    assert len(letters) == 2
    assert "2 articles" in letters[1].subject


def test_what_a_crash_left_out_is_found_by_the_next_run(
    desk: Desk, letters: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(desk, "없는 낱말")
    desk.gisa("run")
    article = published(desk)
    watch(desk, article.headline)

    async def killed(*args: object) -> None:
        raise SystemExit(137)

    with monkeypatch.context() as patched:
        patched.setattr(watching, "look", killed)
        desk.gisa("run")
    assert desk.rows("SELECT count(*) FROM watch_hits") == [(0,)]
    desk.gisa("run")
    assert [article.headline in letter.subject for letter in letters] == [True]


def test_more_than_one_look_takes_waits_for_the_next(
    desk: Desk, letters: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_BATCH", 3)
    monkeypatch.setattr(watching, "_MOST", 6)
    watch(desk, ".", "다")
    desk.gisa("run")
    assert desk.rows("SELECT seq FROM watches") == [(6,)]
    articles = desk.rows("SELECT count(*), max(seq) FROM articles")[0]
    for _ in range(5):
        desk.gisa("run")
    assert desk.rows("SELECT seq FROM watches") == [(articles[1],)]
    assert desk.rows("SELECT count(*) FROM watch_hits") == [(articles[0],)]


def test_a_new_watch_does_not_tell_old_news_and_a_dry_run_nothing(
    desk: Desk, letters: list[Letter]
) -> None:
    desk.gisa("run")
    with closing(sqlite3.connect(desk.database)) as db, db:  # times have whole seconds
        db.execute("UPDATE articles SET first_seen_at = '2026-09-27T00:00:00Z'")
    watch(desk, "다")
    desk.gisa("run", "--dry-run")
    desk.gisa("run")
    assert letters == []
    assert desk.rows("SELECT count(*) FROM watch_hits") == [(0,)]


def test_try_shows_what_would_fit_and_keeps_nothing(desk: Desk, letters: list[Letter]) -> None:
    desk.gisa("run")
    watch(desk, "다")
    before = desk.dump()
    tried = desk.gisa("watches", "예산-소식", "--try")
    assert tried.out.splitlines()[-1].endswith(" articles; nothing was kept or sent")
    assert len(desk.gisa("watches", "--try", "--format", "json").json) > 5
    assert desk.gisa("watches", "--try", "--since", "2001-01-01").out == tried.out
    assert desk.dump() == before
    assert letters == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[watch.a]\nnone = ["가"]', "watch.a: needs `any` or `all`"),
        ('[watch.a]\nany = [" "]', "watch.a.any: should be a text to look for"),
        (
            '[watch.a]\nany = ["가"]\nsources = ["politcs"]',
            "no source 'politcs'; did you mean 'politics'?",
        ),
        (
            '[watch.a]\nany = ["가"]\nfeilds = ["text"]',
            "watch.a.feilds: unknown key; did you mean 'fields'?",
        ),
        ('[watch.a]\nany = ["가"]\nfields = ["author"]', "watch.a.fields: should be 'headline'"),
        ('[watch."a b"]\nany = ["가"]', "a name has letters"),
        ("[alerts]\nfailures = 0", "alerts.failures: should be greater than or equal to 1"),
    ],
)
def test_a_wrong_watch_is_explained(desk: Desk, text: str, said: str) -> None:
    desk.config.write_text(desk.config.read_text() + text, encoding="utf-8")
    done = desk.gisa("config")
    assert done.code == 2
    assert said in done.err
    assert "config.toml:" in done.err


def test_an_unknown_watch_is_refused(desk: Desk) -> None:
    watch(desk, "가")
    open_store(desk.database).close()
    done = desk.gisa("watches", "다른-이름")
    assert done.code == 2
    assert "no watch '다른-이름'; there are 예산-소식" in done.err


def test_edits_beyond_the_bound_of_one_look_are_seen_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_MOST", 2)
    monkeypatch.setattr(watching, "_BATCH", 2)
    matcher = Matcher([Watch("w", any=("공청회",))])
    with open_store(tmp_path / "gisa.db") as store:
        store.sources.remember(Source("politics", "daum", ("http://h/",)), NOON)

        def look(minutes: int) -> int:
            monkeypatch.setattr(wiring, "now", lambda: NOON + timedelta(minutes=minutes))
            asyncio.run(watching.look(store, matcher, NOON))
            return len(store.watch_hits.unsent("w", wiring.now()))

        articles = [replace(ARTICLE, id=f"daum:{number}") for number in range(5)]
        store.articles.save_all(articles, "politics")
        for _ in range(3):
            assert look(1) == 0
        for minute, article in enumerate(articles, 10):
            at = NOON + timedelta(minutes=minute)
            edited = replace(article, headline="첫 공청회가 열렸다", fetched_at=at)
            store.articles.save(edited, "politics")
        assert [look(20), look(21), look(22), look(23)] == [2, 3, 4, 5]
