"""Where reading goes on behind damage: the next place in a web archive at which a record may begin."""

from __future__ import annotations

import re
import zlib
from typing import BinaryIO

_GZIP = b"\x1f\x8b\x08"
_RECORD = re.compile(rb"WARC/\d\.\d{1,2}\r?\nWARC-|WARC/\d\.\d{1,2}\r?\nContent-", re.IGNORECASE)
_PLAIN = b"WARC/"
_PIECE = 1024 * 1024
_HEAD = 4096  # bytes: what is looked at of a member, and of a record


def next_record(file: BinaryIO, after: int) -> int | None:
    """Return where the next record, or the gzip member that begins with one, begins.

    The bytes between are not unpacked, so that skipping what packs a gigabyte costs nothing.

    Args:
        file: open, can seek; its position is moved.
        after: the first byte that is looked at.
    """
    mark = _PLAIN if _is_plain(file) else _GZIP
    at = after
    while True:
        file.seek(at)
        piece = file.read(_PIECE + len(mark))
        found = piece.find(mark)
        if found >= 0:
            if begins_record(file, at + found):
                return at + found
            at += found + 1
        elif len(piece) <= len(mark):
            return None
        else:
            at += len(piece) - len(mark) + 1


def begins_record(file: BinaryIO, at: int) -> bool:
    """Does a record begin at this byte, plain or as the first of a gzip member?"""
    file.seek(at)
    head = file.read(_HEAD)
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, _HEAD)
        except zlib.error:
            return False
    return _RECORD.match(head) is not None


def _is_plain(file: BinaryIO) -> bool:
    file.seek(0)
    return not file.read(2).startswith(_GZIP[:2])
