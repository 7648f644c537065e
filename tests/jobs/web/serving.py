"""Servers of the web's tests: kept from test to test, since to start one takes longer than most tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import datasette.app
import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from jobs.web.server import listening, server


class _Kept:
    """A server on a port of its own; what it serves is whatever `application` is now."""

    def __init__(self, ending: ExitStack, application: Any) -> None:
        self.application = application
        sock = ending.enter_context(listening("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        running = server(self)
        thread = threading.Thread(target=running.run, args=([sock],))
        thread.start()

        def stop() -> None:
            running.should_exit = True
            thread.join(10)

        ending.callback(stop)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.application(scope, receive, send)


class Servers:
    """Lends servers: as many as are wanted at one time, and those that are given back again to the next."""

    def __init__(self, ending: ExitStack) -> None:
        self._ending = ending
        self._free: list[_Kept] = []

    @contextmanager
    def serving(self, application: Any) -> Iterator[str]:
        """Serve an application in the `with`, at the address that is returned."""
        kept = self._free.pop() if self._free else _Kept(self._ending, application)
        kept.application = application
        try:
            yield kept.address
        finally:
            kept.application = _gone
            self._free.append(kept)


async def _gone(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError(f"{scope['path']} was asked for after its test had ended")


class _Compiled(BytecodeCache):
    """Compiled templates by their name and source: otherwise each Datasette compiles them anew."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def compile_templates_once(patch: pytest.MonkeyPatch) -> None:
    """Have every Datasette of this process share its compiled templates."""
    made = partial(datasette.app.Environment, bytecode_cache=_Compiled())
    patch.setattr(datasette.app, "Environment", made)
