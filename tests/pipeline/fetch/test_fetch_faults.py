"""The wire goes wrong: names, ports, cut bodies, bombs, drips. None ends in another exception."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import tracemalloc
import zlib
from datetime import timedelta

import brotli
import pytest
import zstandard

from pipeline.errors import BadAnswer, PageError, Unreachable

SHORT = {"deadline": timedelta(seconds=0.3)}
PACKERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def refused(fetching, url: str, kind: type[PageError], reason: str, **more) -> PageError:
    with pytest.raises(kind) as caught:
        fetching.page(url, **more)
    assert type(caught.value) is kind
    assert caught.value.reason == reason
    return caught.value


def then_hang_up(*parts: bytes):
    def act(exchange) -> None:
        exchange.send(*parts)
        exchange.hang_up()

    return act


def test_a_name_that_does_not_exist(fetching) -> None:
    error = refused(fetching, "http://portal.invalid/politics", Unreachable, "dns")
    assert "portal.invalid" in error.detail


def test_a_name_server_that_hangs_holds_up_neither_the_page_nor_the_end(
    fetching, monkeypatch
) -> None:
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: answered.wait(30))
    refused(fetching, "http://news.example/a", Unreachable, "timeout", limits=SHORT)
    assert not answered.is_set()  # the event loop has ended while the look-up still waits
    answered.set()


def test_a_port_where_nobody_listens(fetching) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = refused(fetching, f"http://127.0.0.1:{port}/a", Unreachable, "connect")
    assert f"127.0.0.1:{port}" in error.detail


def test_tls_that_is_no_tls(fetching) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def plain() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1)
                connection.sendall(b"HTTP/1.1 400 Plain HTTP\r\n\r\n")

        thread = threading.Thread(target=plain)
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/a"
        refused(fetching, url, Unreachable, "tls")
        thread.join(5)


@pytest.mark.parametrize(
    "parts",
    [
        (), (b"HTTP/1.1 200",), (OK + b"Content-Length: 100\r\n\r\n", b"half"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\nhalf"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"4\r\nhalf\r\n"),
        (b"this is not HTTP\r\n\r\n",), (OK + b"Content-Length: -5\r\n\r\nabc",),
        (OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc",),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000 + b"\r\n\r\nabc",),
    ],
    ids=["nothing", "half-line", "length", "chunk", "chunks", "not-http", "negative", "two", "flood"],
)  # fmt: skip
def test_an_answer_that_ends_early_or_makes_no_sense(fetching, server, parts) -> None:
    server.routes["/a"] = then_hang_up(*parts)
    refused(fetching, f"{server.url}/a", Unreachable, "truncated")


@pytest.mark.parametrize("before", [b"", OK + b"Content-Length: 100\r\n\r\nhalf"])
def test_a_connection_that_is_reset(fetching, server, before: bytes) -> None:
    def reset(exchange) -> None:
        exchange.send(before)
        exchange.reset()

    server.routes["/a"] = reset
    refused(fetching, f"{server.url}/a", Unreachable, "truncated")


@pytest.mark.parametrize("kept", [1, 10, 30, -1])
@pytest.mark.parametrize("name", PACKERS)
def test_a_compressed_page_that_was_cut(fetching, server, reply, name: str, kept: int) -> None:
    packed = PACKERS[name](("정부는 새 예산안을 발표했다. " * 50).encode())
    server.routes["/a"] = reply(200, packed[:kept], f"Content-Encoding: {name}")
    refused(fetching, f"{server.url}/a", Unreachable, "truncated")


@pytest.mark.parametrize("name", PACKERS)
def test_an_encoding_that_is_a_lie(fetching, server, reply, name: str) -> None:
    server.routes["/a"] = reply(200, b"<html>plain</html>", f"Content-Encoding: {name}")
    refused(fetching, f"{server.url}/a", Unreachable, "truncated")


def test_a_page_of_a_length_beyond_the_bound_is_not_even_read(fetching, server) -> None:
    read = threading.Event()

    def huge(exchange) -> None:
        exchange.send(OK + b"Content-Length: 10000000000\r\n\r\n")
        exchange.hang_up()
        if exchange.connection.recv(1) == b"":  # the client hangs up without a byte of it
            read.set()

    server.routes["/a"] = huge
    refused(fetching, f"{server.url}/a", BadAnswer, "too_large")
    assert read.wait(5)


def test_a_stream_without_end_is_cut_off(fetching, server) -> None:
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    head = OK + b"Transfer-Encoding: chunked\r\n\r\n"
    server.routes["/a"] = lambda exchange: exchange.drip(before=head, drop=chunk)
    refused(fetching, f"{server.url}/a", BadAnswer, "too_large")


@pytest.mark.parametrize("size", [99_999, 100_000, 100_001])
@pytest.mark.parametrize("packed", [False, True])
def test_the_bound_is_exact(fetching, server, reply, size: int, packed: bool) -> None:
    body = b"x" * size
    encoding = "Content-Encoding: gzip" if packed else "X-Plain: yes"
    server.routes["/a"] = reply(200, gzip.compress(body) if packed else body, encoding)
    if size <= 100_000:
        assert len(fetching.html(f"{server.url}/a")) == size
    else:
        refused(fetching, f"{server.url}/a", BadAnswer, "too_large")


@pytest.mark.parametrize("kind", ["gzip", "deflate", "raw", "members", "br", "zstd", "frames"])
def test_a_bomb_costs_no_memory(fetching, server, reply, kind: str) -> None:
    zeros = bytes(1_000_000)
    if kind in ("members", "frames"):
        bomb = (gzip if kind == "members" else zstandard).compress(zeros) * 60
    elif kind in ("br", "zstd"):
        bomb = PACKERS[kind](zeros * 60)
    else:
        packer = zlib.compressobj(9, wbits={"gzip": 31, "deflate": 15, "raw": -15}[kind])
        bomb = b"".join(packer.compress(zeros) for _ in range(60)) + packer.flush()
    name = {"members": "gzip", "raw": "deflate", "frames": "zstd"}.get(kind, kind)
    server.routes["/a"] = reply(200, bomb, f"Content-Encoding: {name}")
    tracemalloc.start()
    refused(fetching, f"{server.url}/a", BadAnswer, "too_large")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16_000_000  # a piece of zstd may be 11 MB before the bound is seen


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        (b"", b""), (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (OK + b"Content-Length: 90000\r\n\r\n", b"x"), (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        (OK + b"Content-Length: 90000\r\n\r\nhalf", b""),
    ],
    ids=["silence", "headers", "body", "hints", "stall"],
)  # fmt: skip
def test_a_drip_is_ended_by_the_deadline(fetching, server, before: bytes, drop: bytes) -> None:
    server.routes["/a"] = lambda exchange: exchange.drip(before=before, drop=drop)
    error = refused(fetching, f"{server.url}/a", Unreachable, "timeout", limits=SHORT)
    assert "0.3 s" in error.detail


def test_the_wait_for_a_turn_does_not_count_against_the_deadline(
    fetching, server, reply, clock
) -> None:
    server.routes["/a"] = reply(200, b"<p>ok</p>")

    async def waited() -> None:
        loop = asyncio.get_running_loop()
        real = loop.time
        loop.time = lambda: real() + sum(clock.slept)  # the loop's time passes with the clock's
        limits = {"deadline": timedelta(seconds=9), "delay": timedelta(seconds=30)}
        async with fetching.fetcher(**limits) as fetcher:
            assert await fetcher.page(f"{server.url}/a")

    asyncio.run(waited())
    assert sum(clock.slept) >= 30


def test_what_was_broken_off_does_not_spoil_the_next_answer(fetching, server, reply) -> None:
    server.routes["/good"] = reply(200, b"<p>good</p>")
    server.routes["/large"] = reply(200, b"x" * 200_000)
    server.routes["/odd"] = reply(200, b"\x00" * 50_000, "Content-Encoding: br")
    head = OK + b"Content-Length: 90000\r\n\r\n"
    server.routes["/drip"] = lambda exchange: exchange.drip(before=head, drop=b"x")
    server.routes["/error"] = reply(500, b"y" * 400_000)
    server.routes["/chatty"] = reply(304, reply(200, b"<p>evil</p>"))

    async def all_of_them() -> list[str]:
        got = []
        async with fetching.fetcher(deadline=timedelta(seconds=1)) as fetcher:
            for path in ("/large", "/odd", "/drip", "/error", "/chatty"):
                with pytest.raises(PageError):
                    await fetcher.page(server.url + path)
                page = await fetcher.page(f"{server.url}/good")
                assert page is not None
                got.append(page.html)
        return got

    assert set(asyncio.run(all_of_them())) == {"<p>good</p>"}


def test_good_answers_share_a_connection(fetching, server, reply) -> None:
    server.routes["/a"] = reply(200, gzip.compress(b"<p>a</p>"), "Content-Encoding: gzip")

    async def thrice() -> None:
        async with fetching.fetcher() as fetcher:
            for _ in range(3):
                await fetcher.page(f"{server.url}/a")

    asyncio.run(thrice())
    assert server.connections == 1


def test_a_connection_that_the_server_closed_meanwhile_is_no_failure(
    fetching, server, reply
) -> None:
    closed = threading.Event()

    def once(exchange) -> None:
        exchange.send(reply(200, b"<p>a</p>"))
        exchange.hang_up()
        exchange.connection.shutdown(socket.SHUT_RDWR)
        closed.set()

    server.routes["/a"] = once

    async def twice() -> None:
        async with fetching.fetcher() as fetcher:
            await fetcher.page(f"{server.url}/a")
            assert await asyncio.to_thread(closed.wait, 5)
            await fetcher.page(f"{server.url}/a")

    asyncio.run(twice())


def test_a_cancelled_fetch_is_cancelled_and_the_fetcher_goes_on(fetching, server, reply) -> None:
    arrived = threading.Event()

    def silent(exchange) -> None:
        arrived.set()
        exchange.drip(before=b"", drop=b"")

    server.routes["/silent"] = silent
    server.routes["/good"] = reply(200, b"<p>good</p>")

    async def cancelled() -> str:
        async with fetching.fetcher() as fetcher:
            task = asyncio.create_task(fetcher.page(f"{server.url}/silent"))
            assert await asyncio.to_thread(arrived.wait, 5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            page = await fetcher.page(f"{server.url}/good")
            assert page is not None
            return page.html

    assert asyncio.run(cancelled()) == "<p>good</p>"


def test_a_host_that_is_down_is_not_asked_for_every_page(fetching, server, reply, clock) -> None:
    """Ten sources of one dead host must not take ten times three deadlines."""
    server.routes["/a"] = lambda exchange: exchange.drip(before=b"", drop=b"")

    async def many() -> None:
        async with fetching.fetcher(deadline=timedelta(seconds=0.5)) as fetcher:
            pages = [fetcher.page(f"{server.url}/a") for _ in range(10)]
            errors = await asyncio.gather(*pages, return_exceptions=True)
            assert {type(error) for error in errors} == {Unreachable}
            assert server.paths().count("/a") == 3
            assert [error.reason for error in errors] == ["timeout"] * 3 + ["connect"] * 7
            clock.now += timedelta(minutes=2)
            server.routes["/a"] = reply(200, b"<p>back</p>")
            page = await fetcher.page(f"{server.url}/a")
            assert page is not None
            assert page.html == "<p>back</p>"

    asyncio.run(many())
