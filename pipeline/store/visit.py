"""One visit, and how its page was when it was last read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from pipeline.store.times import moment


@dataclass(frozen=True, slots=True)
class Seen:
    """How the page was when it was last read: its validators, and the hash of its bytes."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


NEVER_SEEN = Seen()


@dataclass(frozen=True, slots=True)
class Visit:
    """One URL to look at."""

    article_id: str
    source: str
    url: str
    listed_url: str
    state: str
    tries: int
    first_listed_at: datetime
    seen: Seen
    published_at: datetime | None = None
    backfill_day: date | None = None
    """The day of the past that it was listed under, where a backfill is to fetch it."""

    @property
    def since(self) -> datetime:
        """From when on its age counts: when it was first listed, or the end of the day of the past."""
        day = self.backfill_day
        return datetime.combine(day, time.max, UTC) if day else self.first_listed_at


def visit_of(row: dict[str, Any]) -> Visit:
    """Return the visit of a row."""
    day = row["backfill_day"]
    return Visit(
        article_id=row["article_id"],
        source=row["source"],
        url=row["url"],
        listed_url=row["listed_url"],
        state=row["state"],
        tries=row["tries"],
        first_listed_at=moment(row["first_listed_at"]),
        seen=Seen(row["etag"], row["last_modified"], row["body_hash"]),
        published_at=moment(row["published_at"]),
        backfill_day=date.fromisoformat(day) if day else None,
    )
