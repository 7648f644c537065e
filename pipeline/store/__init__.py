"""The only database code: one SQLite file through sqlite-utils, one module a concern."""

from pipeline.store import sqlite_utils_alone

sqlite_utils_alone.load()  # before any module here imports it

from pipeline.store.database import Store  # noqa: E402
from pipeline.store.opening import open_store  # noqa: E402

__all__ = ["Store", "open_store"]
