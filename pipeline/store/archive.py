"""The archive: the pages that stored articles were read from, so that a mended parser can read them again."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline.records import Page
from pipeline.store.connection import Connection
from pipeline.store.kept_pages import page_of, told
from pipeline.store.pages import Packed, Pages, Pruned
from pipeline.store.space import BATCH, give_turn
from pipeline.store.times import moment, stamp

_ALL = 2**62
_KEPT = """
    SELECT snapshots.*, articles.parser, coalesce(visits.listed_url, articles.url) AS listed_url,
        visits.published_at
    FROM snapshots JOIN articles ON articles.id = snapshots.article_id
    LEFT JOIN visits ON visits.article_id = snapshots.article_id
"""
_NEWEST = """
    SELECT newest.id FROM snapshots newest WHERE newest.article_id = snapshots.article_id
    ORDER BY newest.fetched_at DESC, newest.id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Retention:
    """What the archive may hold: whether pages are kept, how long, and their bytes in all (packed)."""

    enabled: bool = True
    keep: timedelta = timedelta(days=30)
    budget: int = 10**9


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A kept page of an article, and what read it last; `listed_url` is the article's URL in its listing.

    `published_at` is what its feed or sitemap said.
    """

    id: int
    article_id: str
    source: str
    parser: str
    listed_url: str
    page: Page
    published_at: datetime | None = None


@dataclass(frozen=True)
class Archive:
    """Table `snapshots`: the newest page of every state that an article had."""

    store: Connection
    pages: Pages

    def pack(self, page: Page) -> Packed | None:
        """Return a page ready for `keep`; None for one that came without its bytes.

        Call it before the transaction: it takes as long as a small parse.
        """
        return None if page.raw is None else self.pages.pack(page.raw, page.url, page.fetched_at)

    def keep(self, article_id: str, source: str, page: Page, packed: Packed) -> None:
        """Keep the page that the stored state of an article was read from.

        It takes the place of an earlier page of the same state: portals whose pages differ with every
        fetch, by advertisements and counters, cost one page a state. Call it in the transaction that
        writes the article.
        """
        where = [article_id, article_id]
        with self.store.writing() as db:
            before = self.store.rows(
                "SELECT page FROM snapshots WHERE article_id = ?"
                " AND revision = (SELECT revision FROM articles WHERE id = ?)",
                where,
            )
            self.pages.write(db, packed)
            db.conn.execute(
                "INSERT INTO snapshots (article_id, revision, source, page, url, fetched_at, content_type,"
                " robots_tags, site_signals, warnings)"
                " VALUES (?, (SELECT revision FROM articles WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (article_id, revision) DO UPDATE SET source = excluded.source,"
                " page = excluded.page, url = excluded.url, fetched_at = excluded.fetched_at,"
                " content_type = excluded.content_type, robots_tags = excluded.robots_tags,"
                " site_signals = excluded.site_signals, warnings = excluded.warnings",
                [*where, source, packed.digest, *told(page)],
            )
            self.pages.drop_unused(db, [row["page"] for row in before])

    def newest(self, article_id: str, at: datetime | None = None) -> Snapshot | None:
        """Return the newest kept page of an article, or the newest one that was fetched up to `at`.

        Raises:
            PageDamaged: it cannot be unpacked.
        """
        rows = self.store.rows(
            f"{_KEPT} WHERE snapshots.article_id = ? AND (? IS NULL OR snapshots.fetched_at <= ?)"
            " ORDER BY snapshots.fetched_at DESC, snapshots.id DESC LIMIT 1",
            [article_id, stamp(at), stamp(at)],
        )
        return self._snapshot(rows[0]) if rows else None

    def source_of(self, article_id: str) -> str | None:
        """Return which source fetched the newest kept page of an article; None where none is kept."""
        rows = self.store.rows(
            "SELECT source FROM snapshots WHERE article_id = ? ORDER BY fetched_at DESC, id DESC LIMIT 1",
            [article_id],
        )
        return rows[0]["source"] if rows else None

    def get(self, number: int) -> Snapshot | None:
        """Return one kept page by its number; None where it is gone.

        Raises:
            PageDamaged: it cannot be unpacked.
        """
        rows = self.store.rows(f"{_KEPT} WHERE snapshots.id = ?", [number])
        return self._snapshot(rows[0]) if rows else None

    def to_read_again(
        self,
        source: str,
        *,
        unless: Collection[str] | None = None,
        since: datetime | None = None,
        article_id: str | None = None,
        limit: int | None = None,
    ) -> list[int]:
        """Return the numbers of the newest kept pages of a source's articles, in order of keeping.

        Args:
            source: the name of the source that fetched them.
            unless: leave out articles that one of these parsers (`daum/2`) has read already.
            since: only pages fetched then or later.
            article_id: only this article's page.
            limit: so many at most.
        """
        parsers = None if unless is None else json.dumps(sorted(unless))
        rows = self.store.rows(
            f"SELECT snapshots.id FROM snapshots JOIN articles ON articles.id = article_id"  # noqa: S608
            f" WHERE snapshots.source = ? AND snapshots.id = ({_NEWEST})"
            " AND (? IS NULL OR articles.parser NOT IN (SELECT value FROM json_each(?)))"
            " AND (? IS NULL OR snapshots.fetched_at >= ?)"
            " AND (? IS NULL OR article_id = ?) ORDER BY snapshots.id LIMIT ?",
            [source, parsers, parsers, stamp(since), stamp(since), article_id, article_id,
             -1 if limit is None else limit],
        )  # fmt: skip
        return [row["id"] for row in rows]

    def follow(self, article_ids: Iterable[str]) -> None:
        """Let the newest page of each belong to its newest state, which was read from it anew."""
        with self.store.writing() as db:
            db.conn.executemany(
                "UPDATE snapshots SET revision = (SELECT revision FROM articles WHERE id = article_id)"
                " WHERE id = (SELECT id FROM snapshots WHERE article_id = ?"
                " ORDER BY fetched_at DESC, id DESC LIMIT 1)",
                [(article_id,) for article_id in article_ids],
            )

    def bytes(self) -> int:
        """Return how many bytes the kept pages of articles take, packed."""
        (row,) = self.store.rows(
            "SELECT (SELECT coalesce(sum(packed), 0) FROM pages) - (SELECT coalesce(sum(packed), 0)"
            " FROM pages WHERE hash IN (SELECT page FROM quarantine)) AS n"
        )
        return int(row["n"])

    def prune(
        self, now: datetime, keep: timedelta, budget: int, *, most: int | None = None
    ) -> Pruned:
        """Delete the pages that are too old, and the oldest ones beyond the budget; in short transactions.

        A page that the quarantine refers to stays, and counts for nothing. The file does not shrink:
        SQLite uses the space again.

        Args:
            now: aware time.
            keep: how long a page is kept after its fetch.
            budget: bytes that kept pages may take in all, packed.
            most: so many snapshots at most; without it also pages that nothing refers to any more go.

        Returns:
            What was deleted. A page that several snapshots share goes with the last of them.
        """
        done, left = Pruned(), most
        while left is None or left > 0:
            numbers = self._surplus(stamp(now - keep), budget, min(BATCH, left or BATCH))
            if not numbers:
                break
            began = time.perf_counter()
            done += self._delete(numbers)
            if most is None:  # the little at the end of a crawl is done without a pause
                give_turn(began)
            left = None if left is None else left - len(numbers)
        with self.store.writing() as db:
            if most is None:
                orphans = self.store.rows(
                    "SELECT hash FROM pages WHERE hash NOT IN (SELECT page FROM snapshots)"
                    " AND hash NOT IN (SELECT page FROM quarantine)"
                )
                done += self.pages.drop_unused(db, [row["hash"] for row in orphans])
            if done.pages:
                self.pages.drop_dictionaries(db, now)
        return done

    def count_surplus(self, now: datetime, keep: timedelta, budget: int) -> int:
        """Return how many kept pages of articles are too old, or beyond the budget."""
        return len(self._surplus(stamp(now - keep), budget, _ALL))

    def _surplus(self, too_old: str, budget: int, most: int) -> list[int]:
        """Return which snapshots must go, oldest first."""
        surplus = self.bytes() - budget
        numbers: list[int] = []
        for row in self.store.rows(
            "SELECT id, fetched_at, (SELECT packed FROM pages WHERE hash = page) AS packed"
            " FROM snapshots ORDER BY fetched_at, id LIMIT ?",
            [most],
        ):
            if row["fetched_at"] >= too_old and surplus <= 0:
                break
            numbers.append(row["id"])
            surplus -= row["packed"]
        return numbers

    def _delete(self, numbers: Sequence[int]) -> Pruned:
        with self.store.writing() as db:
            pages = [
                row[0]
                for number in numbers
                for row in db.conn.execute(
                    "DELETE FROM snapshots WHERE id = ? RETURNING page", [number]
                )
            ]
            return self.pages.drop_unused(db, pages)

    def _snapshot(self, row: dict[str, Any]) -> Snapshot:
        page = page_of(row, self.pages.read(row["page"]))
        return Snapshot(
            row["id"], row["article_id"], row["source"], row["parser"], row["listed_url"], page,
            moment(row["published_at"]),
        )  # fmt: skip
