"""Bodies off the wire, decompressed under a bound: a bomb of 1 kB may claim to be 1 GB.

httpx decodes one network read in one go and has no limit; so bytes are taken raw and decoded here.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from typing import Protocol

from pipeline.errors import BadAnswer, Unreachable

ACCEPTED = "gzip, deflate"
"""The Accept-Encoding we send; any other encoding of an answer is refused."""

_SKIPPED_MOST = 256 * 1024


class _Decoder(Protocol):
    def feed(self, data: bytes, most: int) -> bytes: ...
    def finished(self) -> bool: ...


async def read_body(
    chunks: AsyncIterator[bytes], encoding: str, url: str, most: int, *, cut: bool = False
) -> bytes:
    """Collect and decompress a body of at most `most` bytes, compressed and decompressed.

    With `cut` the first `most` bytes of a longer one are returned.

    Raises:
        BadAnswer: too large, or in an encoding that we did not ask for.
        Unreachable: the compressed stream ends early or is damaged.
    """
    decoder = _decoder(encoding, url)
    body, taken = bytearray(), 0
    async for chunk in chunks:
        taken += len(chunk)
        try:
            body += decoder.feed(chunk, most + 1 - len(body))
        except zlib.error as error:
            raise Unreachable(url, "truncated", f"damaged {encoding} stream: {error}") from None
        if taken > most or len(body) > most:
            if cut:
                return bytes(body[:most])
            raise BadAnswer(url, "too_large", f"more than {most} bytes")
    if not decoder.finished():
        raise Unreachable(url, "truncated", f"the {encoding} stream was cut after {taken} bytes")
    return bytes(body)


async def skip_body(chunks: AsyncIterator[bytes]) -> None:
    """Take a short body off the wire, so that the connection can be used again."""
    taken = 0
    async for chunk in chunks:
        taken += len(chunk)
        if taken > _SKIPPED_MOST:
            return


def refuse_long(length: str, url: str, most: int) -> None:
    """Refuse a body by the Content-Length it comes with, before a byte of it is read."""
    if length.isdecimal() and int(length[:20]) > most:
        raise BadAnswer(url, "too_large", f"{length[:20]} bytes, more than {most}")


def _decoder(encoding: str, url: str) -> _Decoder:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return _Identity()
    if name in ("gzip", "x-gzip"):
        return _Gzip()
    if name == "deflate":
        return _Deflate()
    raise BadAnswer(url, "bad_encoding", f"unexpected Content-Encoding {encoding[:40]!r}")


class _Identity:
    def feed(self, data: bytes, most: int) -> bytes:
        return data[:most]

    def finished(self) -> bool:
        return True


class _Gzip:
    """All members of a gzip stream, not only the first."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._fed = False

    def feed(self, data: bytes, most: int) -> bytes:
        out = bytearray()
        while data and len(out) < most:
            if self._member.eof:
                if not data.strip(b"\0"):  # padding after the last member is common and harmless
                    break
                self._member = zlib.decompressobj(wbits=31)
            self._fed = True
            out += self._member.decompress(data, most - len(out))
            data = self._member.unconsumed_tail or self._member.unused_data
        return bytes(out)

    def finished(self) -> bool:
        return self._member.eof or not self._fed


class _Deflate:
    """zlib as the standard says, or raw as some servers send it: the first two bytes tell."""

    def __init__(self) -> None:
        self._stream: zlib._Decompress | None = None
        self._head = b""

    def feed(self, data: bytes, most: int) -> bytes:
        if self._stream is None:
            self._head += data
            if len(self._head) < 2:
                return b""
            data = self._head
            is_zlib = data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._stream = zlib.decompressobj(wbits=15 if is_zlib else -15)
        return self._stream.decompress(data, most)

    def finished(self) -> bool:
        return self._stream.eof if self._stream is not None else not self._head
