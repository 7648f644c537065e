"""Revisions one at a time: what an article's states were like, without reading all of them whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from pipeline.store.article_batches import Cause, state_of
from pipeline.store.articles import Revision
from pipeline.store.connection import Connection
from pipeline.store.times import moment

_READ_MOST = 1_000_000
"""Characters of a record beyond which it is not read for a list."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One state of an article in brief; `characters` is the length of its text. Headline and length are None
    where the record is too long to be read for a list.
    """

    revision: int
    seen_at: datetime
    cause: Cause
    content_hash: str
    headline: str | None
    characters: int | None


@dataclass(frozen=True)
class Revisions:
    """Table `revisions`, and `articles` for the newest state."""

    store: Connection

    def turns(self, article_id: str, most: int = 500) -> list[Turn]:
        """Return the states of an article in brief, the newest `most` of them, newest first."""
        rows = self.store.rows(
            "SELECT r.revision, r.seen_at, r.cause, r.content_hash,"
            " CASE WHEN r.record IS NULL THEN a.headline"
            "  WHEN length(r.record) <= :read THEN json_extract(r.record, '$.headline') END AS headline,"
            " CASE WHEN r.record IS NULL THEN length(a.text)"
            "  WHEN length(r.record) <= :read THEN length(json_extract(r.record, '$.text'))"
            "  END AS characters"
            " FROM revisions r JOIN articles a ON a.id = r.article_id WHERE r.article_id = :id"
            " ORDER BY r.revision DESC LIMIT :most",
            {"id": article_id, "read": _READ_MOST, "most": most},
        )
        return [Turn(**(row | {"seen_at": moment(row["seen_at"])})) for row in rows]

    def get(self, article_id: str, number: int) -> Revision | None:
        """Return one state of an article, None where there is none of that number."""
        with self.store.reading():
            found = self.store.rows(
                "SELECT revision, seen_at, cause, record FROM revisions"
                " WHERE article_id = ? AND revision = ?",
                [article_id, number],
            )
            if not found:
                return None
            (row,) = found
            if row["record"] is None:
                (whole,) = self.store.rows("SELECT * FROM articles WHERE id = ?", [article_id])
                record = state_of(self.store, whole)
            else:
                record = json.loads(row["record"])
            return Revision(row["revision"], moment(row["seen_at"]), row["cause"], record)
