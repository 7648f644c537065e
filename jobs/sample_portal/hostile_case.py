"""What a hostile case is: the bytes it sends, and what a careful fetcher must make of them."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias

from pipeline.errors import Reason

TEXT: Final = "한빛시는 27일 강변 도서관의 문을 새로 열었다. 똠방각하 이야기책이 첫 손님을 맞았다."
"""One line of an article of ours; two of its syllables are in CP949 and not in EUC-KR."""

PAGE: Final = f"<!doctype html><html><body><article><p>{TEXT}</p></article></body></html>"
SMUGGLED: Final = "밀수된 기사"
"""Stands only in bytes that no careful fetcher takes for a page, or for the answer to another request."""

HTML: Final = "Content-Type: text/html; charset=utf-8"
_DROP_SECONDS: Final = 0.01
_PART_SECONDS: Final = 0.03


@dataclass(eq=False)
class Exchange:
    """One request as it came, and the connection to misbehave on; `step` is its path below the variant."""

    base_url: str
    path: str
    step: str
    connection: socket.socket
    closing: threading.Event
    keep: bool = True

    def send(self, *parts: bytes) -> None:
        """Send bytes as they are."""
        for part in parts:
            self.connection.sendall(part)

    def hang_up(self) -> None:
        """Close after this answer."""
        self.keep = False

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.keep = False

    def drip(self, before: bytes, drop: bytes) -> None:
        """Send a drop every few milliseconds until the client has gone or the server closes."""
        self._send_on(before, drop, _DROP_SECONDS)

    def pour(self, before: bytes, piece: bytes) -> None:
        """Send as fast as the client reads, without an end."""
        self._send_on(before, piece, 0)

    def _send_on(self, before: bytes, piece: bytes, pause: float) -> None:
        self.keep = False
        with suppress(OSError):
            self.send(before + piece)
            while not self.closing.wait(pause):
                if piece:
                    self.send(piece)
                elif self._has_gone():
                    return

    def _has_gone(self) -> bool:
        try:
            return self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False


Act: TypeAlias = Callable[[Exchange], None]


@dataclass(frozen=True)
class Case:
    """One fault: a page is right if `text` is given and in it, an error if its reason is among `reasons`."""

    name: str
    act: Act
    reasons: frozenset[Reason] = frozenset()
    text: str | None = None
    base_url: str = ""

    @property
    def is_slow(self) -> bool:
        """Is it the deadline that ends this case?"""
        return "timeout" in self.reasons

    def url(self, variant: int = 0) -> str:
        """Return where the case is served; every variant is another URL of the same behaviour."""
        return f"{self.base_url}/case/{self.name}/{variant}"


def refused(name: str, act: Act, *reasons: Reason) -> Case:
    """Return a case that is no page."""
    return Case(name, act, frozenset(reasons))


def good(name: str, act: Act, text: str = TEXT) -> Case:
    """Return a case that is odd, and a page."""
    return Case(name, act, text=text)


def either(name: str, act: Act, *reasons: Reason) -> Case:
    """Return a case that the standards let a fetcher read as a page or refuse."""
    return Case(name, act, frozenset(reasons), TEXT)


def head(*headers: str, status: str = "200 OK") -> bytes:
    """Return a status line and headers; nothing is added."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("utf-8", "surrogateescape")


def answer(body: bytes | str = PAGE, *headers: str, status: str = "200 OK") -> bytes:
    """Return a whole answer with the right Content-Length, UTF-8 HTML unless its headers say otherwise."""
    data = body.encode() if isinstance(body, str) else body
    kind = () if any(h.lower().startswith("content-type") for h in headers) else (HTML,)
    return head(*kind, *headers, f"Content-Length: {len(data)}", status=status) + data


def chunk(data: bytes, size: str = "") -> bytes:
    """Return a chunk, its size as it is or as a case claims it."""
    return (size or f"{len(data):x}").encode() + b"\r\n" + data + b"\r\n"


def sends(*parts: bytes) -> Act:
    """Send and wait for the next request."""
    return lambda exchange: exchange.send(*parts)


def hangs_up(*parts: bytes) -> Act:
    """Send and close."""

    def act(exchange: Exchange) -> None:
        exchange.send(*parts)
        exchange.hang_up()

    return act


def late(*parts: bytes) -> Act:
    """Send each part when the one before has surely been read, and close."""

    def act(exchange: Exchange) -> None:
        for part in parts:
            exchange.send(part)
            exchange.closing.wait(_PART_SECONDS)
        exchange.hang_up()

    return act


def resets(*parts: bytes) -> Act:
    """Send and close with RST."""

    def act(exchange: Exchange) -> None:
        exchange.send(*parts)
        exchange.reset()

    return act


def drips(before: bytes, drop: bytes = b"") -> Act:
    """Send drop by drop without an end; without a drop, stall."""
    return lambda exchange: exchange.drip(before, drop)


def pours(before: bytes, piece: bytes) -> Act:
    """Send piece after piece as fast as possible without an end."""
    return lambda exchange: exchange.pour(before, piece)


def made(body: Callable[[], bytes], *headers: str) -> Act:
    """Answer with a body that is only made when it is asked for."""
    return lambda exchange: exchange.send(answer(body(), *headers))
