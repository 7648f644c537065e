"""The job: crawl one source under its lock. Daemon, cron and hand all come through here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from jobs.lock import source_lock
from pipeline.crawl import Tools, crawl
from pipeline.errors import LockHeld, StoreError
from pipeline.records import CrawlReport, Source
from pipeline.together import together
from pipeline.urls import redacted

log = logging.getLogger("gisa.crawl")

_LISTENER_SECONDS = 60


Listener: TypeAlias = Callable[[Source, CrawlReport], Awaitable[None]]
"""Told of every crawl that ended, however it did; the lock of the source is free again by then."""


@dataclass(frozen=True)
class Job:
    """What every crawl of one process shares."""

    database: Path
    tools: Tools
    listeners: tuple[Listener, ...] = ()


async def crawl_source(source: Source, job: Job) -> CrawlReport:
    """Crawl one source once, or report that another run is at it.

    A bug ends this crawl with a traceback in the log and a report; it does not end the crawls beside it.

    Raises:
        StoreError: the database failed, for all sources alike.
    """
    started = job.tools.clock()
    try:
        with source_lock(job.database, source.name, started) as holder:
            report = await crawl(source, job.tools, holder=holder)
    except LockHeld as error:
        report = CrawlReport(source.name, started, job.tools.clock(), "locked", str(error))
    except StoreError as error:
        failed = CrawlReport(source.name, started, job.tools.clock(), "failed", str(error))
        await _tell(job, source, failed)
        raise
    except Exception as error:
        said = {"source": source.name, "reason": "bug"}
        log.exception("%s: a bug ended this crawl", source.name, extra=said)
        detail = f"a bug, see the log: {type(error).__name__}: {error}"
        report = CrawlReport(source.name, started, job.tools.clock(), "failed", detail)
    _log(report)
    await _tell(job, source, report)
    return report


async def _tell(job: Job, source: Source, report: CrawlReport) -> None:
    """A listener that fails, or is slow, costs nobody a crawl."""
    for listener in job.listeners:
        try:
            async with asyncio.timeout(_LISTENER_SECONDS):
                await listener(source, report)
        except Exception:
            log.exception("%s: what came of it could not be told", source.name,
                          extra={"source": source.name})  # fmt: skip


async def crawl_sources(sources: Sequence[Source], job: Job) -> list[CrawlReport]:
    """Crawl several sources side by side; hosts that they share are taken in turns."""
    return await together(crawl_source(source, job) for source in sources)


def _log(report: CrawlReport) -> None:
    for problem in report.problems:
        log.warning(
            "%s %s %s", report.source, problem.reason, problem.detail,
            extra={
                "source": report.source, "run": report.run, "url": redacted(problem.url),
                "reason": problem.reason,
            },
        )  # fmt: skip
    seconds = (report.finished_at - report.started_at).total_seconds()
    log.log(
        logging.INFO if report.outcome in ("ok", "locked") else logging.WARNING,
        "%s %s in %.1f s: %d new, %d revised, %d removed%s",
        report.source, report.outcome, seconds, report.new, report.revised, report.removed,
        f"; {report.detail}" if report.detail else "",
        extra={
            "source": report.source, "run": report.run, "outcome": report.outcome, "seconds": seconds,
        },
    )  # fmt: skip
