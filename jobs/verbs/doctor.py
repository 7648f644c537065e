"""Is everything in place? Versions, configuration, database, disk. Exit 1 where something must be mended."""

from __future__ import annotations

import argparse
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from jobs import terminal, wiring
from pipeline.config import Config
from pipeline.errors import ConfigError, StoreError
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
    findings = [*_programs(), *_configured(args.config)]
    if args.format == "json":
        terminal.print_json([{"state": f.state, "what": f.what, "said": f.said} for f in findings])
    else:
        for f in findings:
            print(f"{f.state:<8} {f.what:<14} {one_line(f.said)}")
    return int(any(f.state == "fault" for f in findings))


def _programs() -> Iterator[Finding]:
    yield Finding("ok", "python", f"{platform.python_version()} at {sys.prefix}")
    yield Finding("ok", "libraries", ", ".join(f"{name} {version(name)}" for name in _LIBRARIES))
    found = sqlite3.sqlite_version_info
    if has_wal_reset_bug(found):
        yield Finding(
            "warning",
            "sqlite",
            f"{sqlite3.sqlite_version} has the WAL-reset bug (rare corruption when daemon, cron and"
            " reader meet): use a Python with SQLite 3.51.3, and keep backups",
        )
    else:
        yield Finding("ok", "sqlite", sqlite3.sqlite_version)


def has_wal_reset_bug(found: tuple[int, int, int]) -> bool:
    """Does this SQLite release (major, minor, patch) carry the WAL-reset corruption bug?"""
    if found >= _FIXED_IN[0] or found < (3, 7, 0):
        return False
    return not any(found[:2] == fixed[:2] and found >= fixed for fixed in _FIXED_IN)


def _configured(path: str) -> Iterator[Finding]:
    try:
        config = wiring.configuration(path)
    except ConfigError as error:
        yield Finding("fault", "configuration", str(error))
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
    if not path.exists():
        yield Finding("ok", "database", f"{path} does not exist yet: the first run makes it")
    else:
        try:
            with wiring.store(config) as store:
                said = store.db.conn.execute("PRAGMA quick_check(3)").fetchall()
                broken = [row[0] for row in said if row[0] != "ok"]
                orphans = store.db.conn.execute("PRAGMA foreign_key_check").fetchall()
                size = f"{path.stat().st_size / 1e6:.1f} MB, {store.articles.count()} articles"
            if broken or orphans:
                yield Finding(
                    "fault",
                    "database",
                    f"{path}: {broken or 'broken references'}: restore a backup",
                )
            else:
                yield Finding("ok", "database", f"{path}: {size}")
        except StoreError as error:
            yield Finding("fault", "database", str(error))
    if path.parent.is_dir():
        free = shutil.disk_usage(path.parent).free
        state: Literal["ok", "warning"] = "ok" if free > _LEAST_FREE else "warning"
        yield Finding(state, "disk", f"{free / 1e9:.1f} GB free at {path.parent}")
