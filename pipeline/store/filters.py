"""What a search is limited to, as conditions on `articles` that the index `articles_facets` answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.search_terms import publisher_term
from pipeline.store.storable import storable
from pipeline.store.times import stamp

AT = "coalesce(published_at, first_seen_at)"
"""When an article was published, or where that is unknown first seen; written as the index has it."""
FACETED = "articles INDEXED BY articles_facets"
"""Without being told, SQLite would rather look up the thousands of articles of a source one by one."""
USES = ("redistribute", "tdm", "ai_train")
_BY_AUTHOR = """
    seq IN (SELECT a.seq FROM authors AS au JOIN article_authors AS aa ON aa.author_id = au.id
        JOIN articles AS a ON a.id = aa.article_id WHERE au.name = ?)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """What hits are limited to; see `Store.search`.

    Raises:
        ValueError: `rights` names a use that is none of `USES`.
    """

    since: datetime | None = None
    until: datetime | None = None
    source: str | None = None
    publisher: str | None = None
    section: str | None = None
    author: str | None = None
    rights: Mapping[str, str] = field(default_factory=dict)
    among: Sequence[int] | None = None
    """Numbers of articles (`articles.seq`)."""

    def __post_init__(self) -> None:
        """Refuse names that are no columns: they would stand in the SQL."""
        if unknown := set(self.rights).difference(USES):
            raise ValueError(f"no use of a text: {', '.join(sorted(unknown))}")

    def clauses(self) -> tuple[list[str], list[str]]:
        """Return conditions on `articles`, all but the publisher, and their parameters."""
        asked = {
            f"{AT} >= ?": stamp(self.since),
            f"{AT} < ?": stamp(self.until),
            "source = ?": self.source,
            "section = ?": self.section,
            _BY_AUTHOR: self.author,
            **{f"{use} = ?": value for use, value in self.rights.items()},
        }
        given = {clause: storable(value) for clause, value in asked.items() if value is not None}
        return list(given), list(given.values())

    def numbers(self) -> tuple[list[str], list[str]]:
        """Return SQL that selects the numbers of articles, none without conditions, and its parameters."""
        clauses, values = self.clauses()
        where = " AND ".join(clauses)
        return [f"SELECT seq FROM {FACETED} WHERE {where}"] if clauses else [], values  # noqa: S608

    def condition(self) -> tuple[str, list[str]]:
        """Return SQL for a WHERE clause on articles_fts, and its parameters."""
        within, values = self.numbers()
        if self.among is not None:
            within.append("SELECT value FROM json_each(?)")
            values.append(json.dumps(list(self.among)))
        return "".join(f" AND +rowid IN ({numbers})" for numbers in within), values

    def on_articles(self) -> tuple[str, list[str]]:
        """Return SQL for a WHERE clause on `articles AS a`, `among` apart, and its parameters."""
        clauses, values = self.clauses()
        if clauses == ["source = ?"] and self.publisher is None:
            return "a.source = ?", values  # which has an index of its own
        within, values = self.numbers()
        if self.publisher is not None:
            within.append("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?")
            values.append(self.expression(""))
        return " AND ".join(f"a.seq IN ({numbers})" for numbers in within) or "1", values

    def expression(self, asked: str) -> str:
        """Return the FTS5 expression of what is asked, limited to the publisher; empty for neither."""
        if self.publisher is None:
            return asked
        by = f'"{publisher_term(storable(self.publisher))}"'
        return f"({asked}) AND {by}" if asked else by
