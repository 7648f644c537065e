"""A record with everything in it, and one with as little as there can be. All of it is fiction."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.record_json import record
from pipeline.records import Image, Observed, Rights, Uses
from tests.pipeline.store.conftest import ARTICLE, KST, NOON

RIGHTS = Rights(
    "무단 전재 금지",
    "한겨레",
    "https://creativecommons.org/licenses/by/4.0/",
    Uses("licensed", "unknown", "prohibited"),
    ARTICLE.rights.signals,
)
FULL = replace(
    ARTICLE, rights=RIGHTS, images=(Image("https://img.example/1.jpg", "회견장", "온새시 제공"),)
)
SEEN = Observed(NOON, NOON + timedelta(hours=2), NOON + timedelta(hours=3), 2)


@pytest.fixture
def full() -> dict[str, Any]:
    return record(FULL, SEEN, zone=KST)


@pytest.fixture
def bare() -> dict[str, Any]:
    article = replace(
        ARTICLE, publisher=None, original_url=None, labels=(), subheadline=None, summary=None,
        images=(), authors=(), section=None, keywords=(), language=None, published_at=None,
        modified_at=None, published_at_source=None, related=(), rights=Rights(), warnings=(), body=(),
    )  # fmt: skip
    return record(article, Observed(NOON, NOON, None, 1), zone=KST)
