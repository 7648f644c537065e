"""The HTTP side: a threaded HTTP/1.1 server with keep-alive that stops at once when told to."""

import socket
import sys
import threading
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, cast

from jobs.sample_portal.answers import Reply
from jobs.sample_portal.control import CONTROL, Controllable, controlled


class Portal(Controllable, Protocol):
    """What the server asks for its replies."""

    def respond(self, method: str, target: str, headers: dict[str, str]) -> Reply:
        """Return the reply to a request."""


class Listener(ThreadingHTTPServer):
    """Accepts connections and remembers them, so that closing also ends the idle ones."""

    daemon_threads = True
    # A benchmark or a broken client may open many connections at once.
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], portal: Portal) -> None:
        self.portal = portal
        self._open: dict[socket.socket, threading.Thread] = {}
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection to its end."""
        with self._open_lock:
            self._open[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._open_lock:
                self._open.pop(request, None)

    def hang_up(self) -> None:
        """Close every open connection and see its thread end."""
        with self._open_lock:
            connections = dict(self._open)
        for connection in connections:
            with suppress(OSError):  # the client was faster
                connection.shutdown(socket.SHUT_RDWR)
        for thread in connections.values():
            thread.join(timeout=2)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away; every other error is a bug and is printed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sample-portal"
    sys_version = ""
    # Head and body leave in one segment; else Nagle's algorithm adds 40 ms to every small answer.
    wbufsize = 64 * 1024
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        if self.path.startswith(CONTROL):
            self._control()
        else:
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._send(self._portal.respond(self.command, self.path, headers))

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        # The body is of no use, but left unread it would stand before the next request.
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith(CONTROL):
            self._control()
        else:
            self._send(Reply(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"}))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the parent's)
        pass

    @property
    def _portal(self) -> Portal:
        return cast("Listener", self.server).portal

    def _control(self) -> None:
        self._send(controlled(self._portal, self.command, self.path))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        has_body = reply.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        if has_body:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if has_body and self.command != "HEAD":
            self.wfile.write(reply.body)
