"""A room for each subject of the database, opened when it is first asked for."""

from __future__ import annotations

from functools import cached_property

from pipeline.store.alerts import Alerts
from pipeline.store.aliases import Aliases
from pipeline.store.archive import Archive
from pipeline.store.articles import Articles
from pipeline.store.backfill_listings import BackfillListings
from pipeline.store.backfills import Backfills
from pipeline.store.changes import Changes
from pipeline.store.connection import Connection
from pipeline.store.coverage import Coverage
from pipeline.store.documents import Documents
from pipeline.store.drifts import Drifts
from pipeline.store.finding import Finding
from pipeline.store.health import Health
from pipeline.store.hosts import Hosts
from pipeline.store.imports import Imports
from pipeline.store.messages import Messages
from pipeline.store.pages import Pages
from pipeline.store.quarantine import Quarantine
from pipeline.store.recent import Recent
from pipeline.store.revisions import Revisions
from pipeline.store.runs import Runs
from pipeline.store.search_index import SearchIndex
from pipeline.store.sightings import Sightings
from pipeline.store.sources import Sources
from pipeline.store.stories import Stories
from pipeline.store.totals import Totals
from pipeline.store.updates import Updates
from pipeline.store.usual import Usual
from pipeline.store.visits import Visits
from pipeline.store.watch_hits import WatchHits


class Rooms(Connection):
    """The open database, room by room."""

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
        """Articles in great numbers, and in the order in which they changed."""
        return Changes(self)

    @cached_property
    def revisions(self) -> Revisions:
        """States of articles, one at a time."""
        return Revisions(self)

    @cached_property
    def updates(self) -> Updates:
        """Articles by the time of their last change."""
        return Updates(self)

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
    def usual(self) -> Usual:
        """What all sources brought and usually bring, in few queries."""
        return Usual(self)

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
    def recent(self) -> Recent:
        """What came and what changed lately."""
        return Recent(self)

    @cached_property
    def imports(self) -> Imports:
        """What was read from files, how far, and where in them articles came from."""
        return Imports(self)

    @cached_property
    def backfills(self) -> Backfills:
        """The past of sources: what was asked for of it, and what is to be fetched."""
        return Backfills(self)

    @cached_property
    def backfill_listings(self) -> BackfillListings:
        """Which days and sitemaps of the past were read."""
        return BackfillListings(self)

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
