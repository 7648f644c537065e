"""SIGTERM and SIGINT: the first one asks a command to end in order, the second one ends it at once.

What holds on to the process after the first one, a thread or a task that will not be cut, does so for seconds.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta

log = logging.getLogger("gisa.daemon")

_CUT_WITHIN = timedelta(seconds=2)
SIGNALS = (signal.SIGTERM, signal.SIGINT)
GONE_WITHIN = timedelta(seconds=9)
"""After this the process ends, whatever still goes on in it."""


class Stop:
    """Which signal, if any, asked us to stop. Make it within the event loop that is to end."""

    def __init__(self, code: int | None = None) -> None:
        """`code` is the exit code of a command that is meant to be ended by a signal."""
        self.signal: signal.Signals | None = None
        self._code = code

    def listen(self, first: Callable[[], object]) -> None:
        """Call `first` at the first signal; the second one is left to the kernel.

        To be killed is safe at any time: what was discovered is in the database, and the kernel
        frees the locks. So nobody needs to wait for an end that takes too long.
        """
        loop = asyncio.get_running_loop()
        for each in SIGNALS:
            loop.add_signal_handler(each, self._got, each, first)

    def _got(self, got: signal.Signals, first: Callable[[], object]) -> None:
        self.signal = got
        loop = asyncio.get_running_loop()
        for each in SIGNALS:
            loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)
        timer = threading.Timer(GONE_WITHIN.total_seconds(), self._end)
        timer.daemon = True
        timer.start()
        first()

    def _end(self) -> None:
        log.error("something did not end in time; ending without it")
        os._exit(self.exit_code)

    @property
    def exit_code(self) -> int:
        """As a shell reports it, 143 for SIGTERM and 130 for SIGINT, unless another was given."""
        return 128 + (self.signal or 0) if self._code is None else self._code


async def drain(tasks: set[asyncio.Task[None]], patience: timedelta) -> None:
    """Let tasks end; cut those that take too long. What was discovered is in the database."""
    if tasks and patience:
        await asyncio.wait(tasks, timeout=patience.total_seconds())
    late = [task for task in tasks if not task.done()]
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=_CUT_WITHIN.total_seconds())
