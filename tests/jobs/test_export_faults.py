"""Exports that end badly: killed, stopped, without a reader, on a full disk. No half file, ever."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.exporting.encoding import FORMATS
from pipeline.records import Block, Source
from pipeline.store import open_store
from tests.jobs.desk import ROOT, Desk
from tests.jobs.test_disk_full import _LIMITED
from tests.jobs.test_export import NOON, article, left

SHEETS = ("--purpose", "analysis", "--audit", "sheet", "--cursor", "c.json")


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """So much that it fits into no pipe, and that no compression makes little of it."""
    rng = random.Random(1)
    with open_store(desk.database, index=False) as store:
        store.sources.remember(Source("politics", "daum", ("https://news.daum.net",)), NOON)
        texts = [
            "".join(chr(rng.randrange(0xAC00, 0xD7A4)) for _ in range(2000)) for _ in range(60)
        ]
        made = [
            article(n, text=text, body=(Block("paragraph", text),)) for n, text in enumerate(texts)
        ]
        store.articles.save_all(made, "politics")
    return desk


def half_way(desk: Desk) -> subprocess.Popen[str]:
    """An export that waits for us to read on: its sheets and its cursor are being written."""
    process = desk.start("export", *SHEETS)
    assert process.stdout
    assert json.loads(process.stdout.readline())["id"] == "daum:0"
    assert len(parts(desk)) == 6
    return process


def go_away(process: subprocess.Popen[str]) -> None:
    """Close our end; what is on its way is cut within a character."""
    assert process.stdout
    process.stdout.close()
    process.stdout = None


def parts(desk: Desk) -> list[Path]:
    return [*desk.folder.glob(".*.part")]


def test_sigterm_leaves_nothing(filled: Desk) -> None:
    process = half_way(filled)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 128 + signal.SIGTERM
    go_away(process)
    assert left(filled) == set()


def test_a_reader_that_goes_away_gets_no_sheets_and_moves_no_cursor(filled: Desk) -> None:
    process = half_way(filled)
    go_away(process)
    assert process.wait(20) == 0
    assert left(filled) == set()


def test_what_a_killed_export_left_goes_with_the_next_one(filled: Desk) -> None:
    process = half_way(filled)
    process.kill()
    process.wait(20)
    go_away(process)
    assert left(filled) == {part.name for part in parts(filled)} != set()
    done = filled.gisa("export", *SHEETS)
    assert len(done.out.splitlines()) == 60
    assert not parts(filled)
    assert "c.json" in left(filled)


@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_leaves_the_file_that_was_there(filled: Desk, name: str) -> None:
    before = {"a.out": b"of yesterday", "a.out.audit.md": b"its sheet"}
    for file, body in before.items():
        (filled.folder / file).write_bytes(body)
    command = ("export", "--config", str(filled.config), "--format", name, "--output", "a.out")
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, "60000", *command, "--force", *SHEETS[:2]],
        cwd=filled.folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True,
        text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("gisa: ")
    assert "nothing was written; free space" in done.stderr
    assert done.stderr.count("\n") == 1
    assert {file: (filled.folder / file).read_bytes() for file in left(filled)} == before


def test_a_full_disk_behind_stdout_is_told(filled: Desk) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "jobs", "export", "--config", str(filled.config), *SHEETS],
            cwd=filled.folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=full,
            stderr=subprocess.PIPE, text=True, timeout=30, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "No space left on device: nothing was written" in done.stderr
    assert left(filled) == set()
