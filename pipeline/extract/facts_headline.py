"""The headline: what most witnesses agree on, as the page prints it, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.extract.witnesses import Witnesses

_SEPARATOR = r"\s*(?:\s[|\-–—−:·•»«/<>~›‹]+\s|[|ㅣ｜│»›«‹‐]|::|：|--)\s*"
_LAST = re.compile(rf"(?P<sep>{_SEPARATOR})(?P<tail>(?:(?!{_SEPARATOR}).)+)$")
_FIRST = re.compile(rf"^(?P<front>(?:(?!{_SEPARATOR}).)+?)(?P<sep>{_SEPARATOR}|[:：]\s)")
_REST = re.compile(r"^\s*[|\-–—−:·•»«/<>~›‹ㅣ｜│(\[]")
_HARD_REST = re.compile(r"^\s*[|»›ㅣ｜│]|^\s?-\S|^\s[-–—]\s")
_NO_WORD = re.compile(r"[\W_]+")
_SHORTEST, _SITE_LONGEST = 8, 40
_LONGEST = 500
_SURE = 2.5
"""Votes of witnesses from which on they outweigh a title for sharing that has no word of theirs."""
_QUOTES = re.compile(r"[\"'“”‘’„«»「」『』《》]")


@dataclass(frozen=True, slots=True)
class _Claim:
    name: str
    text: str
    weight: float
    rank: int  # whose form is printed where several agree


def read_headline(witnesses: Witnesses) -> tuple[str, tuple[str, ...]]:
    """Return the headline and the warnings about a heading that contradicts it.

    The title for sharing is the one that a newsroom writes for readers; the heading may carry a kicker, the
    title and the data words for search engines. It loses where it is cut or is of another thing.
    """
    claims = list(_claims(witnesses))
    if not claims:
        return "", ()
    best = _chosen(claims)
    agreeing = sorted((c for c in claims if key_of(c.text) == best), key=lambda c: c.rank)
    chosen = max(agreeing, key=lambda c: len(_QUOTES.findall(c.text))).text
    heading = next((c.text for c in claims if c.name == "heading"), None)
    if heading and key_of(heading) != best:
        return chosen, (f"the page's heading says {heading[:120]!r}",)
    return chosen, ()


def _chosen(claims: Sequence[_Claim]) -> str:
    votes: dict[str, float] = {}
    for claim in claims:
        votes[key_of(claim.text)] = votes.get(key_of(claim.text), 0.0) + claim.weight
    consensus = max(votes, key=lambda key: votes[key])
    shared = next((c.text for c in claims if c.name == "og"), None)
    by_name = {claim.name: claim.text for claim in claims}
    heading, data = by_name.get("heading"), by_name.get("data")
    longer = heading or by_name.get("title")
    if shared is not None and longer is not None and _is_cut(shared, longer):
        return key_of(longer)
    if shared is None or key_of(shared) == consensus:
        return consensus
    agreed = {key_of(text) for text in (heading, data) if text}
    if heading and data and len(agreed) == 1:
        key = agreed.pop()
        words = _words(shared) & _words(heading)
        if key in key_of(shared) or (not words and votes[key] >= _SURE):
            return key
    return key_of(shared)


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


def key_of(text: str) -> str:
    """Return what of a headline counts when two are compared."""
    return _NO_WORD.sub("", text.casefold())


def _claims(witnesses: Witnesses) -> Iterator[_Claim]:
    head, data = witnesses.head, witnesses.data
    sites = frozenset(filter(None, map(key_of, witnesses.sites)))
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
    for name, text, weight, rank in printed:
        if text and len(text) <= _LONGEST and (bare := without_site(text, said, sites)):
            yield _Claim(name, bare, weight, rank)


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


def without_site(text: str, others: Sequence[str], sites: frozenset[str]) -> str:
    """Take the site's name off a title: known by its own statements, or by a witness without it."""
    for _ in range(4):
        shorter = _shorter(text, others, sites)
        if shorter == text:
            break
        text = shorter
    return text


def _shorter(text: str, others: Sequence[str], sites: frozenset[str]) -> str:
    match = _LAST.search(text)
    if match and match.start() and _is_site(match.group("tail"), sites):
        return text[: match.start()].rstrip()
    match = _FIRST.match(text)
    if match and len(text) - match.end() >= _SHORTEST and _is_site(match.group("front"), sites):
        return text[match.end() :]
    for other in others:
        rest = text[len(other) :]
        if len(other) >= _SHORTEST and text.startswith(other) and _HARD_REST.match(rest):
            return other
    return text


def _is_site(said: str, sites: frozenset[str]) -> bool:
    key = key_of(said)
    if not key or len(said) > _SITE_LONGEST:
        return False
    return any(
        key == site
        or (len(site) >= 3 and site in key and len(key) <= 2 * len(site) + 6)
        or (len(key) >= 4 and key in site)
        for site in sites
    )
