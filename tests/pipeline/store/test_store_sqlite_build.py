"""Which releases of SQLite have the WAL-reset bug, and what is said where one is in use."""

from __future__ import annotations

import pytest
from sqlite_utils.utils import sqlite3

from pipeline.store import sqlite_build
from pipeline.store.sqlite_build import has_wal_reset_bug


@pytest.mark.parametrize(
    ("release", "has_it"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 44, 7), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_releases_with_the_wal_reset_bug(release: tuple[int, ...], has_it: bool) -> None:
    assert has_wal_reset_bug(release) is has_it


def test_the_release_is_the_one_that_the_store_works_with() -> None:
    with sqlite3.connect(":memory:") as db:
        (said,) = db.execute("SELECT sqlite_version()").fetchone()
    db.close()
    assert ".".join(map(str, sqlite_build.RELEASE)) == said


def test_the_advice_names_release_and_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_build, "RELEASE", (3, 40, 1))
    said = sqlite_build.advice()
    assert said
    assert "SQLite 3.40.1 has the WAL-reset bug" in said
    assert "pip install --only-binary=:all: pysqlite3" in said
    monkeypatch.setattr(sqlite_build, "RELEASE", (3, 53, 4))
    assert sqlite_build.advice() is None
