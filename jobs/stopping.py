"""SIGTERM and SIGINT: the first one asks a command to end in order, the second one ends it at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """Which signal, if any, asked us to stop. Make it within the event loop that is to end."""

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None

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
        first()

    @property
    def exit_code(self) -> int:
        """As a shell reports it: 143 for SIGTERM, 130 for SIGINT."""
        return 128 + (self.signal or 0)
