"""The store: one connection, and a room for each subject of the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from pipeline.store.alerts import Alerts
from pipeline.store.aliases import Aliases
from pipeline.store.archive import Archive
from pipeline.store.articles import Articles
from pipeline.store.changes import Changes
from pipeline.store.connection import Connection, through
from pipeline.store.coverage import Coverage
from pipeline.store.documents import Documents
from pipeline.store.drifts import Drifts
from pipeline.store.faults import explained
from pipeline.store.filters import Only
from pipeline.store.finding import Finding
from pipeline.store.health import Health
from pipeline.store.hosts import Hosts
from pipeline.store.imports import Imports
from pipeline.store.messages import Messages
from pipeline.store.pages import Pages
from pipeline.store.quarantine import Quarantine
from pipeline.store.runs import Runs
from pipeline.store.search import Hit, Search
from pipeline.store.search_index import SearchIndex
from pipeline.store.sightings import Sightings
from pipeline.store.sources import Sources
from pipeline.store.stories import Stories
from pipeline.store.totals import Totals
from pipeline.store.visits import Visits
from pipeline.store.watch_hits import WatchHits


class Store(Connection):
    """The open database. Use it as a context manager."""

    def scratch_copy(self) -> Store:
        """Return a copy that is lost on close: what a dry run writes to.

        It is a file beside the database: with all its kept pages that may be larger than the memory there is,
        and builds of SQLite that keep temporary files in memory would put it there.

        Raises:
            StoreError: there is no room for it.
        """
        with explained(self.path):
            folder = TemporaryDirectory(prefix=".gisa-dry-run-", dir=self.path.parent)
        try:
            copy = sqlite3.connect(Path(folder.name) / self.path.name, isolation_level=None)
            with explained(self.path):
                self.db.conn.backup(copy)
        except BaseException:
            folder.cleanup()
            raise
        copy.execute("PRAGMA foreign_keys = ON")
        copy.execute("PRAGMA synchronous = OFF")
        scratch = _Scratch(self.path, through(copy), self.indexing)
        scratch.folder = folder
        return scratch

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
            query: whatever a person types; a text without a letter or digit finds nothing.
            since: only articles published from then on; where that is unknown, first seen.
            until: only articles published (or first seen) before.
            source: only articles that this source found first.
            publisher: only articles of this publisher; case, blanks and punctuation do not matter.
            section: only articles of this section, as it is written.
            author: only articles by this person, as the name is written.
            rights: only articles with these rights: for `redistribute`, `tdm` or `ai_train` the value.
            limit: how many at most.
            offset: how many of the best to leave out.

        Raises:
            StoreError: the file is damaged, or cannot be read any more.
            ValueError: `rights` names another use.
        """
        only = Only(
            since=since,
            until=until,
            source=source,
            publisher=publisher,
            section=section,
            author=author,
            rights=rights or {},
        )
        return Search(self).find(query, only, limit=limit, offset=offset)

    @cached_property
    def finding(self) -> Finding:
        """Pages of results: how many answer, and their facets."""
        return Finding(self)

    @cached_property
    def search_index(self) -> SearchIndex:
        """The index that `search` asks: what it lacks, and making it anew."""
        return SearchIndex(self)

    @cached_property
    def articles(self) -> Articles:
        """Articles, their revisions, authors, images and links."""
        return Articles(self)

    @cached_property
    def changes(self) -> Changes:
        """Articles by the time of their last change."""
        return Changes(self)

    @cached_property
    def visits(self) -> Visits:
        """The frontier."""
        return Visits(self)

    @cached_property
    def documents(self) -> Documents:
        """Feeds, sitemaps and pages of links, as they were."""
        return Documents(self)

    @cached_property
    def aliases(self) -> Aliases:
        """Addresses of articles that are known by another."""
        return Aliases(self)

    @cached_property
    def sightings(self) -> Sightings:
        """What listings showed, where and when."""
        return Sightings(self)

    @cached_property
    def hosts(self) -> Hosts:
        """What every process must know of a host: robots.txt, its turn, its waits."""
        return Hosts(self)

    @cached_property
    def runs(self) -> Runs:
        """The history of crawls."""
        return Runs(self)

    @cached_property
    def totals(self) -> Totals:
        """What all runs came to, and how much room things take."""
        return Totals(self)

    @cached_property
    def coverage(self) -> Coverage:
        """What was published when, when we looked, and where listings rolled over."""
        return Coverage(self)

    @cached_property
    def health(self) -> Health:
        """What runs measured, and what sources usually give."""
        return Health(self)

    @cached_property
    def drifts(self) -> Drifts:
        """What was missing, since when and until when."""
        return Drifts(self)

    @cached_property
    def quarantine(self) -> Quarantine:
        """Pages that our parsers could not read."""
        return Quarantine(self, self._pages)

    @cached_property
    def archive(self) -> Archive:
        """The pages that articles were read from."""
        return Archive(self, self._pages)

    @cached_property
    def imports(self) -> Imports:
        """What was read from files, how far, and where in them articles came from."""
        return Imports(self)

    @cached_property
    def _pages(self) -> Pages:
        return Pages(self)

    @cached_property
    def sources(self) -> Sources:
        """The sources as they were configured at their last run."""
        return Sources(self)

    @cached_property
    def stories(self) -> Stories:
        """Which articles are one, and which are copies of one text."""
        return Stories(self)

    @cached_property
    def alerts(self) -> Alerts:
        """Troubles of sources, and for how long nothing is said of them."""
        return Alerts(self)

    @cached_property
    def messages(self) -> Messages:
        """Messages on their way out."""
        return Messages(self)

    @cached_property
    def watch_hits(self) -> WatchHits:
        """What watches found."""
        return WatchHits(self)


class _Scratch(Store):
    """A copy that is lost on close, with the folder that it lies in."""

    folder: TemporaryDirectory[str]

    def close(self) -> None:
        super().close()
        self.folder.cleanup()
