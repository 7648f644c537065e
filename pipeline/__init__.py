"""The library of gisa: fetches, parses and stores news articles. It knows no schedule and no verbs.

`open_store` is for those who read a database; docs/python.md tells how.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.notebook import ReadOnlyStore, open_store

__version__ = "0.1.0"
__all__ = ["ReadOnlyStore", "__version__", "open_store"]


def __getattr__(name: str) -> Any:
    """Load what reads a database once somebody asks for it: most of gisa only wants the version."""
    if name in ("ReadOnlyStore", "open_store"):
        from pipeline import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
