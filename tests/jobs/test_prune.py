"""`gisa prune`: what [retention] and --keep say goes, and never an article."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from pipeline.errors import LayoutChanged
from pipeline.records import Page
from pipeline.store import open_store
from tests.jobs.desk import Desk


@pytest.fixture
def aged(desk: Desk) -> Desk:
    """Three runs, of which two began in 2020, and a page in quarantine since then."""
    for _ in range(3):
        desk.gisa("run", "--limit", "1")
    with closing(sqlite3.connect(desk.database, isolation_level=None)) as db:
        db.execute("UPDATE runs SET started_at = '2020-01-01T00:00:00Z' WHERE id < 3")
    page = Page("http://h/old", "<p>옛 쪽</p>", datetime(2020, 1, 1, tzinfo=UTC))
    with open_store(desk.database) as store:
        error = LayoutChanged(page.url, "h1", expected=1, found=0)
        store.quarantine.keep(page, "politics", error)
    return desk


def counts(desk: Desk) -> tuple[int, ...]:
    orphans = "pages WHERE hash NOT IN (SELECT page FROM snapshots)"
    tables = ("runs", "quarantine", orphans)
    return tuple(desk.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables)


def test_a_dry_run_counts_and_a_real_one_deletes(aged: Desk) -> None:
    rest = ("articles", "revisions", "visits")
    before = [aged.rows(f"SELECT * FROM {table}") for table in rest]
    dry = aged.gisa("prune", "--dry-run")
    assert dry.code == 0
    assert dry.out.splitlines()[:2] == [
        "runs: 2 older than 90d would go",
        "quarantine: 1 older than 90d would go",
    ]
    assert counts(aged) == (3, 1, 1)
    done = aged.gisa("prune", "--vacuum", "--format", "json").json
    assert [(row["what"], row["rows"]) for row in done["deleted"]] == [
        ("runs", 2),
        ("quarantine", 1),
        ("sightings", 0),
        ("pages", 0),
    ]
    assert (done["bytes_free"], done["bytes_log"]) == (0, 0)
    assert done["bytes"] == aged.database.stat().st_size
    assert counts(aged) == (1, 0, 0)
    assert [aged.rows(f"SELECT * FROM {table}") for table in rest] == before
    assert aged.gisa("doctor", "--full").code == 0


def test_the_configuration_says_what_is_kept(aged: Desk) -> None:
    with aged.config.open("a") as file:
        file.write('[retention]\nruns = "forever"\nquarantine = "3650d"\n')
    done = aged.gisa("prune")
    assert done.out.splitlines()[0] == "runs: kept forever"
    assert counts(aged) == (3, 1, 1)
    assert aged.gisa("prune", "--keep", "runs=30d", "--keep", "quarantine=4w").code == 0
    assert counts(aged) == (1, 0, 0)


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        ("runs=90m", 'should be at least a day, such as "90d", or "forever"'),
        ("runs", "should be a text with a unit"),
        ("articles=90d", "should be one of runs, quarantine"),
    ],
)
def test_a_wrong_age_deletes_nothing(aged: Desk, keep: str, said: str) -> None:
    done = aged.gisa("prune", "--keep", keep)
    assert done.code == 2
    assert said in done.err
    assert counts(aged) == (3, 1, 1)


def test_a_wrong_age_in_the_configuration_is_named_with_its_line(desk: Desk) -> None:
    with desk.config.open("a") as file:
        file.write('[retention]\nrun = "30d"\nquarantine = "12h"\n')
    err = desk.gisa("prune").err
    assert "retention.run: unknown key; did you mean 'runs'?" in err
    assert 'retention.quarantine: should be at least a day, such as "90d", or "forever"' in err


def test_config_shows_the_retention(desk: Desk) -> None:
    with desk.config.open("a") as file:
        file.write('[retention]\nruns = "forever"\n')
    rows = {row["key"]: row for row in desk.gisa("config", "--format", "json").json}
    assert rows["retention.runs"]["value"] == "forever"
    assert rows["retention.runs"]["origin"].startswith("config.toml:")
    assert rows["retention.quarantine"] == {
        "key": "retention.quarantine", "value": "90d", "origin": "default",
    }  # fmt: skip
