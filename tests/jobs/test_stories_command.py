"""`gisa stories`, and what `gisa show` says of them: grouped by the crawl, told to people and machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import pytest

from jobs import crawl_source
from pipeline.errors import StoreError
from pipeline.records import Article
from pipeline.store import open_store
from pipeline.store.stories import Stories
from tests.jobs.desk import Desk

HOSTILE = "\x1b]0;pwned\x07\x1b[2J\u202e거꾸로\u2066\x9b31m\r\n다음 줄"


@pytest.fixture
def elsewhere(desk: Desk) -> Callable[..., tuple[str, str]]:
    """A crawl, and then one of its articles at another portal."""

    def make(**changes: object) -> tuple[str, str]:
        desk.gisa("run")
        with open_store(desk.database) as store:
            found = list(store.articles.latest(50))
            one: Article = max((each.article for each in found), key=lambda a: len(a.text))
            other = replace(one, id="naver:001:0000000001", portal="naver", url="https://n/1")
            store.articles.save(replace(other, **changes), "politics")  # type: ignore[arg-type]
        return one.id, other.id

    return make


def test_a_crawl_groups_what_it_brought(desk: Desk) -> None:
    assert desk.gisa("run").code == 0
    ungrouped = (
        "SELECT count(*) FROM articles WHERE seq NOT IN (SELECT article FROM story_articles)"
    )
    assert desk.rows(ungrouped) == [(0,)]
    assert desk.rows("SELECT count(*) > 0 FROM story_articles") == [(1,)]
    done = desk.gisa("stories")
    assert (done.code, done.err) == (0, "")
    assert done.out == "no stories: nothing that was stored came twice\n"


def test_a_backlog_is_worked_off_in_bounded_pieces(desk: Desk) -> None:
    with (
        patch.multiple(crawl_source, _AT_ONCE=2, _BATCHES=3),
        patch.object(Stories, "group", autospec=True, side_effect=Stories.group) as group,
    ):
        assert desk.gisa("run").code == 0
    assert group.call_count == 3
    assert desk.rows("SELECT count(*) FROM story_articles") == [(6,)]
    waiting = desk.rows("SELECT count(*) - 6 FROM articles")[0][0]
    told = desk.gisa("stories")
    assert told.err == f"{waiting} articles wait to be grouped: `gisa stories --group-all`\n"
    assert desk.gisa("stories", "--group-all").err == ""


def test_a_bug_in_grouping_costs_no_crawl(desk: Desk) -> None:
    with patch.object(Stories, "group", side_effect=ZeroDivisionError("a bug")):
        done = desk.gisa("run")
    assert done.code == 0
    assert "a bug in grouping stories" in done.err
    with patch.object(Stories, "group", side_effect=StoreError("the disk is full")):
        assert desk.gisa("run").code == 1


def test_the_same_article_elsewhere_is_told(
    desk: Desk, elsewhere: Callable[..., tuple[str, str]]
) -> None:
    one, other = elsewhere()
    assert "in one story" not in desk.gisa("show", one).out
    done = desk.gisa("stories", "--group-all")
    head, first, second = done.out.splitlines()
    assert head.startswith("story ")
    assert "2 articles, 1 publisher," in head
    assert one in first
    assert other in second
    assert "same 100%" in second
    shown = desk.gisa("show", one).out.splitlines()
    assert shown[-2] == "in one story with (1 publisher in all)"
    assert other in shown[-1]
    assert one not in shown[-1]
    assert one in desk.gisa("show", other).out.splitlines()[-1]


def test_json_has_all_of_it(desk: Desk, elsewhere: Callable[..., tuple[str, str]]) -> None:
    one, other = elsewhere()
    (story,) = desk.gisa("stories", "--group-all", "--format", "json").json
    assert (story["articles"], story["publishers"]) == (2, 1)
    first, second = story["members"]
    assert (first["id"], first["relation"], first["of_id"]) == (one, "first", None)
    assert (second["id"], second["relation"], second["of_id"]) == (other, "same", one)
    assert second["likeness"] == 1.0
    for few in (["--since", "2100-01-01"], ["--min-articles", "3"]):
        assert desk.gisa("stories", "--format", "json", *few).json == []
    assert desk.gisa("stories", "--since", "2020-01-01T00:00", "--format", "json").json == [story]
    assert desk.gisa("stories", "--rebuild", "--format", "json").json == [story]


def test_nothing_stored_can_steer_the_terminal(
    desk: Desk, elsewhere: Callable[..., tuple[str, str]]
) -> None:
    link = "https://press.example/news/12345"
    one, _ = elsewhere(original_url=link, headline=HOSTILE, publisher=HOSTILE)
    with open_store(desk.database) as store:
        known = store.articles.get(one)
        assert known is not None
        store.articles.save(replace(known.article, original_url=link), "politics")
    for out in (desk.gisa("stories", "--group-all").out, desk.gisa("show", one).out):
        assert "거꾸로" in out
        assert all(line.isprintable() for line in out.split("\n"))


@pytest.mark.parametrize(
    "wrong",
    [["--since", "yesterday"], ["--limit", "0"], ["--limit", "x"], ["--min-articles", "-1"]],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, wrong: list[str]) -> None:
    done = desk.gisa("stories", *wrong)
    assert (done.code, done.out) == (2, "")
    assert wrong[0] in done.err
