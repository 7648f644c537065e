"""The job: read files, have their pages parsed by other processes, and write what came of it step by step."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from jobs.importing.workers import Done, Pool
from jobs.lock import source_lock
from pipeline.errors import GisaError, LockHeld, StoreError
from pipeline.importing.found import Found, Item, Start
from pipeline.importing.units import Bounds, Unit, opened
from pipeline.store import Store
from pipeline.store.imports import Import, Place, Step, Wanted

_STEP = 100
"""Pages of one transaction: about a tenth of a second, and a crawl beside it hardly waits."""
_AT_ONCE = 50  # articles grouped into stories at a time
_EXAMPLES_MOST = 200  # characters
SAVED = ("new", "revised", "unchanged", "older", "doubted", "refused")
"""What becomes of pages that are articles."""
OUR_FAULTS = frozenset({"bug", "crashed", "timeout"})

Outcome = Literal["ok", "damaged", "failed", "stopped", "locked", "done_before"]


class Stop:
    """The first SIGTERM or SIGINT asks to end in order, the second one ends at once."""

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen while it lasts."""
        signals = (signal.SIGTERM, signal.SIGINT)
        before = {each: signal.getsignal(each) for each in signals}

        def heard(number: int, _frame: object) -> None:
            self.signal = signal.Signals(number)
            for each in signals:
                signal.signal(each, signal.SIG_DFL)

        for each in signals:
            signal.signal(each, heard)
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


@dataclass(frozen=True, slots=True)
class Job:
    """What all files share.

    `progress` is told the file, bytes done, bytes in all, and the pages done. `options` are those by which an
    import differs from another one of the same file, as JSON.
    """

    database: Path
    store: Store
    clock: Callable[[], datetime]
    progress: Callable[[str, int, int, int], None]
    source: str
    bounds: Bounds
    options: str
    stop: Stop
    again: bool = False
    limit: int | None = None


@dataclass(slots=True)
class Imported:
    """How it went with one file. `counts` are of this run, `examples` a page for each way to be no article."""

    path: str
    kind: str
    outcome: Outcome = "ok"
    detail: str = ""
    number: int | None = None
    pages: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    damage: list[str] = field(default_factory=list)


def import_unit(unit: Unit, job: Job, pool: Pool) -> Imported:
    """Import one file, or one folder of saved pages, from where an earlier import of it ended.

    Raises:
        StoreError: the database failed.
    """
    done = Imported(unit.shown, unit.kind)
    try:
        with source_lock(job.database, f"_import-{unit.fingerprint[:16]}", job.clock()):
            _import(unit, job, pool, done)
    except LockHeld as error:
        done.outcome, done.detail = "locked", f"another import is at it: {error}"
    except StoreError:
        raise
    except (GisaError, OSError) as error:  # of the file; or the workers
        done.outcome, done.detail = "failed", str(error)
    return done


def _import(unit: Unit, job: Job, pool: Pool, done: Imported) -> None:
    wanted = Wanted(job.source, unit.shown, unit.kind, unit.fingerprint, job.options, unit.size)
    it = job.store.imports.begin(wanted, job.clock(), again=job.again)
    done.number = it.id
    if it.finished_at:
        done.outcome = "done_before"
        done.detail = f"imported before, at {it.finished_at:%F %H:%M}Z; --again reads it anew"
        return
    with opened(unit, job.bounds, Start(it.position, it.number)) as items:
        is_whole = _work(items, it, job, pool, done)
    if not is_whole:
        done.outcome, done.detail = "stopped", "the same command goes on from here"
        return
    if not (done.counts or done.damage or it.number):
        done.outcome, done.detail = "failed", "there is no page in it"
        return
    job.store.imports.finish(it.id, job.clock())
    if done.damage and not done.pages:
        done.outcome, done.detail = "failed", done.damage[0]
    elif done.damage:
        done.outcome, done.detail = "damaged", done.damage[0]


def _work(items: Iterable[Item], it: Import, job: Job, pool: Pool, done: Imported) -> bool:
    """Write what the pool makes of the items; return whether that was all of them."""
    step = Step()
    for pages, (item, read) in enumerate(pool.map(_counted(items, job.limit)), 1):
        _note(step, (item, read), done)
        if pages % _STEP == 0:
            _write(step, it, job, done)
            step = Step()
        if job.stop.signal:
            _write(step, it, job, done)
            return False
    _write(step, it, job, done)
    return job.limit is None or done.pages < job.limit


def _counted(items: Iterable[Item], limit: int | None) -> Iterator[Item]:
    """Yield items up to so many pages."""
    left = limit
    for item in items:
        yield item
        if left is not None and isinstance(item, Found):
            left -= 1
            if left == 0:
                return


def _note(step: Step, what: Done, done: Imported) -> None:
    item, read = what
    step.upto = Place(item.position, item.number, item.name)
    if read is None:
        assert not isinstance(item, Found)
        step.others[item.outcome] += 1
        if item.damage:
            step.damage.append(item.damage)
            done.damage.append(item.damage)
        return
    done.pages += 1
    if read.article:
        step.articles.append((read.article, step.upto))
    else:
        step.others[read.outcome] += 1
        done.examples.setdefault(read.outcome, read.detail[:_EXAMPLES_MOST])


def _write(step: Step, it: Import, job: Job, done: Imported) -> None:
    if step.upto is None:
        return
    done.counts += job.store.imports.save(it.id, step, job.clock())
    job.progress(done.path, step.upto.position, it.size, done.pages)


def group(store: Store, stop: Stop) -> int:
    """Put what came in into stories; return how many articles. Crawls go on with what is left."""
    looked_at = 0
    while not stop.signal:
        some = store.stories.group(_AT_ONCE).looked_at
        if not some:
            break
        looked_at += some
    return looked_at


def exit_code(reports: Iterable[Imported]) -> int:
    """Return 0 if all went well; 1 if nothing could be read; 3 if a part could not, by damage or by a fault of
    ours; 75 where another import held a lock.
    """
    reports = list(reports)
    outcomes = {report.outcome for report in reports}
    if outcomes == {"failed"}:
        return 1
    faults = any(OUR_FAULTS & report.counts.keys() for report in reports)
    if outcomes & {"failed", "damaged"} or faults:
        return 3
    return 75 if "locked" in outcomes else 0
