"""The job: read the kept pages of a source again, under its lock, and write what its parser makes of them now.

Nothing is fetched. A page that cannot be read leaves its record alone.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jobs.lock import source_lock
from pipeline.discover.publisher import portal_of
from pipeline.errors import LockHeld, PageDamaged, PageError, RecordRefused, StoreError
from pipeline.reading import Reader
from pipeline.record_json import record
from pipeline.records import Article, Outcome, Source
from pipeline.store import Store
from pipeline.store.archive import Snapshot

log = logging.getLogger("gisa.reparse")

BATCH = 100
"""Articles of one transaction: a tenth of a second, and a crawl beside it hardly waits."""
SAMPLES = 5
_OF_VISITS = frozenset(
    {"fetched_at", "first_seen_at", "last_seen_at", "removed_at", "revision", "content_hash", "parser"}
)  # fmt: skip
_OUR_FAULTS = frozenset({"damaged", "bug"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles to read again; by default those that another version of their parser read."""

    everything: bool = False
    since: datetime | None = None
    article_id: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """What all sources share; `progress` is told source, pages done, pages in all, URL."""

    database: Path
    store: Store
    clock: Callable[[], datetime]
    progress: Callable[[str, int, int, str], None]
    wanted: Wanted = field(default_factory=Wanted)
    keep_emails: bool = True
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """What changed in one article: its record before and after."""

    article_id: str
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def fields(self) -> list[str]:
        """The fields that differ, in the order of the record."""
        return [name for name in self.after if _told(self.before, name) != _told(self.after, name)]


@dataclass(slots=True)
class Reparsed:
    """How it went for one source. `unreadable` and `examples` are by reason, `fields` counts articles."""

    source: str
    outcome: Outcome = "ok"
    detail: str = ""
    read: int = 0
    saved: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    fields: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)


class _TakenBack(Exception):
    """Ends the transaction of a dry run."""


def reparse_source(source: Source, job: Job) -> Reparsed:
    """Read a source's kept pages again.

    Raises:
        StoreError: the database failed.
    """
    done = Reparsed(source.name)
    try:
        with source_lock(job.database, source.name, job.clock()):
            _reparse(source, job, done)
    except LockHeld as error:
        done.outcome, done.detail = "locked", str(error)
    return done


def exit_code(reports: Sequence[Reparsed]) -> int:
    """Return 0 if all went well, 1 where nothing could be read, 3 where our fault cost some pages,
    4 where pages do not read as they did, 75 where another run held a lock.
    """
    outcomes = {report.outcome for report in reports}
    if "failed" in outcomes:
        return 3 if any(report.read for report in reports) else 1
    return next((code for name, code in (("drift", 4), ("locked", 75)) if name in outcomes), 0)


def _reparse(source: Source, job: Job, done: Reparsed) -> None:
    reader = Reader(portal_of(source), source.permission, job.keep_emails)
    wanted = job.wanted
    read_by_any = wanted.everything or wanted.article_id is not None
    numbers = job.store.archive.to_read_again(
        source.name,
        unless=None if read_by_any else reader.parsers,
        since=wanted.since,
        article_id=wanted.article_id,
        limit=wanted.limit,
    )
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        _save(list(_read(some, reader, job, done)), source, job, done)
        job.progress(source.name, start + len(some), len(numbers), "")
    if done.unreadable:
        done.outcome = "failed" if _OUR_FAULTS & done.unreadable.keys() else "drift"


def _read(
    numbers: Sequence[int], reader: Reader, job: Job, done: Reparsed
) -> Iterator[tuple[Snapshot, Article]]:
    for number in numbers:
        at = f"page {number}"
        try:
            kept = job.store.archive.get(number)
            if kept is None:  # cleared away meanwhile
                continue
            at = kept.article_id
            article = reader.read(kept.page, kept.article_id, kept.listed_url, kept.published_at)
        except PageError as error:
            _note(done, error.reason, f"{at}: {error.detail}")
        except PageDamaged as error:
            _note(done, "damaged", f"{at}: {error}")
        except StoreError:
            raise
        except Exception as error:  # a bug of a parser costs one page
            log.exception("%s: %s", reader.parser, at)
            _note(done, "bug", f"{at}: {type(error).__name__}: {error}")
        else:
            done.read += 1
            yield kept, article


def _note(done: Reparsed, reason: str, said: str) -> None:
    done.unreadable[reason] += 1
    done.examples.setdefault(reason, said)


def _save(
    read: Sequence[tuple[Snapshot, Article]], source: Source, job: Job, done: Reparsed
) -> None:
    before = {kept.article_id: _state(job.store, kept.article_id) for kept, _ in read}
    try:
        with job.store.writing():
            saved = job.store.articles.save_all(
                [article for _, article in read], source.name, cause="parser", reread_at=job.clock()
            )
            told = list(zip(read, saved, strict=True))
            job.store.archive.follow(
                kept.article_id for (kept, _), what in told if what == "revised"
            )
            after = {
                kept.article_id: _state(job.store, kept.article_id)
                for (kept, article), what in told
                if what == "revised" or (what == "unchanged" and kept.parser != article.parser)
            }
            if job.dry_run:
                raise _TakenBack
    except _TakenBack:
        pass
    for (kept, _), what in told:
        key = kept.article_id
        _count(done, what, Sample(key, before[key], after.get(key, before[key])))


def _count(done: Reparsed, what: str | RecordRefused, sample: Sample) -> None:
    changed = sample.fields
    done.fields.update(changed)
    if isinstance(what, RecordRefused):
        done.examples.setdefault("refused", str(what))
        done.saved["refused"] += 1
    else:
        done.saved["updated" if changed and what == "unchanged" else what] += 1
    if changed and len(done.samples) < SAMPLES:
        done.samples.append(sample)


def _state(store: Store, article_id: str) -> dict[str, Any]:
    stored = store.articles.get(article_id)
    return {} if stored is None else record(stored.article, stored.observed, zone=UTC)


def _told(state: dict[str, Any], name: str) -> Any:
    """Return a field as the page told it, without what only our visits add."""
    if name in _OF_VISITS:
        return None
    if name == "rights" and state.get(name):
        signals = [(signal["type"], signal["value"]) for signal in state[name]["signals"]]
        return state[name] | {"signals": signals}
    return state.get(name)
