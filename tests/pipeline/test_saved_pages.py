"""Every saved page of tests/pages/<portal>/ gives the record that was read off it by eye, or its error."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import errors, portals
from pipeline.record_json import record
from pipeline.records import Page

PAGES = Path(__file__).parent.parent / "pages"
CASES = sorted(PAGES.glob("*/*.json"))
PAGE_BYTES_MOST = 200_000


def _page(case: Path) -> tuple[Page, dict[str, Any]]:
    said = json.loads(case.read_text(encoding="utf-8"))
    html = case.with_suffix(".html").read_text(encoding="utf-8")
    return Page(said["url"], html, datetime.fromisoformat(said["fetched_at"])), said


def _id(case: Path) -> str:
    return f"{case.parent.name}/{case.stem}"


def _select(prefix: tuple[str, ...], key: str) -> list[Any]:
    chosen = [c for c in CASES if c.stem.startswith(prefix) and key in json.loads(c.read_text())]
    return [pytest.param(case, id=_id(case)) for case in chosen]


def _observed(page: Page, portal: portals.Portal) -> dict[str, Any]:
    whole = record(portal.parse_article(page))
    rights = whole.pop("rights")
    return whole | {"rights_notice": rights["notice"], "rights_uses": rights["uses"]}


@pytest.mark.parametrize("case", _select(("article", "video", "deleted"), "expected"))
def test_article_gives_its_record(case: Path) -> None:
    page, said = _page(case)
    found = _observed(page, portals.named(case.parent.name))
    assert {name: found[name] for name in said["expected"]} == said["expected"]


@pytest.mark.parametrize("case", _select(("section",), "expected"))
def test_listing_gives_its_entries(case: Path) -> None:
    page, said = _page(case)
    entries = portals.named(case.parent.name).parse_listing(page)
    found = [
        {
            "url": e.url,
            "id": e.article_id,
            "rank": e.rank,
            "headline": e.headline,
            "publisher": e.publisher,
            "published_at": e.published_at.isoformat() if e.published_at else None,
        }
        for e in entries
    ]
    expected = [{k: v for k, v in e.items() if k in found[0]} for e in said["expected"]["entries"]]
    assert found == expected


@pytest.mark.parametrize("case", _select(("",), "error"))
def test_page_gives_its_error(case: Path) -> None:
    page, said = _page(case)
    portal = portals.named(case.parent.name)
    parse = portal.parse_listing if case.stem.startswith("section") else portal.parse_article
    with pytest.raises(getattr(errors, said["error"])) as raised:
        parse(page)
    assert isinstance(raised.value, errors.PageError)
    assert raised.value.url == page.url


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_saved_page_is_complete_and_small(case: Path) -> None:
    _, said = _page(case)
    assert ("expected" in said) != ("error" in said)
    assert "FILL IN" not in case.read_text(encoding="utf-8"), "what `gisa fixture` left open"
    assert case.with_suffix(".html").stat().st_size < PAGE_BYTES_MOST


def test_every_portal_has_saved_pages() -> None:
    assert {case.parent.name for case in CASES} == set(portals.names())
