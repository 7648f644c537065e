"""Which part of gisa's fetcher uses the CPU: its parts are timed where they are called, in a run as usual."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Generator
from functools import wraps
from types import coroutine
from typing import Any

from pipeline.fetch import Fetcher, client, decoders
from pipeline.fetch.robots import Robots
from pipeline.fetch.wire import Wire
from pipeline.store.hosts import Hosts


class Parts:
    """Seconds of the thread's CPU time by part; each stamp adds about a microsecond."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def forget(self) -> None:
        """Start again."""
        self._seconds.clear()

    def watch(self) -> None:
        """Time the parts of this process's fetchers from now on."""
        owner: Any
        decoders.DECODERS["gzip"] = self._calls(decoders.DECODERS["gzip"], "gzip")
        for owner, name, part in (
            (hashlib, "sha256", "hash"),
            (client, "decode", "decode"),
            (client, "fetchable", "urls"),
            (Hosts, "reserve", "turns"),
            (Hosts, "answered_well", "turns"),
        ):
            setattr(owner, name, self._calls(getattr(owner, name), part))
        for owner, name, part in (
            (Robots, "rule_for", "robots"),
            (Wire, "answer", "wire"),
            (Fetcher, "page", "page"),
        ):
            setattr(owner, name, self._steps(getattr(owner, name), part))

    def shared_out(self, whole: float) -> dict[str, float]:
        """Return the seconds of each part of a run that took `whole`."""
        seconds = self._seconds
        wire = seconds["wire"] - seconds["gzip"] - seconds["hash"]
        shares = {
            "transport, HTTP and event loop": whole - seconds["page"] + wire,
            "decompression": seconds["gzip"],
            "SHA-256 of the body": seconds["hash"],
            "decoding text": seconds["decode"],
            "turns in the store": seconds["turns"],
            "robots.txt rules": seconds["robots"],
            "checks of the URL": seconds["urls"],
        }
        return {**shares, "all other code": whole - sum(shares.values())}

    def _calls(self, function: Callable[..., Any], part: str) -> Callable[..., Any]:
        @wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return function(*arguments, **named)
            finally:
                self._seconds[part] += time.thread_time() - began

        return timed

    def _steps(
        self, function: Callable[..., Coroutine[Any, Any, Any]], part: str
    ) -> Callable[..., Any]:
        """Time a coroutine function while it runs, not while it waits."""

        @wraps(function)
        async def timed(*arguments: Any, **named: Any) -> Any:
            return await self._stepped(function(*arguments, **named), part)

        return timed

    @coroutine
    def _stepped(self, steps: Coroutine[Any, Any, Any], part: str) -> Generator[Any, Any, Any]:
        go, value = steps.send, None
        while True:
            began = time.thread_time()
            try:
                awaited = go(value)
            except StopIteration as end:
                return end.value
            finally:
                self._seconds[part] += time.thread_time() - began
            try:
                go, value = steps.send, (yield awaited)
            except BaseException as error:  # cancelled: tell the one who waits
                go, value = steps.throw, error
