"""Where a key stands in a TOML file: tomllib keeps no positions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any


def flat_keys(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the path of every value."""
    keys: list[tuple[str, ...]] = []
    for key, value in values.items():
        if isinstance(value, Mapping):
            keys.extend(flat_keys(value, (*above, key)))
        else:
            keys.append((*above, key))
    return keys


def line_of(text: str, path: tuple[str, ...]) -> int:
    """Return the line of a key, or of the nearest table above it."""
    first = _first_lines(text)
    return next(first[path[:n]] for n in range(len(path), -1, -1) if path[:n] in first)


@lru_cache(maxsize=1)
def _first_lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the line on which each key and each table comes first: tomllib keeps no positions."""
    table: tuple[str, ...] = ()
    first = {table: 1}
    for number, line in enumerate(text.split("\n"), 1):
        header = re.match(r"^\s*\[\[?\s*([^\]]+?)\s*\]", line)
        key = re.match(r"^\s*([\w.\"'-]+)\s*=", line)
        if header:
            table = at = _split_key(header.group(1))
        elif key:
            at = (*table, *_split_key(key.group(1)))
        else:
            continue
        for length in range(1, len(at) + 1):
            first.setdefault(at[:length], number)
    return first


def _split_key(dotted: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in re.findall(r'"([^"]*)"|\'([^\']*)\'|([\w-]+)', dotted))
