"""What may leave for which purpose, by the rights that a record carries: nothing passes that nobody allowed.

It weighs evidence by fixed rules and gives no legal advice: docs/export.md says which rules, and what they
leave to the reader.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from pipeline.bylines import EMAIL
from pipeline.records import StoredArticle, Use, Uses

Purpose: TypeAlias = Literal["ai-training", "redistribution", "analysis"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
Reason: TypeAlias = Literal[
    "allowed", "licensed", "no_reservation", "unknown", "reserved", "prohibited", "removed"
]

_PASSES: frozenset[Reason] = frozenset({"allowed", "licensed", "no_reservation"})
_NEEDS_PERMISSION: frozenset[Purpose] = frozenset({"ai-training", "redistribution"})
"""Purposes for which somebody must have said yes. For the third one it is enough that nobody said no."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an article passes or not; `use` is what its rights say of the purpose."""

    reason: Reason
    use: Use

    @property
    def kept(self) -> bool:
        """Does it pass?"""
        return self.reason in _PASSES


def judge(stored: StoredArticle, purpose: Purpose) -> Verdict:
    """Return whether an article may leave for a purpose.

    What its rights say comes first. An article that its publisher took down does not leave for purposes that
    need a permission: who takes a text down has ended what they permitted.
    """
    use = use_for(stored.article.rights.uses, purpose)
    if use in ("reserved", "prohibited"):
        return Verdict(use, use)
    if purpose in _NEEDS_PERMISSION:
        if use == "unknown":
            return Verdict("unknown", use)
        if stored.observed.removed_at:
            return Verdict("removed", use)
    return Verdict("no_reservation" if use == "unknown" else use, use)


def use_for(uses: Uses, purpose: Purpose) -> Use:
    """Return the use that speaks of a purpose."""
    if purpose == "ai-training":
        return uses.ai_train
    return uses.redistribute if purpose == "redistribution" else uses.tdm


def withhold(record: dict[str, Any], purpose: Purpose) -> Counter[str]:
    """Take out of a record what its rights do not speak of; return what that was, by kind.

    Addresses of people serve no purpose named here. Pictures, the headlines of other articles, and a summary
    that the portal's machine wrote are works of others: the article's rights say nothing of them, so they stay
    only where no permission is needed. `content_hash` goes on naming the state that is stored.
    """
    taken: Counter[str] = Counter()
    for author in record["authors"]:
        taken["emails"] += author["email"] is not None
        author["email"] = None
    record["warnings"] = [EMAIL.sub("…", warning) for warning in record["warnings"]]
    if purpose in _NEEDS_PERMISSION:
        for name in ("images", "related"):
            taken[name] += len(record[name])
            record[name] = []
        if record["summary"] and record["summary"]["by"] == "portal":
            taken["portal_summaries"] += 1
            record["summary"] = None
    return +taken
