"""What the other clients of `whole.py` store: a row an article, written anew where it is known, found by FTS5.

As most manuals have it: the interpreter's own sqlite3, a write-ahead log, a transaction an article, and an
index with FTS5's default tokenizer, which finds whole words only; gisa's own finds parts of Korean words.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any, TypeAlias

Item: TypeAlias = dict[str, Any]

FIELDS = (
    "id", "url", "headline", "subheadline", "publisher", "section", "published_at", "modified_at", "notice",
    "text", "body", "authors", "images",
)  # fmt: skip
_JSON = ("body", "authors", "images")
_UPSERT = f"""
    INSERT INTO articles ({", ".join(FIELDS)}) VALUES ({", ".join("?" * len(FIELDS))})
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in FIELDS[1:])}
    RETURNING seq
"""


class Articles:
    """A database of articles in a folder."""

    def __init__(self, database: Path) -> None:
        self.db = sqlite3.connect(database)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        columns = ", ".join(f"{name} TEXT" for name in FIELDS[1:])
        self.db.execute(
            f"CREATE TABLE IF NOT EXISTS articles (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, {columns})"
        )
        self.db.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS articles_fts USING fts5 (headline, text)"
        )

    def save(self, item: Item) -> None:
        """Write an article and its entry in the index."""
        values = [
            json.dumps(item.get(name), ensure_ascii=False) if name in _JSON else item.get(name)
            for name in FIELDS
        ]
        with self.db:
            (seq,) = self.db.execute(_UPSERT, values).fetchone()
            self.db.execute("DELETE FROM articles_fts WHERE rowid = ?", [seq])
            self.db.execute(
                "INSERT INTO articles_fts (rowid, headline, text) VALUES (?, ?, ?)",
                [seq, item["headline"], item["text"]],
            )

    def close(self) -> None:
        self.db.close()
