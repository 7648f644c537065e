"""The only database code: one SQLite file through sqlite-utils, one module a concern."""

from pipeline.store.database import Store
from pipeline.store.opening import open_store

__all__ = ["Store", "open_store"]
