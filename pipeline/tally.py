"""How a crawl is going, and the verdict at its end: nothing read is never success."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.errors import PageError, Unreachable
from pipeline.records import CrawlReport, Outcome, Problem

UNREACHABLE_IN_A_ROW = 3
"""Failures in a row after which a host counts as down and the crawl ends."""
DRIFT_LEAST = 3
DRIFT_SHARE = 0.2
"""Share of the fetched articles that may be unreadable before it is the layout and not the article."""
NO_TEXT_LEAST = 8
"""Pages without text, and not one with: so many videos in a row are our parser missing the text."""


@dataclass
class Meter:
    """What a crawl asked of servers: requests for its pages (redirects count, robots.txt does not), the bytes
    of their bodies, decompressed, and the seconds until these were there, waits for a turn left out.
    """

    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0

    def add(self, size: int, seconds: float) -> None:
        """Count one answer."""
        self.requests += 1
        self.bytes += size
        self.seconds += seconds


@dataclass
class Tally:
    """The report of a crawl as it grows. The first reason to end is the one that is told."""

    report: CrawlReport
    listings_read: int = 0
    parsed: int = 0
    not_articles: int = 0
    astray: int = 0
    """Pages that were another article than the one asked for."""
    ended: bool = False
    _unreachable: int = 0

    def count(self, name: str, by: int = 1) -> None:
        """Add to one of the report's counters."""
        self.report = replace(self.report, **{name: getattr(self.report, name) + by})

    def note(self, error: PageError, counter: str) -> None:
        """Count a problem and keep it for the report."""
        self.count(counter)
        problem = Problem(error.url, error.reason, error.detail)
        self.report = replace(self.report, problems=(*self.report.problems, problem))
        self._unreachable = self._unreachable + 1 if isinstance(error, Unreachable) else 0
        if self._unreachable >= UNREACHABLE_IN_A_ROW:
            self.end("failed", f"{self._unreachable} failures in a row, the last: {error.detail}")

    def answered(self) -> None:
        """Note that a host answered: failures before it were not in a row."""
        self._unreachable = 0

    def end(self, outcome: Outcome, detail: str) -> None:
        """End the crawl early."""
        if not self.ended:
            self.report = replace(self.report, outcome=outcome, detail=detail)
        self.ended = True

    @property
    def judged(self) -> int:
        """How many pages of articles there are to judge by."""
        return self.parsed + self.report.quarantined + self.astray + self.not_articles

    def verdict(self, at: datetime, still_open: int) -> CrawlReport:
        """Return the report of the whole crawl."""
        if not self.ended:
            self._judge()
        return replace(self.report, finished_at=at, open=still_open)

    def _judge(self) -> None:
        unreadable = self.report.quarantined + self.astray
        if not self.parsed and self.not_articles >= NO_TEXT_LEAST:
            unreadable += self.not_articles
        fetched = self.parsed + unreadable
        if not self.listings_read:
            problems = self.report.problems
            self.end("failed", problems[-1].detail if problems else "no listing could be read")
        elif unreadable >= DRIFT_LEAST and unreadable > DRIFT_SHARE * fetched:
            self.end("drift", f"{unreadable} of {fetched} articles could not be read")
