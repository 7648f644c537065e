"""The server of `/metrics`: what it answers, whom it refuses, and that nobody can hold it up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from jobs import metrics_server
from jobs.metrics_server import MetricsServer
from pipeline.errors import ConfigError, StoreError

Talk = Callable[[MetricsServer], Awaitable[None]]


def figures() -> tuple[bytes, str]:
    return b"gisa_daemon_up 1\n", "text/plain; version=0.0.4"


def broken() -> tuple[bytes, str]:
    raise StoreError("the file is damaged")


def serve(talk: Talk, *, any_name: bool = False, ill: bool = False) -> None:
    async def run() -> None:
        told = broken if ill else figures
        async with MetricsServer(
            "127.0.0.1:0", any_name=any_name, figures=told, healthy=told
        ) as server:
            await talk(server)

    asyncio.run(run())


async def sent(server: MetricsServer, data: bytes) -> tuple[int, bytes, bytes]:
    """What comes back until the end of the connection: status, head, body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), head, body


def request(line: str = "GET /metrics HTTP/1.1", host: str | None = "localhost:9187") -> bytes:
    return (f"{line}\r\n" + (f"Host: {host}\r\n" if host else "") + "Accept: */*\r\n\r\n").encode()


@pytest.mark.parametrize(
    ("line", "host", "status"),
    [
        ("GET /metrics HTTP/1.1", "localhost", 200),
        ("GET /metrics?x=1 HTTP/1.0", "127.0.0.1:80", 200),
        ("GET /healthz HTTP/1.1", "[::1]:9187", 200),
        ("GET / HTTP/1.1", "localhost", 404),
        ("GET /metrics/../x HTTP/1.1", "localhost", 404),
        ("POST /metrics HTTP/1.1", "localhost", 405),
        ("DELETE /healthz HTTP/1.1", "localhost", 405),
        ("GET /metrics HTTP/1.1", "evil.example", 403),
        ("GET /metrics HTTP/1.1", "localhost.evil.example:9187", 403),
        ("GET /metrics HTTP/1.1", None, 400),
        ("GET /metrics HTTP/1.1", "localhost\r\nHost: localhost", 400),
        ("GET http://localhost/metrics HTTP/1.1", "localhost", 400),
        ("GET /metrics HTTP/2.0", "localhost", 400),
        ("nonsense", "localhost", 400),
    ],
)
def test_answers(line: str, host: str | None, status: int) -> None:
    async def talk(server: MetricsServer) -> None:
        found, head, body = await sent(server, request(line, host))
        assert found == status
        assert b"\r\nConnection: close" in head
        assert f"Content-Length: {len(body)}".encode() in head

    serve(talk)


def test_head_has_the_length_and_no_body() -> None:
    async def talk(server: MetricsServer) -> None:
        status, head, body = await sent(server, request("HEAD /metrics HTTP/1.1"))
        assert (status, body) == (200, b"")
        assert b"Content-Length: 17\r\n" in head

    serve(talk)


def test_public_answers_under_any_name() -> None:
    async def talk(server: MetricsServer) -> None:
        assert (await sent(server, request(host="metrics.example")))[0] == 200

    serve(talk, any_name=True)


def test_a_database_that_cannot_be_read_is_503_without_details() -> None:
    async def talk(server: MetricsServer) -> None:
        for path in ("/metrics", "/healthz"):
            status, _, body = await sent(server, request(f"GET {path} HTTP/1.1"))
            assert (status, b"damaged" in body) == (503, False)

    serve(talk, ill=True)


def test_a_head_without_end_is_not_read_to_its_end() -> None:
    async def talk(server: MetricsServer) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 2_000)
        with contextlib.suppress(ConnectionResetError):  # what we sent was left unread
            assert b" 400 " in await asyncio.wait_for(reader.read(), 10)
        writer.close()
        assert (await sent(server, request()))[0] == 200

    serve(talk)


@pytest.mark.parametrize("start", [b"", b"GET /metrics HTTP/1.1\r\nHost: local"])
def test_one_that_says_nothing_more_is_cut(start: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_server, "SECONDS", 0.05)

    async def talk(server: MetricsServer) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(start)
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 10) == b""
        writer.close()
        assert (await sent(server, request()))[0] == 200

    serve(talk)


def test_silent_ones_cannot_lock_others_out() -> None:
    async def talk(server: MetricsServer) -> None:
        silent = [
            await asyncio.open_connection("127.0.0.1", server.port)
            for _ in range(3 * metrics_server.CONNECTIONS)
        ]
        assert (await sent(server, request()))[0] == 200
        for _, writer in silent:
            writer.close()

    serve(talk)


def test_its_end_does_not_wait_for_those_who_linger() -> None:
    lingering = []

    async def talk(server: MetricsServer) -> None:
        lingering.append(await asyncio.open_connection("127.0.0.1", server.port))
        await asyncio.sleep(0)

    async def run() -> None:
        async with asyncio.timeout(5):
            async with MetricsServer(
                "127.0.0.1:0", any_name=False, figures=figures, healthy=figures
            ) as server:
                await talk(server)
            for _, writer in lingering:
                writer.close()

    asyncio.run(run())


def test_an_address_that_is_taken_is_a_configuration_error() -> None:
    async def talk(server: MetricsServer) -> None:
        other = MetricsServer(
            f"127.0.0.1:{server.port}", any_name=False, figures=figures, healthy=figures
        )
        with pytest.raises(ConfigError, match="in use"):
            await other.__aenter__()

    serve(talk)
