"""Fixtures of the fetcher's tests: a server that sends exactly the bytes a test wants, and a clock."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.fetch import Fetcher, Limits
from pipeline.records import Page
from pipeline.store import Store, open_store

START = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)
HTML = "Content-Type: text/html; charset=utf-8"
Act = Callable[["Exchange"], None]


@dataclass
class Exchange:
    """One request as it came, and the connection to answer it on."""

    path: str
    headers: dict[str, str]
    connection: socket.socket
    closing: threading.Event
    keep: bool = True

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.connection.sendall(part)

    def hang_up(self) -> None:
        self.keep = False

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.keep = False

    def drip(self, *, before: bytes, drop: bytes) -> None:
        """Send a drop every few milliseconds until the client has gone or the server closes."""
        self.keep = False
        with suppress(OSError):
            self.send(before)
            while not self.closing.wait(0.01):
                self.send(drop)


class RawServer:
    """Answers each path with the bytes, or by the function, that a test gave it."""

    def __init__(self) -> None:
        self.routes: dict[str, bytes | Act] = {"/robots.txt": answer(404)}
        self.seen: list[Exchange] = []
        self.connections = 0
        self._closing = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.authority = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.url = f"http://{self.authority}"
        self._start(self._accept)

    def paths(self) -> list[str]:
        return [exchange.path for exchange in self.seen]

    def close(self) -> None:
        self._closing.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def _start(self, target: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as requests:
            while line := requests.readline():
                headers = {}
                while (header := requests.readline().decode("latin-1").strip()) != "":
                    name, _, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                path = line.decode("latin-1").split()[1]
                exchange = Exchange(path, headers, connection, self._closing)
                self.seen.append(exchange)
                act = self.routes.get(path, answer(404))
                if isinstance(act, bytes):
                    exchange.send(act)
                else:
                    act(exchange)
                if not exchange.keep:
                    return


def answer(status: int = 200, body: bytes = b"", *headers: str) -> bytes:
    """A whole answer with the right Content-Length."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers]
    if not any(line.lower().startswith("content-type") for line in headers):
        lines.append(HTML)
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@dataclass
class Clock:
    """A clock that stands still until somebody sleeps."""

    now: datetime = START
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class Loopback:
    """Every authority on this machine's 127.0.0.1 is ours; all others are as they are to users."""

    def __contains__(self, authority: object) -> bool:
        return str(authority).startswith("127.0.0.1:")


@dataclass
class Fetching:
    """Makes fetchers on one clock and one database, and fetches single pages with them."""

    store: Store
    clock: Clock
    limits: Limits

    def fetcher(self, **changes: Any) -> Fetcher:
        from dataclasses import replace

        limits = replace(self.limits, **changes)
        return Fetcher(
            limits, self.store.hosts, contact="mailto:desk@news.example",
            clock=self.clock, sleep=self.clock.sleep,
        )  # fmt: skip

    def page(self, url: str, *, limits: dict[str, Any] | None = None, **asked: Any) -> Page | None:
        async def once() -> Page | None:
            async with self.fetcher(**(limits or {})) as fetcher:
                return await fetcher.page(url, **asked)

        return asyncio.run(once())

    def html(self, url: str, **more: Any) -> str:
        page = self.page(url, **more)
        assert page is not None
        return page.html


@pytest.fixture
def server() -> Iterator[RawServer]:
    running = RawServer()
    yield running
    running.close()


@pytest.fixture
def other_server() -> Iterator[RawServer]:
    running = RawServer()
    yield running
    running.close()


@pytest.fixture
def reply() -> Callable[..., bytes]:
    return answer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fetching(tmp_path: Path, clock: Clock) -> Iterator[Fetching]:
    with open_store(tmp_path / "gisa.db") as store:
        limits = Limits(deadline=timedelta(seconds=20), max_bytes=100_000, private=Loopback())
        yield Fetching(store, clock, limits)
