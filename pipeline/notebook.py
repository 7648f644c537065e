"""The store for notebooks and scripts that only read: typed records, and nothing in a daemon's way."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.errors import StoreError
from pipeline.records import StoredArticle
from pipeline.store import Store
from pipeline.store.articles import Revision
from pipeline.store.opening import open_read_only
from pipeline.store.search import Hit
from pipeline.store.sightings import Standing
from pipeline.store.stories import Order, Story

_AT_ONCE = 200
_WAIT_SECONDS = 5.0


def open_store(path: str | Path) -> ReadOnlyStore:
    """Open a database to read it, also while a daemon writes to it. Use it in a `with`, or close it.

    Args:
        path: the SQLite file.

    Raises:
        StoreError: missing, not a database, damaged, or with a schema that is not of this gisa.
    """
    file = Path(path).expanduser()
    return ReadOnlyStore(open_read_only(file, wait=_WAIT_SECONDS))


class ReadOnlyStore:
    """An open database. It belongs to the thread and the process that opened it; to open another costs a
    millisecond. Every call sees what is stored at that moment.

    Times that are given must have a time zone; times that are returned have one.
    """

    def __init__(self, store: Store) -> None:
        self.path = store.path
        self._store: Store | None = store
        self._owner = _here()

    def search(  # noqa: PLR0913 - what can be asked for, by name
        self,
        query: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        source: str | None = None,
        publisher: str | None = None,
        section: str | None = None,
        author: str | None = None,
        rights: Mapping[str, str] | None = None,
        limit: int = 20,
        offset: int = 0,
    ) -> list[Hit]:
        """Return the articles that answer a query, best first; docs/search.md tells what finds what.

        Args:
            query: whatever a person types.
            since: only articles published from then on; where that is unknown, first seen.
            until: only articles published (or first seen) before.
            source: only articles that this source found first.
            publisher: only articles of this publisher; case, blanks and punctuation do not matter.
            section: only articles of this section, as it is written.
            author: only articles by this person, as it is written.
            rights: only articles of which these uses have these values: `{"tdm": "reserved"}`.
            limit: how many at most.
            offset: how many of the best to leave out.

        Raises:
            ValueError: a time has no time zone, or `rights` names no use of a text.
            StoreError: it cannot be read, was closed, or another thread opened it.
        """
        return self._open().search(
            query, since=_aware("since", since), until=_aware("until", until), source=source,
            publisher=publisher, section=section, author=author, rights=rights, limit=limit, offset=offset,
        )  # fmt: skip

    def article(self, article_id: str) -> StoredArticle | None:
        """Return one article in its latest state, None where there is none of this id.

        Raises:
            StoreError: it cannot be read, was closed, or another thread opened it.
        """
        return self._open().articles.get(article_id)

    def articles(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        source: str | None = None,
        publisher: str | None = None,
    ) -> Iterator[StoredArticle]:
        """Iterate over articles in the order in which they were stored, those taken down included.

        Which ones is settled at the call; they are read some hundreds at a time, so that memory stays flat and
        a daemon's log is not held up, each as it is then.

        Args:
            since: only articles published from then on; where that is unknown, first seen.
            until: only articles published (or first seen) before.
            source: only articles that this source found first.
            publisher: only articles of this publisher, as it is written.

        Raises:
            ValueError: a time has no time zone.
            StoreError: it cannot be read, was closed, or another thread opened it.
        """
        numbers = self._open().articles.numbers(
            since=_aware("since", since),
            until=_aware("until", until),
            source=source,
            publisher=publisher,
        )
        return self._read(numbers)

    def count(self) -> int:
        """Return how many articles there are, those taken down included.

        Raises:
            StoreError: it cannot be read, was closed, or another thread opened it.
        """
        return self._open().articles.count()

    def revisions(self, article_id: str) -> list[Revision]:
        """Return every state that an article had, oldest first; none where there is no such article.

        Raises:
            StoreError: it cannot be read, was closed, or another thread opened it.
        """
        return self._open().articles.revisions(article_id)

    def sightings(self, article_id: str) -> list[Standing]:
        """Return where an article stood: listing, times, ranks, headlines.

        Raises:
            StoreError: it cannot be read, was closed, or another thread opened it.
        """
        return self._open().sightings.of(article_id)

    def stories(
        self,
        *,
        since: datetime | None = None,
        least: int = 2,
        order: Order = "newest",
        limit: int = 50,
    ) -> list[Story]:
        """Return stories, which are articles that are one or copies of one text.

        Args:
            since: only those that an article joined from then on.
            least: articles a story must have.
            order: "newest" by their newest article, or "biggest" by publishers and articles.
            limit: how many at most.

        Raises:
            ValueError: a time has no time zone.
            StoreError: it cannot be read, was closed, or another thread opened it.
        """
        since = _aware("since", since)
        return self._open().stories.list(limit, since=since, least=least, order=order)

    def story(self, article_id: str) -> Story | None:
        """Return the story that an article is in, None where it is alone.

        Raises:
            StoreError: it cannot be read, was closed, or another thread opened it.
        """
        return self._open().stories.of(article_id)

    def sql(
        self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[dict[str, Any]]:
        """Return the rows of any SELECT; docs/records.md explains the tables. Nothing can be written.

        Raises:
            StoreError: it cannot be read, was closed, or another thread opened it.
            Exception: whatever SQLite says of a wrong query.
        """
        return self._open().rows(query, parameters)

    def close(self) -> None:
        """Close it; closing twice does no harm.

        Raises:
            StoreError: another thread opened it.
        """
        if self._store is not None:
            self._open().close()
            self._store = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"ReadOnlyStore({str(self.path)!r})"

    def _read(self, numbers: Sequence[int]) -> Iterator[StoredArticle]:
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            found = self._open().articles.numbered(some)
            yield from (found[number] for number in some if number in found)

    def _open(self) -> Store:
        if _here() != self._owner:
            raise StoreError(
                f"{self.path} was opened in another thread or process, and a connection of SQLite belongs"
                " to one: call open_store there, too"
            )
        if self._store is None:
            raise StoreError(f"{self.path} was closed: open it again with open_store")
        return self._store


def _here() -> tuple[int, int]:
    return os.getpid(), threading.get_ident()


def _aware(name: str, at: datetime | None) -> datetime | None:
    """Only times that say what they mean: of a day without a zone, nine hours would be guessed."""
    if at is None:
        return None
    if not isinstance(at, datetime):  # a notebook is not type-checked
        raise TypeError(f"{name}={at!r} is no datetime: datetime(2026, 9, 27, tzinfo=UTC)")
    if at.utcoffset() is None:
        raise ValueError(
            f"{name}={at!r} has no time zone; add one: tzinfo=ZoneInfo('Asia/Seoul') or tzinfo=UTC"
        )
    return datetime.fromtimestamp(
        at.timestamp(), UTC
    )  # plain, also where pandas gave one of its own
