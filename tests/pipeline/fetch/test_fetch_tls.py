"""Certificates are checked, always: there is no switch, and the error says what is wrong with them."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
import trustme

from pipeline.errors import Unreachable

ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 11\r\n"
    b"Connection: close\r\n\r\n<p>page</p>"
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
Serve = Callable[[ssl.SSLContext], str]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch) -> None:
    """Our authority is one that this machine trusts, as an operator says it."""
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve robots.txt and pages over TLS, a thread a connection, until the test ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def answer(connection: socket.socket, context: ssl.SSLContext) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            asked = secure.recv(4096)
            missing = b"HTTP/1.1 404 None\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            secure.sendall(missing if b"robots.txt" in asked else ANSWER)

    def accept(context: ssl.SSLContext) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(5)
            threads.append(threading.Thread(target=answer, args=(connection, context)))
            threads[-1].start()

    def start(context: ssl.SSLContext) -> str:
        threads.append(threading.Thread(target=accept, args=(context,)))
        threads[-1].start()
        return f"https://127.0.0.1:{listener.getsockname()[1]}/v/1"

    yield start
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()


def context_of(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def test_a_good_certificate(fetching, serve, authority, trusted) -> None:
    url = serve(context_of(authority.issue_cert("127.0.0.1")))
    assert fetching.html(url) == "<p>page</p>"


@pytest.mark.parametrize(
    ("name", "expires", "said"),
    [
        ("127.0.0.1", LONG_AGO, "expired"),
        ("news.example", None, "not valid for"),
    ],
)
def test_a_bad_certificate(fetching, serve, authority, trusted, name, expires, said) -> None:
    url = serve(context_of(authority.issue_cert(name, not_after=expires)))
    with pytest.raises(Unreachable) as caught:
        fetching.page(url)
    assert caught.value.reason == "tls"
    assert said in caught.value.detail


def test_an_unknown_authority(fetching, serve, authority) -> None:
    with pytest.raises(Unreachable) as caught:
        fetching.page(serve(context_of(authority.issue_cert("127.0.0.1"))))
    assert caught.value.reason == "tls"
    assert "unable to get local issuer" in caught.value.detail


def test_a_protocol_of_yesterday(fetching, serve, authority, trusted) -> None:
    context = context_of(authority.issue_cert("127.0.0.1"))
    with pytest.warns(DeprecationWarning, match="TLS"):
        context.maximum_version = context.minimum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(Unreachable) as caught:
        fetching.page(serve(context))
    assert caught.value.reason == "tls"


def test_a_redirect_from_tls_to_plain_text_is_noted(
    fetching, serve, server, reply, authority, trusted, monkeypatch
) -> None:
    """Nothing secret is ever sent, so the page is taken; but whoever reads it should know."""
    server.routes["/v/1"] = reply(200, b"<p>page</p>")
    head = f"HTTP/1.1 302 Elsewhere\r\nLocation: {server.url}/v/1\r\nContent-Length: 0\r\n"
    monkeypatch.setattr("test_fetch_tls.ANSWER", head.encode() + b"Connection: close\r\n\r\n")
    page = fetching.page(serve(context_of(authority.issue_cert("127.0.0.1"))))
    assert (page.url, page.html) == (f"{server.url}/v/1", "<p>page</p>")
    assert page.warnings == (f"redirected from https to {server.url}/v/1",)
