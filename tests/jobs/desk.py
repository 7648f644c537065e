"""A desk to work at: a folder with a configuration for the sample portal, and the command in a process."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
import threading
import traceback
from contextlib import chdir, closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from jobs.__main__ import main
from jobs.sample_portal import SamplePortal, SeenRequest
from pipeline.store import open_store
from pipeline.store.times import stamp

ROOT = Path(__file__).parent.parent.parent
POLITE = ("hosts", "robots")
"""What every process remembers of hosts, a dry run too: it must stay polite."""


@dataclass
class Desk:
    folder: Path
    portal: SamplePortal
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def database(self) -> Path:
        return self.folder / "gisa.db"

    @property
    def authority(self) -> str:
        return self.portal.base_url.removeprefix("http://")

    def configure(self, *sections: str, pipeline: str = "", source: str = "") -> None:
        """Write a configuration: a source of that name for each section."""
        text = f'[pipeline]\ncontact = "mailto:desk@newsroom.example"\n{pipeline}\n'
        text += f'[host."{self.authority}"]\ndelay = "0s"\nprivate = true\n'
        for section in sections:
            listing = self.portal.listing_url(section)
            text += f'[source.{section}]\nportal = "daum"\nlistings = ["{listing}"]\n{source}\n'
        self.config.write_text(text, encoding="utf-8")

    def gisa(
        self,
        *args: str,
        env: dict[str, str] | None = None,
        stdin: str | bytes = b"",
        cwd: Path | None = None,
    ) -> Ended:
        """Run the command to its end, in this process: the same, without half a second of imports."""
        given = io.BytesIO(stdin.encode() if isinstance(stdin, str) else stdin)
        streams = {"stdin": given, "stdout": io.BytesIO(), "stderr": io.BytesIO()}
        wrapped = {name: io.TextIOWrapper(raw, "utf-8") for name, raw in streams.items()}
        with (
            patch.multiple(sys, **wrapped),
            patch.dict(os.environ, _environment(env), clear=True),
            chdir(cwd or self.folder),
        ):
            try:
                code = main(self._arguments(args))
            except SystemExit as ended:
                code = int(ended.code or 0)
            except Exception:  # what the interpreter does at the end of a process
                traceback.print_exc()
                code = 1
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
        return Ended(
            code, streams["stdout"].getvalue().decode(), streams["stderr"].getvalue().decode()
        )

    def process(
        self,
        *args: str,
        env: dict[str, str] | None = None,
        stdin: str | bytes = b"",
        cwd: Path | None = None,
    ) -> Ended:
        """Run the command to its end, in a process of its own."""
        done = subprocess.run(
            self._command(args),
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            timeout=30,
            env=_environment(env),
            cwd=cwd or self.folder,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *args: str, **options: Any) -> subprocess.Popen[str]:
        """Start the command; the fixture ends it if the test does not."""
        process = subprocess.Popen(
            self._command(args),
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=_environment(None),
            cwd=self.folder,
            **options,
        )
        self.started.append(process)
        return process

    def _command(self, args: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "jobs", *self._arguments(args)]

    def _arguments(self, args: tuple[str, ...]) -> list[str]:
        verb, *rest = args or ("--help",)
        is_verb = not verb.startswith("-") and "--config" not in rest and self.config.exists()
        config = ["--config", str(self.config)] if is_verb and verb not in ("help", "demo") else []
        return [verb, *config, *rest]

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Query the database as any SQLite client would."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as db:
            return db.execute(sql, values).fetchall()

    def dump(self) -> list[str]:
        """The whole content of the database, but for what is remembered of hosts."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as db:
            inserts = tuple(f'INSERT INTO "{name}"' for name in POLITE)
            return [line for line in db.iterdump() if not line.startswith(inserts)]

    def happened_at(self, at: datetime) -> None:
        """Let the newest run have happened by the portal's clock, which stands still."""
        stamped = stamp(at)
        with open_store(self.database) as store, store.writing() as db:
            newest = "(SELECT max(id) FROM runs)"
            db.execute(
                f"UPDATE runs SET started_at = ?, finished_at = ? WHERE id = {newest}",
                [stamped, stamped],
            )
            newest = "(SELECT max(id) FROM looks)"
            db.execute(f"UPDATE looks SET seen_at = ? WHERE id = {newest}", [stamped])

    def first_request(self, path: str) -> threading.Event:
        """An event that is set when a path is asked for the first time."""
        seen = threading.Event()

        def note(request: SeenRequest) -> None:
            if request.path.split("?")[0] == path:
                seen.set()

        self.portal.on_request = note
        return seen


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def summary(self) -> dict[str, int]:
        """The last line on stdout, as the documentation promises it."""
        pairs = [pair.split("=") for pair in self.out.splitlines()[-1].split(" ")]
        return {name: int(number) for name, number in pairs}


def _environment(changes: dict[str, str] | None) -> dict[str, str]:
    """Ours without GISA_ variables; `{}` is no environment at all, as of `env -i`."""
    path = {"PYTHONPATH": str(ROOT)}
    if changes is not None and not changes:
        return path
    own = {name: value for name, value in os.environ.items() if not name.startswith("GISA_")}
    return own | path | (changes or {})
