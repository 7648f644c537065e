"""The headline: what the newsroom wrote for readers, as the page prints it, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.extract.headline_site import key_of, site_keys, without_site
from pipeline.extract.witnesses import Witnesses, short_text
from pipeline.select import Node

__all__ = ["key_of", "read_headline"]

_LONGEST = 500
_SURE = 2.5
"""Votes of witnesses from which on they outweigh a title for sharing that has no word of theirs."""
_QUOTES = re.compile(r"[\"'“”‘’„«»「」『』《》]")
_TRAIL_TAGS = frozenset({"nav", "ol", "ul", "li"})
_TRAIL_UP, _SECOND_MOST = 4, 40


@dataclass(frozen=True, slots=True)
class _Claim:
    name: str
    text: str
    key: str
    weight: float
    rank: int  # whose form is printed where several agree
    signed: bool = False  # with the site's name, before it was taken off


def read_headline(witnesses: Witnesses) -> tuple[str, tuple[str, ...]]:
    """Return the headline and the warnings about a heading that contradicts it.

    The title for sharing is the one that a newsroom writes for readers; the heading may carry a kicker, the
    title and the data words for search engines. It loses where it is cut or of another thing, and where it
    shows that a program filled it in.
    """
    claims = {claim.name: claim for claim in _claims(witnesses)}
    if not claims:
        return "", ()
    if len({claims[name].key for name in ("og", "data", "heading") if name in claims}) > 1:
        claims = _without_trail(witnesses, claims)
    best = _chosen(witnesses, claims)
    agreeing = sorted((c for c in claims.values() if c.key == best), key=lambda c: c.rank)
    chosen = max(agreeing, key=lambda c: len(_QUOTES.findall(c.text))).text
    heading = claims.get("heading")
    if heading and heading.key != best:
        return chosen, (f"the page's heading says {heading.text[:120]!r}",)
    return chosen, ()


def _without_trail(witnesses: Witnesses, claims: dict[str, _Claim]) -> dict[str, _Claim]:
    """Take a first heading at the end of a breadcrumb for the title that it is.

    What readers see there is a heading of second rank. It counts where the data say the same to the letter;
    else it may hold a kicker.
    """
    heading, data = claims.get("heading"), claims.get("data")
    if heading is None:
        return claims
    said = _heading(witnesses)
    in_trail = (node for node in witnesses.tree.css("h1") if _in_trail(node))
    if not any(short_text(node, _LONGEST) == said for node in in_trail):
        return claims
    kept = claims | {"trail": replace(heading, name="trail")}
    del kept["heading"]
    if data and data.text in _second(witnesses):
        kept["heading"] = replace(data, name="heading", weight=heading.weight, rank=heading.rank)
    return kept


def _second(witnesses: Witnesses) -> Iterator[str]:
    for node in witnesses.tree.css("h2")[:_SECOND_MOST]:
        if said := short_text(node, _LONGEST):
            yield said


def _in_trail(node: Node) -> bool:
    at = node.parent
    for _ in range(_TRAIL_UP):
        if at is None or at.tag in {"article", "main", "body"}:
            return False
        if at.tag in _TRAIL_TAGS or "crumb" in (at.attributes.get("class") or "").lower():
            return True
        at = at.parent
    return False


def _chosen(witnesses: Witnesses, claims: Mapping[str, _Claim]) -> str:
    shared = claims.get("og")
    if shared is None:
        return max((claim.key for claim in claims.values()), key=lambda key: _votes(claims, key))
    longer = claims.get("heading") or claims.get("trail") or claims.get("title")
    if longer is not None and _is_cut(shared.text, longer.text):
        return longer.key
    data, heading, meta = (claims.get(name) for name in ("data", "heading", "meta"))
    if data is None or data.key in {"", shared.key}:
        return shared.key
    if meta and meta.key == data.key and not (heading and heading.key == shared.key):
        return data.key  # the two fields that newsroom systems fill with the headline itself
    if heading is None or heading.key != data.key:
        return shared.key
    if _yields(claims) or _is_alone(witnesses, claims):
        return data.key
    return shared.key


def _votes(claims: Mapping[str, _Claim], key: str) -> float:
    return sum(claim.weight for claim in claims.values() if claim.key == key)


def _yields(claims: Mapping[str, _Claim]) -> bool:
    """Does the title for sharing give way to a heading that is also in the data?"""
    shared, heading = claims["og"], claims["heading"]
    own = shared.key
    if heading.key in own:  # a kicker in front
        return True
    if _votes(claims, heading.key) >= _SURE and not _words(shared.text) & _words(heading.text):
        return True
    if shared.signed:  # a program put the title and the site's name together
        return True
    if not {"trail", "title"} <= claims.keys():
        return False
    return own == claims["trail"].key == claims["title"].key  # one title for all machines


def _is_alone(witnesses: Witnesses, claims: Mapping[str, _Claim]) -> bool:
    """Does nothing on the page repeat the title for sharing: no field, no heading behind its kicker?"""
    own = claims["og"].key
    others = ("heading", "twitter", "meta", "title")
    if any(own in claims[name].key for name in others if name in claims):
        return False
    return not any(key_of(said).endswith(own) for said in _second(witnesses))


def _is_cut(text: str, other: str) -> bool:
    """Does another witness go on where this one ends: at a quote inside an attribute, or at an ellipsis?"""
    if len(text) >= len(other):
        return False
    bare = text.rstrip(" .…")
    if not other.startswith(bare):
        return False
    return bare != text.rstrip() or other[len(bare) :].lstrip()[:1] in tuple("\"“”'")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{4,}", text.casefold()))


def _claims(witnesses: Witnesses) -> Iterator[_Claim]:
    head, data = witnesses.head, witnesses.data
    sites = site_keys(witnesses.sites)
    printed = [
        ("og", head.first("og:title"), 1.1, 0),
        ("data", data.headline, 1.2, 2),
        ("heading", _heading(witnesses), 1.0, 1),
        ("item", next(iter(witnesses.items.get("headline", ())), None), 0.5, 3),
        ("twitter", head.first("twitter:title"), 0.3, 4),
        ("title", witnesses.title, 0.4, 6),
        (
            "meta",
            head.first("headline", "title", "dc.title", "parsely-title", "sailthru.title"),
            0.3,
            5,
        ),
    ]
    said = [text for _, text, _, _ in printed if text and len(text) <= _LONGEST]
    bare: dict[str, str] = {}
    for name, text, weight, rank in printed:
        if not text or len(text) > _LONGEST:
            continue
        if text not in bare:
            # What the data call the headline ends with the site's name only where that name is known.
            others = () if text == data.headline else said
            bare[text] = without_site(text, others, sites)
        if own := bare[text]:
            yield _Claim(name, own, key_of(own), weight, rank, own != text)


def _heading(witnesses: Witnesses) -> str | None:
    """Return the heading that says most of what the head says; a lone logo says none of it."""
    head, data = witnesses.head, witnesses.data
    stated = [key_of(t) for t in (head.first("og:title"), data.headline, witnesses.title) if t]
    best, found = 0, None
    for heading in witnesses.headings:
        key = key_of(heading)
        likeness = max((_common(key, other) for other in stated), default=0)
        if likeness > best:
            best, found = likeness, heading
    if found is not None and best * 2 >= min(len(key_of(found)), 40):
        return found
    return witnesses.headings[0] if not stated and witnesses.headings else None


def _common(a: str, b: str) -> int:
    """Count the characters that two keys share from an end, or wholly."""
    if a in b:
        return len(a)
    if b in a:
        return len(b)
    ahead = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
    behind = next((i for i, (x, y) in enumerate(zip(a[::-1], b[::-1], strict=False)) if x != y), 0)
    return max(ahead, behind)
