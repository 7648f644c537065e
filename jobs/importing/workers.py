"""A pool of worker processes that a hostile page can cost a worker, but no other page and no standstill.

Not concurrent.futures: one killed process breaks its whole pool, and nothing there ends a call that hangs.
"""

from __future__ import annotations

import logging
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from typing import Self, TypeAlias

from jobs.importing import worker
from jobs.importing.worker import Answer, Batch, Ready
from jobs.importing.worker_process import WorkerProcess
from pipeline.errors import GisaError
from pipeline.importing.found import Found, Item
from pipeline.importing.reading import Read, Reading

log = logging.getLogger("gisa.import")
PAGE_SECONDS = 20.0
"""After so long at one page a worker is killed. The longest of the extraction benchmark takes 0.03 s."""
_STARTS_MOST = 3
_BATCH_PAGES, _BATCH_BYTES = 16, 4 * 1024 * 1024
_BATCHES_EACH = 2
"""Batches that a worker has at a time: the one that it reads, and one so that it need not wait for us."""

Done: TypeAlias = tuple[Item, Read | None]
"""An item with what became of it; None for one that was passed over as it was found."""


class Pool:
    """Worker processes; use it as a context manager. `how` is how they read pages."""

    def __init__(
        self,
        processes: int,
        how: Reading,
        *,
        seconds: float = PAGE_SECONDS,
        target: Callable[[Connection, Reading], None] = worker.main,
    ) -> None:
        # forked from a process that has no threads, no database and no other worker's line open
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([worker.__name__])
        self._how, self._target, self._seconds = how, target, seconds
        self._failed_starts = 0
        self._answers: dict[int, Done] = {}
        self._found: dict[int, Found] = {}
        self._suspects: set[int] = set()
        self._again: deque[Batch] = deque()
        self._processes = processes
        self._workers: list[WorkerProcess] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._workers:
            each.end()

    @property
    def pids(self) -> list[int]:
        """The processes that live now."""
        return [each.process.pid for each in self._workers if each.process.pid]

    def map(self, items: Iterable[Item]) -> Iterator[Done]:
        """Yield every item (without its bytes) with what became of it, in the order of the items. No more is
        taken from them than the workers are at. One map at a time.
        """
        try:
            yield from self._mapped(iter(items))
        finally:
            self._forget()

    def _mapped(self, source: Iterator[Item]) -> Iterator[Done]:
        # only now: what was imported before needs none
        while len(self._workers) < self._processes:
            self._workers.append(self._start())
        number = given = 0
        is_open = True
        while True:
            while is_open and self._has_room(given - number):
                batch, taken, is_open = self._next_batch(source, given)
                given += taken
                if batch:
                    self._idlest().send(batch)
            while number in self._answers:
                yield self._answers.pop(number)
                number += 1
            if number == given and not is_open:
                return
            if number not in self._answers and number < given:
                self._listen()

    def _forget(self) -> None:
        """A map that was given up leaves workers at pages that nobody asks for any more."""
        self._answers, self._found, self._suspects = {}, {}, set()
        self._again.clear()
        for each in [each for each in self._workers if each.batches]:
            each.end()
            self._workers.remove(each)

    def _has_room(self, ahead: int) -> bool:
        self._send_again()
        most = _BATCHES_EACH * len(self._workers)
        busy = sum(len(each.batches) for each in self._workers)
        # what waits for a slow page to be next is bounded, too
        return busy < most and ahead < 4 * most * _BATCH_PAGES and not self._again

    def _send_again(self) -> None:
        while self._again and len(self._idlest().batches) < _BATCHES_EACH:
            self._idlest().send(self._again.popleft())

    def _next_batch(self, source: Iterator[Item], number: int) -> tuple[Batch, int, bool]:
        batch: Batch = []
        size = taken = 0
        for item in source:
            if isinstance(item, Found):
                batch.append((number + taken, item))
                self._found[number + taken] = item
                size += len(item.body)
            else:
                self._answers[number + taken] = (item, None)
            taken += 1
            if len(batch) >= _BATCH_PAGES or size >= _BATCH_BYTES or taken >= 4 * _BATCH_PAGES:
                return batch, taken, True
        return batch, taken, False

    def _idlest(self) -> WorkerProcess:
        return min(self._workers, key=lambda each: len(each.batches))

    def _listen(self) -> None:
        """Wait for answers, for the death of a worker, or for the end of its time."""
        lines = {each.line: each for each in self._workers}
        ready = wait(list(lines), timeout=0) or wait(
            list(lines), timeout=min(1.0, self._seconds / 4)
        )
        for line in ready:
            assert isinstance(line, Connection)
            self._hear(lines[line])
        if not ready:
            for each in list(self._workers):
                if each.overdue(self._seconds):
                    self._bury(each, "timeout" if each.is_ready else "crashed")

    def _hear(self, each: WorkerProcess) -> None:
        try:
            answer: Answer = each.line.recv()
        except Exception as error:  # it died, or in the middle of an answer: then that is no answer
            log.debug("worker %s: %s", each.process.pid, error)
            self._bury(each, "crashed")
            return
        if isinstance(answer, Ready):
            each.started()
            self._failed_starts = 0
            return
        number, read = answer
        each.answered()
        self._answer(number, read)

    def _answer(self, number: int, read: Read) -> None:
        """Keep an answer for its turn; of the page only where it stood, not its bytes."""
        self._answers[number] = (replace(self._found.pop(number), body=b"", headers=()), read)

    def _bury(self, each: WorkerProcess, why: str) -> None:
        """End a worker and start another. The page that it was at is tried once more, alone, if it crashed."""
        each.end()
        self._workers.remove(each)
        log.warning("a worker is gone (%s) and another starts; its pages are read again", why)
        if not each.is_ready:
            self._failed_starts += 1
            if self._failed_starts >= _STARTS_MOST:
                raise GisaError("worker processes cannot start: is there memory left?")
        self._take_back(each.left(), why if each.is_ready else "")
        self._workers.append(self._start())
        self._send_again()

    def _take_back(self, left: list[tuple[int, Found]], why: str) -> None:
        """Have pages read again that a worker left; the first of them is the one that it was at, if any."""
        if left and why:
            number, found = left.pop(0)
            if why == "crashed" and number not in self._suspects:
                self._suspects.add(number)
                self._again.append([(number, found)])
            else:
                said = f"{found.url or found.name or found.number}"
                self._answer(number, Read(None, why, said))
        if left:
            self._again.append(left)

    def _start(self) -> WorkerProcess:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=self._target, args=(theirs, self._how), name="gisa-import", daemon=True
        )
        process.start()
        theirs.close()
        return WorkerProcess(process, ours)
