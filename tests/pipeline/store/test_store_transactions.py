"""Writes: all or nothing, through exceptions, crashes and a full disk."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import StoreError
from pipeline.store import Store, open_store

ROOT = Path(__file__).parents[3]


def integrity(path: Path) -> str:
    with open_store(path) as store:
        return str(store.db.conn.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, StopIteration, GeneratorExit])
def test_an_exception_undoes_the_transaction_and_rises_as_itself(
    store: Store, article, error: type[BaseException]
) -> None:
    raised = error("x")

    def stopped() -> None:
        with store.writing():
            store.articles.save(article, "politics")
            raise raised

    with pytest.raises(error) as caught:
        stopped()
    assert caught.value is raised
    assert not store.db.conn.in_transaction
    assert store.articles.count() == 0


def test_an_inner_transaction_is_part_of_the_outer_one(store: Store, article) -> None:
    def stopped() -> None:
        with store.writing():
            with store.writing():
                store.articles.save(article, "politics")
            assert store.db.conn.in_transaction
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stopped()
    assert store.articles.count() == 0
    assert store.articles.save(article, "politics") == "new"


def test_a_bug_is_no_store_error(store: Store) -> None:
    with pytest.raises(Exception, match="no such table") as caught, store.writing() as db:
        db.execute("INSERT INTO nowhere VALUES (1)")
    assert not isinstance(caught.value, StoreError)


_WRITER = """
import sys
from pathlib import Path
from pipeline.store import open_store
store = open_store(Path(sys.argv[1]))
with store.writing() as db:
    db.execute("INSERT INTO hosts (authority) VALUES ('half')")
    db.execute("CREATE TABLE half (x TEXT) STRICT")
    print("inside", flush=True)
    sys.stdin.read()
"""


def test_a_writer_killed_inside_a_transaction_leaves_the_old_state(store: Store, dump) -> None:
    before = dump(store)
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(store.path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with writer:
        assert writer.stdout
        assert writer.stdout.readline() == "inside\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait(30)
    assert dump(store) == before
    with store.writing() as db:
        db.execute("INSERT INTO hosts (authority) VALUES ('whole')")
    assert integrity(store.path) == "ok"


_FILLER = """
import resource, sys
from pathlib import Path
from pipeline.errors import StoreError
from pipeline.store import open_store
store = open_store(Path(sys.argv[1]))
most = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
kept = 0
try:
    for number in range(10_000):
        with store.writing() as db:
            for half in "ab":
                db.execute("INSERT INTO robots VALUES (?, 200, ?, 't')", [f"{number}{half}", "x" * 3000])
        kept = number + 1
except StoreError as error:
    print(kept, error)
store.close()
"""


def test_a_full_disk_is_a_store_error_and_the_file_is_sound(path: Path) -> None:
    assert integrity(path) == "ok"
    assert resource.RLIMIT_FSIZE is not None
    done = subprocess.run(
        [sys.executable, "-c", _FILLER, str(path), str(600_000)],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    kept, _, said = done.stdout.partition(" ")
    assert "disk" in said
    assert integrity(path) == "ok"
    with open_store(path) as store:
        rows = store.db.conn.execute("SELECT count(*) FROM robots").fetchone()[0]
        assert rows == 2 * int(kept) > 0
        with store.writing() as db:
            db.execute("DELETE FROM robots")


def test_a_scratch_copy_leaves_the_file_untouched(store: Store, article, dump) -> None:
    store.articles.save(article, "politics")
    before = dump(store)
    with store.scratch_copy() as copy:
        assert dump(copy) == before
        file = copy.rows("PRAGMA database_list")[0]["file"]
        assert Path(file).parent.parent == store.path.parent  # not in memory, however large it is
        copy.articles.mark_removed(article.id, article.fetched_at)
        copy.hosts.reserve("h", 0.0, 1.0, 60.0)
        assert dump(copy) != before
    assert not Path(file).parent.exists()
    assert dump(store) == before
    with open_store(store.path) as again:
        assert dump(again) == before
