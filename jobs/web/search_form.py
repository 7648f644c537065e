"""What an address of the search asks for; whatever stands in it, something sound comes out, in one order."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Self, get_args
from urllib.parse import parse_qsl, urlencode

from pipeline.records import Use
from pipeline.store.filters import USES, Only
from pipeline.store.storable import storable

PAGES = 50
"""So far one can leaf; who wants more narrows the search."""
PER_PAGE = 20
LONGEST_VALUE = 200
"""Characters of a source, publisher, section or author in an address; a longer one is not offered."""
WITHIN = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
_LONGEST_QUERY = 1_000
_DAY = re.compile(r"(?:19|20|21)\d\d-\d\d-\d\d", re.ASCII)
_NAMES = ("source", "publisher", "section", "author")
_DAYS = ("day", "since", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A search. Empty is for not asked; `rights` are pairs of a use and its value, a use once."""

    q: str = ""
    source: str = ""
    publisher: str = ""
    section: str = ""
    author: str = ""
    rights: tuple[tuple[str, str], ...] = ()
    day: date | None = None
    within: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = ""
    page: int = 1

    @classmethod
    def read(cls, query_string: str) -> Self:
        """Return what a query string asks for; what is unknown or makes no sense is passed over."""
        given = parse_qsl(query_string, keep_blank_values=True)
        said = {name: storable(value) for name, value in given}
        q = said.get("q", "").strip()[:_LONGEST_QUERY].strip()
        within, page = said.get("within", ""), said.get("page", "")
        texts: dict[str, Any] = {name: said.get(name, "")[:LONGEST_VALUE] for name in _NAMES}
        days = {name: _day(said.get(name, "")) for name in _DAYS}
        return cls(
            q=q,
            rights=_rights(value for name, value in given if name == "rights"),
            within=within if within in WITHIN else "",
            sort="newest" if q and said.get("sort") == "newest" else "",
            page=_page(page),
            **texts | days,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Return names and values as they stand in the address."""
        rights = [("rights", f"{use}:{value}") for use, value in self.rights]
        days: dict[str, Any] = {name: getattr(self, name) for name in _DAYS}
        said = [
            ("q", self.q),
            *((name, getattr(self, name)) for name in _NAMES),
            *rights,
            ("day", days["day"] and days["day"].isoformat()),
            ("within", self.within),
            ("since", days["since"] and days["since"].isoformat()),
            ("until", days["until"] and days["until"].isoformat()),
            ("sort", self.sort),
            ("page", str(self.page) if self.page > 1 else ""),
        ]
        return [(name, value) for name, value in said if value]

    def is_written_so(self, query_string: str) -> bool:
        """Is this the one query string of this search, but for parameters that are not ours?"""
        ours = {"q", *_NAMES, "rights", *_DAYS, "within", "sort", "page"}
        given = parse_qsl(query_string, keep_blank_values=True)
        return [pair for pair in given if pair[0] in ours] == self.pairs()

    def url(self, path: str = "/search", **changes: Any) -> str:
        """Return the address of this search with changes; it begins on its first page."""
        pairs = replace(self, **({"page": 1} | changes)).pairs()
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def feed(self, path: str) -> str:
        """Return the address of a feed of what is found: order and page are nothing to it."""
        return self.url(path, sort="")

    def with_right(self, use: str, value: str | None) -> Self:
        """Return the search, on its first page, with this value for a use, None for any."""
        asked = dict(self.rights) | {use: value}
        rights = tuple((name, said) for name in USES if (said := asked.get(name)))
        return replace(self, rights=rights, page=1)

    def only(self, now: datetime) -> Only:
        """Return what hits are limited to; days are of the zone of the current time."""
        zone = now.tzinfo
        since, until = [], []
        if self.day:
            since.append(_begin(self.day, zone))
            until.append(_begin(self.day + timedelta(days=1), zone))
        if self.since:
            since.append(_begin(self.since, zone))
        if self.until:
            until.append(_begin(self.until + timedelta(days=1), zone))
        if self.within:
            since.append(now - WITHIN[self.within])
        return Only(
            since=max(since, default=None),
            until=min(until, default=None),
            rights=dict(self.rights),
            **{name: getattr(self, name) or None for name in _NAMES},
        )


def _begin(day: date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, time(), zone)


def _rights(said: Any) -> tuple[tuple[str, str], ...]:
    pairs = (value.partition(":")[::2] for value in said)
    known = {use: value for use, value in pairs if use in USES and value in get_args(Use)}
    return tuple((use, known[use]) for use in USES if use in known)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if _DAY.fullmatch(said) else None
    except ValueError:
        return None


def _page(said: str) -> int:
    if not re.fullmatch(r"\d+", said, re.ASCII):
        return 1
    return min(max(int(said[:9]), 1), PAGES)
