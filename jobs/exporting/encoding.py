"""Records to bytes in a format, as they come; and what these bytes were, for whoever checks them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, BinaryIO, Protocol

from jobs import json_text
from jobs.terminal import write_all

Record = Mapping[str, Any]
FORMATS = ("jsonl", "csv", "parquet", "ninjs", "json-ld")
"""The first is the default."""
TABLES = ("csv", "parquet")
"""What is not made for eyes, and may steer a terminal."""


class Encoder(Protocol):
    """What takes records and writes them somewhere."""

    def add(self, records: Sequence[Record]) -> None:
        """Write some records."""


class Counted:
    """An open file that counts and hashes what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        """Write all of these bytes.

        Raises:
            OSError: they could not be written.
        """
        write_all(self._file, data)
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        """Return how much was written."""
        return self.size

    def flush(self) -> None:
        """Hand on what is buffered."""
        self._file.flush()

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what was written."""
        return self._hash.hexdigest()


class _Lines:
    def __init__(self, file: Counted, line: Callable[[Record], str], head: str = "") -> None:
        self._file, self._line = file, line
        file.write(head.encode())

    def add(self, records: Sequence[Record]) -> None:
        self._file.write("".join(map(self._line, records)).encode())


def encoder(
    name: str, file: Counted, about: Mapping[str, str], *, bom: bool = False
) -> AbstractContextManager[Encoder]:
    """Return what writes records in a format; leaving its context writes the end.

    Args:
        name: one of FORMATS.
        file: what it writes to.
        about: what is said of the file within it, where the format can.
        bom: begin CSV with a byte order mark.
    """
    if name == "parquet":
        from pipeline.exporting.columns import Table

        return Table(file, about)  # type: ignore[arg-type]  # it writes, tells and flushes: no more is asked
    if name == "csv":
        from pipeline.exporting import flat

        return nullcontext(_Lines(file, flat.line, (flat.BOM if bom else "") + flat.head()))
    return nullcontext(_Lines(file, _json_line(name)))


def _json_line(name: str) -> Callable[[Record], str]:
    made: Callable[[Record], Record] = dict
    if name == "ninjs":
        from pipeline.exporting.ninjs import item as made
    elif name == "json-ld":
        from pipeline.exporting.news_article import document as made
    return lambda record: json_text.dumps(made(record)) + "\n"
