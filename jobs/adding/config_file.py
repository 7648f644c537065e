"""New sources behind what stands in config.toml: its bytes stay, and it is replaced whole or not at all.

tomlkit writes the entries, with whatever quotes a value needs; they are put behind the bytes of the file, so
that nothing of it is written anew (decision 0027).
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.config import Config, load, loads
from pipeline.discover.autodiscovery import key_of
from pipeline.errors import ConfigError
from pipeline.source import WEB, SourceKind
from pipeline.text import one_line

_NEW_FILE = """\
# gisa: what is crawled, how often, and who stands behind it. `gisa config` shows what is in force.
[pipeline]
contact = ""             # "mailto:you@your.newsroom" or a URL: publishers see it in their access log
"""
_BOM = "\ufeff"
_COMMENT_MOST = 100  # characters
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class NewSource:
    """An entry to be written; `comment` is what stands above it, `every` a length as config.toml has it."""

    name: str
    kind: SourceKind
    url: str
    portal: str = WEB
    comment: str = ""
    every: str = "30m"
    is_enabled: bool = True


def current(path: Path) -> Config:
    """Return the configuration, or, where there is no file, what a new one would be.

    Raises:
        ConfigError: it cannot be used.
    """
    return load(path) if path.exists() else loads(_NEW_FILE, path)


def known_addresses(config: Config) -> dict[str, str]:
    """Return the addresses of all sources by what they share with their twins, with the sources' names."""
    return {key_of(url): name for name, it in config.sources.items() for url in it.listings}


def rendered(source: NewSource) -> str:
    """Return an entry as TOML: a table with a line for each key."""
    import tomlkit  # only who adds a source should wait for it

    table = tomlkit.table()
    if source.kind == "portal":
        table.add("portal", source.portal)
        table.add("listings", [source.url])
    else:
        table.add(source.kind, source.url)
    table.add("every", source.every)
    if not source.is_enabled:
        table.add("enabled", value=False)
    sources = tomlkit.table(is_super_table=True)
    sources.add(source.name, table)
    document = tomlkit.document()
    document.add("source", sources)
    comment = one_line(source.comment, _COMMENT_MOST)
    return (f"# {comment}\n" if comment else "") + document.as_string()


def added_json(path: Path, sources: Sequence[NewSource]) -> dict[str, Any]:
    """Return which sources were added to which file, for `--format json`."""
    return {"added": [{"name": it.name, "url": it.url} for it in sources], "config": str(path)}


def add(path: Path, sources: Sequence[NewSource]) -> None:
    """Write the entries behind the file's last line; make the file where there is none.

    Raises:
        ConfigError: the file could not be used with them, or cannot be written. Then it is as it was, and the
            message has the entries.
    """
    entries = "\n".join(map(rendered, sources))
    try:
        before = path.read_bytes() if path.exists() else _NEW_FILE.encode()
        after = _behind(before, entries)
        text = after.decode().removeprefix(_BOM)
        loads(text.replace("\r\n", "\n").replace("\r", "\n"), path)
        _replace(path.resolve(), after, before)
    except OSError as error:
        said = f"{path} cannot be written ({error.strerror}): nothing was added"
        raise ConfigError(f"{said}. To put into it by hand:\n\n{entries}") from None
    except ConfigError as error:
        raise ConfigError(f"{error}\nnothing was added to {path}: it would not be valid") from None


def _behind(before: bytes, entries: str) -> bytes:
    """Return the file with the entries, in its own kind of line ends, after one empty line."""
    end = "\r\n" if b"\r\n" in before else "\n"
    if not before.strip():
        gap = ""
    elif not before.endswith(b"\n"):
        gap = "\n\n"
    else:
        gap = "" if before.endswith((b"\n\n", b"\n\r\n")) else "\n"
    return before + (gap + entries).replace("\n", end).encode()


def _replace(path: Path, content: bytes, before: bytes) -> None:
    """Put a file into the place of another: readers see the one or the other, also after a power cut."""
    is_new = not path.exists()
    was = None if is_new else path.stat()
    if was and not (was.st_mode & _WRITABLE and os.access(path, os.W_OK)):
        raise PermissionError(13, "it is read-only")  # replacing would need no leave to write it
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _as_it_was(new, was)
        if was and path.read_bytes() != before:
            raise OSError(None, "it was changed at the same time")
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def _as_it_was(new: Path, was: os.stat_result | None) -> None:
    """Give a file the mode and, as far as we may, the owner and the group of the one that it replaces."""
    if was is None:
        mask = os.umask(0)
        os.umask(mask)
        new.chmod(0o666 & ~mask)
        return
    for owner in ((was.st_uid, -1), (-1, was.st_gid)):
        with suppress(PermissionError):
            os.chown(new, *owner)
    new.chmod(stat.S_IMODE(was.st_mode))
