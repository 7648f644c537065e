"""Is everything in place? Versions, configuration, database, disk. Exit 1 where something must be mended."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.metadata import version

from jobs import terminal, triggers, wiring
from jobs.naver_calls import naver_calls, planned
from jobs.verbs.doctor_database import Finding, examined
from pipeline.config import Config
from pipeline.environment import variables
from pipeline.errors import ConfigError, StoreError
from pipeline.store import sqlite_build
from pipeline.text import one_line

_LIBRARIES = ("httpx", "selectolax", "apscheduler", "sqlite-utils", "pydantic", "protego", "rich")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument(
        "--full", action="store_true", help="compare every index with its table, too; takes longer"
    )


def main(args: argparse.Namespace) -> int:
    """Examine."""
    findings = [*_programs(), *_environment(), *_configured(args.config, full=args.full)]
    if args.format == "json":
        terminal.print_json([{"state": f.state, "what": f.what, "said": f.said} for f in findings])
    else:
        for f in findings:
            print(f"{f.state:<8} {f.what:<14} {one_line(f.said)}")
    return int(any(f.state == "fault" for f in findings))


def _programs() -> Iterator[Finding]:
    yield Finding("ok", "python", f"{platform.python_version()} at {sys.prefix}")
    yield Finding("ok", "libraries", ", ".join(f"{name} {version(name)}" for name in _LIBRARIES))
    said = sqlite_build.advice()
    release = ".".join(map(str, sqlite_build.RELEASE))
    yield Finding("warning" if said else "ok", "sqlite", said or release)


def _environment() -> Iterator[Finding]:
    keys = variables()
    known = ["GISA_CONFIG", *keys, *(f"{key}_FILE" for key in keys)]
    for name in sorted(os.environ):
        near = get_close_matches(name, known, 1, cutoff=0.8)
        if name.startswith("GISA_") and name not in known and near:
            said = f"{name} is no setting and has no effect; did you mean {near[0]}?"
            yield Finding("warning", "environment", said)


def _configured(path: str, *, full: bool) -> Iterator[Finding]:
    try:
        config = wiring.configuration(path)
        triggers.check_schedules(config, wiring.now())
    except ConfigError as error:
        for fault in str(error).split("\n"):
            yield Finding("fault", "configuration", fault)
        return
    enabled = sum(source.enabled for source in config.sources.values())
    yield Finding("ok", "configuration", f"{config.path.resolve()}: {enabled} sources enabled")
    if config.pipeline.contact:
        yield Finding("ok", "contact", config.pipeline.contact)
    else:
        yield Finding(
            "warning", "contact", "not set: publishers cannot reach you; set [pipeline] contact"
        )
    yield from _naver(config)
    yield from examined(config, full=full)


def _naver(config: Config) -> Iterator[Finding]:
    """Can Naver's search be asked, and as often as is configured?"""
    asking = [it for it in config.sources.values() if it.kind == "naver_search" and it.enabled]
    if said := config.lack_of_keys(asking):
        yield Finding("fault", "naver", said)
    most = config.naver.daily_calls
    if planned(config) > most:
        said = f"the sources' intervals come to {planned(config)} calls a day, of {most} that may be made"
        yield Finding("warning", "naver", f"{said}: ask less often, or for less")
    if not asking or not config.database.exists():
        return
    try:
        with wiring.read_only(config) as store:
            calls = naver_calls(config, store.hosts, wiring.now())
    except StoreError:
        return  # what is wrong with the database is said below
    if calls:
        yield Finding("warning" if calls["nearly_used_up"] else "ok", "naver", calls["said"])
