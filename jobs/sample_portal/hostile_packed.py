"""Hostile cases of compression: labels that lie, streams that are damaged, bombs.

Brotli and Zstandard streams are put together by hand: no library makes some of them.
"""

import gzip
import zlib
from base64 import b64decode
from functools import cache
from typing import Final

from jobs.sample_portal.hostile_case import (
    HTML,
    PAGE,
    SMUGGLED,
    Act,
    Case,
    answer,
    chunk,
    drips,
    either,
    good,
    head,
    made,
    pours,
    refused,
    sends,
)

_BODY: Final = PAGE.encode()
_GZIP: Final = gzip.compress(_BODY * 20, mtime=0)
_ZLIB: Final = zlib.compress(_BODY * 20)
_MEGABYTE: Final = 1_000_000
_CHUNKED: Final = head(HTML, "Content-Encoding: gzip", "Transfer-Encoding: chunked")

# 64 MB of NUL as quality 9 packs them
_BR_BOMB: Final = b64decode(
    "z///fwAkAOKxQHLv//n//w+ABEAcFoDu/T////8BkACIwwLQvf/n//8/ABIAcVgAuvf/Aw=="
)
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_HEAD: Final = _ZSTD_MAGIC + b"\x00\x38"  # no size, no checksum, a window of 128 kB
_ZSTD_RAW, _ZSTD_RLE = 0, 1
_ZSTD_BLOCK: Final = 128 * 1024


def _brotli(data: bytes) -> bytes:
    """RFC 7932, section 9.2: one uncompressed meta-block, then the empty last one."""
    return ((len(data) - 1) << 4 | 1 << 20).to_bytes(3, "little") + data + b"\x03"


def _block(size: int, kind: int, *, last: bool = True) -> bytes:
    return (size << 3 | kind << 1 | last).to_bytes(3, "little")


def _zstd(data: bytes) -> bytes:
    """RFC 8878, section 3.1.1: one raw block."""
    return _ZSTD_HEAD + _block(len(data), _ZSTD_RAW) + data


@cache
def _zstd_bomb() -> bytes:
    """1 GB of blanks: 8192 blocks of one repeated byte."""
    block = _block(_ZSTD_BLOCK, _ZSTD_RLE, last=False) + b" "
    return _ZSTD_HEAD + block * 8191 + _block(_ZSTD_BLOCK, _ZSTD_RLE) + b" "


@cache
def _bomb(wbits: int) -> bytes:
    """60 MB in one stream."""
    packer, piece = zlib.compressobj(9, wbits=wbits), b" " * _MEGABYTE
    return b"".join(packer.compress(piece) for _ in range(60)) + packer.flush()


@cache
def _bomb_of_members() -> bytes:
    """1 GB in 1000 members."""
    return gzip.compress(b" " * _MEGABYTE, mtime=0) * 1000


def _bomb_twice() -> bytes:
    return gzip.compress(_bomb_of_members(), mtime=0)


def _empty_members() -> bytes:
    """Nothing, 80,000 times: what costs more than its size if each costs a copy of the rest."""
    return gzip.compress(b"", mtime=0) * 80_000 + gzip.compress(_BODY, mtime=0)


def _empty_frames() -> bytes:
    return (_ZSTD_HEAD + _block(0, _ZSTD_RAW)) * 80_000 + _zstd(_BODY)


def _packed(encoding: str, body: bytes) -> Act:
    return sends(answer(body, f"Content-Encoding: {encoding}"))


def _bombs(encoding: str, body: Act) -> Case:
    return refused(f"bomb-{encoding}", body, "too_large")


def _flipped(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 0x55
    return bytes(changed)


_MEMBERS: Final = gzip.compress(_BODY[:60], mtime=0) + gzip.compress(_BODY[60:], mtime=0)
_RAW_DEFLATE: Final = _ZLIB[2:-4]

_WELL_PACKED: Final = (
    good("gzip", _packed("gzip", _GZIP)),
    good("gzip-members", _packed("gzip", _MEMBERS)),
    good("gzip-padded", _packed("gzip", _GZIP + bytes(500))),
    good("gzip-capitals", _packed("GZip", _GZIP)),
    good("x-gzip", _packed("x-gzip", _GZIP)),
    good("gzip-in-bytes", sends(_CHUNKED, *[chunk(bytes([b])) for b in _GZIP], b"0\r\n\r\n")),
    good("deflate", _packed("deflate", _ZLIB)),
    good("deflate-raw", _packed("deflate", _RAW_DEFLATE)),
    good("br", _packed("br", _brotli(_BODY))),
    good("zstd", _packed("zstd", _zstd(_BODY))),
    good("zstd-frames", _packed("zstd", _zstd(_BODY[:60]) + _zstd(_BODY[60:]))),
    good("identity", _packed("identity", _BODY)),
    good("packed-nothing", _packed("gzip", gzip.compress(b"", mtime=0)), ""),
    either("gzip-then-more", _packed("gzip", _GZIP + SMUGGLED.encode()), "truncated"),
)

_LIES: Final = (
    *(
        refused(f"encoding-{name}", _packed(name, _BODY), "bad_encoding")
        for name in ("rot13", "lzma", "compress", "aes128gcm", "utf-8", "zlib_codec")
    ),
    refused("encoding-star", _packed("*", _BODY), "bad_encoding"),
    refused("encoding-korean", _packed("압축", _BODY), "bad_encoding"),
    refused("unlabelled-gzip", sends(answer(_GZIP)), "not_html"),
    refused("unlabelled-zstd", sends(answer(_zstd(_BODY))), "not_html"),
    refused("gzip-called-identity", _packed("identity", _GZIP), "not_html"),
    refused("plain-called-gzip", _packed("gzip", _BODY), "truncated", "bad_encoding"),
    refused("plain-called-deflate", _packed("deflate", _BODY), "truncated", "bad_encoding"),
    refused("plain-called-br", _packed("br", _BODY), "truncated", "bad_encoding"),
    refused("plain-called-zstd", _packed("zstd", _BODY), "truncated", "bad_encoding"),
    refused("gzip-called-br", _packed("br", _GZIP), "truncated", "bad_encoding"),
    refused("gzip-called-deflate", _packed("deflate", _GZIP), "truncated", "bad_encoding"),
)

_DAMAGED: Final = (
    refused("gzip-cut", _packed("gzip", _GZIP[:60]), "truncated"),
    refused("gzip-cut-in-head", _packed("gzip", _GZIP[:5]), "truncated"),
    refused("gzip-cut-in-trailer", _packed("gzip", _GZIP[:-3]), "truncated"),
    refused("gzip-cut-in-second", _packed("gzip", _MEMBERS[:-20]), "truncated"),
    refused("gzip-bad-crc", _packed("gzip", _flipped(_GZIP, -6)), "truncated"),
    refused("gzip-bad-size", _packed("gzip", _flipped(_GZIP, -1)), "truncated"),
    refused("gzip-bad-middle", _packed("gzip", _flipped(_GZIP, 40)), "truncated"),
    refused("deflate-cut", _packed("deflate", _ZLIB[:60]), "truncated"),
    refused("deflate-bad-sum", _packed("deflate", _flipped(_ZLIB, -1)), "truncated"),
    refused("br-cut", _packed("br", _brotli(_BODY)[:60]), "truncated"),
    refused("br-without-end", _packed("br", _brotli(_BODY)[:-1]), "truncated"),
    refused("zstd-cut", _packed("zstd", _zstd(_BODY)[:60]), "truncated"),
    refused("zstd-huge-window", _packed("zstd", _ZSTD_MAGIC + b"\x00\xf8" + bytes(9)), "truncated"),
    refused("gzip-stall", drips(_CHUNKED + chunk(_GZIP[:60])), "timeout"),
)

_BOMBS: Final = (
    _bombs("gzip", made(lambda: _bomb(31), "Content-Encoding: gzip")),
    _bombs("gzip-members", made(_bomb_of_members, "Content-Encoding: gzip")),
    _bombs("deflate", made(lambda: _bomb(15), "Content-Encoding: deflate")),
    _bombs("deflate-raw", made(lambda: _bomb(-15), "Content-Encoding: deflate")),
    _bombs("br", _packed("br", _BR_BOMB)),
    _bombs("zstd", made(_zstd_bomb, "Content-Encoding: zstd")),
    _bombs("zstd-frames", made(lambda: _zstd_bomb() * 20, "Content-Encoding: zstd")),
    refused(
        "bomb-endless", pours(_CHUNKED, chunk(gzip.compress(b" " * _MEGABYTE, mtime=0)) * 100),
        "too_large",
    ),
    refused(
        "bomb-twice", made(_bomb_twice, "Content-Encoding: gzip, gzip"), "bad_encoding", "too_large"
    ),
    either("gzip-empty-members", made(_empty_members, "Content-Encoding: gzip"), "too_large", "truncated"),
    either("zstd-empty-frames", made(_empty_frames, "Content-Encoding: zstd"), "too_large", "truncated"),
)  # fmt: skip

_CHAINS: Final = (
    either("gzip-twice", _packed("gzip, gzip", gzip.compress(_GZIP, mtime=0)), "bad_encoding"),
    either("gzip-and-identity", _packed("gzip, identity", _GZIP), "bad_encoding"),
    refused("gzip-in-gzip", _packed("gzip", gzip.compress(_GZIP, mtime=0)), "not_html"),
    refused("encoding-chain-of-50", _packed(", ".join(["gzip"] * 50), _GZIP), "bad_encoding"),
    refused("encoding-of-20-kb", _packed("x" * 20_000, _BODY), "bad_encoding"),
    refused(
        "encoding-two-headers",
        sends(answer(_GZIP, "Content-Encoding: gzip", "Content-Encoding: br")),
        "bad_encoding",
    ),
)

PACKED: Final[tuple[Case, ...]] = (*_WELL_PACKED, *_LIES, *_DAMAGED, *_BOMBS, *_CHAINS)
