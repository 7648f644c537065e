"""The HTTP server: uvicorn, with bounds for visitors that drip, stay silent or come in crowds."""

from __future__ import annotations

import logging
import socket
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from pipeline.errors import ConfigError

HEAD_SECONDS = 10.0
"""Until the first byte of an answer is due, a connection must have sent its whole request."""
IDLE_SECONDS = 15
CONNECTIONS = 200
HEAD_BYTES = 16_384


class _Impatient(H11Protocol):
    """uvicorn waits for the head of a first request for ever; this does not."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._patience = self.loop.call_later(HEAD_SECONDS, self._cut_if_silent)

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.cancel()
        super().connection_lost(exc)

    def _cut_if_silent(self) -> None:
        if getattr(self, "cycle", None) is None:  # uvicorn types it as always there
            self.transport.abort()


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
        h11_max_incomplete_event_size=HEAD_BYTES,
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    return uvicorn.Server(settings)
