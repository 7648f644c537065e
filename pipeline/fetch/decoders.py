"""Content codings (RFC 9110, section 8.4.1), each decoded under a bound: 1 kB may claim to be 1 GB.

Neither httpx nor aiohttp has such a bound: what they decode of one network read may fill the memory.
isal reads the same streams as zlib in a quarter of the time.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import BinaryIO, Final, NamedTuple

import brotli
import zstandard
from isal import isal_zlib

DAMAGED: Final = (isal_zlib.error, zlib.error, brotli.error, zstandard.ZstdError)
"""What decoding raises when a stream is damaged."""

_MEMBERS_MOST = 1000
_GZIP_PIECE = 16 * 1024  # bytes
_ZSTD_WINDOW = 8 * 1024 * 1024  # bytes: what RFC 8878, section 3.1.1.1.2, asks a decoder to support
_ZSTD_FILE_WINDOW = 128 * 1024 * 1024  # bytes: what the command zstd reads without being told to
_ZSTD_PIECE = 256  # bytes: holds at most 85 blocks, and a block is at most 128 kB of text


class Decoded(NamedTuple):
    """What came out, at most a little over the bound, and whether the stream was whole."""

    body: bytes
    is_whole: bool


def identity(data: bytes, most: int) -> Decoded:
    """Return the bytes as they are."""
    return Decoded(data[:most], is_whole=True)


def gzip(data: bytes, most: int) -> Decoded:
    """Decode all members of a gzip stream (RFC 1952), not only the first."""
    out, at, is_whole, members = list[bytes](), 0, True, 0
    size = most
    while (
        at < len(data) and size > 0 and data[at : at + 2] != b"\0\0"
    ):  # padding behind is harmless
        members += 1
        if members > _MEMBERS_MOST:
            raise zlib.error(f"more than {_MEMBERS_MOST} members")
        text, taken, is_whole = _gzip_member(data, at, size)
        out.append(text)
        at, size = at + taken, size - len(text)
    return Decoded(b"".join(out), is_whole)


def _gzip_member(data: bytes, at: int, most: int) -> tuple[bytes, int, bool]:
    """Return the text of a member, how many bytes it took, and whether it was whole.

    The first member is nearly always the whole, and is fed at once. What follows comes in pieces: the rest
    of the body is copied for each member that ends in it, and a member may have 20 bytes.
    """
    member, begin, out = isal_zlib.decompressobj(wbits=31), at, bytearray()
    piece = len(data) if at == 0 else _GZIP_PIECE
    while at < len(data) and len(out) < most and not member.eof:
        out += member.decompress(data[at : at + piece], most - len(out))
        at = min(at + piece, len(data))
    return bytes(out), at - len(member.unused_data) - begin, member.eof


def deflate(data: bytes, most: int) -> Decoded:
    """Decode zlib (RFC 1950) as the standard says, or raw as some servers send it: the head tells."""
    is_zlib = len(data) > 1 and data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    stream = isal_zlib.decompressobj(wbits=15 if is_zlib else -15)
    return Decoded(stream.decompress(data, most), stream.eof or not data)


def br(data: bytes, most: int) -> Decoded:
    """Decode Brotli (RFC 7932)."""
    stream, out = brotli.Decompressor(), bytearray()
    while len(out) < most and not stream.is_finished():
        piece = stream.process(data, output_buffer_limit=most - len(out))
        if not piece and stream.can_accept_more_data():
            break
        out += piece
        data = b""
    return Decoded(bytes(out), stream.is_finished() or not (out or data))


def zstd(data: bytes, most: int) -> Decoded:
    """Decode all frames of a Zstandard stream (RFC 8878), piece by piece: its decoder has no bound."""
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    frame, out, at, has_begun = decoder.decompressobj(), bytearray(), 0, False
    while at < len(data) and len(out) < most:
        piece = data[at : at + _ZSTD_PIECE]
        out += frame.decompress(piece)
        at, has_begun = at + len(piece), True
        if frame.eof:
            at -= len(frame.unused_data)
            frame, has_begun = decoder.decompressobj(), False
    return Decoded(bytes(out), not has_begun)


DECODERS: Final[dict[str, Callable[[bytes, int], Decoded]]] = {
    "": identity,
    "identity": identity,
    "gzip": gzip,
    "x-gzip": gzip,
    "deflate": deflate,
    "br": br,
    "zstd": zstd,
}
"""By the token of Content-Encoding. A list of several is refused: no server means it."""


def zstd_file(file: BinaryIO) -> BinaryIO:
    """Return the text of all frames of an open file, to be read piece by piece; the rest of the rules as above.

    It raises what `DAMAGED` names where the file is damaged.
    """
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_FILE_WINDOW)
    return io.BufferedReader(decoder.stream_reader(file, read_across_frames=True), 256 * 1024)
