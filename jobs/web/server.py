"""The HTTP server: uvicorn, with bounds for visitors that drip, stay silent or come in crowds."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from jobs.web.guard import HEAD_MOST
from pipeline.errors import ConfigError

HEAD_SECONDS = 10.0
"""A head must be there so long after its first byte, that of a first request after the connection."""
IDLE_SECONDS = 15
CONNECTIONS = 200
STALLED_SECONDS = 60.0
"""A visitor that takes nothing of its answer for so long is cut."""


class _Impatient(H11Protocol):
    """uvicorn waits for a head that began, and for a visitor that does not read, for ever; this does not."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._patience: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._patience, self._stalled):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait_for_head()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(STALLED_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        if self._stalled:
            self._stalled.cancel()
        super().resume_writing()

    def _wait_for_head(self) -> None:
        if self._is_answering():
            if self._patience:
                self._patience.cancel()
            self._patience = None
        elif self._patience is None:
            self._patience = self.loop.call_later(HEAD_SECONDS, self._cut_if_silent)

    def _cut_if_silent(self) -> None:
        self._patience = None
        if not self._is_answering():
            self.transport.abort()

    def _is_answering(self) -> bool:
        cycle = getattr(self, "cycle", None)  # uvicorn types it as always there
        return cycle is not None and not cycle.response_complete


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 takes any free one.

    Raises:
        ConfigError: the address is in use or not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        sock = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise ConfigError(f"{host}:{port}: {error.strerror or error}") from None
    # asyncio sets it only where a socket names its protocol; without it every answer waits 40 ms
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def server(application: Any) -> uvicorn.Server:
    """Return the server of an application; `run` serves until SIGTERM, SIGINT or `should_exit`."""
    settings = uvicorn.Config(
        application,
        http=_Impatient,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=5,
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=HEAD_MOST,
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    return uvicorn.Server(settings)
