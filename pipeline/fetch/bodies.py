"""Bodies off the wire: so many bytes and no more, compressed or not, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterable
from typing import NamedTuple

from pipeline.errors import BadAnswer, Unreachable
from pipeline.fetch.decoders import DAMAGED, DECODERS, gzip

ACCEPTED = "gzip, deflate, br, zstd"
"""The Accept-Encoding we send; any other encoding of an answer is refused."""

_SKIPPED_MOST = 256 * 1024


class Body(NamedTuple):
    """A decompressed body, and the SHA-256 (hex) of what came over the wire for it."""

    data: bytes
    hash: str


async def read_body(
    chunks: AsyncIterable[bytes], encoding: str, url: str, most: int, *, cut: bool = False
) -> Body:
    """Collect and decompress a body of at most `most` bytes, compressed and decompressed.

    With `cut` the first `most` bytes of a longer one are returned.

    Raises:
        BadAnswer: too large, or in an encoding that we did not ask for.
        Unreachable: the compressed stream ends early or is damaged.
    """
    decoder = DECODERS.get(encoding.strip().lower())
    if decoder is None:
        raise BadAnswer(url, "bad_encoding", f"unexpected Content-Encoding {encoding[:40]!r}")
    packed = await _collected(chunks, most)
    try:
        body, is_whole = decoder(packed[:most], most + 1)
    except DAMAGED as error:  # type: ignore[misc]  # a stub calls one of these classes an instance
        raise Unreachable(url, "truncated", f"damaged {encoding} stream: {error}") from None
    if len(packed) > most or len(body) > most:
        if cut:
            return Body(body[:most], "")
        raise BadAnswer(url, "too_large", f"more than {most} bytes")
    if not is_whole:
        cut_at = f"the {encoding} stream was cut after {len(packed)} bytes"
        raise Unreachable(url, "truncated", cut_at)
    return Body(body, hashlib.sha256(packed).hexdigest())


def unpacked(body: bytes, url: str, most: int) -> bytes:
    """Return what a gzip file holds, at most `most` bytes of it.

    Raises:
        BadAnswer: it holds more.
        Unreachable: it is damaged or was cut.
    """
    try:
        data, is_whole = gzip(body, most + 1)
    except DAMAGED as error:  # type: ignore[misc]  # a stub calls one of these classes an instance
        raise Unreachable(url, "truncated", f"damaged gzip file: {error}") from None
    if len(data) > most:
        raise BadAnswer(url, "too_large", f"more than {most} bytes when unpacked")
    if not is_whole:
        raise Unreachable(url, "truncated", f"the gzip file was cut after {len(body)} bytes")
    return data


async def _collected(chunks: AsyncIterable[bytes], most: int) -> bytes:
    """Take at most one chunk more than `most` bytes off the wire."""
    taken: list[bytes] = []
    size = 0
    async for chunk in chunks:
        taken.append(chunk)
        size += len(chunk)
        if size > most:
            break
    return b"".join(taken)


async def skip_body(chunks: AsyncIterable[bytes]) -> None:
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
