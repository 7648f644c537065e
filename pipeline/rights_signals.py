"""What machine-readable signals say about the use of a page, each by the rules of its own standard.

A refusal of crawlers by name is read as a reservation, not a prohibition: it says what the site does not want,
not what the law says. Unknown is never permission.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.records import SignalType, Uses

_NO_AI_DIRECTIVES = frozenset({"noai", "noml"})
_RESERVED = Uses(tdm="reserved", ai_train="reserved")

AI_CRAWLERS: Final = (
    "GPTBot", "ClaudeBot", "anthropic-ai", "Claude-Web", "CCBot", "Google-Extended", "Applebot-Extended",
    "Bytespider", "meta-externalagent", "FacebookBot", "Amazonbot", "PerplexityBot", "OAI-SearchBot",
    "ChatGPT-User", "Claude-SearchBot", "Claude-User", "cohere-ai", "cohere-training-data-crawler",
    "Diffbot", "omgili", "AI2Bot", "YouBot", "Timpibot", "ImagesiftBot", "img2dataset", "Kangaroo Bot",
    "PanguBot", "Webzio-Extended", "DeepSeekBot", "MistralAI-User",
)  # fmt: skip
"""Crawlers that gather text for AI, by the names that their operators document."""

# https://creativecommons.org/licenses/by-nc-sa/4.0/deed.ko, /publicdomain/zero/1.0/
_CREATIVE_COMMONS = re.compile(
    r"^https?://(?:www\.)?creativecommons\.org/(?:licenses/(?P<terms>[a-z-]+)|publicdomain/(?:zero|mark))/",
    re.IGNORECASE,
)
# "search=yes, ai-train=no" (https://contentsignals.org): yes grants, no forbids, absent says nothing
_CONTENT_SIGNAL = re.compile(r"([a-z-]+)\s*=\s*(yes|no)\b", re.IGNORECASE)


def uses_by(kind: SignalType, value: str) -> Uses:
    """Return what a signal says of the uses of a page.

    Args:
        kind: the standard that the signal follows.
        value: the signal, verbatim.
    """
    match kind:
        case "meta-robots" | "x-robots-tag":
            return _by_directives(value)
        case "tdmrep":  # https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/
            return _RESERVED if value.strip().startswith("1") else Uses()
        case "content-signal":
            return _by_content_signal(value)
        case "robots" | "rsl":  # https://rslstandard.org: terms exist, so a licence is needed
            return _RESERVED
        case "license":
            return _by_licence(value)
        case _:
            return Uses()


def is_creative_commons(url: str) -> bool:
    """Is this the address of a Creative Commons licence or dedication?"""
    return _CREATIVE_COMMONS.match(url) is not None


def _by_directives(value: str) -> Uses:
    directives = set(re.split(r"[,\s:]+", value.lower()))
    if directives & _NO_AI_DIRECTIVES:
        return Uses(tdm="reserved", ai_train="prohibited")
    return Uses()


def _by_content_signal(value: str) -> Uses:
    said = {name.lower(): answer.lower() for name, answer in _CONTENT_SIGNAL.findall(value)}
    trains = {"yes": "allowed", "no": "prohibited"}.get(said.get("ai-train", ""), "unknown")
    reads = "reserved" if "no" in (said.get("ai-input"), said.get("ai-train")) else "unknown"
    return Uses(tdm=reads, ai_train=trains)  # type: ignore[arg-type]


def _by_licence(url: str) -> Uses:
    """CC licences hold under their terms. Where adaptation is excluded, training is not said to be allowed."""
    found = _CREATIVE_COMMONS.match(url)
    if found is None:
        return Uses()
    terms = set((found["terms"] or "").lower().split("-"))
    if terms & {"nc", "nd"}:
        return Uses(redistribute="licensed")
    return Uses(redistribute="licensed", tdm="licensed", ai_train="licensed")
