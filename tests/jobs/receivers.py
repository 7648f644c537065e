"""Receivers on loopback: a server that speaks SMTP, and one for HTTP that keeps what it is sent."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

SECRET = "tok3n-Zx81vQ"


@dataclass
class Mailbox:
    """A mail server that takes everything."""

    port: int = 0
    mails: list[tuple[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """An Apprise URL for it, with a secret."""
        return (
            f"mailto://127.0.0.1:{self.port}?from=gisa@newsroom.example&to=desk@newsroom.example"
            f"&mode=insecure&reply={SECRET}@newsroom.example"
        )

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert mail.get_content_type() == "text/plain"
        self.mails.append((str(mail["subject"]), mail.get_content().replace("\r\n", "\n").strip()))
        return "250 ok"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    it, loop = Mailbox(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def serve() -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(
            lambda: SMTP(it, loop=loop), "127.0.0.1", 0
        )

    async def close(server: asyncio.Server) -> None:
        server.close()
        await server.wait_closed()

    server = asyncio.run_coroutine_threadsafe(serve(), loop).result(5)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        asyncio.run_coroutine_threadsafe(close(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


@dataclass
class Hook:
    """A web hook; `status` is what it answers, and with `hangs` it does not."""

    port: int = 0
    status: int = 200
    hangs: bool = False
    posts: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    came: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """An Apprise URL for it, with a secret."""
        return f"json://127.0.0.1:{self.port}/{SECRET}?rto=0.5&cto=2"

    @property
    def monitor(self) -> str:
        """The URL of a dead-man monitor, which is a secret as a whole."""
        return f"http://127.0.0.1:{self.port}/ping/{SECRET}"

    @property
    def said(self) -> list[tuple[str, str]]:
        """Subject and body of every message that it took."""
        return [(post["title"], post["message"]) for post in self.posts]

    @property
    def subjects(self) -> list[str]:
        return [post["title"] for post in self.posts]

    @property
    def pings(self) -> list[str]:
        """What was asked of the monitor: "", "/start", "/fail"."""
        return [path.removeprefix(f"/ping/{SECRET}") for path in self.asked]


@contextmanager
def hook() -> Iterator[Hook]:
    it = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if it.hangs:
                it.released.wait(20)
            elif it.status == 200:
                it.posts.append(json.loads(body))
                it.came.set()
            self._answer()

        def do_GET(self) -> None:
            it.asked.append(self.path)
            self._answer()

        def _answer(self) -> None:
            self.send_response(it.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: Any) -> None:
            """Whoever was kept waiting has gone."""

    with Server(("127.0.0.1", 0), Handler) as server:
        it.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield it
        finally:
            it.released.set()
            server.shutdown()
            thread.join(5)
