"""`gisa run` as its users call it, on the site of `whole_site.py`: configuration, runs, what it stored."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import Used, measured
from benchmarks.whole_site import Written

CONNECTIONS = 16
_CONFIG = """[pipeline]
database = "gisa.db"
contact = "mailto:bench@gisa.example"
processes = {processes}

[host."{authority}"]
delay = "0s"
concurrency = {connections}
private = true

[archive]
enabled = {archive}
"""
_SOURCE = """
[source.bench-{number:04d}]
portal = "daum"
listings = {listings}
revisit = ["1d"]
"""


@dataclass(frozen=True, slots=True)
class Home:
    """A folder with a configuration, and the database that comes to be beside it."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "gisa.db"

    def command(self) -> list[str]:
        """Return `gisa run` as a command."""
        gisa = str(Path(sys.executable).parent / "gisa")
        return [gisa, "run", "--format", "json", "--config", str(self.config)]

    def run(self, cores: int | None = None) -> tuple[Used, dict[str, Any]]:
        """Run all sources once, on so many cores; on all of them if none are named.

        Raises:
            SystemExit: a source did not end well.
        """
        used = measured(self.command(), cores=cores)
        said: dict[str, Any] = json.loads(used.said)
        return used, said

    def all_due(self) -> None:
        """Let every article be due for another look, as after the day that `revisit` says."""
        with closing(sqlite3.connect(self.database)) as db, db:
            db.execute("UPDATE visits SET not_before = first_listed_at")

    def headlines(self) -> dict[str, str]:
        """Return the headlines in the database by the ids that the portal has."""
        return headlines_in(self.database, "SELECT id, headline FROM articles")


def home(folder: Path, site: Written, *, sources: int, archive: bool, processes: int = 1) -> Home:
    """Write a configuration in which the site's listings are spread over so many sources."""
    folder.mkdir(parents=True, exist_ok=True)
    head = _CONFIG.format(
        authority=site.base.removeprefix("http://"),
        connections=CONNECTIONS,
        archive=str(archive).lower(),
        processes=processes,
    )
    shares: Sequence[Sequence[str]] = [site.listings[n::sources] for n in range(sources)]
    tables = (_SOURCE.format(number=n, listings=json.dumps(urls)) for n, urls in enumerate(shares))
    made = Home(folder)
    made.config.write_text(head + "".join(tables), encoding="utf-8")
    return made


def headlines_in(database: Path, query: str) -> dict[str, str]:
    """Return what a query has of ids, without the portal's name, and headlines."""
    with closing(sqlite3.connect(database)) as db:
        return {key.rpartition(":")[2]: headline for key, headline in db.execute(query)}
