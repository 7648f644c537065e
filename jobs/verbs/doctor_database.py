"""What `gisa doctor` finds about the database: its file, its schema, its rows, and the disk it lies on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jobs import wiring
from pipeline.config import Config
from pipeline.errors import StoreError
from pipeline.store import Store, checks
from pipeline.store.file_systems import network_file_system
from pipeline.store.migrating import known_steps, pending
from pipeline.store.space import Space, space_of

_LEAST_FREE = 500 * 10**6
_MUCH_LOG = 64 * 2**20
_USUAL_LOG = 8 * 2**20
"""Twice of what SQLite lets a log grow to before it folds it into the file."""
_MUCH_WASTE = (0.25, 50 * 10**6)
"""Share of the file, and bytes, that hold nothing: from both of them on it is worth a word."""
_RESTORE = "restore a backup, and keep this file for a look (docs/operations.md)"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination."""

    state: Literal["ok", "warning", "fault"]
    what: str
    said: str


def examined(config: Config, *, full: bool) -> Iterator[Finding]:
    """Yield what there is to say about the database of a configuration; nothing is changed.

    Args:
        config: names the file.
        full: also compare every index with its table.
    """
    path = config.database.resolve()
    if not path.parent.is_dir():
        said = f"the folder {path.parent} does not exist: make it or set [pipeline] database"
        yield Finding("fault", "database", said)
        return
    if path.exists():
        yield from _file(config, full=full)
    else:
        yield Finding("ok", "database", f"{path} does not exist yet: the first run makes it")
    yield from _disk(path.parent)


def _file(config: Config, *, full: bool) -> Iterator[Finding]:
    try:
        with wiring.store(config, migrate=False) as store:
            yield from _opened(store, full=full)
    except StoreError as error:
        yield Finding("fault", "database", str(error))


def _opened(store: Store, *, full: bool) -> Iterator[Finding]:
    space = space_of(store)
    if damage := checks.damage(store, full=full):
        yield Finding(
            "fault", "database", f"{store.path.resolve()}: {'; '.join(damage)}: {_RESTORE}"
        )
        return
    steps = pending(store)
    articles = "" if steps else f", {store.articles.count()} articles"
    yield Finding("ok", "database", f"{store.path.resolve()}: {space.file / 1e6:.1f} MB{articles}")
    if steps:
        said = f"{', '.join(steps)} to come: `gisa migrate`, or the next run takes them"
        yield Finding("warning", "schema", said)
    else:
        yield Finding("ok", "schema", f"{known_steps()[-1]} is the newest step")
        faults = checks.broken(store)
        said = (
            "; ".join(faults) + f": {_RESTORE}"
            if faults
            else "articles, revisions and visits agree"
        )
        yield Finding("fault" if faults else "ok", "rows", said)
        if missing := store.search_index.missing():
            lacks = f"articles that the index lacks: {missing}; `gisa search --reindex`"
            yield Finding("warning", "search", lacks)
    yield _log(space)
    yield _waste(space)


def _log(space: Space) -> Finding:
    said = f"write-ahead log {space.log / 1e6:.1f} MB"
    if space.log > min(_MUCH_LOG, max(space.file, _USUAL_LOG)):
        return Finding(
            "warning", "log", f"{said}: a reader has been at it for long, or nobody ends in order;"
            " `gisa prune` folds it into the file",
        )  # fmt: skip
    return Finding("ok", "log", said)


def _waste(space: Space) -> Finding:
    share = space.free / space.file if space.file else 0.0
    said = f"{space.free / 1e6:.1f} MB in the file hold nothing ({share:.0%})"
    if share > _MUCH_WASTE[0] and space.free > _MUCH_WASTE[1]:
        return Finding("warning", "space", f"{said}: `gisa prune --vacuum` gives them back")
    return Finding("ok", "space", said)


def _disk(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    state: Literal["ok", "warning"] = "ok" if free > _LEAST_FREE else "warning"
    yield Finding(state, "disk", f"{free / 1e9:.1f} GB free at {folder}")
    if kind := network_file_system(folder):
        said = (
            f"{folder} is on a network ({kind}): SQLite's log needs memory that all processes share;"
            " move the database to a local disk"
        )
        yield Finding("warning", "file system", said)
