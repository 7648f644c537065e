"""What was asked of each host, and under which rule of its robots.txt."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from pipeline.store import Store


def hosts(store: Store, now: datetime) -> list[dict[str, Any]]:
    """Return a row per host that was ever asked, as `gisa status --format json` prints it."""
    from pipeline.fetch.robots_text import described  # only where there is something to describe

    robots = {urlsplit(it["origin"]).netloc: it for it in store.hosts.all_robots()}
    today = f"{now.astimezone(UTC):%F}"
    found = []
    for host in store.hosts.all():
        rules = robots.get(host["authority"])
        found.append(
            {
                "authority": host["authority"],
                "requests": host["requests"],
                "requests_today": host["requests_that_day"] if host["day"] == today else 0,
                "last_request_at": host["last_request_at"],
                "last_url": host["last_url"],
                "failures": host["failures"],
                "retry_at": _unless_past(host["retry_at"], now),
                "robots": described(rules["status"], rules["text"]) if rules else None,
                "robots_at": rules["fetched_at"] if rules else None,
            }
        )
    return found


def _unless_past(unix: float, now: datetime) -> str | None:
    at = datetime.fromtimestamp(unix, UTC)
    return at.isoformat(timespec="seconds") if at > now else None
