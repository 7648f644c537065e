"""`gisa demo`: the whole job, told; and it never touches what is not its own."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from jobs.sample_portal import SECTIONS
from tests.jobs.desk import Desk


def test_it_tells_what_was_found_and_what_changed_and_where_it_is(
    desk: Desk, tmp_path: Path
) -> None:
    kept = tmp_path / "나의 데모"
    done = desk.gisa("demo", "--keep", str(kept))
    assert (done.code, done.err) == (0, "")
    for section in SECTIONS:
        assert len(re.findall(rf"^  sample-{section} +ok ", done.out, re.MULTILINE)) == 2
    first, second = re.findall(r"^  (sources=.*)$", done.out, re.MULTILINE)
    assert first.startswith("sources=6 ok=6 new=")
    assert "new=1 revised=1 unchanged=" in second
    assert " removed=1 errors=0" in second
    for said in ("edited: ", "removed: ", "published: ", "[-", "{+", "redistribute: "):
        assert said in done.out
    assert f"The database is {kept / 'gisa.db'}" in done.out
    assert f"gisa status --config '{kept / 'config.toml'}'" in done.out


def test_what_it_keeps_is_usable_and_a_second_demo_starts_anew(desk: Desk, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert desk.gisa("demo", "--keep", str(kept), "-q").code == 0
    config = ["--config", str(kept / "config.toml")]
    status = desk.gisa("status", *config, "--format", "json").json
    assert {source["outcome"] for source in status["sources"]} == {"ok"}
    assert desk.gisa("status", *config, "--exit-code").code == 0
    assert desk.gisa("config", *config).code == 0
    again = desk.gisa("demo", "--keep", str(kept), "--format", "json")
    assert (again.code, again.err) == (0, "")
    assert again.json["second"]["totals"]["revised"] == 1
    assert set(again.json["changes"]) == {"edited", "removed", "published"}
    with closing(sqlite3.connect(again.json["database"])) as db:
        (articles,) = db.execute("SELECT count(*) FROM articles").fetchone()
    assert articles == status["articles"]


def test_it_does_not_touch_a_real_configuration_or_database(desk: Desk) -> None:
    desk.gisa("run", "--limit", "1")
    before = desk.dump(), desk.config.read_text()
    done = desk.gisa("demo", "--keep", str(desk.folder))
    assert (done.code, done.out) == (1, "")
    assert f"{desk.config} is not of a demo and stays: name another folder" in done.err
    assert (desk.dump(), desk.config.read_text()) == before
    desk.config.unlink()
    done = desk.gisa("demo", "--keep", str(desk.folder))
    assert done.code == 1
    assert f"{desk.database} is not of a demo" in done.err
    assert desk.dump() == before[0]


def test_the_environment_cannot_lead_it_into_a_real_database(desk: Desk, tmp_path: Path) -> None:
    desk.gisa("run", "--limit", "1")
    before = desk.dump()
    kept = str(tmp_path / "kept")
    done = desk.gisa("demo", "-q", "--keep", kept, env={"GISA_DATABASE": str(desk.database)})
    assert done.code == 0
    assert desk.dump() == before


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_folder_that_cannot_be_made_is_an_error_message(desk: Desk, place: str) -> None:
    (desk.folder / "file").write_text("in the way")
    done = desk.gisa("demo", "--keep", str(desk.folder / place))
    assert done.code == 1
    assert done.err.startswith(f"gisa: {desk.folder / 'file'}")
