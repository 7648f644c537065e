"""Is this the same article, or a copy of its text? Likeness of Korean texts by the syllables they share.

Why each figure is what it is, and what they give on a labelled set: docs/stories.md.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from operator import eq
from typing import Literal
from urllib.parse import urlsplit

from rensa import RMinHash

from pipeline.boilerplate import trim
from pipeline.urls import without_tracking

Relation = Literal["same", "copy"]

VERSION = 1
"""Of the sketches: another way to cut, to hash or to slice needs another number, so that stored sketches are
made anew. Version 1 is R-MinHash 2 (rensa 0.5) with the figures below."""
_ALGORITHM, _SEED, _SLOTS = 2, 20260927, 128
_SLICE = 3  # slots a band: two texts that share half their shingles meet in one of 42 bands 199 times of 200
_SHINGLE = 8  # syllables
LONG = 80
"""Syllables. Below, likeness says little: a photo's caption, a flash, a notice of the day."""

COPIED = 0.5
"""Share of the shorter text's shingles that must stand in the longer one."""
COPIED_OF_BOTH = 0.2
"""Share of the shingles of both: a round-up that quotes a short piece whole is no copy of it."""
FIGURES = 0.6
"""Share of the figures that must agree: tomorrow's market report has today's words, and other figures."""
_MOST = 50_000
"""Characters of a text that are compared: a page of a thousand copies of itself must not cost seconds."""
NEARLY_ALL = 0.8
SAME_HEADLINE = 0.4
SAME_LINK = 0.2
WINDOW = timedelta(days=7)
"""A text is compared with those that were first seen, and published, at most this much before or after."""
_AT_ONCE = timedelta(hours=12)
"""Portals show an article within the hour; what has the same headline every day is a day apart."""
_FIGURES_ENOUGH = 4

_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*\s?\w?")
_NO_LETTER = re.compile(r"[\W_]+")
_LEAD = re.compile(
    r"\s*[\[(【〈<][^\])】〉>\n]{2,40}[\])】〉>]\s*"
    r"(?:[가-힣]{2,5}(?:[·,\s]+[가-힣]{2,5}){0,4}\s*(?:선임)?(?:기자|특파원|통신원|논설위원))?\s*[=＝:]?\s*"
)
_SAYS_WHO = re.compile(r"[=＝]|기자|특파원|통신|뉴스|신문|일보|방송")
_AGENCIES = re.compile(
    r"연합뉴스(?:TV)?|뉴시스|뉴스1|뉴스핌|뉴스원|로이터|AFP|AP통신|신화통신|교도통신"
)
_PRESS_ENDINGS = ("신문사", "신문", "뉴스", "닷컴", "온라인")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is compared of a text: how many syllables, which shingles, which figures with what they count."""

    syllables: int
    shingles: frozenset[str]
    figures: frozenset[str]

    @property
    def is_long(self) -> bool:
        """Is there enough of it to be compared with any other text?"""
        return self.syllables >= LONG


@dataclass(frozen=True, slots=True)
class Told:
    """One article as far as its identity goes. The keys are 63-bit numbers, None where there is nothing."""

    portal: str
    publisher: str
    headline: str
    url: str | None
    at: datetime
    wording: Wording

    @property
    def url_key(self) -> int | None:
        """Number of its address at the publisher."""
        return _number(self.url) if self.url else None

    @property
    def headline_key(self) -> int | None:
        """Number of publisher and headline."""
        known = self.publisher and self.headline
        return _number(f"{self.publisher}\n{self.headline}") if known else None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two texts share, from 0 to 1: of the shorter one, of both, and of the figures."""

    of_shorter: float
    of_both: float
    figures: float


NOTHING = Likeness(0.0, 0.0, 0.0)


def wording(text: str, publisher: str | None = None) -> Wording:
    """Cut a text into what is compared: letters and digits only, without leads, sign-offs and agencies."""
    lines = text[:_MOST].split("\n")
    lines = trim(lines, publisher=publisher).text or lines
    lines[0] = _without_lead(lines[0])
    bare = _AGENCIES.sub("", unicodedata.normalize("NFKC", "\n".join(lines)))
    letters = _NO_LETTER.sub("", bare).casefold()
    shingles = {letters[i : i + _SHINGLE] for i in range(max(1, len(letters) - _SHINGLE + 1))}
    figures = {_NO_LETTER.sub("", found).casefold() for found in _FIGURE.findall(bare)}
    return Wording(len(letters), frozenset(shingles - {""}), frozenset(figures))


def _without_lead(line: str) -> str:
    lead = _LEAD.match(line)
    return line[lead.end() :] if lead and _SAYS_WHO.search(lead[0]) else line


def likeness(one: Wording, other: Wording) -> Likeness:
    """Compare two texts exactly."""
    common = len(one.shingles & other.shingles)
    if not common:
        return NOTHING
    sizes = len(one.shingles), len(other.shingles)
    few, many = sorted((one.figures, other.figures), key=len)
    figures = len(few & many) / len(few) if len(few) >= _FIGURES_ENOUGH else 1.0
    return Likeness(common / min(sizes), common / (sum(sizes) - common), figures)


def relation(new: Told, known: Told) -> tuple[Relation, Likeness] | None:
    """Return how an article stands to another one, None for not at all. Precision goes before recall."""
    like = likeness(new.wording, known.wording)
    one_press = bool(new.publisher) and new.publisher == known.publisher
    one_headline = bool(new.headline) and new.headline == known.headline
    if new.url and new.url == known.url and (one_headline or like.of_shorter >= SAME_LINK):
        return "same", like
    apart = abs(new.at - known.at)
    if apart > WINDOW:
        return None
    # one portal gives an article one number: two numbers there are two articles
    elsewhere = one_press and new.portal != known.portal
    at_once = elsewhere and one_headline and apart <= _AT_ONCE
    if not (new.wording.is_long and known.wording.is_long):
        figures_too = new.wording.figures == known.wording.figures
        return ("same", like) if at_once and like.of_both >= NEARLY_ALL and figures_too else None
    if like.figures < FIGURES:
        return None
    text_too = elsewhere and min(like.of_both, like.figures) >= NEARLY_ALL
    if text_too or (at_once and like.of_shorter >= SAME_HEADLINE):
        return "same", like
    # what a newsroom fills in every day is its own form: of its own texts nearly all must be there
    enough = NEARLY_ALL if one_press else COPIED
    is_copy = like.of_shorter >= enough and like.of_both >= COPIED_OF_BOTH
    return ("copy", like) if is_copy else None


def sketch(told: Wording) -> bytes:
    """Return the MinHash sketch of a text: 128 numbers of 16 bits, the same on every machine.

    Raises:
        RuntimeError: the library hashes otherwise than the stored sketches were made.
    """
    if RMinHash.ALGORITHM_VERSION != _ALGORITHM:
        raise RuntimeError(
            f"rensa has R-MinHash {RMinHash.ALGORITHM_VERSION}, sketches of version {VERSION} need "
            f"{_ALGORITHM}: install what requirements/runtime.txt lists"
        )
    hashed = RMinHash(num_perm=_SLOTS, seed=_SEED)
    hashed.update(list(told.shingles))  # of a str it takes the bytes in UTF-8
    return struct.pack(f">{_SLOTS}H", *(slot & 0xFFFF for slot in hashed.digest()))


def bands(packed: bytes) -> list[int]:
    """Return the numbers under which a sketch is found: like texts have one of them in common."""
    width = 2 * _SLICE
    return [
        number << 48 | int.from_bytes(packed[number * width : (number + 1) * width], "big")
        for number in range(_SLOTS // _SLICE)
    ]


def shared(one: bytes, other: bytes) -> float:
    """Estimate from two sketches which share of the shingles of both they have in common."""
    form = f">{_SLOTS}H"
    equal: int = sum(map(eq, struct.unpack(form, one), struct.unpack(form, other)))
    return equal / _SLOTS


def of_shorter(of_both: float, sizes: Sequence[int]) -> float:
    """Return the share of the smaller set that follows from the share of both."""
    return of_both / (1 + of_both) * sum(sizes) / max(1, min(sizes))


def publisher_key(name: str | None) -> str:
    """Fold a publisher's name: portals write 한겨레 and 한겨레신문, ㈜ and not."""
    bare = unicodedata.normalize("NFKC", name or "").replace("(주)", "").replace("주식회사", "")
    folded = _NO_LETTER.sub("", bare).casefold()
    for ending in _PRESS_ENDINGS:
        if folded.endswith(ending) and len(folded) >= len(ending) + 2:
            return folded.removesuffix(ending)
    return folded


def headline_key(headline: str) -> str:
    """Fold a headline: its letters and digits."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", headline)).casefold()


def url_of(original: str | None, canonical: str) -> str | None:
    """Return one form of the article's address at its publisher, or at the portal where that is unknown.

    None where the address may well be that of a whole site: no figure in it, and no long last part.
    """
    try:
        parts = urlsplit(without_tracking(original or canonical))
    except ValueError:
        return None
    host = re.sub(r"^(?:www|m|mobile|amp)\.", "", parts.netloc)
    path = re.sub(r"/amp$", "", parts.path.rstrip("/"))
    query = "&".join(sorted(filter(None, parts.query.split("&"))))
    last = path.rpartition("/")[2]
    if not re.search(r"\d{3}", path + query) and len(last) < 2 * len("article"):
        return None
    return f"{host}{path}?{query}"


def _number(said: str) -> int:
    digest = blake2b(said.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
