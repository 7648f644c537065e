"""A process that parses pages: takes batches, answers each page as soon as it is read."""

from __future__ import annotations

import signal
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TypeAlias

from pipeline import extract, portals
from pipeline.importing.found import Found
from pipeline.importing.reading import Read, Reading, read

Batch: TypeAlias = list[tuple[int, Found]]
"""Pages with the numbers under which they are answered."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The first thing a worker says: what took its time was to start."""


Answer: TypeAlias = Ready | tuple[int, Read]

_LOADED = [extract, *map(portals.named, portals.names())]
"""Loaded once, by the process that all workers are forked from."""


def main(line: Connection, how: Reading) -> None:
    """Parse until the other end is closed, which a killed importer does, too."""
    # Ctrl-C reaches the whole group of processes: to end in order is for the importer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(EOFError, OSError):
        line.send(Ready())
        while True:
            for number, found in line.recv():
                line.send((number, _read(found, how)))


def _read(found: Found, how: Reading) -> Read:
    try:
        return read(found, how)
    except Exception as error:  # a bug of a parser costs one page
        said = f"{found.url or found.name or found.number}: {type(error).__name__}: {error}"
        return Read(None, "bug", said[:500])
