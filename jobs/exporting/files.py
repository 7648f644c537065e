"""The files of one export: they appear together when all are whole and on the disk, or none of them does."""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
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
        self._fresh = frozenset() if force else frozenset(place.resolve() for place in places)
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
            GisaError: another export took a place meanwhile, and nothing may be replaced.
            OSError: one could not be written or put there: none is there, and what was there before is back.
        """
        for _, _, file in self._open:
            file.flush()
            os.fsync(file.fileno())
        folders = sorted({place.parent for _, place, _ in self._open})
        with ExitStack() as locked:  # files of two exports are not mixed
            for folder in folders:
                locked.enter_context(_alone_in(folder))
            self._put()
        for folder in folders:
            _flush(folder)

    def _put(self) -> None:
        for _, place, _ in self._open:
            _mend(place)
            if place in self._fresh:
                _refuse(place, force=False)
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
    for part in _beside(place, ".part"):
        with suppress(OSError), part.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


def _mend(place: Path) -> None:
    """Clear away what an export set aside and was then killed: while we are alone, no other one lives."""
    for aside in _beside(place, ".old"):
        if place.exists():
            aside.unlink(missing_ok=True)
        else:
            aside.replace(place)


def _beside(place: Path, ending: str) -> list[Path]:
    """Return the files that exports made beside a place, named after it and their process."""
    pattern = re.compile(re.escape(f".{place.name}.") + r"\d+" + re.escape(ending), re.ASCII)
    return [path for path in place.parent.iterdir() if pattern.fullmatch(path.name)]


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other exports from putting files into a folder, where its file system can lock one."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


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
