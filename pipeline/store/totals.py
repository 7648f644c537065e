"""What all runs came to, and how much room things take: what a monitor asks for, at little cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.store.connection import Connection
from pipeline.store.runs import CRAWLS
from pipeline.store.times import moment


@dataclass(frozen=True)
class Totals:
    """Tables `run_totals`, `run_durations`, `problem_totals`; sums over tables that are small or indexed."""

    store: Connection

    def runs(self) -> list[dict[str, Any]]:
        """Return a row for each source and outcome that its crawls had; runs that did not run are none."""
        return self.store.rows(
            f"SELECT * FROM run_totals WHERE {CRAWLS} ORDER BY source, outcome"  # noqa: S608
        )

    def durations(self) -> list[dict[str, Any]]:
        """Return how many runs of each source took at most `within` seconds and more than the bound before.

        `within` is 0 for those that took longer than the largest bound.
        """
        return self.store.rows("SELECT * FROM run_durations ORDER BY source, within")

    def problems(self) -> list[dict[str, Any]]:
        """Return how often each source met each reason."""
        return self.store.rows("SELECT * FROM problem_totals ORDER BY source, reason")

    def last_good(self) -> dict[str, datetime]:
        """Return when the last run of each source ended that went well."""
        found = self.store.rows(
            "SELECT source, last_finished_at AS at FROM run_totals"
            " WHERE outcome = 'ok' AND last_finished_at NOT NULL"
        )
        return {row["source"]: moment(row["at"]) for row in found}

    def quarantined(self) -> dict[str, int]:
        """Return how many pages of each source are in quarantine."""
        found = self.store.rows("SELECT source, count(*) AS n FROM quarantine GROUP BY source")
        return {row["source"]: row["n"] for row in found}

    def kept_pages(self) -> tuple[int, int]:
        """Return how many pages are kept, and the bytes that they take packed."""
        (row,) = self.store.rows("SELECT count(*) AS n, total(packed) AS packed FROM pages")
        return int(row["n"]), int(row["packed"])
