"""The hostile side of the sample portal: a server on loopback that answers as nobody should.

`cases()` is the catalogue. Every case is served at `/case/NAME/VARIANT`, a good page at `/good/VARIANT`.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

from jobs.sample_portal.hostile_case import PAGE, SMUGGLED, TEXT, Case, Exchange, answer
from jobs.sample_portal.hostile_content import CONTENT
from jobs.sample_portal.hostile_framing import FRAMING
from jobs.sample_portal.hostile_heads import HEADS
from jobs.sample_portal.hostile_labels import LABELS
from jobs.sample_portal.hostile_packed import PACKED
from jobs.sample_portal.hostile_redirects import REDIRECTS
from jobs.sample_portal.hostile_status import STATUS

__all__ = ["GOOD", "SMUGGLED", "Case", "HostileSide", "cases"]

GOOD: Final = TEXT
"""What every page at `/good/` says."""

_CASES: Final = {
    case.name: case for case in (*FRAMING, *HEADS, *PACKED, *REDIRECTS, *STATUS, *LABELS, *CONTENT)
}
_NOT_FOUND: Final = answer("없다", status="404 Not Found")
_TLS_HANDSHAKE: Final = b"\x16"


def cases(base_url: str) -> tuple[Case, ...]:
    """Return the catalogue as the server at `base_url` serves it."""
    return tuple(replace(case, base_url=base_url) for case in _CASES.values())


class HostileSide:
    """A running server: it listens from construction until `close()`; use it in a `with` block.

    `intrusions` are requests that named this server otherwise than by its authority, as only one does
    that found a way into a private network: there must be none.
    """

    def __init__(self) -> None:
        self.intrusions: list[str] = []
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.authority = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.base_url = f"http://{self.authority}"
        self._thread = _started(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def cases(self) -> tuple[Case, ...]:
        """Return the catalogue with URLs of this server."""
        return cases(self.base_url)

    def good_url(self, variant: int = 0) -> str:
        """Return the address of a page without any fault."""
        return f"{self.base_url}/good/{variant}"

    def close(self) -> None:
        """Stop at once: drips end, open connections are closed."""
        self._closing.set()
        with suppress(OSError):  # closed before
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        with self._lock:
            left = dict(self._open)
        for connection in left:
            with suppress(OSError):  # the client was faster
                connection.shutdown(socket.SHUT_RDWR)
        for thread in left.values():
            thread.join(timeout=2)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with self._lock:
                self._open[connection] = _started(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError), connection:
            self._converse(connection)
        with self._lock:
            self._open.pop(connection, None)

    def _converse(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as requests:
            if requests.peek(1)[:1] == _TLS_HANDSHAKE:
                connection.sendall(b"HTTP/1.1 400 Plain HTTP\r\n\r\n")
                return
            while line := requests.readline():
                host = b""
                while field := requests.readline().strip():
                    name, _, value = field.partition(b":")
                    host = value.strip() if name.lower() == b"host" else host
                path = line.decode("latin-1").split(" ")[1]
                if host != self.authority.encode():
                    self.intrusions.append(f"{host.decode('latin-1')} {path}")
                exchange = Exchange(self.base_url, path, "", connection, self._closing)
                self._act(exchange)
                if not exchange.keep:
                    return

    def _act(self, exchange: Exchange) -> None:
        room, _, rest = exchange.path.removeprefix("/").partition("/")
        name, _, rest = rest.partition("/")
        exchange.step = rest.partition("/")[2]
        if room == "good":
            exchange.send(answer(PAGE))
        elif room == "case" and name in _CASES:
            _CASES[name].act(exchange)
        else:
            exchange.send(_NOT_FOUND)


def _started(target: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread
