"""The job: choose articles, judge and write them; file, sheets and cursor appear together."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from jobs.exporting import audit, cursor, datasheet, sheets
from jobs.exporting.encoding import Counted, encoder
from jobs.exporting.files import Files
from jobs.exporting.options import Options
from jobs.exporting.tally import Tally, hashed_text
from pipeline import __version__
from pipeline.config import Config
from pipeline.errors import GisaError
from pipeline.exporting import flat
from pipeline.record_json import record
from pipeline.rights_gate import Verdict, judge, withhold
from pipeline.store import Store
from pipeline.store.changes import AT_ONCE, Chosen, Taken

_DROPPED = ("id", "canonical_url", "publisher", "revision", "reason", "use", "notice_sha256")
"""Columns of the list of what was dropped: who exported it before can take it back by this."""
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """How it went: what stands in `FILE`, and what the gate held back."""

    file: str
    sha256: str
    bytes: int
    records: int
    dropped: int
    after: int | None
    upto: int


@dataclass(frozen=True)
class Job:
    """What one export works with; `told` is told how many articles are to come, and how many in all."""

    options: Options
    config: Config
    store: Store
    now: datetime
    told: Told | None = None

    def run(self) -> Exported:
        """Export.

        Raises:
            ConfigError: the cursor goes with other options.
            GisaError: a file is taken or cannot be written, or the cursor is of another database: nothing was
                written.
            StoreError: the database cannot be read.
            BrokenPipeError: whoever read stdout went away.
        """
        it = self.options
        before = cursor.read(it.cursor, it.said) if it.cursor else None
        if before and self.store.changes.is_of_the_past(before):
            raise GisaError(
                f"{it.cursor}: the database is older than this cursor, or another one: was a backup put back?"
                " Begin with a new cursor"
            )
        self._refuse_own()
        places = [it.output] if it.output else []
        with (
            _explained(),
            Files([*places, *it.beside.values()], force=it.force) as files,
            _ends_in_order(),
        ):
            # in the order in which they are put into their places: where the file is, its sheets are
            to = {place: files.open(place) for place in [*it.beside.values(), *places]}
            marked = files.open(it.cursor) if it.cursor else None
            after = before.number if before else None
            chosen = self.store.changes.choose(it.only, after)
            tally = Tally(self.config.zone)
            done = self._write(to, chosen, tally, after)
            self._write_sheets(to, tally, done)
            if marked:
                marked.write(cursor.text(chosen.mark, it.said, self.now.isoformat()).encode())
            files.commit()
        return done

    def _refuse_own(self) -> None:
        """Refuse to write over what an export reads."""
        it, database = self.options, self.config.database.resolve()
        own = {database.with_name(database.name + end) for end in ("", "-wal", "-shm")}
        named = (it.output, it.cursor, *it.beside.values())
        written = [place.resolve() for place in named if place]
        if own.intersection(written) or len({*written}) < len(written):
            raise GisaError(
                "the database or the cursor is named as a file to write: name another one"
            )

    def _write(
        self, to: Mapping[Path, BinaryIO], chosen: Chosen, tally: Tally, after: int | None
    ) -> Exported:
        it = self.options
        dropped = to[it.beside["dropped.csv"]] if it.beside else None
        if dropped:
            dropped.write(flat.row(_DROPPED).encode())
        out = Counted(to[it.output] if it.output else sys.stdout.buffer)
        about = {"gisa": __version__, "made_at": self.now.isoformat(), "command": it.command}
        with encoder(it.format, out, about, bom=it.bom) as encoded:
            for read, some in self._read(chosen):
                passed = [self._passed(taken, tally, dropped) for taken in some]
                encoded.add([said for said in passed if said])
                if self.told:
                    self.told(len(chosen.numbers) - read, len(chosen.numbers))
        out.flush()
        name = str(it.output or "-")
        mark = chosen.mark.number
        return Exported(name, out.digest, out.size, tally.kept, tally.dropped, after, mark)

    def _read(self, chosen: Chosen) -> Iterator[tuple[int, list[Taken]]]:
        """Yield parts, with how many articles were gone through by then."""
        for part, some in enumerate(self.store.changes.read(chosen, self.options.only), 1):
            yield min(part * AT_ONCE, len(chosen.numbers)), some

    def _passed(
        self, taken: Taken, tally: Tally, dropped: BinaryIO | None
    ) -> Mapping[str, Any] | None:
        """Return the record of an article as it may leave; None where it may not, which is noted."""
        stored, purpose = taken.stored, self.options.purpose
        if purpose:
            verdict = judge(stored, purpose)
            tally.judged(taken, verdict)
            if not verdict.kept:
                if dropped:
                    dropped.write(_dropped_line(taken, verdict).encode())
                return None
        said = record(stored.article, stored.observed, zone=self.config.zone)
        if purpose:
            tally.withheld += withhold(said, purpose)
        tally.exported(taken)
        return said

    def _write_sheets(self, to: Mapping[Path, BinaryIO], tally: Tally, done: Exported) -> None:
        it = self.options
        if not (it.beside and it.purpose):
            return
        now = self.now.astimezone(self.config.zone)
        about = {
            "file": done.file, "sha256": done.sha256, "bytes": done.bytes, "records": done.records,
            "format": it.format, "purpose": it.purpose, "gisa": __version__, "made_at": now,
            "command": it.command, "selection": asdict(it.only), "changes_after": done.after,
            "changes_upto": done.upto,
        }  # fmt: skip
        judged = audit.audit(tally, it.purpose, about)
        described = datasheet.datasheet(tally, self.store, self.config, now, about)
        for name, said, lines in (
            ("audit", judged, audit.lines),
            ("datasheet", described, datasheet.lines),
        ):
            to[it.beside[f"{name}.json"]].write(sheets.as_json(said))
            to[it.beside[f"{name}.md"]].write(sheets.as_markdown(lines(said)))


def _dropped_line(taken: Taken, verdict: Verdict) -> str:
    article = taken.stored.article
    notice = article.rights.notice
    return flat.row(
        (
            article.id,
            article.canonical_url,
            article.publisher or "",
            str(taken.stored.observed.revision),
            verdict.reason,
            verdict.use,
            hashed_text(notice) if notice else "",
        )
    )


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:  # of stdout: the outer edge knows what to do
        raise
    except OSError as error:
        said = f"{error.filename}: " if error.filename else ""
        raise GisaError(
            f"{said}{error.strerror or error}: nothing was written; free space, or choose a place that this"
            " user may write"
        ) from error


@contextmanager
def _ends_in_order() -> Iterator[None]:
    """Have the first SIGTERM raise SystemExit, so that parts are removed; the second one ends at once."""

    def heard(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, heard)
    try:
        yield
    except (SystemExit, KeyboardInterrupt):
        # what is left of the buffer would wait for a reader that may never read again
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
