"""One worker process as the importer sees it: the line to it, and the pages that it has."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue

from jobs.importing.worker import Batch
from pipeline.importing.found import Found

_START_SECONDS = 60.0


class WorkerProcess:
    """A process, and the line to it. A thread sends, so that we never wait for a worker that takes nothing."""

    def __init__(self, process: BaseProcess, line: Connection) -> None:
        self.process, self.line = process, line
        self.batches: deque[deque[tuple[int, Found]]] = deque()
        self.is_ready = False
        self.heard_at = time.monotonic()
        self._outbox: SimpleQueue[Batch | None] = SimpleQueue()
        self._sender = threading.Thread(target=self._send_all, daemon=True)
        self._sender.start()

    def send(self, batch: Batch) -> None:
        """Give it pages; it reads them in this order, behind those that it has."""
        if not self.batches:
            self.heard_at = time.monotonic()
        self.batches.append(deque(batch))
        self._outbox.put(batch)

    def _send_all(self) -> None:
        with suppress(OSError):  # it has died: that is seen by its end of the line
            while (batch := self._outbox.get()) is not None:
                self.line.send(batch)

    def started(self) -> None:
        """Note that it is at work."""
        self.is_ready, self.heard_at = True, time.monotonic()

    def answered(self) -> None:
        """Note that the next page was answered: pages are answered in their order."""
        self.heard_at = time.monotonic()
        self.batches[0].popleft()
        if not self.batches[0]:
            self.batches.popleft()

    def left(self) -> list[tuple[int, Found]]:
        """Return the pages that it has not answered, in their order."""
        return [page for batch in self.batches for page in batch]

    def overdue(self, seconds: float) -> bool:
        """Has it been at one page, or at its start, for too long?"""
        silent = time.monotonic() - self.heard_at
        if not self.is_ready:
            return silent > _START_SECONDS
        return bool(self.batches) and silent > seconds

    def end(self) -> None:
        """Kill it, whatever it is at."""
        self.process.kill()
        self.process.join()
        self._outbox.put(None)
        self._sender.join()
        self.line.close()
        self.process.close()
