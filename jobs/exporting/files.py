"""The files of one export: they appear together when all are whole and on the disk, or none of them does."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from pipeline.errors import GisaError


class Files:
    """Files that are written beside their places and put there by `commit`. Use it as a context manager.

    The parts are hidden, named after their place, and locked while they are written: one that a killed export
    left behind is unlocked, and goes when the same place is exported to again.
    """

    def __init__(self, places: Sequence[Path], *, force: bool) -> None:
        """Refuse places that are taken, unless by `force`.

        Raises:
            GisaError: a place is taken, is no file, or has no folder.
        """
        for place in places:
            _refuse(place, force=force)
        self._open: list[tuple[Path, Path, BinaryIO]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for part, _, file in self._open:
            with suppress(OSError):  # a full disk fails once more as its buffer is flushed
                file.close()
            part.unlink(missing_ok=True)

    def open(self, place: Path) -> BinaryIO:
        """Return the open file that will stand at a place.

        Raises:
            GisaError: its folder does not exist.
            OSError: it cannot be made.
        """
        _refuse_folder(place)
        place = place.resolve()  # a link is written through, not replaced
        _sweep(place)
        part = place.with_name(f".{place.name}.{os.getpid()}.part")
        file = part.open("xb")
        self._open.append((part, place, file))
        fcntl.flock(file, fcntl.LOCK_EX)
        return file

    def commit(self) -> None:
        """Put every file into its place, in the order in which they were opened.

        Raises:
            OSError: one could not be written or put there: none is there, and what was there before is back.
        """
        for _, _, file in self._open:
            file.flush()
            os.fsync(file.fileno())
        done: list[tuple[Path, Path | None]] = []
        try:
            for part, place, _ in self._open:
                done.append((place, _set_aside(place, part)))
                part.replace(place)
        except BaseException:
            for place, aside in reversed(done):
                aside.replace(place) if aside else place.unlink(missing_ok=True)
            raise
        for _, aside in done:
            if aside:
                aside.unlink(missing_ok=True)
        for folder in {place.parent for _, place, _ in self._open}:
            _flush(folder)


def _refuse(place: Path, *, force: bool) -> None:
    _refuse_folder(place)
    if place.exists() and not place.is_file():
        raise GisaError(f"{place} is no file: name a file, or - for stdout")
    if place.exists() and not force:
        raise GisaError(f"{place} exists: name another file, or replace it with --force")


def _refuse_folder(place: Path) -> None:
    if not place.parent.is_dir():
        raise GisaError(f"the folder {place.parent} does not exist: make it first")


def _sweep(place: Path) -> None:
    """Remove parts of a place that nobody is writing."""
    start = f".{place.name}."
    for part in place.parent.iterdir():
        named = part.name.startswith(start) and part.name.endswith(".part")
        if not named or not part.name[len(start) : -len(".part")].isdecimal():
            continue
        with suppress(OSError), part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


def _set_aside(place: Path, part: Path) -> Path | None:
    """Keep what stands at a place under another name until all is done; None where nothing does."""
    if not place.exists():
        return None
    if not place.is_file():  # it was not when we began
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
    aside = part.with_name(part.name.removesuffix(".part") + ".old")
    aside.unlink(missing_ok=True)
    try:
        os.link(place, aside)
    except OSError:  # a file system without hard links
        place.rename(aside)
    return aside


def _flush(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the file system can tell."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
