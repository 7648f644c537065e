"""The sources as they were configured when they last ran: what the other tables refer to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.records import Source
from pipeline.store.connection import Connection
from pipeline.store.times import stamp

_REMEMBER = """
    INSERT INTO sources (name, portal, kind, listings, schedule, enabled, permission, updated_at)
    VALUES (:name, :portal, :kind, :listings, :schedule, :enabled, :permission, :updated_at)
    ON CONFLICT (name) DO UPDATE SET portal = excluded.portal, kind = excluded.kind,
        listings = excluded.listings, schedule = excluded.schedule, enabled = excluded.enabled,
        permission = excluded.permission, updated_at = excluded.updated_at
"""


@dataclass(frozen=True)
class Sources:
    """Table `sources`."""

    store: Connection

    def is_known(self, name: str) -> bool:
        """Was a source of this name ever used?"""
        return bool(self.store.rows("SELECT 1 FROM sources WHERE name = ?", [name]))

    def known(self) -> list[dict[str, Any]]:
        """Return every source that was ever used, by name: its row, `listings` as a list."""
        rows = self.store.rows("SELECT * FROM sources ORDER BY name")
        return [row | {"listings": json.loads(row["listings"])} for row in rows]

    def remember(self, source: Source, at: datetime) -> None:
        """Write down the source's settings; unchanged ones cost no write."""
        row = {
            "name": source.name,
            "portal": source.portal,
            "kind": source.kind,
            "listings": json.dumps(source.listings),
            "schedule": _schedule(source),
            "enabled": int(source.enabled),
            "permission": source.permission,
        }
        found = self.store.rows("SELECT * FROM sources WHERE name = ?", [source.name])
        if found and {**found[0], **row} == found[0]:
            return
        with self.store.writing() as db:
            db.execute(_REMEMBER, {**row, "updated_at": stamp(at)})

    def is_scheduled_as(self, source: Source) -> bool:
        """Had the source the schedule that it has now when it was remembered last?"""
        rows = self.store.rows("SELECT schedule FROM sources WHERE name = ?", [source.name])
        return bool(rows) and rows[0]["schedule"] == _schedule(source)


def _schedule(source: Source) -> str | None:
    return source.cron or (str(source.every) if source.every else None)
