"""What there is to import at a path: archives, files of lines, folders of saved pages, each known again by what
it holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pipeline.errors import GisaError
from pipeline.importing.found import Item, Only, Start
from pipeline.importing.page_lines import PageLines
from pipeline.importing.saved_html import SUFFIXES, Folder, Known

Kind = Literal["warc", "html", "jsonl"]

_WARC = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
_LINES = tuple(
    f".{kind}{packed}" for kind in ("jsonl", "ndjson") for packed in ("", ".gz", ".zst", ".zstd")
)
_HASHED = 1024 * 1024  # bytes at each end of a file
_PROBED = 512


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing to import. `names` are files below `path` in a folder of saved pages.

    `fingerprint` is of what it holds: a file that was moved or renamed is known again, one to which something
    was added is another. `size` is in bytes.
    """

    kind: Kind
    path: Path
    names: tuple[str, ...]
    fingerprint: str
    size: int

    @property
    def shown(self) -> str:
        """The path in full, as it is told and remembered."""
        return str(self.path.resolve())


def units(paths: Iterable[Path], kind: Kind | None = None, mapped: str = "") -> Iterator[Unit]:
    """Yield what is to be imported, in the order of the paths; within a folder in the order of names.

    Args:
        paths: files and folders.
        kind: what the files hold; without it they are looked at.
        mapped: hash of the list of URLs; saved pages under another list are another import.

    Raises:
        GisaError: a path is not there, or holds nothing that can be imported.
    """
    for path in paths:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise GisaError(f"{path}: neither a file nor a folder; pipe it into: gisa import -")
        try:
            found = list(
                _of_folder(path, kind, mapped) if path.is_dir() else _of_file(path, kind, mapped)
            )
        except OSError as error:
            raise GisaError(f"{error.filename or path}: {error.strerror}") from None
        if not found:
            raise GisaError(
                f"{path}: nothing to import in it: no .warc, .html or .jsonl file (packed or not);"
                " for files of another name give --format-of warc, html or jsonl"
            )
        yield from found


def _of_file(path: Path, kind: Kind | None, mapped: str) -> Iterator[Unit]:
    kind = kind or _kind_of_name(path.name) or _kind_of_bytes(path)
    if kind == "html":
        yield _saved_pages(path.parent, [path.name], mapped)
    elif kind:
        yield Unit(kind, path, (), _fingerprint(path), path.stat().st_size)


def _of_folder(folder: Path, kind: Kind | None, mapped: str) -> Iterator[Unit]:
    """Files whose names say nothing are none of ours here, unless it is said what all of them are."""
    pages = []
    for path in _files(folder):
        of_name = _kind_of_name(path.name)
        if kind not in (None, of_name) and of_name is not None:
            continue
        its = of_name or kind
        if its == "html":
            pages.append(path.relative_to(folder).as_posix())
        elif its:
            yield Unit(its, path, (), _fingerprint(path), path.stat().st_size)
    if pages:
        yield _saved_pages(folder, pages, mapped)


def _files(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders.sort()
        paths = (Path(here) / name for name in sorted(names) if not name.startswith("."))
        yield from (path for path in paths if path.is_file())  # a pipe would be waited for


def _kind_of_name(name: str) -> Kind | None:
    name = name.lower()
    if name.endswith(_WARC):
        return "warc"
    if name.endswith(_LINES):
        return "jsonl"
    return "html" if name.endswith(SUFFIXES) else None


def _kind_of_bytes(path: Path) -> Kind | None:
    with path.open("rb") as file:
        head = file.read(_PROBED)
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, _PROBED)
        except zlib.error:
            return None
    if head.startswith(b"WARC/"):
        return "warc"
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "jsonl" if head.startswith(b"{") else "html" if head.startswith(b"<") else None


def _saved_pages(folder: Path, names: list[str], mapped: str) -> Unit:
    states = [(folder / name).stat() for name in names]
    said = [(name, it.st_size, it.st_mtime_ns) for name, it in zip(names, states, strict=True)]
    digest = hashlib.sha256(json.dumps([said, mapped]).encode("utf-8", "surrogateescape"))
    return Unit("html", folder, tuple(names), digest.hexdigest(), sum(it.st_size for it in states))


def _fingerprint(path: Path) -> str:
    """Hash the size and both ends: a gigabyte need not be read twice to be known again."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        digest = hashlib.sha256(b"%d\n" % size)
        digest.update(file.read(_HASHED))
        if size > _HASHED:
            file.seek(max(_HASHED, size - _HASHED))
            digest.update(file.read())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What holds for all units: bytes of a page, which pages are wanted, what is known of saved files."""

    most: int
    only: Only
    known: dict[str, Known]


@contextmanager
def opened(unit: Unit, bounds: Bounds, start: Start) -> Iterator[Iterator[Item]]:
    """Open a unit, and yield what lies in it behind the start.

    Raises:
        GisaError: it cannot be opened.
    """
    if unit.kind == "html":
        yield Folder(unit.path, unit.names, bounds.most, bounds.known, bounds.only).pages(start)
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(unit.path.open("rb"))
        except OSError as error:
            raise GisaError(f"{unit.path}: {error.strerror}") from None
        if unit.kind == "jsonl":
            yield PageLines(file, unit.path.name, _saved_at(unit.path)).pages(start)
        else:
            from pipeline.importing.warc import Archive

            yield Archive(file, unit.size, bounds.most, bounds.only).pages(start)


def _saved_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
