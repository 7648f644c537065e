"""Pages are read by worker processes while there are many, and in the event loop while there are few.

To start a worker costs as much as to read a hundred pages, so that is when the first one starts. From then on
the loop reads none: the worker would wait for what the loop has to give and to take. Another one starts when
those that there are cannot keep up.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from jobs.parsing.messages import Answer, Task
from jobs.parsing.worker_process import ROOM, WorkerGone, WorkerProcess
from pipeline import portals
from pipeline.errors import ParserFailed
from pipeline.reading import Reader, read_here
from pipeline.records import Article, Page

log = logging.getLogger("gisa.parsing")

PAGE_SECONDS = 20.0
"""After so long at one page a worker is killed. The longest of the extraction benchmark takes 0.03 s."""
_DEATHS_MOST, _DEATHS_WITHIN = 3, 3600.0
"""So many workers that ended in an hour, and pages are read in the loop for the rest of it."""


@dataclass(frozen=True, slots=True)
class Rush:
    """When there is work for workers: `pages` within so many `seconds`. Where as many take longer than `idle`
    seconds, the workers are let go.
    """

    pages: int = 100
    seconds: float = 10.0
    idle: float = 60.0


class ParserPool:
    """At most so many worker processes. Close it in the event loop in which it was used."""

    def __init__(
        self,
        most: int,
        *,
        rush: Rush | None = None,
        seconds: float = PAGE_SECONDS,
        module: str = "jobs.parsing.worker",
    ) -> None:
        self.workers: list[WorkerProcess] = []
        self._most, self._seconds, self._module = most, seconds, module
        self._rush = rush or Rush()
        self._times: deque[float] = deque(maxlen=self._rush.pages)
        self._deaths: deque[float] = deque(maxlen=_DEATHS_MOST)
        self._deadly: set[str] = set()
        self._idle_check: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End all workers."""
        if self._idle_check:
            self._idle_check.cancel()
            self._idle_check = None
        for each in list(self.workers):
            await each.end()

    async def found(
        self, reader: Reader, page: Page, listed_url: str, published_at: datetime | None = None
    ) -> Article:
        """Read a page as `Reader.found` does.

        Raises:
            ParserFailed: the page took too long, or ended the worker that read it.
            Exception: whatever its parser raises.
        """
        if page.url in self._deadly:
            raise ParserFailed(page.url, "it ended a worker process before")
        self._times.append(asyncio.get_running_loop().time())
        while worker := self._worker_for(reader):
            # the bytes are for the archive
            task = Task(reader, replace(page, raw=None), listed_url, published_at)
            try:
                return _taken(await worker.read(task), page)
            except WorkerGone:
                continue
        return await read_here(reader, page, listed_url, published_at)

    def _worker_for(self, reader: Reader) -> WorkerProcess | None:
        if not self._most or not _can_cross(reader):
            return None
        ready = [each for each in self.workers if each.is_ready]
        idlest = min(ready, key=lambda each: each.load, default=None)
        is_short = idlest is None or idlest.load >= ROOM
        if is_short and len(ready) == len(self.workers) < self._most and self._is_rush():
            self._start()
        return idlest

    def _is_rush(self) -> bool:
        now = asyncio.get_running_loop().time()
        while self._deaths and now - self._deaths[0] > _DEATHS_WITHIN:
            self._deaths.popleft()
        if len(self._deaths) == _DEATHS_MOST:
            return False
        many = len(self._times) == self._times.maxlen
        return many and now - self._times[0] <= self._rush.seconds

    def _start(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            worker = WorkerProcess(self._seconds, self._module)
        except OSError as error:
            self._note_death(f"a worker process cannot start: {error}")
            return
        self.workers.append(worker)
        worker.life.add_done_callback(lambda life: self._ended(worker, life))
        log.debug("worker process %d starts", worker.pid)
        if self._idle_check is None:
            self._idle_check = loop.call_later(self._rush.idle, self._check_idle)

    def _ended(self, worker: WorkerProcess, life: asyncio.Task[None]) -> None:
        self.workers.remove(worker)
        if life.cancelled():  # by us
            return
        if error := life.exception():
            log.error("a bug in talking to a worker process", exc_info=error)
        if worker.failed:
            self._deadly.add(worker.failed)
        self._note_death("a worker process is gone; the pages that it had are read again")

    def _note_death(self, said: str) -> None:
        self._deaths.append(asyncio.get_running_loop().time())
        log.warning("%s", said)
        if len(self._deaths) == _DEATHS_MOST:
            log.warning(
                "%d worker processes in a row: pages are read without them for now", _DEATHS_MOST
            )

    def _check_idle(self) -> None:
        loop = asyncio.get_running_loop()
        self._idle_check = None
        if not self.workers:
            return
        if loop.time() - self._times[0] > self._rush.idle:
            for each in self.workers:
                if each.is_ready and not each.load:
                    each.life.cancel()
                    log.debug("worker process %d is let go", each.pid)
        self._idle_check = loop.call_later(self._rush.idle, self._check_idle)


def _can_cross(reader: Reader) -> bool:
    """Does a worker find the same parser by its name?"""
    if reader.is_web:
        return True
    return (
        reader.portal.NAME in portals.names() and portals.named(reader.portal.NAME) is reader.portal
    )


def _taken(answer: Answer, page: Page) -> Article:
    """Do here what a parser would have done here."""
    if page.matches is not None:
        page.matches.update(answer.matches)
    for record in answer.logged:
        logger = logging.getLogger(record.name)
        if logger.isEnabledFor(record.levelno):
            logger.handle(record)  # in the task of its crawl, so that the line says which one
    if isinstance(answer.result, Exception):
        raise answer.result
    return answer.result
