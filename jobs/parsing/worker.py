"""A worker process: reads the pages that come by its standard input, a socket, until the other end is closed.

It has no database, no network and none of the secrets. `python -m jobs.parsing.worker SECONDS`
"""

from __future__ import annotations

import logging
import pickle
import signal
import socket
import sys
import traceback
from contextlib import suppress
from logging.handlers import QueueHandler
from queue import SimpleQueue
from typing import BinaryIO

from jobs.parsing.messages import HEAD, READY, Answer, Task, framed
from pipeline import extract, portals
from pipeline.errors import PageError


def main(seconds: float) -> None:
    """Work. A page that takes longer than `seconds` ends the process, also where nobody is left to kill it."""
    # to stop in order is for the crawl, which closes the line or kills us
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    logged: SimpleQueue[logging.LogRecord] = SimpleQueue()
    logging.getLogger().addHandler(QueueHandler(logged))
    _ = [extract, *map(portals.named, portals.names())]  # loaded before the first page, not by it
    with suppress(OSError), socket.socket(fileno=0) as line, line.makefile("rb") as pages:
        line.sendall(framed(READY))
        while body := _message(pages):
            signal.setitimer(signal.ITIMER_REAL, seconds)
            answer = _framed(answered(body, logged))
            signal.setitimer(signal.ITIMER_REAL, 0)
            line.sendall(answer)


def _message(line: BinaryIO) -> bytes:
    """Return the next message, nothing where there is no whole one any more."""
    head = line.read(HEAD.size)
    if len(head) < HEAD.size:
        return b""
    (size,) = HEAD.unpack(head)
    body = line.read(size)
    return body if len(body) == size else b""


def answered(body: bytes, logged: SimpleQueue[logging.LogRecord]) -> Answer:
    """Read a page. Whatever a parser raises is part of the answer."""
    matches: dict[str, int] = {}
    try:
        task: Task = pickle.loads(body)  # noqa: S301 - from the process that started us
        matches = task.page.matches if task.page.matches is not None else matches
        result = task.reader.found(task.page, task.listed_url, task.published_at)
    except PageError as error:
        return Answer(error, matches, _all_of(logged))
    except (
        Exception
    ) as error:  # a bug of a parser is one of the crawl that asked, as without workers
        return Answer(_portable(error), matches, _all_of(logged))
    return Answer(result, matches, _all_of(logged))


def _framed(answer: Answer) -> bytes:
    try:
        return framed(answer)
    except Exception as error:  # a stranger's portal module may put anything into a record
        return framed(Answer(_portable(error), {}))


def _all_of(logged: SimpleQueue[logging.LogRecord]) -> tuple[logging.LogRecord, ...]:
    return tuple(logged.get_nowait() for _ in range(logged.qsize()))


def _portable(error: Exception) -> Exception:
    """Return an error that the other side can take apart, with its traceback as a note."""
    said = "".join(traceback.format_exception(error))
    try:
        crossed: Exception = pickle.loads(pickle.dumps(error))  # noqa: S301 - just made
    except Exception:
        crossed = RuntimeError(f"{type(error).__name__}: {error}")
    crossed.add_note(f"in a worker process:\n{said}")
    return crossed


if __name__ == "__main__":
    main(float(sys.argv[1]))
