"""One worker process as the crawl sees it: the line to it, and the pages that it has."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections import deque
from contextlib import suppress

from jobs.parsing.messages import HEAD, Answer, Task, framed
from pipeline.errors import ParserFailed

ROOM = 16
"""Pages that a worker has at a time: enough for while the loop stores what came from it before."""
_START_SECONDS = 60.0
_BUFFER = 1024 * 1024
_ORPHAN_SECONDS = 10.0
"""How much longer than we a worker lets a page take: it ends itself only where nobody is left to do it."""


class WorkerGone(Exception):
    """The worker ended before it came to this page: read it elsewhere."""


class WorkerProcess:
    """A process, and the line to it. It reads its pages in the order in which it got them."""

    def __init__(self, seconds: float, module: str) -> None:
        """Start one that may take so many `seconds` for a page.

        Raises:
            OSError: there is no room for another process.
        """
        self.ready = asyncio.Event()
        self.failed: str | None = None
        """The page that ended it."""
        self._seconds, self._is_over = seconds, False
        self.load = 0
        """How many pages it has, and how many wait for room."""
        self._room = asyncio.Semaphore(ROOM)
        self._pages: deque[tuple[str, asyncio.Future[Answer]]] = deque()
        self._writer: asyncio.StreamWriter | None = None
        self._line, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = _started(theirs, module, seconds + _ORPHAN_SECONDS)
            except BaseException:
                self._line.close()
                raise
        self._deadline = asyncio.timeout(_START_SECONDS)
        self.life = asyncio.create_task(self._live())

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def is_ready(self) -> bool:
        """Does it take pages?"""
        return self.ready.is_set() and not self._is_over

    async def read(self, task: Task) -> Answer:
        """Have a page read, when there is room for it. Only once it is `ready`.

        Raises:
            ParserFailed: the page took too long, or ended the process.
            WorkerGone: another page did.
        """
        self.load += 1
        try:
            async with self._room:
                return await self._answer_to(task)
        finally:
            self.load -= 1

    async def _answer_to(self, task: Task) -> Answer:
        if self._is_over:
            raise WorkerGone
        message = framed(task)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._pages.append((task.page.url, future))
        if len(self._pages) == 1:
            self._begin_page()
        assert self._writer
        self._writer.write(message)
        return await future

    async def _live(self) -> None:
        """Hear its answers until it ends, or has to be ended."""
        why = ""
        try:
            async with self._deadline:
                lines, self._writer = await asyncio.open_unix_connection(
                    sock=self._line, limit=_BUFFER
                )
                await _message(lines)
                self.ready.set()
                self._begin_page()
                while True:
                    body = await _message(lines)
                    _, future = self._pages.popleft()
                    self._begin_page()
                    _resolve(future, body)
        except TimeoutError:
            why = f"it took longer than {self._seconds:g} s to read"
        except (EOFError, OSError):
            why = "reading it ended the process"
        finally:
            self._end(why)

    def _begin_page(self) -> None:
        """Let the time of the next page run from now."""
        now = asyncio.get_running_loop().time()
        self._deadline.reschedule(now + self._seconds if self._pages else None)

    def _end(self, why: str) -> None:
        """Kill it; `why` is what the page did that it was at, nothing where we were asked to."""
        self._is_over = True
        self._process.kill()
        code = self._process.wait()
        if self._writer:
            self._writer.transport.abort()
        else:
            self._line.close()
        if why and code < 0 and code != -signal.SIGKILL:
            why += f" ({signal.Signals(-code).name})"
        while self._pages:
            url, future = self._pages.popleft()
            error: Exception = WorkerGone()
            if why:
                error, self.failed, why = ParserFailed(url, why), url, ""
            if not future.done():
                future.set_exception(error)

    async def end(self) -> None:
        """Kill it, and wait until it is gone."""
        self.life.cancel()
        with suppress(asyncio.CancelledError):
            await self.life


async def _message(lines: asyncio.StreamReader) -> bytes:
    (size,) = HEAD.unpack(await lines.readexactly(HEAD.size))
    return await lines.readexactly(size)


def _resolve(future: asyncio.Future[Answer], body: bytes) -> None:
    if future.done():  # nobody waits for it any more
        return
    try:
        future.set_result(pickle.loads(body))  # noqa: S301 - of our own worker
    except (
        Exception
    ) as error:  # of a stranger's portal module: what it returns or raises cannot cross
        future.set_exception(error)


def _started(line: socket.socket, module: str, seconds: float) -> subprocess.Popen[bytes]:
    # it finds what we find, nothing else; what parses strangers' pages needs no secrets
    environ = {name: it for name, it in os.environ.items() if not name.startswith("GISA_")}
    environ["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)  # noqa: PTH109
    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-P", "-m", module, str(seconds)],
        stdin=line.fileno(),
        stdout=subprocess.DEVNULL,
        env=environ,
        process_group=0,  # Ctrl-C in a terminal is for us: not every signal can be ignored in time
    )
