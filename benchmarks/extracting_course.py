"""The course that every extractor of `extracting.py` runs, and the watch that times it.

A turn reads each page of a file once and prints a line of JSON for each: its record, or the error, with the
seconds of CPU time that the extraction took; then a line with the process's memory. With --flat the pages
are read over and over, and only the memory after so many pages is printed.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import logging
import resource
import socket
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

WARM_UP = 5
"""Pages before the watch starts: lazy imports, patterns, lists of words."""

Record = dict[str, Any]
Extract = Callable[[Record], Any]
"""A page, with `html` and perhaps `url` and `fetched_at`, to what the extractor makes of it: timed."""
Say = Callable[[Any], Record]
"""What the extractor made of it to the record's fields; those it does not know are left out: not timed."""
Lines = Iterator[bytes]


def run(contestants: dict[str, tuple[Extract, Say]]) -> None:
    """Run the course for the extractor that the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=contestants)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--flat", type=int, nargs="+", default=[], metavar="PAGES")
    chosen = parser.parse_args()
    logging.disable()
    warnings.simplefilter("ignore")
    _refuse_network()
    extract, say = contestants[chosen.name]
    for line in itertools.islice(_lines(chosen.files), WARM_UP):
        _timed(extract, json.loads(line))
    if chosen.flat:
        _run_long(extract, chosen.files, chosen.flat)
    else:
        _take_turn(extract, say, chosen.files)


def _take_turn(extract: Extract, say: Say, files: list[Path]) -> None:
    for line in _lines(files):
        page = json.loads(line)
        made, error, seconds = _timed(extract, page)
        answer = {"error": error} if error else say(made)
        print(json.dumps({"page_id": page["id"], "seconds": seconds, **answer}, default=str))
    print(json.dumps({"peak_kilobytes": _memory("VmHWM")}))


def _run_long(extract: Extract, files: list[Path], marks: list[int]) -> None:
    seen: dict[int, int] = {}
    pages = itertools.chain.from_iterable(map(_lines, itertools.repeat(files)))
    for number, line in enumerate(itertools.islice(pages, max(marks)), 1):
        _timed(extract, json.loads(line))
        if number in marks:
            seen[number] = _memory("VmRSS")
    print(json.dumps(seen))


def _timed(extract: Extract, page: Record) -> tuple[Any, str, float]:
    """Return what the extractor made of the page, or its error, and the seconds of CPU time."""
    made, error = None, ""
    with contextlib.redirect_stdout(sys.stderr):
        began = time.process_time()
        try:
            made = extract(page)
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
        seconds = time.process_time() - began
    return made, error, seconds


def _lines(files: list[Path]) -> Lines:
    for file in files:
        with file.open("rb") as lines:
            yield from lines


def _memory(name: str) -> int:
    """Return kilobytes. On Linux a child's `ru_maxrss` begins with what its parent had."""
    status = Path("/proc/self/status")
    if status.exists():
        found = next(line for line in status.read_text().splitlines() if line.startswith(name))
        return int(found.split()[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def _refuse_network() -> None:
    """No extractor may fetch what a page points to, or a list of domains."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise OSError("no network in this benchmark")

    changed: Any = socket
    changed.getaddrinfo = refuse
    changed.socket.connect = changed.socket.connect_ex = refuse
