"""What is old goes in short transactions; what health, evidence and history are told by stays."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import LayoutChanged, StoreError
from pipeline.records import CrawlReport, Page
from pipeline.store import Store, checks, open_store, space
from pipeline.store.space import BATCH, delete_in_batches, space_of, tidy, vacuum

DAY = timedelta(days=1)


def run(store: Store, source: str, at, outcome: str) -> int:
    number = store.runs.begin(source, at, "test")
    if outcome != "running":
        store.runs.finish(number, CrawlReport(source, at, at, outcome))
    return number


def test_old_runs_go_but_for_the_last_and_the_last_good_one(store: Store, noon) -> None:
    kept = [
        run(store, "politics", noon + n * DAY, outcome)
        for n, outcome in enumerate(["ok", "ok", "failed", "failed"])
    ]
    kept += [run(store, "society", noon, "drift"), run(store, "society", noon + 9 * DAY, "failed")]
    before = noon + 5 * DAY
    assert store.runs.count_old(before) == 3
    assert store.runs.prune(before) == 3
    assert [row["id"] for row in store.rows("SELECT id FROM runs")] == [kept[1], kept[3], kept[5]]
    assert store.runs.last_ok("politics") is not None
    assert store.runs.prune(before) == store.runs.count_old(before) == 0


def test_a_run_under_way_stays(store: Store, noon) -> None:
    run(store, "politics", noon, "running")
    with store.writing() as db:  # as of another process, that began later
        db.execute(
            "INSERT INTO runs (source, started_at, outcome) VALUES ('politics', '2999', 'ok')"
        )
    assert store.runs.prune(noon + 5 * DAY) == 0


def keep(store: Store, name: str, html: str, at) -> None:
    page = Page(f"http://h/{name}", html, at)
    store.quarantine.keep(page, "politics", LayoutChanged(page.url, "h1", expected=1, found=0))


def test_old_pages_of_the_quarantine_go_unless_something_refers_to_them(store: Store, noon) -> None:
    keep(store, "a", "하나", noon)
    keep(store, "b", "하나", noon + 9 * DAY)  # the same page again, later, elsewhere
    keep(store, "c", "둘", noon)
    keep(store, "d", "셋", noon + 9 * DAY)
    before = noon + DAY
    assert store.quarantine.count_old(before) == store.quarantine.prune(before) == 2
    left = {row["url"][-1] for row in store.quarantine.all()}
    assert left == {"b", "d"}
    assert len(store.rows("SELECT hash FROM pages")) == 2
    assert {store.quarantine.html(row["id"]) for row in store.quarantine.all()} == {"하나", "셋"}
    assert checks.damage(store, full=True) == []


def test_many_rows_go_in_several_transactions_and_a_neighbour_gets_a_turn(
    store: Store, path: Path, noon
) -> None:
    many = 2 * BATCH + 50
    with store.writing() as db:
        db.conn.executemany(
            "INSERT INTO runs (source, started_at, finished_at, outcome) VALUES ('politics', ?, 't', 'ok')",
            [(f"2020-01-01T00:00:{n % 60:02}Z",) for n in range(many + 1)],
        )
    turns = []
    with open_store(path) as other:
        writing = store.writing

        def counted():
            if turns:  # what came before is committed: the neighbour sees it and may write
                turns.append(other.rows("SELECT count(*) AS n FROM runs")[0]["n"])
                with other.writing() as db:
                    db.execute("DELETE FROM hosts")
            turns.append(0)
            return writing()

        store.writing = counted  # type: ignore[method-assign]
        assert store.runs.prune(noon) == many
    assert [n for n in turns if n] == [many + 1 - BATCH, many + 1 - 2 * BATCH]


@given(rows=st.integers(0, 5 * BATCH))
def test_every_row_is_deleted_and_counted(rows: int) -> None:
    left = rows

    def delete(_db: object) -> int:
        nonlocal left
        some = min(left, BATCH)
        left -= some
        return some

    assert delete_in_batches(Nothing(), delete) == rows  # type: ignore[arg-type]
    assert left == 0


class Nothing:
    """A store whose transactions cost nothing."""

    def writing(self) -> Nothing:
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_error: object) -> None:
        return None


def fill(store: Store) -> None:
    with store.writing() as db:
        db.conn.executemany(
            "INSERT INTO robots VALUES (?, 200, ?, 't')", [(str(n), "x" * 3000) for n in range(100)]
        )


def test_the_log_is_emptied_and_pages_given_back(store: Store) -> None:
    fill(store)
    assert space_of(store).log > 300_000
    assert tidy(store) is True
    assert space_of(store).log == 0
    with store.writing() as db:
        db.execute("DELETE FROM robots")
    full = space_of(store)
    assert full.free > 300_000
    vacuum(store)
    after = space_of(store)
    assert after.free == after.log == 0
    assert after.file < full.file - 300_000
    assert after.file == store.path.stat().st_size


def test_a_reader_that_is_at_it_for_long_keeps_the_log(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space, "_CHECKPOINT_WAITS", 1)
    with open_store(path) as other, other.reading():
        other.articles.count()
        fill(store)
        assert tidy(store) is False
        assert space_of(store).log > 0
    assert store.db.conn.execute("PRAGMA busy_timeout").fetchone()[0] == 30_000
    assert tidy(store) is True


def test_vacuum_is_refused_where_it_cannot_end_well(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StoreError, match="MB are needed and 0 MB are free"):
        vacuum(store)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    monkeypatch.setattr(space, "_keeps_temporary_files_in_memory", lambda _: True)
    memory = tmp_path / "meminfo"
    memory.write_text("MemTotal: 9999 kB\nMemAvailable: 100 kB\n")
    monkeypatch.setattr(space, "_MEMORY", memory)
    with pytest.raises(StoreError, match="through memory"):
        vacuum(store)
    memory.write_text("MemTotal: 9999999 kB\nMemAvailable: 9999999 kB\n")
    vacuum(store)
