"""What lies in a file: pages to be read, and records that are passed over with a word why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

FoundKind = Literal["response", "resource", "html", "mhtml", "line"]
"""An answer of a server with its head apart, a document as it was archived, a saved page, a line of JSON."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page as it lies in a file. `url` is empty where only the page itself may tell it.

    `position` is the byte at which its record begins (of a compressed file, where its member does), `number`
    which record it is, from 1; `name` is its file's within a folder. `fetched_at` is that of its file where
    only the page itself may tell it.
    """

    kind: FoundKind
    position: int
    number: int
    body: bytes = field(repr=False)
    fetched_at: datetime
    url: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that is no page for us; `outcome` is counted. `damage` says what is wrong with the file here."""

    outcome: str
    position: int
    number: int
    damage: str = ""
    name: str | None = None


Item: TypeAlias = Found | Passed


@dataclass(frozen=True, slots=True)
class Start:
    """Where to begin: behind the `number`-th record, which lies at `position`; 0 is the file's beginning."""

    position: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Only:
    """Which pages are wanted, as far as it is known before they are parsed.

    Args:
        since: fetched then or later.
        until: fetched before.
        domains: hosts, each with all its subdomains; empty for all.
        latest: pages that claim to be fetched later are of a clock that was wrong.
    """

    since: datetime | None = None
    until: datetime | None = None
    domains: tuple[str, ...] = ()
    latest: datetime | None = None

    def refusal(self, url: str, at: datetime | None) -> str | None:
        """Return why a page is not wanted, as it is counted; None for one that is."""
        if at is not None:
            if at.year < _EARLIEST or (self.latest is not None and at > self.latest):
                return "bad_date"
            if (self.since and at < self.since) or (self.until and at >= self.until):
                return "other_time"
        if self.domains and url and not self._is_of_a_domain(url):
            return "other_domain"
        return None

    def _is_of_a_domain(self, url: str) -> bool:
        try:
            host = (urlsplit(url).hostname or "").rstrip(".")
        except ValueError:
            return False
        return any(host == name or host.endswith(f".{name}") for name in self.domains)


_EARLIEST = 1990
EVERYTHING = Only()


def header(headers: tuple[tuple[bytes, bytes], ...], name: bytes) -> str:
    """Return the first header of this lower-case name, empty where there is none."""
    return next((v.decode("latin-1") for k, v in headers if k.lower() == name), "").strip()
