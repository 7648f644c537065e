"""Hosts that do not answer: after some failures in a row they are not asked for every single page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.errors import Unreachable
from pipeline.urls import authority

_IN_A_ROW = 3
LEFT_ALONE = timedelta(minutes=1)
"""Short: it must spare the many pages and sources of one run, not outlast the outage."""
LONGEST_LEFT_ALONE = timedelta(minutes=10)
"""What it grows to, doubling with each further series of failures."""

_NO_ANSWER = frozenset({"dns", "connect", "tls", "timeout"})


@dataclass(frozen=True, slots=True)
class _Failures:
    times: int
    last: Unreachable
    last_at: datetime


class Outages:
    """What this process knows of hosts that are down."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._failures: dict[str, _Failures] = {}

    def refuse(self, url: str) -> None:
        """Raise at once what the host would make us wait for.

        Raises:
            Unreachable: the last requests to the host failed, the last of them a moment ago.
        """
        known = self._failures.get(authority(url))
        if known is None or known.times < _IN_A_ROW:
            return
        if timedelta(0) <= self._clock() - known.last_at < LEFT_ALONE:
            detail = f"not asked after {known.times} failures in a row: {known.last.detail}"
            raise Unreachable(url, "connect", detail)  # this page is not to blame

    def failed(self, url: str, error: Unreachable) -> bool:
        """Note a request without an answer; one that broke off came from a host that is there.

        Returns whether the host is to be left alone from now on.
        """
        host = authority(url)
        if error.reason in _NO_ANSWER:
            times = self._failures[host].times + 1 if host in self._failures else 1
            self._failures[host] = _Failures(times, error, self._clock())
            return times >= _IN_A_ROW
        self.answered(url)
        return False

    def answered(self, url: str) -> None:
        """Note an answer, of whatever kind."""
        self._failures.pop(authority(url), None)
