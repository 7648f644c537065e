"""Hostile cases of time and framing: answers that never end, end early or contradict themselves."""

import gzip
from typing import Final

from jobs.sample_portal.hostile_case import (
    HTML,
    PAGE,
    SMUGGLED,
    Act,
    Case,
    Exchange,
    answer,
    chunk,
    drips,
    either,
    good,
    hangs_up,
    head,
    late,
    pours,
    refused,
    resets,
    sends,
)

_BODY: Final = PAGE.encode()
_HALF: Final = _BODY[:40]
_EVIL: Final = answer(SMUGGLED)
_CHUNKED: Final = head(HTML, "Transfer-Encoding: chunked")
_LONG: Final = head(HTML, "Content-Length: 90000")
_END: Final = b"0\r\n\r\n"
_MEGABYTE: Final = 1_000_000
_WIRE_LIMIT: Final = 50 * _MEGABYTE


def _as_long_as(*values: str) -> Act:
    return hangs_up(head(HTML, *[f"Content-Length: {value}" for value in values]) + _BODY)


def _chunks(*parts: bytes) -> Act:
    return hangs_up(_CHUNKED + b"".join(parts))


def _huge(before: bytes, piece: bytes, after: bytes = b"") -> Act:
    def act(exchange: Exchange) -> None:
        exchange.send(before)
        for _ in range(_WIRE_LIMIT // _MEGABYTE):
            exchange.send(piece)
        exchange.send(after)

    return act


_TIME: Final = (
    refused("silence", drips(b""), "timeout"),
    refused("status-line-stall", drips(b"HTTP/1.1 200"), "timeout"),
    refused("header-drip", drips(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), "timeout", "truncated"),
    refused("header-drip-by-byte", drips(b"HTTP/1.1 200 OK\r\nX: ", b"y"), "timeout"),
    refused("body-drip", drips(_LONG, b"<p>"), "timeout"),
    refused("body-drip-no-length", drips(head(HTML), b"<p>"), "timeout"),
    refused("chunk-drip", drips(_CHUNKED, chunk(b"<p>")), "timeout"),
    refused("body-stall", drips(_LONG + _HALF), "timeout"),
    refused("chunk-stall", drips(_CHUNKED + b"1000\r\n" + _HALF), "timeout"),
    refused("last-chunk-stall", drips(_CHUNKED + chunk(_BODY)), "timeout"),
    refused("endless-hints", drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), "timeout"),
    refused(
        "hints-flood", pours(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50), "timeout", "truncated"
    ),
    refused("trailer-drip", drips(_CHUNKED + chunk(_BODY) + b"0\r\n", b"X: y\r\n"), "timeout"),
)

_CUT: Final = (
    refused("closes-at-once", hangs_up(), "truncated", "connect"),
    refused("resets-at-once", resets(), "truncated", "connect"),
    refused("reset-in-head", resets(b"HTTP/1.1 200 OK\r\nContent-"), "truncated"),
    refused("reset-in-body", resets(_LONG + _HALF), "truncated"),
    refused("short-body", hangs_up(_LONG + _HALF), "truncated"),
    refused("no-body", hangs_up(_LONG), "truncated"),
    refused("cut-in-head", hangs_up(b"HTTP/1.1 200 OK\r\nContent-Type: te"), "truncated"),
    refused("chunked-cut-in-size", _chunks(chunk(_BODY), b"1"), "truncated"),
    refused("chunked-cut-in-data", _chunks(b"5000\r\n" + _BODY), "truncated"),
    refused("chunked-cut-before-end", _chunks(chunk(_BODY)), "truncated"),
    refused("chunked-cut-in-end", _chunks(chunk(_BODY), b"0\r\n"), "truncated"),
)

_LENGTHS: Final = (
    either("length-twice-the-same", _as_long_as(*2 * [str(len(_BODY))]), "truncated"),
    either("length-list-the-same", _as_long_as(f"{len(_BODY)}, {len(_BODY)}"), "truncated"),
    refused("length-twice", _as_long_as(str(len(_BODY)), "7"), "truncated"),
    refused("length-list", _as_long_as(f"{len(_BODY)}, 7"), "truncated"),
    refused("length-negative", _as_long_as("-5"), "truncated"),
    refused("length-words", _as_long_as("many"), "truncated"),
    refused("length-plus", _as_long_as("+20"), "truncated"),
    refused("length-underscore", _as_long_as("2_0"), "truncated"),
    refused("length-hex", _as_long_as("0x10"), "truncated"),
    refused("length-float", _as_long_as("20.0"), "truncated"),
    refused("length-full-width", _as_long_as("２０"), "truncated"),
    refused("length-10-gb", drips(head(HTML, "Content-Length: 10000000000")), "too_large"),
    refused("length-400-digits", _as_long_as("9" * 400), "too_large", "truncated"),
    refused("length-5000-digits", _as_long_as("9" * 5000), "too_large", "truncated"),
    refused("length-wraps-64-bit", _as_long_as(str(2**64 + len(_BODY))), "too_large", "truncated"),
    either("length-too-short", sends(answer(PAGE) + _EVIL), "truncated"),
    either(
        "length-and-chunked",
        hangs_up(
            head(HTML, "Content-Length: 7", "Transfer-Encoding: chunked"), chunk(_BODY), _END, _EVIL
        ),
        "truncated",
    ),
    either(
        "chunked-and-length",
        hangs_up(
            head(HTML, "Transfer-Encoding: chunked", f"Content-Length: {len(_BODY) + 60}"),
            chunk(_BODY),
            _END,
            _EVIL,
        ),
        "truncated",
    ),
)

_CHUNKS: Final = (
    good("chunked-in-bytes", sends(_CHUNKED, *[chunk(bytes([b])) for b in _BODY], _END)),
    good("chunked-with-trailers", sends(_CHUNKED, chunk(_BODY), b"0\r\nX-Sum: 1\r\n\r\n")),
    either("chunked-then-more", sends(_CHUNKED, chunk(_BODY), _END, _EVIL), "truncated"),
    either("chunked-twice", _chunks(chunk(_BODY), _END, chunk(b"x"), _END), "truncated"),
    refused("chunk-size-words", _chunks(chunk(_BODY, "zz"), _END), "truncated"),
    refused("chunk-size-negative", _chunks(chunk(_BODY, "-5"), _END), "truncated"),
    refused("chunk-size-empty", _chunks(b"\r\n" + _BODY + b"\r\n", _END), "truncated"),
    refused("chunk-size-0x", _chunks(chunk(_BODY, f"0x{len(_BODY):x}"), _END), "truncated"),
    refused("chunk-size-plus", _chunks(chunk(_BODY, f"+{len(_BODY):x}"), _END), "truncated"),
    refused("chunk-size-huge", _chunks(chunk(_BODY, "F" * 16), _END), "truncated", "too_large"),
    refused("chunk-size-endless", pours(_CHUNKED, b"1" * 4096), "truncated", "too_large"),
    good("chunk-late", late(_CHUNKED, chunk(_BODY), _END)),
    refused("chunk-late-size-words", late(_CHUNKED, chunk(_BODY, "zz"), _END), "truncated"),
    refused("chunk-late-data-longer", late(_CHUNKED, chunk(_BODY, "5"), _END), "truncated"),
    refused("chunk-late-cut", late(_CHUNKED, chunk(_BODY), b"5\r\n"), "truncated"),
    refused("chunk-data-longer", _chunks(chunk(_BODY, "5"), _END), "truncated"),
    refused(
        "chunk-extension-endless", pours(_CHUNKED + b"5;", b"a" * 4096),
        "truncated", "too_large", "timeout",
    ),
    refused(
        "trailers-endless", pours(_CHUNKED + chunk(_BODY) + b"0\r\n", b"X: y\r\n" * 500),
        "truncated", "too_large",
    ),
    either(
        "coding-unknown", hangs_up(head(HTML, "Transfer-Encoding: rot13"), _BODY),
        "truncated", "bad_encoding",
    ),
    refused(
        "coding-gzip", hangs_up(head(HTML, "Transfer-Encoding: gzip"), gzip.compress(_BODY, mtime=0)),
        "truncated", "bad_encoding", "not_html",
    ),
    refused(
        "coding-misspelt",
        hangs_up(head(HTML, "Transfer-Encoding: xchunked", "Content-Length: 7"), _BODY),
        "truncated", "bad_encoding",
    ),
    either(
        "coding-twice",
        hangs_up(head(HTML, "Transfer-Encoding: chunked, chunked"), chunk(_BODY), _END),
        "truncated", "bad_encoding",
    ),
)  # fmt: skip

_SIZE: Final = (
    refused("endless-body", pours(head(HTML), b"<p>x" * 16_384), "too_large"),
    refused("endless-chunked", pours(_CHUNKED, chunk(b"<p>x" * 16_384)), "too_large"),
    refused(
        "endless-tiny-chunks", pours(_CHUNKED, chunk(b"<") * 2000), "too_large", "timeout"
    ),
    refused(
        "50-mb-page",
        _huge(head(HTML, f"Content-Length: {_WIRE_LIMIT}"), b"<p>x" * (_MEGABYTE // 4)),
        "too_large",
    ),
    refused(
        "50-mb-chunked", _huge(_CHUNKED, chunk(b"<p>x" * (_MEGABYTE // 4)), _END), "too_large"
    ),
)  # fmt: skip

FRAMING: Final[tuple[Case, ...]] = (*_TIME, *_CUT, *_LENGTHS, *_CHUNKS, *_SIZE)
