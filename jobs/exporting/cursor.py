"""Where an export ended, in a file of the operator: the next one with the same options goes on from there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError, GisaError
from pipeline.store.changes import Mark

_KIND = "gisa export cursor 1"


def read(path: Path, options: Mapping[str, Any]) -> Mark | None:
    """Return where the last export ended, None where there was none.

    Raises:
        ConfigError: it was written by an export with other options.
        GisaError: it cannot be read, or is no cursor.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise GisaError(f"{path}: {error.strerror}") from None
    except ValueError:
        raise _none(path) from None
    try:
        if said["kind"] != _KIND:
            raise _none(path)
        before, mark = dict(said["options"]), Mark(**said["last"])
    except (KeyError, TypeError, ValueError):
        raise _none(path) from None
    if before != options:
        others = [name for name in options if before.get(name) != options[name]]
        raise ConfigError(
            f"{path}: this cursor goes with other options ({', '.join(others)}): give those again, or"
            " another --cursor for these"
        )
    return mark


def text(mark: Mark, options: Mapping[str, Any], at: str) -> str:
    """Return what the file is to hold: the mark, and the options that it goes with."""
    said = {"kind": _KIND, "exported_at": at, "options": options, "last": asdict(mark)}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _none(path: Path) -> GisaError:
    return GisaError(f"{path} is no cursor of an export: name another file")
