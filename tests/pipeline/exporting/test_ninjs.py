"""ninjs: items are as the standard says, and say what the record says."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline.exporting import ninjs
from tests.pipeline.exporting.ninjs_facts import SCHEMA

VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_of_the_test_is_one_and_refuses_what_is_wrong(full: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    item = ninjs.item(full)
    for wrong in (
        item | {"byline": "x"},
        item | {"versionCreated": "yesterday"},
        item | {"associations": [{"uri": "https://img.example/1.jpg"}]},
        {name: value for name, value in item.items() if name != "uri"},
    ):
        assert not VALIDATOR.is_valid(wrong)


@pytest.mark.parametrize("which", ["full", "bare"])
def test_items_are_valid(which: str, request: pytest.FixtureRequest) -> None:
    assert [*VALIDATOR.iter_errors(ninjs.item(request.getfixturevalue(which)))] == []


def test_a_full_item_has_every_property_in_order(full: dict[str, Any]) -> None:
    item = ninjs.item(full)
    assert list(item) == list(ninjs.PROPERTIES)
    assert item["uri"] == "https://v.daum.net/v/20260927095437316"
    assert item["pubStatus"] == "canceled"
    assert (item["firstCreated"], item["versionCreated"]) == (
        "2026-09-27T09:54:37+09:00",
        "2026-09-27T10:00:00+09:00",
    )
    assert item["by"] == "김기자 기자, 박선임"
    assert item["bodies"][0]["value"] == full["text"]
    assert "AI training: prohibited" in item["usageTerms"]
    (picture,) = item["associations"]
    assert (picture["name"], picture["by"]) == ("image-1", "온새시 제공")
    assert picture["descriptions"][0]["value"] == "회견장"


def test_a_bare_item_is_dated_by_when_it_was_seen(bare: dict[str, Any]) -> None:
    item = ninjs.item(bare)
    assert item["firstCreated"] == item["versionCreated"] == "2026-09-27T12:00:00+09:00"
    assert item["pubStatus"] == "usable"
    assert not {"by", "genres", "rightsInfo", "associations", "infoSources"} & item.keys()
