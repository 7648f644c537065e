"""Portals that shut crawlers out: a licence changes records, not manners; saved pages can be read."""

from __future__ import annotations

import json

import pytest

from tests.jobs.desk import ROOT, Desk

PAGES = ROOT / "tests/pages"


@pytest.mark.parametrize("permission", ["", 'permission = "네이버, 2026-09-01"'])
def test_robots_txt_is_obeyed_with_and_without_a_licence(desk: Desk, permission: str) -> None:
    desk.portal.robots = "User-agent: *\nDisallow: /\n"
    desk.configure()
    with desk.config.open("a", encoding="utf-8") as file:
        listing = desk.portal.listing_url("society")
        file.write(f'[source.n]\nportal = "naver"\nlistings = ["{listing}"]\n{permission}\n')
    done = desk.gisa("run", "n")
    assert done.code == 5
    assert "disallows it for gisa (docs/sources.md" in done.out + done.err
    assert [request.path for request in desk.portal.requests] == ["/robots.txt"]


@pytest.mark.parametrize("case", ["naver/article_two_times", "nate/article_plain"])
def test_a_page_that_a_user_saved_is_read_by_its_portals_module(desk: Desk, case: str) -> None:
    said = json.loads((PAGES / f"{case}.json").read_text(encoding="utf-8"))
    done = desk.gisa("parse", str(PAGES / f"{case}.html"), "--url", said["url"])
    assert done.code == 0
    assert done.json["id"] == said["expected"]["id"]
    assert done.json["headline"] == said["expected"]["headline"]
    assert done.json["text"]
    assert done.json["parser"].startswith(case.partition("/")[0])
    assert desk.portal.requests == []
