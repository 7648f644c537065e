"""How much of the daily quota of Naver's search is used, for `gisa status` and `gisa doctor`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pipeline.config import Config
from pipeline.store.hosts import Hosts
from pipeline.urls import authority

NEARLY = 0.8
"""Share of the calls of a day from which on it is worth a word."""
_DAY = timedelta(days=1)


def naver_calls(config: Config, hosts: Hosts, now: datetime) -> dict[str, Any] | None:
    """Return today's calls (Korean time), how many there may be, and a sentence; None without such a source."""
    asking = [it for it in config.sources.values() if it.kind == "naver_search"]
    if not asking:
        return None
    # only where a source asks: what fetches loads slowly
    from pipeline.fetch.naver import korean_day

    made = hosts.calls(authority(config.naver.address), korean_day(now))
    most = config.naver.daily_calls
    said = f"Naver's search: {made} of {most} calls made today (Korean time)"
    return {
        "calls_today": made,
        "daily_calls": most,
        "nearly_used_up": made >= NEARLY * most,
        "said": said + (": nearly used up" if made >= NEARLY * most else ""),
    }


def planned(config: Config) -> int:
    """Return how many calls a day the intervals of enabled sources come to, one a query and look."""
    return sum(
        len(it.listings) * (_DAY // it.every)
        for it in config.sources.values()
        if it.kind == "naver_search" and it.enabled and it.every
    )
