"""Stories: articles that are one, and copies of one text. Grouped in batches, after the crawl."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pipeline.store.connection import Connection
from pipeline.store.times import moment, stamp

Order = Literal["newest", "biggest"]

_DONE = "(SELECT coalesce(max(article), 0) FROM story_articles)"
_CHANGED = f"SELECT article FROM regroup WHERE article <= {_DONE} ORDER BY article LIMIT ?"  # noqa: S608
_NEW = f"SELECT seq FROM articles WHERE seq > {_DONE} ORDER BY seq LIMIT ?"  # noqa: S608
_ORDERS = {
    "newest": "last_seen_at DESC, id DESC",
    "biggest": "publishers DESC, articles DESC, id DESC",
}
_MEMBERS = """
    SELECT a.id, a.portal, a.publisher, a.headline, a.published_at, a.first_seen_at, a.removed_at,
        s.relation, s.likeness, o.id AS of_id
    FROM story_articles AS s JOIN articles AS a ON a.seq = s.article
        LEFT JOIN articles AS o ON o.seq = s.of_article
"""
_HAS_PUBLISHER = """
    (EXISTS (SELECT 1 FROM articles WHERE seq = stories.id AND publisher = :publisher)
    OR EXISTS (SELECT 1 FROM story_articles s JOIN articles a ON a.seq = s.article
        WHERE s.story = stories.id AND s.relation <> 'first' AND a.publisher = :publisher))
"""
_TABLES = ("regroup", "sketch_bands", "sketches", "stories", "story_articles")


@dataclass(frozen=True, slots=True)
class Grouped:
    """What one batch did: articles looked at, 0 when nothing waits any more, and those that joined a story."""

    looked_at: int
    joined: int


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a story. `relation` says how it stands to the article `of_id`: the same, or a copy of its
    text; "first" is the one that gisa found first and compares the others with. `likeness` is the share of the
    shorter text that stands in the other one, 0 to 1.
    """

    id: str
    portal: str
    publisher: str | None
    headline: str
    published_at: datetime | None
    first_seen_at: datetime
    removed_at: datetime | None
    relation: Literal["first", "same", "copy"]
    of_id: str | None
    likeness: float | None


@dataclass(frozen=True, slots=True)
class Story:
    """Two or more articles, the earliest published first. Times are those of our looking."""

    id: int
    first_seen_at: datetime
    last_seen_at: datetime
    articles: int
    publishers: int
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Stories:
    """Tables `stories`, `story_articles`, `sketches`, `sketch_bands`, `regroup`."""

    store: Connection

    def group(self, limit: int = 200) -> Grouped:
        """Put articles that changed, then new ones, into stories, in the order of their numbers.

        One transaction: after a crash the batch is as if it had not begun. The same articles in the same
        order make the same stories, however they are cut into batches.

        Args:
            limit: the most articles; some 2 ms each.

        Raises:
            StoreError: the database failed.
        """
        from pipeline.store.story_grouping import Grouping  # most commands only read

        with self.store.writing() as db:
            work = Grouping(db)
            stale = work.sketches.stale(limit)
            for article, seen in stale:
                work.sketch_again(article, seen)
            if stale:
                return Grouped(len(stale), 0)
            articles = [row[0] for row in db.conn.execute(_CHANGED, [limit])]
            articles += [row[0] for row in db.conn.execute(_NEW, [limit - len(articles)])]
            for article in articles:
                work.place(article)
                db.conn.execute("DELETE FROM regroup WHERE article = ?", [article])
            work.finish()
            work.sketches.prune(2 * limit)
            return Grouped(len(articles), work.joined)

    def forget(self) -> None:
        """Forget all stories; `group` makes them anew from the articles as they are now."""
        with self.store.writing() as db:
            for table in _TABLES:
                db.conn.execute(f"DELETE FROM {table}")  # noqa: S608

    def waiting(self) -> int:
        """Return how many articles are not grouped yet, or changed since."""
        sql = f"SELECT (SELECT count(*) FROM articles WHERE seq > {_DONE}) + count(*) AS n FROM regroup"  # noqa: S608
        return int(self.store.rows(sql)[0]["n"])

    def list(
        self,
        limit: int,
        *,
        since: datetime | None = None,
        least: int = 2,
        order: Order = "newest",
        publisher: str | None = None,
        offset: int = 0,
    ) -> list[Story]:
        """Return stories with their articles.

        Args:
            limit: the most stories.
            since: only those that an article joined from then on.
            least: articles a story must have.
            order: by their newest article, or by publishers and articles.
            publisher: only those with an article of this publisher, spelt as it is stored.
            offset: how many of the first to leave out.
        """
        has = f" AND {_HAS_PUBLISHER}" if publisher is not None else ""
        rows = self.store.rows(
            f"SELECT * FROM stories WHERE last_seen_at >= :since AND articles >= :least{has}"  # noqa: S608
            f" ORDER BY {_ORDERS[order]} LIMIT :limit OFFSET :offset",
            {
                "since": stamp(since) or "",
                "least": least,
                "publisher": publisher,
                "limit": limit,
                "offset": offset,
            },
        )
        return [self._story(row) for row in rows]

    def get(self, number: int) -> Story | None:
        """Return a story by its number, None where there is none of two or more articles."""
        rows = self.store.rows("SELECT * FROM stories WHERE id = ?", [number])
        return self._story(rows[0]) if rows else None

    def story_of(self, number: int) -> int | None:
        """Return the story that the article with this `seq` is in, where it does not begin it.

        A link to a story stays good when the article that began it is grouped with an earlier one.
        """
        rows = self.store.rows(
            "SELECT story FROM story_articles WHERE article = ? AND story <> article", [number]
        )
        return int(rows[0]["story"]) if rows else None

    def of(self, article_id: str) -> Story | None:
        """Return the story that an article is in, None where it is alone."""
        rows = self.store.rows(
            "SELECT * FROM stories WHERE id = (SELECT story FROM story_articles WHERE article ="
            " (SELECT seq FROM articles WHERE id = ?))",
            [article_id],
        )
        return self._story(rows[0]) if rows else None

    def count(self) -> int:
        """Return how many stories of two or more articles there are."""
        return int(self.store.rows("SELECT count(*) AS n FROM stories")[0]["n"])

    def _story(self, row: dict[str, Any]) -> Story:
        members = self.store.rows(
            f"{_MEMBERS} WHERE s.story = ? AND s.relation <> 'first'"
            f" UNION ALL {_MEMBERS} WHERE s.article = ?",
            [row["id"], row["id"]],
        )
        return Story(
            row["id"],
            moment(row["first_seen_at"]),
            moment(row["last_seen_at"]),
            row["articles"],
            row["publishers"],
            tuple(_earliest_first([_member(each) for each in members])),
        )


def _member(row: dict[str, Any]) -> Member:
    times = ("published_at", "first_seen_at", "removed_at")
    return Member(**(row | {name: moment(row[name]) for name in times}))


def _earliest_first(members: Sequence[Member]) -> Sequence[Member]:
    return sorted(members, key=lambda m: (m.published_at or m.first_seen_at, m.first_seen_at, m.id))
