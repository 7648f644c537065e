"""Opening the file: schema steps from nothing and at once, and every file that must be refused."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from pipeline.errors import StoreError
from pipeline.records import Article
from pipeline.store import Store, open_store, opening
from pipeline.store.schema import STEPS

ROOT = Path(__file__).parents[3]


def steps(path: Path) -> list[str]:
    with open_store(path) as store:
        return [step.name for step in STEPS.applied(store.db)]


def test_makes_the_schema_from_nothing_once(path: Path) -> None:
    first = steps(path)
    before = path.read_bytes()
    assert first
    assert steps(path) == first
    assert path.read_bytes() == before


def test_an_empty_file_is_a_new_database(path: Path) -> None:
    path.touch()
    assert steps(path)


def test_threads_that_open_a_new_file_at_once(tmp_path: Path) -> None:
    for number in range(4):
        path, start = tmp_path / f"{number}.db", threading.Barrier(6)

        def opened(_: int, path: Path = path, start: threading.Barrier = start) -> list[str]:
            start.wait()
            return steps(path)

        with ThreadPoolExecutor(6) as pool:
            assert len(set(map(tuple, pool.map(opened, range(6))))) == 1


def _opened(path: Path, start: threading.Barrier, done: multiprocessing.Queue) -> None:
    start.wait()
    try:
        done.put(len(steps(path)))
    except BaseException as error:
        done.put(repr(error))
        raise


def test_processes_that_open_a_new_file_at_once(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, done = context.Barrier(3), context.Queue()
    workers = [context.Process(target=_opened, args=(path, start, done)) for _ in range(3)]
    for worker in workers:
        worker.start()
    assert len({done.get(timeout=30) for _ in workers}) == 1
    for worker in workers:
        worker.join(30)
        assert worker.exitcode == 0


def test_a_schema_made_between_two_looks_is_not_taken_for_another_program(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process makes the schema just after we saw that no step is applied."""
    applied = STEPS.applied
    made = []

    def slow(db: Database) -> object:
        found = applied(db)
        in_file = db.conn.execute("PRAGMA database_list").fetchone()[2]
        if in_file and not made:
            made.append(True)
            with open_store(path):
                pass
        return found

    monkeypatch.setattr(STEPS, "applied", slow)
    assert steps(path)


def test_two_connections_go_on_without_their_neighbours_schema(path: Path) -> None:
    with open_store(path) as one, open_store(path) as other:
        assert other.articles.count() == one.articles.count() == 0


def test_a_newer_schema_is_refused_and_left_alone(path: Path) -> None:
    with open_store(path) as store:
        store.db.table("_sqlite_migrations").insert(
            {"migration_set": "gisa", "name": "step_999_future", "applied_at": "2030"}
        )
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer gisa.*step_999_future.*update gisa"):
        open_store(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_text_file_is_refused_and_left_alone(path: Path) -> None:
    text = "이것은 데이터베이스가 아니다\n" * 300
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match="no SQLite database"):
        open_store(path)
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_a_store_error(path: Path, kept: float, article) -> None:
    with open_store(path) as store:
        store.db.execute("CREATE TABLE filler (text TEXT) STRICT")
        store.db.table("filler").insert_all({"text": "가" * 500} for _ in range(200))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])

    def use() -> None:
        with open_store(path) as store:
            store.articles.get(article.id)
            list(store.articles.latest(5))
            store.visits.count_open()
            store.quarantine.all()
            store.runs.recent(3)
            store.hosts.all()

    with pytest.raises(StoreError, match="restore a backup"):
        use()


def test_reading_a_damaged_page_is_a_store_error(path: Path) -> None:
    """The schema is whole, the table's page is not: a read meets it, outside any write."""
    with open_store(path) as store:
        found = store.db.conn.execute("SELECT rootpage FROM sqlite_master WHERE rootpage > 1"
                                      " AND tbl_name <> '_sqlite_migrations'")  # fmt: skip
        pages = [row[0] for row in found]
        size = store.db.conn.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)
    with open_store(path) as store:
        for read in _reads(store):
            with pytest.raises(StoreError, match="damaged"):
                read()
            assert not store.db.conn.in_transaction


def _reads(store: Store) -> list:
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    return [
        lambda: store.articles.get("x"),
        lambda: list(store.articles.latest(3)),
        lambda: store.articles.find("x"),
        lambda: store.articles.parser_of("x"),
        lambda: store.articles.revisions("x"),
        store.articles.count,
        lambda: store.visits.due("politics", now),
        store.visits.count_open,
        lambda: store.hosts.failures("h"),
        lambda: store.hosts.robots("http://h"),
        store.hosts.all,
        lambda: store.runs.last("politics"),
        lambda: store.runs.last_ok("politics"),
        lambda: store.runs.recent(3),
        store.quarantine.all,
        lambda: store.quarantine.html(1),
        store.quarantine.count,
    ]


def test_a_missing_file_is_not_made_for_a_reader(path: Path) -> None:
    with pytest.raises(StoreError, match="gisa run"):
        open_store(path, create=False)
    assert not path.exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"folder .*nowhere.* does not exist"):
        open_store(tmp_path / "nowhere" / "gisa.db")


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read or written"):
        open_store(tmp_path)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that other users may enter: pytest's own is private."""
    folder = Path(tempfile.mkdtemp(prefix="gisa-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


_AS_NOBODY = """
import os, sys
from pathlib import Path
from pipeline.errors import StoreError
from pipeline.store import articles, open_store
if os.geteuid() == 0:
    os.setegid(65534); os.seteuid(65534)
try:
    with open_store(Path(sys.argv[1]), create=sys.argv[2] == "create") as store:
        print("opened", store.articles.count())
        with store.writing() as db:
            db.execute("DELETE FROM hosts")
except StoreError as error:
    print("StoreError", error)
"""


def as_nobody(path: Path, how: str = "create") -> str:
    done = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(path), how],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_folder_that_may_not_be_written(public: Path) -> None:
    public.chmod(0o555)
    assert "by this user" in as_nobody(public / "gisa.db")
    assert not (public / "gisa.db").exists()


def test_a_database_that_may_not_be_written(public: Path) -> None:
    path = public / "gisa.db"
    steps(path)
    path.chmod(0o444)
    public.chmod(0o555)
    said = as_nobody(path)
    assert "StoreError" in said
    assert str(path) in said
    assert "user" in said


@pytest.mark.parametrize("how", ["create", "read"])
def test_a_folder_that_may_not_be_entered(public: Path, how: str) -> None:
    steps(public / "gisa.db")
    public.chmod(0o700)
    if os.geteuid() != 0:
        public.chmod(0)
    said = as_nobody(public / "gisa.db", how)
    public.chmod(0o700)
    assert said.startswith("StoreError")
    assert "by this user" in said


def test_a_locked_database_is_named_and_nothing_hangs(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.05)
    with open_store(path) as one, open_store(path) as other:
        with one.writing(), pytest.raises(StoreError, match="another process"), other.writing():
            pass
        with other.writing() as db:
            db.execute("DELETE FROM hosts")


def test_every_table_is_strict_and_foreign_keys_hold(store: Store) -> None:
    tables = store.db.conn.execute(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
    ).fetchall()
    assert {row["name"]: row["strict"] for row in tables} == {row["name"]: 1 for row in tables}
    assert store.db.conn.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    assert store.db.conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    with pytest.raises(sqlite3.IntegrityError), store.writing() as db:
        db.execute("INSERT INTO listings (source, url) VALUES ('nobody', 'l')")


def test_the_file_is_private_where_the_umask_says_so(path: Path) -> None:
    before = os.umask(0o077)
    try:
        steps(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_statements_stay_prepared_behind_the_steps_of_a_new_schema(
    store: Store, article: Article
) -> None:
    def save(number: int) -> None:
        store.articles.save(replace(article, id=f"daum:{number}"), "politics")
        store.stories.group()

    save(1)
    asked: set[int] = set()
    # asked while a statement is prepared; to set it makes all of them be prepared once more
    store.db.conn.set_authorizer(lambda action, *_: asked.add(action) or sqlite3.SQLITE_OK)
    save(2)
    assert sqlite3.SQLITE_INSERT in asked
    asked.clear()
    save(3)  # SQLite itself prepares some queries anew, by the values that they are given
    assert sqlite3.SQLITE_INSERT not in asked
