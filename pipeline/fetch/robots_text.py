"""What a robots.txt says: to us by RFC 9309, and about the use of what it lets us read. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from protego import Protego

from pipeline.records import SignalType
from pipeline.rights_signals import AI_CRAWLERS

PRODUCT = "gisa"
"""Our product token, by which a publisher addresses us in robots.txt."""

Signals: TypeAlias = tuple[tuple[SignalType, str], ...]

_GROUP = re.compile(r"\s*user[- ]?agent\s*:?\s*(\*|[\w-]*)", re.IGNORECASE)
_ANY_GROUP = re.compile(r"\s*user-?agent\s*:\s*([^#]*)", re.IGNORECASE)
# contentsignals.org and rslstandard.org: lines of their own in robots.txt
_RIGHTS_LINE = re.compile(r"\s*(content-signal|license)\s*:\s*([^#\s][^#]*)", re.IGNORECASE)
_LONGEST_SIGNAL = 500  # characters
_RULE = re.compile(r"\s*(?:dis)?allow\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """What an origin's robots.txt says about us, and about the use of what it lets us read."""

    allows: Callable[[str], bool]
    crawl_delay: float
    signals: Callable[[str], Signals]


def described(status: int, text: str) -> str:
    """Say in a few words under which rule a site lets us in: for `gisa status`."""
    if is_error(status):
        return f"answered {status}: nothing is fetched"
    if not 200 <= status < 300:
        return f"none (answered {status}): all is allowed"
    groups = _groups(text)
    token = next((token for token in (PRODUCT, "*") if token in groups), None)
    if token is None:
        return "names neither us nor all robots: all is allowed"
    delay, rules = rule_of(text).crawl_delay, len(groups[token])
    slow = f", Crawl-delay {delay:g} s" if delay else ""
    return f"group {token}: {rules} {'rule' if rules == 1 else 'rules'}{slow}"


def _groups(text: str) -> dict[str, list[str]]:
    """Return the Allow and Disallow lines by product token, groups of one token joined (RFC 9309, 2.2.1)."""
    groups: dict[str, list[str]] = {}
    tokens: list[str] = []
    is_heading = False
    for line in text.splitlines():
        group = _GROUP.match(line)
        if group:
            tokens = [*(tokens if is_heading else ()), group.group(1).lower()]
            groups.setdefault(tokens[-1], [])
        elif _RULE.match(line):
            for token in tokens:
                groups[token].append(line)
        is_heading = bool(group) or (is_heading and not line.strip())
    return groups


def is_error(status: int) -> bool:
    """Is this an answer that closes a site until it answers again (RFC 9309, 2.3.1.4)?"""
    return status == 429 or status >= 500


def rule_of(text: str) -> Rule:
    """Return what a robots.txt says about us. Never raises: lines that make no sense are passed over."""
    lines = text.removeprefix("\ufeff").splitlines()
    rules = Protego.parse("\n".join(map(_by_whole_token, lines)))
    delay = rules.crawl_delay(PRODUCT)
    return Rule(
        lambda url: bool(rules.can_fetch(url, PRODUCT)),
        max(float(delay or 0), 0.0),
        _signals_of(text, lines),
    )


def _signals_of(text: str, lines: list[str]) -> Callable[[str], Signals]:
    """Return what the file says of rights: whom it keeps out, Content-Signal, licences (RSL).

    Groups of crawlers that gather text for AI are no rules for us; that a site keeps them out is evidence.
    """
    fixed = _rights_lines(lines)
    low = text.lower()
    named = [name for name in AI_CRAWLERS if name.lower() in low and _has_group(name, lines)]
    rules = Protego.parse("\n".join(lines)) if named else None

    def signals(url: str) -> Signals:
        out = [name for name in named if rules and not rules.can_fetch(url, name)]
        return (*fixed, ("robots", f"keeps out {', '.join(out)}")) if out else fixed

    return signals


def _rights_lines(lines: list[str]) -> Signals:
    said: list[tuple[SignalType, str]] = []
    for found in filter(None, map(_RIGHTS_LINE.match, lines)):
        kind: SignalType = "rsl" if found[1].lower() == "license" else "content-signal"
        said.append((kind, found[2].strip()[:_LONGEST_SIGNAL]))
    return tuple(dict.fromkeys(said))


def _has_group(name: str, lines: list[str]) -> bool:
    """Does a group name this crawler? That all robots are kept out says nothing about AI."""
    return any(
        (found := _ANY_GROUP.match(line)) and found[1].strip().lower() == name.lower()
        for line in lines
    )


def _by_whole_token(line: str) -> str:
    """RFC 9309, 2.2.1: a group is ours by the whole product token. Protego takes its beginning for it."""
    group = _GROUP.match(line)
    if group is None:
        return line
    token = group.group(1).lower()
    return f"User-agent: {token if token in (PRODUCT, '*') else 'another-robot'}"
