"""From every earlier schema: rows written then are there afterwards, and what was broken is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from pipeline.errors import StoreError
from pipeline.store import open_store
from pipeline.store.schema import STEPS

NAMES = [step.name for step in STEPS.pending(Database(memory=True))]
RECORD = '{"headline": "옛 제목", "text": "옛 글", "revision": %d, "removed_at": null}'


@contextmanager
def older(path: Path, steps: int) -> Iterator[sqlite3.Connection]:
    """A database as an older gisa left it: only the first steps were taken."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    db = Database(connection, strict=True)
    if steps < len(NAMES):
        STEPS.apply(db, stop_before=NAMES[steps])
    else:
        STEPS.apply(db)
    connection.execute("PRAGMA foreign_keys = ON")
    yield connection
    connection.commit()
    connection.close()


def fill(db: sqlite3.Connection) -> None:
    """Two articles, one of them edited once; columns that step 001 had."""
    db.execute(
        "INSERT INTO sources (name, portal, listings, schedule, enabled, permission, updated_at)"
        " VALUES ('politics', 'daum', '[]', NULL, 1, NULL, '2026')"
    )
    for name, revision in (("daum:1", 2), ("daum:2", 1)):
        columns = {
            "id": name, "portal": "daum", "source": "politics", "url": "u", "canonical_url": "c",
            "headline": f"제목 {name}", "labels": "[]", "body": "[]", "text": "정부는 발표했다",
            "keywords": "[]", "redistribute": "unknown", "tdm": "unknown", "ai_train": "unknown",
            "rights": '{"notice":null,"holder":null,"license_url":null,"uses":{"redistribute":'
            '"unknown","tdm":"unknown","ai_train":"unknown"},"signals":[]}',
            "warnings": "[]", "first_seen_at": "2026-09-27T03:00:00Z",
            "last_seen_at": "2026-09-27T03:00:00Z", "fetched_at": "2026-09-27T03:00:00Z",
            "revision": revision, "content_hash": "h", "parser": "daum/1",
        }  # fmt: skip
        marks = ", ".join("?" * len(columns))
        db.execute(
            f"INSERT INTO articles ({', '.join(columns)}) VALUES ({marks})", [*columns.values()]
        )
        for number in range(1, revision + 1):
            kept = None if number == revision and is_kept_once(db) else RECORD % number
            db.execute(
                "INSERT INTO revisions VALUES (?, ?, '2026-09-27T03:00:00Z', 'publisher', 'h', ?)",
                [name, number, kept],
            )
    db.execute("INSERT INTO authors (name) VALUES ('김기자')")
    db.execute("INSERT INTO article_authors VALUES ('daum:1', 1, 1, '기자')")
    db.execute("INSERT INTO images VALUES ('daum:1', 1, 'https://img', NULL, NULL)")


def is_kept_once(db: sqlite3.Connection) -> bool:
    """Since step 005 the newest state stands in `articles` alone."""
    return "seq" in [row["name"] for row in db.execute("PRAGMA table_info(articles)")]


@pytest.mark.parametrize("steps", range(1, len(NAMES)), ids=lambda n: f"after-{NAMES[n - 1]}")
def test_every_earlier_schema_is_brought_up_to_date(path: Path, steps: int) -> None:
    with older(path, steps) as db:
        fill(db)
    with open_store(path) as store:
        assert [step.name for step in STEPS.applied(store.db)] == NAMES
        assert store.rows("PRAGMA foreign_key_check") == []
        assert store.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        assert store.articles.count() == 2
        stored = store.articles.get("daum:1")
        assert stored is not None
        assert stored.article.headline == "제목 daum:1"
        assert [author.name for author in stored.article.authors] == ["김기자"]
        assert [image.url for image in stored.article.images] == ["https://img"]
        first, second = store.articles.revisions("daum:1")
        assert first.record["headline"] == "옛 제목"
        assert second.record["headline"] == "제목 daum:1"
        # its hash was made in another way: that is no edit
        assert store.articles.save(stored.article, "politics") == "unchanged"
        assert len(store.articles.revisions("daum:1")) == 2


@pytest.mark.parametrize("steps", range(1, len(NAMES)))
def test_the_schema_is_the_same_whatever_the_start(tmp_path: Path, steps: int) -> None:
    def schema(path: Path) -> list[tuple[str, str]]:
        with open_store(path) as store:
            rows = store.rows("SELECT name, sql FROM sqlite_master ORDER BY name")
        return [(row["name"], row["sql"]) for row in rows]

    with older(tmp_path / "old.db", steps):
        pass
    assert schema(tmp_path / "old.db") == schema(tmp_path / "new.db")


def test_a_step_that_fails_leaves_the_old_schema(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with older(path, len(NAMES) - 1) as db:
        fill(db)
        before = "\n".join(row[0] or "" for row in db.execute("SELECT sql FROM sqlite_master"))
    apply = STEPS.apply

    def fails_at_last(db: Database) -> None:
        apply(db)
        db.execute("DROP TABLE nothing")

    monkeypatch.setattr(STEPS, "apply", fails_at_last)
    with pytest.raises(Exception, match="nothing"):
        open_store(path)
    with sqlite3.connect(path) as db:
        after = "\n".join(row[0] or "" for row in db.execute("SELECT sql FROM sqlite_master"))
    db.close()
    assert after == before


def test_rows_that_refer_to_nothing_stop_the_steps(path: Path) -> None:
    with older(path, 3) as db:
        fill(db)
        db.commit()
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("INSERT INTO images VALUES ('daum:none', 1, 'https://img', NULL, NULL)")
    with pytest.raises(
        StoreError, match=r"row of images refers to one of articles.*nothing was changed"
    ):
        open_store(path)
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0] == 3
    db.close()
