"""The file below a running page: deleted, restored, of an odd name; and questions that make no sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from pipeline.records import Source
from pipeline.store import Store, open_store
from tests.jobs.web.conftest import CONFIG
from tests.pipeline.store.conftest import ARTICLE

Serve = Callable[..., httpx.Client]
SOURCE = Source("politics", "daum", ("https://news.daum.net/politics",))
PAGES = ("/", "/sources", "/data/articles.json", "/article/daum:1.json")


def _filled(store: Store, article_id: str) -> None:
    store.sources.remember(SOURCE, ARTICLE.fetched_at)
    store.articles.save(replace(ARTICLE, id=article_id), "politics")


def _aside(file: Path, name: str) -> None:
    for ending in ("", "-wal", "-shm"):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.replace(file.with_name(f"{name}.db{ending}"))


def test_a_file_that_was_restored_is_what_is_shown(
    store: Store, page: httpx.Client, config: Path
) -> None:
    _filled(store, "daum:1")
    assert page.get("/article/daum:1.json").status_code == 200
    store.close()
    restored = config.with_name("restored.db")
    with open_store(restored) as other:
        _filled(other, "daum:2")
    file = config.with_name("gisa.db")
    _aside(
        file, "old"
    )  # as docs/operations.md says: a log of the old file must not meet the new one
    restored.replace(file)
    assert page.get("/article/daum:1.json").status_code == 404
    assert page.get("/article/daum:2.json").status_code == 200
    assert [it["id"] for it in page.get("/data/articles.json?_shape=array").json()] == ["daum:2"]


def test_a_file_that_is_gone_is_told_and_comes_back(
    store: Store, page: httpx.Client, config: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _filled(store, "daum:1")
    store.close()
    file = config.with_name("gisa.db")
    assert page.get("/").status_code == 200
    _aside(file, "away")
    for path in PAGES:
        answer = page.get(path)
        assert answer.status_code == 503, path
        assert str(config.parent) not in answer.text
    assert "데이터베이스를 읽을 수 없습니다" in page.get("/").text
    assert str(file) in caplog.text
    file.write_text("not a database")
    assert page.get("/").status_code == 503
    _aside(config.with_name("away.db"), "gisa")
    assert [page.get(path).status_code for path in PAGES] == [200] * len(PAGES)


def test_a_folder_of_any_name_can_be_served(tmp_path: Path, serve: Serve, config: Path) -> None:
    odd = tmp_path / "a#b?mode=rwc%41"
    odd.mkdir()
    database = odd / "gisa.db"
    config.write_text(
        CONFIG.replace("[source.politics]", f'database = "{database}"\n[source.politics]', 1)
    )
    with open_store(database) as other:
        _filled(other, "daum:1")
    page = serve()
    assert page.get("/article/daum:1").status_code == 200
    assert page.get("/data/articles.json").status_code == 200
    assert sorted(it.name for it in tmp_path.iterdir()) == [odd.name, config.name]


def test_questions_that_make_no_sense_are_400_and_write_no_line_into_the_log(
    page: httpx.Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for path, params in (
        ("/data/articles", {"_sort": "nope"}),
        ("/data/articles", {"_sort": "id", "_sort_desc": "id"}),
        ("/data", {"sql": "select \0"}),
        ("/data", {"sql": "select [\x1b[31m\nERROR: it burns]"}),
        ("/data/articles", {"_where": "1 union"}),
    ):
        for answer in (page.get(path, params=params), page.get(f"{path}.json", params=params)):
            assert answer.status_code == 400, params
    assert "it burns" not in capfd.readouterr().err
    assert caplog.records == []


def test_there_is_no_other_database(page: httpx.Client) -> None:
    for path in ("/_memory", "/_memory.json?sql=select+1", "/-/databases.json", "/_internal"):
        assert page.get(path).status_code in (403, 404), path
    assert list(page.get("/.json").json()) == ["data"]
