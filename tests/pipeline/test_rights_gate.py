"""The gate: every use and every purpose, and what is taken out of records that pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from pipeline.record_json import record
from pipeline.records import Observed, Rights, StoredArticle, Summary, Use, Uses
from pipeline.rights_gate import PURPOSES, Purpose, judge, withhold
from tests.pipeline.store.conftest import ARTICLE, NOON

FIELDS = {"ai-training": "ai_train", "redistribution": "redistribute", "analysis": "tdm"}


def stored(*, removed: bool = False, **uses: Use) -> StoredArticle:
    article = replace(ARTICLE, rights=Rights(uses=Uses(**uses)))
    return StoredArticle(article, Observed(NOON, NOON, NOON if removed else None, 1))


@pytest.mark.parametrize(
    ("purpose", "passes"),
    [
        ("ai-training", {"allowed", "licensed"}),
        ("redistribution", {"allowed", "licensed"}),
        ("analysis", {"allowed", "licensed", "unknown"}),
    ],
)
@pytest.mark.parametrize("use", get_args(Use))
def test_only_what_is_permitted_passes(purpose: Purpose, passes: set[str], use: Use) -> None:
    others: dict[str, Use] = dict.fromkeys(FIELDS.values(), "allowed")
    verdict = judge(stored(**others | {FIELDS[purpose]: use}), purpose)
    assert (verdict.kept, verdict.use) == (use in passes, use)
    assert verdict.reason == (
        "no_reservation" if purpose == "analysis" and use == "unknown" else use
    )


@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_others_uses_permit_permits_nothing(purpose: Purpose) -> None:
    uses: dict[str, Use] = dict.fromkeys(FIELDS.values(), "allowed")
    verdict = judge(stored(**uses | {FIELDS[purpose]: "prohibited"}), purpose)
    assert (verdict.kept, verdict.reason) == (False, "prohibited")


@pytest.mark.parametrize(
    ("purpose", "use", "reason"),
    [
        ("ai-training", "allowed", "removed"),
        ("redistribution", "licensed", "removed"),
        ("ai-training", "prohibited", "prohibited"),
        ("redistribution", "unknown", "unknown"),
        ("analysis", "unknown", "no_reservation"),
        ("analysis", "reserved", "reserved"),
    ],
)
def test_what_was_taken_down(purpose: Purpose, use: Use, reason: str) -> None:
    verdict = judge(stored(removed=True, **{FIELDS[purpose]: use}), purpose)
    assert (verdict.reason, verdict.kept) == (reason, reason == "no_reservation")


def said() -> dict[str, Any]:
    article = replace(ARTICLE, warnings=("byline has two: kim@press.example",))
    return record(article, Observed(NOON, NOON, None, 1))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_no_address_of_a_person_leaves(purpose: Purpose) -> None:
    before, after = said(), said()
    taken = withhold(after, purpose)
    assert taken["emails"] == 1
    assert [author["name"] for author in after["authors"]] == ["김기자", "박선임"]
    assert "kim@" not in str(after)
    assert after["content_hash"] == before["content_hash"]


def test_works_of_others_stay_behind_where_a_permission_is_needed() -> None:
    for purpose in ("ai-training", "redistribution"):
        after = said()
        taken = withhold(after, purpose)
        assert taken == {"emails": 1, "images": 2, "related": 1, "portal_summaries": 1}
        assert (after["images"], after["related"], after["summary"]) == ([], [], None)
    after = said()
    assert withhold(after, "analysis") == {"emails": 1}
    assert (len(after["images"]), len(after["related"])) == (2, 1)


def test_the_publishers_own_summary_stays() -> None:
    own = record(replace(ARTICLE, summary=Summary("예산안이 나왔다.", "publisher")))
    assert withhold(own, "redistribution")["portal_summaries"] == 0
    assert own["summary"]["by"] == "publisher"
