"""The file that Datasette reads: nobody can write to it, and it is opened anew where another took its place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from datasette.app import Datasette
from datasette.database import Database

from pipeline.errors import StoreError
from pipeline.store.opening import read_only_connection

T = TypeVar("T")


class Served(Database):  # type: ignore[misc]  # datasette ships no types
    """One database file. A thread of Datasette keeps its connection for as long as the file is the same one.

    Datasette's own keeps it for ever, and so goes on to show a file that was deleted or restored since; and it
    makes an address of the path as it stands, so that one with `#` or `?` in it would open another file.
    """

    def __init__(self, datasette: Datasette, path: Path) -> None:
        super().__init__(datasette, path=str(path))
        self._file = path
        self._mine = threading.local()

    def connect(self, **_: Any) -> Any:
        """Return a connection that only reads, whatever it is for."""
        return read_only_connection(self._file)

    async def execute_fn(self, fn: Callable[[Any], T]) -> T:
        """Have a function use the connection, in one of Datasette's threads.

        Raises:
            StoreError: there is no such file any more, or it is none of ours.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.ds.executor, lambda: fn(self._connection()))

    async def execute(self, *args: Any, **options: Any) -> Any:
        """Run SQL. What is wrong with a visitor's is told to them; in our log it could write its own lines."""
        return await super().execute(*args, **(options | {"log_sql_errors": False}))

    def _connection(self) -> Any:
        which = self._identity()
        if getattr(self._mine, "which", None) != which:
            self._mine.which = None
            if old := getattr(self._mine, "connection", None):
                old.close()
            self._mine.connection = self.connect()
            self.ds._prepare_connection(self._mine.connection, self.name)
            self._mine.which = which
        return self._mine.connection

    def _identity(self) -> tuple[int, int]:
        try:
            found = self._file.stat()
        except OSError as error:
            raise StoreError(f"{self._file}: {error.strerror}") from None
        return found.st_dev, found.st_ino
