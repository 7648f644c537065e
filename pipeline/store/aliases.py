"""Addresses that turned out to lead to an article that is known by another: it is stored once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.store.connection import Connection
from pipeline.store.times import stamp

_AT_ONCE = 400  # variables of one statement


@dataclass(frozen=True)
class Aliases:
    """Table `aliases`: the id that an address gives, and the id of the article that stands there."""

    store: Connection

    def of(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the article's id for each of these ids that is an alias."""
        wanted, found = list(dict.fromkeys(ids)), dict[str, str]()
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            found |= dict(
                self.store.db.conn.execute(
                    f"SELECT alias, article_id FROM aliases WHERE alias IN ({marks})",  # noqa: S608
                    some,
                )
            )
        return found

    def note(self, alias: str, article_id: str, at: datetime) -> None:
        """Note that the address with this id leads to that article, from now on."""
        with self.store.writing() as db:
            db.conn.execute(
                "INSERT INTO aliases (alias, article_id, seen_at) VALUES (?, ?, ?)"
                " ON CONFLICT (alias) DO UPDATE SET article_id = excluded.article_id",
                [alias, article_id, stamp(at)],
            )
            # what led to the alias leads to the article, too
            db.conn.execute(
                "UPDATE aliases SET article_id = ? WHERE article_id = ?", [article_id, alias]
            )
