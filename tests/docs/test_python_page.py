"""docs/python.md: its examples run in their order, over what a crawl of the sample portal stored."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

from jobs.sample_portal import SamplePortal
from tests.jobs.desk import Desk

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_run(tmp_path: Path, portal: SamplePortal) -> None:
    desk = Desk(tmp_path, portal)
    desk.configure("politics", "society")
    assert desk.gisa("run", "--limit", "6", "--quiet").code == 0
    ((articles,),) = desk.rows("SELECT count(*) FROM articles")
    found: dict[str, object] = {}
    with chdir(tmp_path):
        for example in EXAMPLES:
            exec(compile(example, "docs/python.md", "exec"), found)
    assert found["hits"]
    frame, listed, busiest = (found[name] for name in ("frame", "listed", "busiest"))
    assert len(frame) == articles
    assert str(frame["published_at"].dtype).endswith("Asia/Seoul]")
    assert found["by_hour"].sum() == found["by_publisher"]["articles"].sum() == articles
    assert len(listed) == 2
    assert sum(row[1] for row in busiest) == articles
    assert (tmp_path / "articles.parquet").stat().st_size > 0
    with_names = desk.rows("SELECT count(*) FROM article_authors")
    assert sum(row[1] for row in found["bylines"]) == with_names[0][0] > 0
    assert all(row[2].utcoffset() is not None for row in found["bylines"])


def test_a_script_of_a_user_is_checked_by_mypy(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    types = """
from typing import assert_type
from collections.abc import Iterator
from pipeline.records import StoredArticle
from pipeline.store.articles import Revision
from pipeline.store.search import Hit

with open_store("gisa.db") as store:
    assert_type(store.search("정부"), list[Hit])
    assert_type(store.articles(), Iterator[StoredArticle])
    assert_type(store.article("daum:1"), StoredArticle | None)
    assert_type(store.revisions("daum:1"), list[Revision])
    store.search("정부", since="2026-09-01")
"""
    script.write_text("".join(EXAMPLES[:2]) + types, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), script.name],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        timeout=50,
    )
    faults = [line for line in done.stdout.splitlines() if "error:" in line]
    assert len(faults) == 1, done.stdout + done.stderr
    assert 'Argument "since" to "search" of "ReadOnlyStore"' in faults[0]
