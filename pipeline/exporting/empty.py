"""Formats in which what is not known is left out, not null."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def without_empty(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that say something."""
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}
