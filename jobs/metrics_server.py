"""`/metrics` and `/healthz` over HTTP, for one scraper on this machine: bounded, and no more than that.

A connection has some seconds and some kilobytes, carries one request and is closed: one that drips, stays
silent or does not read is cut. Who asks under a name that is not ours is refused, so that a web page in
somebody's browser cannot have its own name point here and read along.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from pipeline.errors import ConfigError, StoreError
from pipeline.setting_values import address_and_port

log = logging.getLogger("gisa.metrics")

SECONDS = 10.0
"""That a connection may last, from its start to its end."""
HEAD_BYTES = 8192
CONNECTIONS = 16
"""At once; one more cuts the oldest of them."""
_REQUEST = re.compile(rb"([A-Z]{1,20}) (/[!-~]{0,1000}) HTTP/1\.[01]")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:]+)(?::[0-9]{1,5})?")
_WORDS = {
    200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    503: "Service Unavailable",
}  # fmt: skip
_PLAIN = "text/plain; charset=utf-8"


class MetricsServer:
    """Answers at one address while it is entered.

    Args:
        listen: address and port as `[metrics] listen` has them.
        any_name: answer whatever name was asked for; an address that others reach may have many.
        figures: returns the body of `/metrics` and its content type; may raise StoreError.
        healthy: raises StoreError where something is wrong.
    """

    def __init__(
        self,
        listen: str,
        *,
        any_name: bool,
        figures: Callable[[], tuple[bytes, str]],
        healthy: Callable[[], object],
    ) -> None:
        self._host, self._port = address_and_port(listen)
        self._listen, self._any_name = listen, any_name
        self._figures, self._healthy = figures, healthy
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], asyncio.WriteTransport] = {}

    @property
    def port(self) -> int:
        """The port in use, also where any free one was asked for."""
        assert self._server
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> MetricsServer:
        """Start to listen.

        Raises:
            ConfigError: the address is in use or not of this machine.
        """
        try:
            self._server = await asyncio.start_server(
                self._connected, self._host, self._port, limit=HEAD_BYTES
            )
        except OSError as error:
            raise ConfigError(
                f"metrics.listen: {self._listen}: {error.strerror or error}"
            ) from None
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        assert self._server
        self._server.close()
        # not cancelled: the streams of Python 3.11 log that as a fault
        for transport in self._open.values():
            transport.abort()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        if len(self._open) >= CONNECTIONS:  # who came first had the longest time
            next(iter(self._open.values())).abort()
        self._open[task] = writer.transport
        try:
            with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                async with asyncio.timeout(SECONDS):
                    writer.write(await self._answer(reader))
                    await writer.drain()
                    writer.close()
                    await writer.wait_closed()
        finally:
            writer.transport.abort()
            del self._open[task]

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return _said(400, b"the head of the request is too long\n")
        line, *fields = head[:-4].split(b"\r\n")
        request = _REQUEST.fullmatch(line)
        if not request:
            return _said(400, b"no such request\n")
        method, path = request[1].decode(), request[2].decode().partition("?")[0]
        if fault := self._refused(method, fields):
            return fault
        return self._found(path, with_body=method == "GET")

    def _refused(self, method: str, fields: list[bytes]) -> bytes | None:
        hosts = [
            value.strip().decode("latin-1").lower()
            for name, _, value in (field.partition(b":") for field in fields)
            if name.lower() == b"host"
        ]
        named = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if not named:
            return _said(400, b"one Host is needed\n")
        ours = {"localhost", "127.0.0.1", "[::1]", self._host, f"[{self._host}]"}
        if not self._any_name and named[1] not in ours:
            return _said(403, b"not under this name\n")
        if method not in ("GET", "HEAD"):
            return _said(405, b"GET or HEAD\n", extra="Allow: GET, HEAD\r\n")
        return None

    def _found(self, path: str, *, with_body: bool) -> bytes:
        try:
            match path:
                case "/metrics":
                    body, kind = self._figures()
                    return _said(200, body, kind, with_body=with_body)
                case "/healthz":
                    self._healthy()
                    return _said(200, b"ok\n", with_body=with_body)
        except StoreError as error:
            log.error("%s could not be answered: %s", path, error)
            return _said(503, b"the database cannot be read, see the log\n", with_body=with_body)
        return _said(404, b"/metrics or /healthz\n", with_body=with_body)


def _said(
    status: int, body: bytes, kind: str = _PLAIN, *, extra: str = "", with_body: bool = True
) -> bytes:
    head = (
        f"HTTP/1.1 {status} {_WORDS[status]}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\nX-Content-Type-Options: nosniff\r\n"
        f"Cache-Control: no-store\r\nConnection: close\r\n{extra}\r\n"
    )
    return head.encode() + (body if with_body else b"")
