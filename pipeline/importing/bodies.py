"""The body of an archived answer: chunks joined, codings undone, both under a bound."""

from __future__ import annotations

import re

from pipeline.errors import BadAnswer, Unreachable
from pipeline.fetch.decoders import DAMAGED, DECODERS
from pipeline.importing.found import Found, header

_CHUNK = re.compile(rb"\s{0,2}([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_CHUNK_MOST = 100_000
"""Chunks of a body; more of them are only there to keep us busy."""
_DIGITS_MOST = 16
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<[!a-zA-Z?]")


def body_of(found: Found, most: int) -> bytes:
    """Return the bytes of the page itself.

    Some archives hold what the server sent, others what a browser made of it and yet the server's head: a body
    that is markup already is left alone.

    Raises:
        BadAnswer: too large, or in an encoding that we do not know.
        Unreachable: damaged, or cut.
    """
    body = found.body
    if "chunked" in header(found.headers, b"transfer-encoding").lower():
        body = _joined(body, found.url)
    elif len(body) < _announced(found):
        raise Unreachable(found.url, "truncated", f"{len(body)} bytes of {_announced(found)}")
    token = header(found.headers, b"content-encoding").lower()
    decoder = DECODERS.get(token)
    if decoder is None:
        raise BadAnswer(found.url, "bad_encoding", f"unexpected Content-Encoding {token[:40]!r}")
    if token and not _MARKUP.match(body):
        try:
            body, is_whole = decoder(body, most + 1)
        except DAMAGED as error:  # type: ignore[misc]  # a stub calls one of these classes an instance
            raise Unreachable(found.url, "truncated", f"damaged {token} stream: {error}") from None
        if not is_whole and len(body) <= most:
            raise Unreachable(found.url, "truncated", f"the {token} stream was cut")
    if len(body) > most:
        raise BadAnswer(found.url, "too_large", f"more than {most} bytes")
    return body


def _announced(found: Found) -> int:
    length = header(found.headers, b"content-length")
    return int(length) if length.isdecimal() and len(length) < _DIGITS_MOST else 0


def _joined(body: bytes, url: str) -> bytes:
    """Join the chunks of a body (RFC 9112, section 7.1); the archive may have joined them already."""
    parts, at = list[bytes](), 0
    for _ in range(_CHUNK_MOST):
        size = _CHUNK.match(body, at)
        if size is None:
            if not parts:
                return body
            raise Unreachable(url, "truncated", f"a broken chunk behind {at} bytes")
        length, begin = int(size[1], 16), size.end()
        if length == 0:
            return b"".join(parts)
        if begin + length > len(body):
            raise Unreachable(url, "truncated", "the last chunk was cut")
        parts.append(body[begin : begin + length])
        at = begin + length
    raise BadAnswer(url, "too_large", f"more than {_CHUNK_MOST} chunks")
