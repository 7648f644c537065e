"""The command itself: verbs, usage errors, streams, locales, and what a light start-up may load."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.__main__ import VERBS
from jobs.sample_portal import Answer
from tests.jobs.desk import ROOT, Desk

HEAVY = {"httpx", "sqlite_utils", "pydantic", "rich", "apscheduler", "selectolax", "asyncio"}


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from jobs.__main__ import main; main(['--help']); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & HEAVY
    assert all(f"  {verb} " in done.stdout for verb in VERBS)


@pytest.mark.parametrize("args", [(), ("-h",), ("--help",), ("help",)])
def test_help_is_asked_for_in_many_ways(desk: Desk, args: tuple[str, ...]) -> None:
    done = desk.gisa(*args)
    assert done.code == 0
    assert "exit codes:" in done.out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(desk: Desk, verb: str) -> None:
    done = desk.gisa(verb, "--help")
    assert done.code == 0
    assert f"usage: gisa {verb}" in done.out
    assert "--config FILE" in done.out
    assert desk.gisa("help", verb).out == done.out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["rum"], "gisa: no verb 'rum'; did you mean 'run'?"),
        (["stauts"], "gisa: no verb 'stauts'; did you mean 'status'?"),
        (["help", "histroy"], "gisa: no verb 'histroy'; did you mean 'history'?"),
        (["xyzzy"], "gisa: no verb 'xyzzy'; there are run, daemon"),
        (["--config", "x.toml", "run"], "the verb comes first: gisa VERB --config"),
        (["run", "--dryrun"], "unrecognized arguments: --dryrun"),
        (["run", "-q", "-v"], "not allowed with"),
        (["show"], "required: ID"),
        (["status", "--format", "yaml"], "invalid choice: 'yaml'"),
    ],
)
def test_usage_errors_exit_2_and_help(desk: Desk, args: list[str], said: str) -> None:
    done = desk.gisa(*args)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_version(desk: Desk) -> None:
    assert desk.gisa("--version").out.startswith("gisa ")


@pytest.mark.parametrize("verb", ["run", "daemon", "status", "sources", "config"])
def test_without_a_configuration_the_way_out_is_told(desk: Desk, verb: str) -> None:
    desk.config.unlink()
    done = desk.gisa(verb)
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "gisa: config.toml does not exist; name the file with --config or GISA_CONFIG\n"
    )


def test_the_database_is_beside_the_configuration_wherever_one_stands(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert desk.gisa("run", "--limit", "1", cwd=elsewhere).code == 0
    assert desk.database.exists()
    assert list(elsewhere.iterdir()) == []
    relative = os.path.relpath(desk.config, elsewhere)
    done = desk.gisa("status", "--config", relative, "--format", "json", cwd=elsewhere)
    assert done.json["database"] == str(desk.database)
    by_name = desk.gisa("status", "--config", str(desk.config), "--format", "json", cwd=Path("/"))
    assert by_name.json["articles"] == 1


def test_the_environment_names_configuration_and_database(desk: Desk) -> None:
    other = desk.folder / "other.db"
    done = desk.gisa("run", "--limit", "1", env={"GISA_DATABASE": str(other)})
    assert done.code == 0
    assert other.exists()
    assert not desk.database.exists()
    moved = desk.config.rename(desk.folder / "moved.toml")
    assert desk.gisa("sources", env={"GISA_CONFIG": str(moved)}).code == 0


def test_it_runs_with_nothing_in_the_environment(desk: Desk) -> None:
    done = desk.process("run", "--limit", "2", env={})
    assert (done.code, done.summary["new"]) == (0, 2)
    ((headline, number),) = desk.rows("SELECT headline, id FROM articles LIMIT 1")
    assert headline in desk.process("show", number, env={}).out


@pytest.mark.parametrize("locale", [{"LANG": "C"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX"}])
def test_korean_is_printed_in_the_c_locale(desk: Desk, locale: dict[str, str]) -> None:
    desk.gisa("run", "--limit", "1")
    ((headline, number),) = desk.rows("SELECT headline, id FROM articles")
    done = desk.process("show", number, env=locale)
    assert (done.code, done.err) == (0, "")
    assert headline in done.out


def test_a_stdout_that_knows_ascii_only_gets_escapes_and_valid_json(desk: Desk) -> None:
    desk.gisa("run", "--limit", "1")
    ((headline, number),) = desk.rows("SELECT headline, id FROM articles")
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    text = desk.process("show", number, env=ascii_only)
    assert text.code == 0
    assert headline.encode("ascii", "backslashreplace").decode() in text.out
    record = desk.process("show", number, "--format", "json", env=ascii_only)
    assert record.out.isascii()
    assert record.json["headline"] == headline


def test_files_made_under_a_strict_umask_stay_private(desk: Desk) -> None:
    before = os.umask(0o077)
    try:
        assert desk.process("run", "--limit", "1").code == 0
    finally:
        os.umask(before)
    made = [desk.database, *desk.folder.glob("gisa.db.locks/*")]
    assert all(path.stat().st_mode & 0o077 == 0 for path in made)
    assert desk.gisa("status").code == 0


@pytest.mark.parametrize("verb", ["status", "sources", "config", "doctor", "show", "history"])
def test_a_reader_that_goes_away_is_no_failure(desk: Desk, verb: str) -> None:
    desk.gisa("run", "--limit", "1")
    number = desk.rows("SELECT id FROM articles")[0][0]
    process = desk.start(verb, *([number] if verb in ("show", "history") else []))
    assert process.stdout is not None
    process.stdout.close()  # before it has written anything
    assert process.wait(20) == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stdout = None


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_break_nothing(desk: Desk, closed: str) -> None:
    desk.configure("politics")
    for verb in ("run --limit 1", "status"):
        command = f"{sys.executable} -m jobs {verb} --config {desk.config} {closed}"
        done = subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT
        )
        assert done.returncode == 0
        assert "Traceback" not in done.stderr
    assert desk.rows("SELECT count(*) FROM articles") == [(1,)]


def test_what_servers_say_cannot_steer_the_terminal(desk: Desk) -> None:
    number = desk.portal.newsroom.ids("politics")[0]
    desk.portal.answer(f"/v/{number}", Answer(headers={"Content-Type": "text/\x1b]0;pwned\x07"}))
    done = desk.gisa("parse", desk.portal.article_url(number))
    assert done.code == 1
    assert done.err.startswith("gisa: ")
    assert done.err.rstrip("\n").isprintable()
