"""What lies in deploy/ fits the program: units, crontab, container, compose file and alert rules."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from jobs.__main__ import VERBS, _common
from jobs.crontab import alternatives
from jobs.metric_names import COUNTERS, GAUGES

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("gisa*.service")) + sorted(
    (DEPLOY / "systemd").glob("gisa*.timer")
)
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
LEAST_EXPOSED = 1.3
INSTALLED = "/opt/gisa/.venv/bin/gisa"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here"
)


def accepts(words: list[str]) -> None:
    """The command line takes these words; argparse exits where it does not."""
    verb, *rest = words
    assert verb in VERBS, verb
    module = import_module(f"jobs.verbs.{verb}")
    parser = argparse.ArgumentParser(exit_on_error=False)
    _common(parser, getattr(module, "FORMATS", ("text", "json")))
    module.arguments(parser)
    parser.parse_args(rest)


def commands(text: str) -> list[list[str]]:
    """Every `gisa VERB …` of a shell command, word by word."""
    plain = re.sub(r"\$\(date [^)]*\)", "TODAY", text)
    found = re.findall(r"(?:^|[\s(;/])gisa ([^;|&)'\"]+)", plain)
    return [[word for word in shlex.split(it) if not re.match(r"[0-9]?>", word)] for it in found]


class _Repeating(dict[str, Any]):
    """A unit may name a key more than once."""

    def __setitem__(self, key: str, value: Any) -> None:
        if isinstance(value, list) and isinstance(self.get(key), list):
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


def unit(path: Path) -> RawConfigParser:
    parser = RawConfigParser(dict_type=_Repeating, strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, encoding="utf-8")
    return parser


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as on a machine where the program is there; a stub stands for it."""
    folder = tmp_path / "units"
    shutil.copytree(DEPLOY / "systemd", folder)
    stub = tmp_path / "gisa"
    stub.write_text("#!/bin/sh\n", encoding="utf-8")
    stub.chmod(0o755)
    for path in folder.glob("*.service"):
        text = path.read_text(encoding="utf-8").replace(INSTALLED, str(stub))
        path.write_text(text, encoding="utf-8")
    return folder


def analyzed(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *args],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{folder}:", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )


@needs_systemd
def test_units_verify(installed: Path) -> None:
    paths = [str(installed / path.name) for path in UNITS]
    done = analyzed(installed, "verify", "--man=no", *paths)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_systemd
@pytest.mark.parametrize("path", SERVICES, ids=lambda p: p.name)
def test_services_are_exposed_little(installed: Path, path: Path) -> None:
    done = analyzed(installed, "security", "--offline=yes", str(installed / path.name))
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found, done.stderr
    assert float(found[1]) <= LEAST_EXPOSED


@needs_systemd
@pytest.mark.parametrize("path", sorted(set(UNITS) - set(SERVICES)), ids=lambda p: p.name)
def test_timers_come_due(installed: Path, path: Path) -> None:
    done = analyzed(installed, "calendar", unit(path)["Timer"]["OnCalendar"])
    assert done.returncode == 0, done.stderr
    assert "Next elapse: " in done.stdout


@pytest.mark.parametrize("path", SERVICES, ids=lambda p: p.name)
def test_services_start_what_there_is(path: Path) -> None:
    service = unit(path)["Service"]
    found = commands(service["ExecStart"].replace("$$", "$").replace("%%", "%"))
    assert len(found) == 1
    accepts(found[0])
    assert INSTALLED in service["ExecStart"]


def test_every_timer_has_its_service_and_what_stays_up_needs_none() -> None:
    timers = {path.stem for path in UNITS if path.suffix == ".timer"}
    assert timers == {path.stem for path in SERVICES} - {"gisa-daemon", "gisa-serve"}
    assert (DEPLOY / "systemd/gisa-.service.d/hardening.conf").read_text(encoding="utf-8")


def test_the_exit_codes_of_units_are_ours() -> None:
    assert (
        unit(DEPLOY / "systemd/gisa-daemon.service")["Service"]["RestartPreventExitStatus"]
        == "2 75"
    )
    assert unit(DEPLOY / "systemd/gisa-run.service")["Service"]["SuccessExitStatus"] == "75"


def cron_lines() -> list[str]:
    """Also those that are commented out and may be taken instead."""
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("#") for line in lines if re.match(r"#?[*0-9]", line)]


@pytest.mark.parametrize("line", cron_lines())
def test_cron_lines_are_times_and_commands(line: str) -> None:
    *when, command = line.split(None, 5)
    assert alternatives(" ".join(when))
    assert not re.search(r"(?<!\\)%", command), "cron ends a command at a bare %"
    found = commands(command.replace("\\%", "%"))
    assert len(found) == 1
    accepts(found[0])


def test_the_crontab_sets_what_cron_lacks() -> None:
    text = (DEPLOY / "crontab").read_text(encoding="utf-8")
    assert {"MAILTO", "PATH", "GISA_CONFIG"} <= set(re.findall(r"^(\w+)=", text, re.MULTILINE))
    assert len(cron_lines()) >= 4


DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_copies_what_exists_and_what_the_context_has() -> None:
    allowed = [
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if "!" in line
    ]
    copied = re.findall(r"^COPY (?!--from)(\S+) \S+$", DOCKERFILE, re.MULTILINE)
    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert source in allowed, source


def test_the_image_is_pinned_unprivileged_and_watched() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", base) for base in bases)
    assert "--require-hashes" in DOCKERFILE
    assert re.search(r"^USER \d+:\d+$", DOCKERFILE, re.MULTILINE)
    assert "\nSTOPSIGNAL SIGTERM\n" in DOCKERFILE
    for words in re.findall(r"^(?:HEALTHCHECK .*)?CMD (\[.*\])$", DOCKERFILE, re.MULTILINE):
        (first, *rest) = yaml.safe_load(words)
        accepts(rest if first == "gisa" else [first, *rest])
    assert re.search(r'^HEALTHCHECK .*CMD \["gisa", "health"', DOCKERFILE, re.MULTILINE)


def test_the_image_needs_nothing_but_the_two_packages() -> None:
    """It has no pyproject.toml: nobody may ask for the version of the installed project."""
    for path in [*ROOT.glob("pipeline/**/*.py"), *ROOT.glob("jobs/**/*.py")]:
        assert 'version("gisa")' not in path.read_text(encoding="utf-8"), path


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def test_compose_starts_what_there_is_from_files_that_exist() -> None:
    services = compose()["services"]
    accepts(services["gisa"]["command"])
    _, program, *words = services["gisa"]["healthcheck"]["test"]
    assert program == "gisa"
    accepts(words)
    assert (DEPLOY / services["gisa"]["build"] / "Dockerfile").exists()
    for service in services.values():
        for volume in service["volumes"]:
            name = volume.split(":")[0]
            assert name in compose()["volumes"] or (DEPLOY / name).exists(), volume


@pytest.mark.parametrize("name", ["gisa", "litestream"])
def test_compose_gives_no_more_than_needed(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == re.search(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)[1]  # type: ignore[index]
    assert not service.get("privileged")
    assert "ports" not in service
    assert not service["image"].endswith(":latest")
    assert ":" in service["image"]


def test_alert_rules_ask_for_figures_that_there_are() -> None:
    (group,) = yaml.safe_load((DEPLOY / "prometheus-rules.yml").read_text())["groups"]
    assert len(group["rules"]) > 8
    names = [rule["alert"] for rule in group["rules"]]
    assert len(set(names)) == len(names)
    for rule in group["rules"]:
        asked = re.findall(r"\bgisa_\w+", rule["expr"])
        assert asked, rule
        assert set(asked) <= set(COUNTERS) | set(GAUGES), rule
        for verb in re.findall(r"gisa ([a-z]+)", rule["annotations"]["summary"]):
            assert verb in VERBS
        assert rule["expr"].count("(") == rule["expr"].count(")")
