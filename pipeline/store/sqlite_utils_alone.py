"""sqlite-utils without pandas and numpy.

Where they are installed, as beside a notebook, it imports both for types of values that we never give it: that
would cost every command 0.4 s and 60 MB.
"""

from __future__ import annotations

import sys
from importlib import import_module

_LEFT_OUT = ("pandas", "numpy")


def load() -> None:
    """Import sqlite-utils; what is loaded already stays as it is."""
    absent = [name for name in _LEFT_OUT if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # importing it is an ImportError
    try:
        import_module("sqlite_utils")
    finally:
        for name in absent:
            del sys.modules[name]
