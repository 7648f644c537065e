"""Is everything in place? Versions, configuration, database, disk. Exit 1 where something must be mended."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import version
from typing import Literal

from jobs import scheduler, terminal, wiring
from pipeline.config import Config
from pipeline.errors import ConfigError, StoreError
from pipeline.settings import PipelineSettings
from pipeline.store import database as store_database
from pipeline.text import one_line

_LIBRARIES = ("httpx", "selectolax", "apscheduler", "sqlite-utils", "pydantic", "protego", "rich")
_LEAST_FREE = 500 * 10**6
# WAL-reset bug: two connections with bad timing can corrupt a WAL database; fixed in these releases.
# https://sqlite.org/wal.html
_FIXED_IN = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination."""

    state: Literal["ok", "warning", "fault"]
    what: str
    said: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb has no arguments of its own."""
    del parser


def main(args: argparse.Namespace) -> int:
    """Examine."""
    findings = [*_programs(), *_environment(), *_configured(args.config)]
    if args.format == "json":
        terminal.print_json([{"state": f.state, "what": f.what, "said": f.said} for f in findings])
    else:
        for f in findings:
            print(f"{f.state:<8} {f.what:<14} {one_line(f.said)}")
    return int(any(f.state == "fault" for f in findings))


def _programs() -> Iterator[Finding]:
    yield Finding("ok", "python", f"{platform.python_version()} at {sys.prefix}")
    yield Finding("ok", "libraries", ", ".join(f"{name} {version(name)}" for name in _LIBRARIES))
    # the one the store works with, which need not be Python's own
    sqlite = store_database.sqlite3  # type: ignore[attr-defined]
    if has_wal_reset_bug(sqlite.sqlite_version_info):
        yield Finding(
            "warning",
            "sqlite",
            f"{sqlite.sqlite_version} has the WAL-reset bug (rare corruption when daemon, cron and"
            " reader meet): use a Python with SQLite 3.51.3, and keep backups",
        )
    else:
        yield Finding("ok", "sqlite", sqlite.sqlite_version)


def has_wal_reset_bug(found: tuple[int, int, int]) -> bool:
    """Does this SQLite release (major, minor, patch) carry the WAL-reset corruption bug?"""
    if found >= _FIXED_IN[0] or found < (3, 7, 0):
        return False
    return not any(found[:2] == fixed[:2] and found >= fixed for fixed in _FIXED_IN)


def _environment() -> Iterator[Finding]:
    keys = [f"GISA_{key.upper()}" for key in PipelineSettings.model_fields]
    known = ["GISA_CONFIG", *keys, *(f"{key}_FILE" for key in keys)]
    for name in sorted(os.environ):
        near = get_close_matches(name, known, 1, cutoff=0.8)
        if name.startswith("GISA_") and name not in known and near:
            said = f"{name} is no setting and has no effect; did you mean {near[0]}?"
            yield Finding("warning", "environment", said)


def _configured(path: str) -> Iterator[Finding]:
    try:
        config = wiring.configuration(path)
        scheduler.check_schedules(config)
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
    yield from _database(config)


def _database(config: Config) -> Iterator[Finding]:
    path = config.database.resolve()
    if not path.parent.is_dir():
        said = f"the folder {path.parent} does not exist: make it or set [pipeline] database"
        yield Finding("fault", "database", said)
        return
    if path.exists():
        yield _examined(config)
    else:
        yield Finding("ok", "database", f"{path} does not exist yet: the first run makes it")
    free = shutil.disk_usage(path.parent).free
    state: Literal["ok", "warning"] = "ok" if free > _LEAST_FREE else "warning"
    yield Finding(state, "disk", f"{free / 1e9:.1f} GB free at {path.parent}")


def _examined(config: Config) -> Finding:
    path = config.database.resolve()
    try:
        with wiring.store(config) as store:
            said = [str(*row.values()) for row in store.rows("PRAGMA quick_check(3)")]
            orphans = store.rows("PRAGMA foreign_key_check")
            articles = store.articles.count()
            missing = store.search_index.missing()
    except StoreError as error:
        return Finding("fault", "database", str(error))
    broken = "; ".join(line for line in said if line != "ok") or (
        "broken references" * bool(orphans)
    )
    if broken:
        advice = "restore a backup, and keep this file for a look"
        return Finding("fault", "database", f"{path}: {broken}: {advice}")
    if missing:
        lacks = f"{path}: articles that the search index lacks: {missing}; `gisa search --reindex`"
        return Finding("warning", "database", lacks)
    return Finding(
        "ok", "database", f"{path}: {path.stat().st_size / 1e6:.1f} MB, {articles} articles"
    )
