"""Sheets for people: Markdown of facts that a JSON sheet beside it holds whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from jobs import json_text
from jobs.terminal import plain
from pipeline.text import one_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")
_LONGEST = 300


def as_json(said: Mapping[str, Any]) -> bytes:
    """Return a sheet for programs."""
    return (json_text.dumps(said, indent=2, default=plain) + "\n").encode()


def as_markdown(lines: Iterable[str]) -> bytes:
    """Return a sheet for people."""
    return ("\n".join(lines) + "\n").encode()


def text(value: Any) -> str:
    """Return a value as Markdown that says nothing but it: one line, no markup."""
    if value in (None, ""):
        return "unknown"
    return _SPECIAL.sub(r"\\\1", one_line(str(value), _LONGEST))


def facts(said: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Yield a list of named facts."""
    for name, value in said:
        yield f"- {name}: {text(value)}"
    yield ""


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield a table; of no rows, that there are none."""
    rows = [*rows]
    if not rows:
        yield from ("None.", "")
        return
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(text(cell) for cell in row)} |"
    yield ""
