"""Visitors that are slow, silent or many."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress

import httpx
import pytest

from jobs.web import server as web_server
from pipeline.errors import ConfigError
from pipeline.store import Store
from tests.jobs.web.serving import Servers


@pytest.fixture
def servers() -> Iterator[Servers]:
    """Servers of the test's own: what it changes of them is read as they start."""
    with ExitStack() as ending:
        yield Servers(ending)


def _connected(client: httpx.Client) -> socket.socket:
    address = (str(client.base_url.host), client.base_url.port or 0)
    return socket.create_connection(address, timeout=10)


def test_a_visitor_that_never_ends_its_head_is_cut(
    store: Store, serve: Callable[..., httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "HEAD_SECONDS", 0.2)
    page = serve()
    with closing(_connected(page)) as silent, closing(_connected(page)) as dripping:
        dripping.sendall(b"GET / HTTP/1.1\r\nHost: localh")
        for connection in (silent, dripping):
            with suppress(ConnectionResetError):  # cut or closed: either is an end
                assert connection.recv(100) == b""
    assert page.get("/").status_code == 200


def test_a_second_head_that_never_ends_is_cut_as_the_first(
    store: Store, serve: Callable[..., httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = serve()
    with closing(_connected(page)) as dripping:
        dripping.sendall(b"GET /static/nope.css HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert dripping.recv(65536).startswith(b"HTTP/1.1 404")
        monkeypatch.setattr(web_server, "HEAD_SECONDS", 0.2)
        with suppress(ConnectionError):
            for _ in range(200):
                dripping.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: 1")
                dripping.settimeout(0.05)
                with suppress(TimeoutError):
                    if dripping.recv(100) == b"":
                        break
            else:
                raise AssertionError("it may drip for ever")


def test_a_visitor_that_does_not_read_is_cut(
    store: Store, serve: Callable[..., httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "STALLED_SECONDS", 0.2)
    ended = threading.Event()
    lost = web_server._Impatient.connection_lost

    def told(self: web_server._Impatient, exc: Exception | None) -> None:
        lost(self, exc)
        ended.set()

    monkeypatch.setattr(web_server._Impatient, "connection_lost", told)
    page = serve()
    with closing(_connected(page)) as deaf:
        large = "select+hex(zeroblob(10000000))"
        deaf.sendall(f"GET /data.json?sql={large} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert ended.wait(10)


def test_more_visitors_than_can_be_served_are_told(
    store: Store, serve: Callable[..., httpx.Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_server, "CONNECTIONS", 10)
    page = serve()
    with ExitStack() as crowd:
        for _ in range(10):
            crowd.enter_context(closing(_connected(page)))
        assert page.get("/").status_code == 503
    page.close()


def test_a_head_without_end_is_refused(page: httpx.Client) -> None:
    answer = b""
    with closing(_connected(page)) as endless, suppress(ConnectionError):
        endless.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 1_000_000)
        answer = endless.recv(100)
    assert b" 200 " not in answer
    assert page.get("/").status_code == 200


def test_an_address_in_use_is_told() -> None:
    with web_server.listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"127.0.0.1:{port}: Address already in use"):
            web_server.listening("127.0.0.1", port)
    with pytest.raises(ConfigError, match="Cannot assign requested address"):
        web_server.listening("192.0.2.1", 0)
