"""`gisa reparse` and `gisa page`: records made again from kept pages, after the sample portal was crawled."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.request import urlopen

import pytest

from jobs.lock import source_lock
from jobs.sample_portal import Answer
from pipeline import portals
from pipeline.errors import LayoutChanged
from pipeline.records import Page
from pipeline.store import open_store
from tests.jobs.desk import Desk

WRONG = "틀린 제목을 읽던 옛 파서"
OLD = f"parser = 'daum/0', headline = '{WRONG}', content_hash = 'x', rest_hash = 'x'"


@pytest.fixture
def crawled(desk: Desk) -> Desk:
    assert desk.gisa("run").code == 0
    return desk


def change(desk: Desk, sql: str) -> None:
    with closing(sqlite3.connect(desk.database)) as db, db:
        db.execute(sql)


def pages_are_older(desk: Desk) -> None:
    """As if every article had been confirmed an hour after its page was fetched."""
    change(
        desk,
        "UPDATE snapshots SET fetched_at = strftime('%Y-%m-%dT%H:%M:%SZ', fetched_at, '-1 hour')",
    )


def old_parser(desk: Desk, where: str = "1") -> int:
    """As if an older version of the parser had read these articles, and their headlines wrong."""
    change(desk, f"UPDATE articles SET {OLD} WHERE {where}")
    return int(desk.rows(f"SELECT count(*) FROM articles WHERE {where}")[0][0])


def a_few(desk: Desk, number: int = 2) -> str:
    some = [row[0] for row in desk.rows("SELECT id FROM articles ORDER BY seq LIMIT ?", number)]
    return f"id IN ({', '.join(map(repr, some))})"


def totals(out: str) -> dict[str, int]:
    return {name: int(n) for name, n in (pair.split("=") for pair in out.splitlines()[-1].split())}


def test_when_nothing_changed_reading_again_changes_nothing(crawled: Desk) -> None:
    pages_are_older(crawled)
    before = crawled.dump()
    everything = crawled.rows("SELECT count(*) FROM articles")[0][0]
    asked = len(crawled.portal.requests)
    default = crawled.gisa("reparse")
    assert (default.code, totals(default.out)["read"]) == (0, 0)
    done = crawled.gisa("reparse", "--all")
    assert (done.code, totals(done.out)["unchanged"]) == (0, everything)
    assert crawled.dump() == before
    assert len(crawled.portal.requests) == asked


def test_a_mended_parser_makes_the_records_anew_as_its_own_revisions(crawled: Desk) -> None:
    pages_are_older(crawled)
    before = crawled.rows(
        "SELECT id, headline, last_seen_at, fetched_at, content_hash FROM articles"
    )
    wrong = old_parser(crawled)
    started = f"{datetime.now(UTC):%FT%TZ}"
    done = crawled.gisa("reparse")
    assert (done.code, done.err.splitlines()[-1]) == (0, f"politics: {wrong} of {wrong} articles")
    assert totals(done.out)["revised"] == totals(done.out)["read"] == wrong
    assert f"headline             changed in {wrong} articles" in done.out
    assert before == crawled.rows(
        "SELECT id, headline, last_seen_at, fetched_at, content_hash FROM articles"
    )
    revisions = crawled.rows("SELECT cause, seen_at FROM revisions WHERE revision = 2")
    assert len(revisions) == wrong
    assert all(cause == "parser" and at >= started for cause, at in revisions)
    assert crawled.rows("SELECT DISTINCT revision FROM snapshots") == [(2,)]
    (some,) = crawled.rows("SELECT id FROM articles LIMIT 1")
    assert "read anew by another version of our parser" in crawled.gisa("history", some[0]).out
    stored = crawled.dump()
    assert totals(crawled.gisa("reparse").out)["read"] == 0
    assert totals(crawled.gisa("reparse", "--all").out)["unchanged"] == wrong
    assert crawled.dump() == stored


def test_a_dry_run_shows_the_differences_and_writes_nothing(crawled: Desk) -> None:
    old_parser(crawled, a_few(crawled))
    change(crawled, f"UPDATE articles SET section = '옛 면' WHERE {a_few(crawled, 1)}")
    before = crawled.dump()
    done = crawled.gisa("reparse", "--dry-run")
    assert (done.code, totals(done.out)["revised"], totals(done.out)["dry_run"]) == (0, 2, 1)
    diffs = re.findall(r"^   headline: .*\[-틀린 제목을 .*-\] \{\+.+\+\}", done.out, re.MULTILINE)
    assert len(diffs) == 2
    assert re.search(r'^   section: \[-"옛 면"-\] \{\+"정치"\+\}', done.out, re.MULTILINE)
    assert crawled.dump() == before
    said = crawled.gisa("reparse", "--dry-run", "--format", "json")
    (source,) = said.json["sources"]
    assert (said.err, said.json["dry_run"], source["revised"]) == ("", True, 2)
    assert source["fields"]["headline"] == 2
    assert [sample["before"]["headline"] for sample in source["samples"]] == [WRONG] * 2
    assert crawled.dump() == before
    assert totals(crawled.gisa("reparse").out)["revised"] == 2


def test_the_rest_of_a_record_is_brought_up_to_date_without_a_revision(crawled: Desk) -> None:
    change(
        crawled, f"UPDATE articles SET parser = 'daum/0', section = '옛 면' WHERE {a_few(crawled)}"
    )
    change(crawled, "UPDATE articles SET rest_hash = 'x' WHERE section = '옛 면'")
    done = crawled.gisa("reparse")
    assert (totals(done.out)["updated"], totals(done.out)["revised"]) == (2, 0)
    assert crawled.rows("SELECT DISTINCT section FROM articles") == [("정치",)]
    assert crawled.rows("SELECT max(revision) FROM articles") == [(1,)]


def test_what_was_removed_stays_removed(crawled: Desk) -> None:
    where = a_few(crawled, 1)
    (key,) = crawled.rows(f"SELECT id FROM articles WHERE {where}")[0]
    with open_store(crawled.database) as store:
        store.articles.mark_removed(key, datetime.now(UTC))
    change(crawled, f"UPDATE articles SET parser = 'daum/0', rest_hash = 'x' WHERE {where}")
    assert totals(crawled.gisa("reparse").out)["unchanged"] == 1
    old_parser(crawled, where)
    removed = crawled.rows(f"SELECT removed_at FROM articles WHERE {where}")
    assert totals(crawled.gisa("reparse").out)["revised"] == 1
    assert crawled.rows(f"SELECT removed_at FROM articles WHERE {where}") == removed != [(None,)]
    causes = crawled.rows("SELECT cause FROM revisions WHERE article_id = ?", key)
    assert [cause for (cause,) in causes] == ["publisher", "removed", "parser"]


def test_pages_that_no_longer_read_are_counted_and_their_records_stay(
    crawled: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    daum = portals.named("daum")
    read = daum.parse_article
    some = [key for (key,) in crawled.rows("SELECT id FROM articles ORDER BY seq LIMIT 2")]
    old_parser(crawled, a_few(crawled, 3))

    def parse(page: Page, **options: object) -> object:
        if page.url.endswith(some[0].removeprefix("daum:")):
            raise LayoutChanged(page.url, "h3.tit_view\x1b[2J", expected=1, found=0)
        if page.url.endswith(some[1].removeprefix("daum:")):
            raise ZeroDivisionError("a bug")
        return read(page, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(daum, "parse_article", parse)
    done = crawled.gisa("reparse")
    assert done.code == 3
    assert (totals(done.out)["revised"], totals(done.out)["unreadable"]) == (1, 2)
    assert re.search(rf"^  layout_changed +1, such as {some[0]}: ", done.out, re.MULTILINE)
    assert "\x1b" not in done.out
    assert "ZeroDivisionError: a bug" in done.err
    assert crawled.rows("SELECT count(*) FROM articles WHERE headline = ?", WRONG) == [(2,)]
    monkeypatch.setattr(daum, "parse_article", lambda page, **_: parse_as_changed(page))
    assert crawled.gisa("reparse").code == 4
    monkeypatch.undo()
    assert totals(crawled.gisa("reparse").out)["revised"] == 2


def parse_as_changed(page: Page) -> None:
    raise LayoutChanged(page.url, "h3.tit_view", expected=1, found=0)


def test_a_damaged_page_costs_its_article_alone(crawled: Desk) -> None:
    wrong = old_parser(crawled)
    change(crawled, "UPDATE pages SET zstd = x'00' WHERE hash = (SELECT min(hash) FROM pages)")
    done = crawled.gisa("reparse")
    assert (done.code, totals(done.out)["revised"]) == (3, wrong - 1)
    assert "is damaged" in done.out
    change(crawled, "UPDATE pages SET zstd = x'00'")
    assert crawled.gisa("reparse").code == 1


def test_a_text_that_vanishes_is_doubted(crawled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    daum = portals.named("daum")
    read = daum.parse_article
    old_parser(crawled, a_few(crawled, 1))
    monkeypatch.setattr(
        daum, "parse_article", lambda page, **options: replace(read(page, **options), text="")
    )
    before = crawled.dump()
    done = crawled.gisa("reparse")
    assert (done.code, totals(done.out)["doubted"]) == (0, 1)
    assert crawled.dump() == before


def test_chosen_by_source_id_time_and_number(crawled: Desk) -> None:
    crawled.configure("politics", "society")
    assert crawled.gisa("run", "society").code == 0
    wrong = old_parser(crawled, "source = 'politics'")
    (some,) = crawled.rows("SELECT id FROM articles WHERE source = 'politics' ORDER BY seq LIMIT 1")
    assert totals(crawled.gisa("reparse", "society").out)["read"] == 0
    assert totals(crawled.gisa("reparse", "--id", some[0]).out)["revised"] == 1
    assert totals(crawled.gisa("reparse", "--id", some[0]).out)["unchanged"] == 1
    assert totals(crawled.gisa("reparse", "--limit", "3").out)["revised"] == 3
    assert totals(crawled.gisa("reparse", "--since", "2199-01-01").out)["read"] == 0
    assert totals(crawled.gisa("reparse", "--since", "1h").out)["revised"] == wrong - 4
    other = crawled.gisa("reparse", "society", "--id", some[0])
    assert (other.code, "is of the source 'politics'" in other.err) == (2, True)
    assert crawled.gisa("reparse", "--since", "soon").code == 2
    assert crawled.gisa("reparse", "nowhere").code == 2


def test_another_run_holds_the_lock(crawled: Desk) -> None:
    old_parser(crawled)
    before = crawled.dump()
    with source_lock(crawled.database, "politics", datetime.now(UTC)):
        done = crawled.gisa("reparse")
    assert (done.code, totals(done.out)["locked"]) == (75, 1)
    assert "another run holds the lock" in done.out
    assert crawled.dump() == before


def test_settings_of_today_hold_for_pages_of_yesterday(crawled: Desk) -> None:
    old_parser(crawled)
    assert crawled.rows("SELECT count(*) FROM authors WHERE email != ''") != [(0,)]
    crawled.configure(
        "politics", pipeline="keep_emails = false", source='permission = "편집국, 9월"'
    )
    assert crawled.gisa("reparse").code == 0
    used = "SELECT count(*) FROM article_authors JOIN authors ON author_id = id WHERE email != ''"
    assert crawled.rows(used) == [(0,)]
    rights = [json.loads(row[0]) for row in crawled.rows("SELECT rights FROM articles")]
    assert all("편집국, 9월" in [s["value"] for s in its["signals"]] for its in rights)


def test_rights_that_headers_and_robots_told_are_told_again(desk: Desk) -> None:
    desk.portal.robots = "User-agent: *\nAllow: /\nContent-Signal: ai-train=no\n"
    article = next(a for a in desk.portal.newsroom.articles("politics") if a.kind == "article")
    desk.portal.answer(f"/v/{article.id}", Answer(headers={"X-Robots-Tag": "noai"}))
    desk.gisa("run")
    query = "SELECT tdm, ai_train, rights FROM articles WHERE id = ?"
    before = desk.rows(query, f"daum:{article.id}")
    signals = {s["type"] for s in json.loads(before[0][2])["signals"]}
    assert {"x-robots-tag", "content-signal"} <= signals
    change(desk, "UPDATE articles SET rights = '{}', tdm = 'allowed', ai_train = 'allowed',"
        " rest_hash = 'x', parser = 'daum/0', content_hash = 'x'")  # fmt: skip
    change(
        desk,
        """UPDATE articles SET rights = '{"notice":null,"holder":null,"license_url":null,
        "uses":{"redistribute":"unknown","tdm":"unknown","ai_train":"unknown"},"signals":[]}'""",
    )
    assert desk.gisa("reparse").code == 0
    assert desk.rows(query, f"daum:{article.id}") == before


def test_bytes_in_cp949_are_read_again(desk: Desk) -> None:
    article = next(a for a in desk.portal.newsroom.articles("politics") if a.kind == "article")
    with urlopen(desk.portal.article_url(article.id)) as answer:
        html = answer.read().decode()
    html = re.sub("(?i)utf-8", "euc-kr", html).replace(article.headline, "펲시맨 똠방각하 뷁")
    body = html.encode("cp949", "xmlcharrefreplace")
    labelled = {"Content-Type": "text/html; charset=euc-kr"}
    desk.portal.answer(f"/v/{article.id}", Answer(body=body, headers=labelled))
    desk.gisa("run")
    query = "SELECT headline, text FROM articles WHERE id = ?"
    before = desk.rows(query, f"daum:{article.id}")
    assert "펲시맨" in before[0][0]
    old_parser(desk)
    assert desk.gisa("reparse").code == 0
    assert desk.rows(query, f"daum:{article.id}") == before
    page = desk.gisa("page", article.id)
    assert (page.code, page.out) == (0, body.decode("cp949"))


def due_again(desk: Desk) -> None:
    change(desk, "UPDATE visits SET not_before = first_listed_at WHERE outcome != 'not_an_article'")


def test_a_crawl_does_not_blame_the_publisher_for_what_the_parser_changed(crawled: Desk) -> None:
    articles = [a for a in crawled.portal.newsroom.articles("politics") if a.kind == "article"]
    edited, other = articles[:2]
    crawled.portal.newsroom.edit(edited.id)
    with urlopen(crawled.portal.article_url(other.id)) as answer:
        body = answer.read() + b"<!-- another advertisement -->"
    crawled.portal.answer(f"/v/{other.id}", Answer(body=body))
    wrong = old_parser(crawled)
    due_again(crawled)
    done = crawled.gisa("run")
    assert (done.code, done.summary["revised"], done.summary["unchanged"]) == (0, wrong, 0)
    revisions = crawled.gisa("history", edited.id, "--format", "json").json
    assert [it["cause"] for it in revisions] == ["publisher", "parser", "publisher"]
    assert revisions[0]["record"]["headline"] == WRONG
    assert WRONG not in revisions[1]["record"]["headline"] != revisions[2]["record"]["headline"]
    others = "SELECT DISTINCT cause FROM revisions WHERE revision > 1 AND article_id != ?"
    assert crawled.rows(others, f"daum:{edited.id}") == [("parser",)]
    held = "SELECT revision FROM snapshots WHERE article_id = ? ORDER BY 1"
    assert crawled.rows(held, f"daum:{edited.id}") == [(2,), (3,)]
    assert crawled.rows(held, f"daum:{other.id}") == [(2,)]


def test_a_crawl_goes_on_where_the_kept_page_is_damaged(crawled: Desk) -> None:
    edited = next(a for a in crawled.portal.newsroom.articles("politics") if a.kind == "article")
    crawled.portal.newsroom.edit(edited.id)
    old_parser(crawled)
    change(crawled, "UPDATE pages SET zstd = x'00'")
    due_again(crawled)
    assert crawled.gisa("run").code == 0
    revisions = crawled.gisa("history", edited.id, "--format", "json").json
    assert [it["cause"] for it in revisions] == ["publisher", "parser"]


@pytest.mark.parametrize(
    ("pipeline", "archive", "kept"),
    [
        ("", "", True),
        ("", "[archive]\nenabled = false", False),
        ("keep_emails = false", "", False),
        ("keep_emails = false", "[archive]\nenabled = true", True),
    ],
)
def test_whether_pages_are_kept(desk: Desk, pipeline: str, archive: str, kept: bool) -> None:
    desk.configure("politics", pipeline=pipeline + "\n" + archive)
    assert desk.gisa("run").code == 0
    assert (desk.rows("SELECT count(*) FROM snapshots") != [(0,)]) is kept
    shown = {row["key"]: row for row in desk.gisa("config", "--format", "json").json}
    assert shown["archive.enabled"]["value"] is kept


def test_a_crawl_keeps_to_the_retention(crawled: Desk) -> None:
    change(crawled, "UPDATE snapshots SET fetched_at = '2020-01-01T00:00:00Z' WHERE id % 2")
    before = crawled.rows("SELECT count(*) FROM snapshots")[0][0]
    assert crawled.gisa("run").code == 0
    assert crawled.rows("SELECT count(*) FROM snapshots")[0][0] == before // 2
    assert crawled.rows("SELECT count(*) FROM pages")[0][0] == before // 2
    assert crawled.rows("SELECT count(*) FROM articles")[0][0] == before


def test_a_page_to_a_file_a_pipe_and_never_to_a_terminal(
    crawled: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (some,) = crawled.rows("SELECT id FROM articles LIMIT 1")[0]
    piped = crawled.gisa("page", some)
    assert piped.out.startswith("<!")
    assert crawled.gisa("page", some, "--output", "kept.html").out == ""
    assert (crawled.folder / "kept.html").read_text(encoding="utf-8") == piped.out
    said = crawled.gisa("page", some, "--format", "json").json
    assert said["html"] == piped.out
    assert said["url"].endswith(some.removeprefix("daum:"))
    past = crawled.gisa("page", some, "--at", "2020-01-01")
    assert (past.code, "is kept from then: see [archive]" in past.err) == (1, True)
    monkeypatch.setattr("jobs.verbs.page.sys", SimpleNamespace(stdout=Terminal()))
    shown = crawled.gisa("page", some)
    assert (shown.code, "name a file with --output" in shown.err) == (1, True)
    assert crawled.gisa("page", some, "--output", "no/such/folder").code == 1


class Terminal:
    buffer = sys.stdout

    def isatty(self) -> bool:
        return True


def test_a_page_of_the_quarantine(desk: Desk) -> None:
    desk.portal.break_layout("listing")
    assert desk.gisa("run").code == 4
    done = desk.gisa("page", "1", "--quarantine")
    assert (done.code, "<html" in done.out) == (0, True)
    for odd in ("2", "x", "", "²", "9" * 30):
        missing = desk.gisa("page", odd, "--quarantine")
        assert (missing.code, "the quarantine has no page" in missing.err) == (1, True)
