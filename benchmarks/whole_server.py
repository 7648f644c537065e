"""Serves files on loopback: nginx as a process of its own, or where it is missing a small server of ours.

python -m benchmarks.whole_server FOLDER PORT is the small one; it ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent
_CONFIG = """{user}daemon off;
worker_processes 1;
pid {home}/nginx.pid;
error_log stderr error;
events {{ worker_connections 512; }}
http {{
    access_log off;
    types {{ }}
    default_type text/html;
    charset utf-8;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 75s;
    keepalive_requests 1000000;
    gzip_static on;
    etag on;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {pages};
        location = /robots.txt {{ default_type text/plain; }}
    }}
}}
"""
_MISSING = "nginx is missing (apt-get install nginx-light): a small server of ours takes its place"
_STARTS_WITHIN = 20


def free_port() -> int:
    """Return a port of loopback that was free just now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def server_name() -> str:
    """Return which server will serve, with its version."""
    nginx = _nginx()
    if nginx is None:
        return "the benchmark's own server (no nginx)"
    said = subprocess.run([nginx, "-v"], capture_output=True, text=True, check=True)
    return said.stderr.strip().rpartition(" ")[2]


@contextmanager
def served(pages: Path, home: Path, port: int) -> Iterator[None]:
    """Serve the files of a folder; `home` is where nginx keeps what it needs."""
    nginx = _nginx()
    if nginx is None:
        print(_MISSING, file=sys.stderr)
        command = [sys.executable, "-m", "benchmarks.whole_server", str(pages), str(port)]
    else:
        home.mkdir(parents=True, exist_ok=True)
        user = (
            "user root;\n" if os.getuid() == 0 else ""
        )  # else workers are nobody, and see no file
        said = _CONFIG.format(user=user, home=home, port=port, pages=pages)
        (home / "nginx.conf").write_text(said, encoding="utf-8")
        command = [nginx, "-p", str(home), "-e", "stderr", "-c", str(home / "nginx.conf")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as server:
        try:
            _wait(port, server)
            yield
        finally:
            server.terminate()


def _nginx() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < end and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise SystemExit("the server of the pages did not start")


class _Connection(asyncio.Protocol):
    """Answers GET with a file, packed, or with 304 where the client has it."""

    def __init__(self, pages: Path) -> None:
        self._pages, self._seen = pages, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._seen = (self._seen + data).split(b"\r\n\r\n")
        for request in requests:
            first, *fields = request.decode("latin-1").split("\r\n")
            names = dict(field.lower().split(": ", 1) for field in fields)
            path = first.split(" ")[1].partition("?")[0].lstrip("/")
            self._transport.write(self._answer(path, names.get("if-none-match", "")))

    def _answer(self, path: str, known: str) -> bytes:
        file = (self._pages / path).with_name((self._pages / path).name + ".gz")
        if path == "robots.txt":
            body = (self._pages / path).read_bytes()
            return _head("200 OK", body, "Content-Type: text/plain") + body
        if ".." in path or not file.is_file():
            return _head("404 Not Found", b"")
        found = file.stat()
        tag = f'"{int(found.st_mtime):x}-{found.st_size:x}"'
        if known == tag:
            return _head("304 Not Modified", None, f"ETag: {tag}")
        html = "Content-Type: text/html; charset=utf-8"
        body = file.read_bytes()
        return _head("200 OK", body, html, f"ETag: {tag}", "Content-Encoding: gzip") + body


def _head(status: str, body: bytes | None, *fields: str) -> bytes:
    length = () if body is None else (f"Content-Length: {len(body)}",)
    lines = (f"HTTP/1.1 {status}", *fields, *length, "Connection: keep-alive", "", "")
    return "\r\n".join(lines).encode()


async def _serve(pages: Path, port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(pages), "127.0.0.1", port)
    await asyncio.to_thread(sys.stdin.buffer.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))
