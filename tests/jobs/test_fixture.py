"""`gisa fixture`: a case that tests/pipeline/test_saved_pages.py takes up, and that nobody's text is in."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jobs.fixtures import FILL_IN, case_of
from pipeline import portals
from pipeline.fiction import fictional, words
from pipeline.records import Page
from tests.jobs.desk import ROOT, Desk

CASES = sorted(ROOT.glob("tests/pages/*/*.json"))


def read(case: Path) -> Page:
    said = json.loads(case.read_text(encoding="utf-8"))
    html = case.with_suffix(".html").read_text(encoding="utf-8")
    return Page(said["url"], html, datetime.fromisoformat(said["fetched_at"]))


def test_an_article_becomes_a_case_without_its_words(desk: Desk) -> None:
    desk.gisa("run")
    truth = next(a for a in desk.portal.newsroom.articles("politics") if a.authors and a.images)
    (desk.folder / "tests/pages").mkdir(parents=True)
    done = desk.gisa("fixture", truth.id, "--name", "article_now")
    assert (done.code, done.err) == (0, "")
    html, said = (desk.folder / line for line in done.out.splitlines()[:2])
    assert (html.parent.name, html.name, said.name) == (
        "daum",
        "article_now.html",
        "article_now.json",
    )
    text = html.read_text(encoding="utf-8")
    for secret in (
        truth.headline,
        truth.authors[0].name,
        truth.authors[0].email or "@@",
        truth.lead,
    ):
        assert secret not in text
    skeleton = json.loads(said.read_text(encoding="utf-8"))
    assert set(skeleton["expected"].values()) == {FILL_IN}
    # the parser reads it as it reads the page
    page = Page(skeleton["url"], text, datetime.fromisoformat(skeleton["fetched_at"]))
    article = portals.named("daum").parse_article(page)
    assert article.published_at == truth.published_at
    assert len(article.authors) == len(truth.authors)
    assert len(article.headline) == len(truth.headline)
    again = desk.gisa("fixture", truth.id, "--name", "article_now")
    assert (again.code, again.out) == (1, "")
    assert "exists: choose another name" in again.err


def test_a_page_of_the_quarantine_becomes_a_case(desk: Desk) -> None:
    desk.portal.break_layout("listing")
    desk.gisa("run")
    done = desk.gisa("fixture", "--quarantine", "1", "--output", "cases", "--format", "json")
    assert done.code == 0
    assert [Path(path).name for path in done.json["files"]] == [
        "section_politics.html", "section_politics.json",
    ]  # fmt: skip
    skeleton = json.loads((desk.folder / "cases/section_politics.json").read_text())
    assert skeleton["url"] == desk.portal.listing_url("politics")
    assert list(skeleton["expected"]) == ["entries"]
    whole = desk.gisa("fixture", "--quarantine", "1", "--output", "whole", "--verbatim")
    assert whole.code == 0
    headline = next(desk.portal.newsroom.articles("politics")).headline
    assert headline[:8] in (desk.folder / "whole/section_politics.html").read_text()
    assert headline[:8] not in (desk.folder / "cases/section_politics.html").read_text()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "name an article, or a page of the quarantine"),
        (("--quarantine", "7"), "the quarantine has no page '7'"),
        (("--quarantine", "1", "--portal", "dam"), "there is no portal 'dam'"),
        (("--quarantine", "1", "--name", "new"), "name begins with article, section"),
        (("--quarantine", "1"), "say where with --output DIR"),
    ],
)
def test_what_cannot_be_made_is_told(desk: Desk, args: tuple[str, ...], said: str) -> None:
    desk.portal.break_layout("listing")
    desk.gisa("run")
    done = desk.gisa("fixture", *args)
    assert (done.code, done.out) == (1, "")
    assert said in done.err


def test_most_saved_pages_keep_their_shape() -> None:
    """The parsers read the fiction of the fictional pages as they read these; what differs is told."""
    cases = [case_of(read(it), it.parent.name, None, verbatim=False) for it in CASES]
    differing = [it for it in cases if it.differs]
    assert len(differing) <= len(cases) * 0.15, [(it.name, it.differs) for it in differing]


@pytest.mark.parametrize("case", CASES[::7], ids=lambda p: p.stem)
def test_no_sentence_of_a_page_is_left(case: Path) -> None:
    said: dict[str, Any] = json.loads(case.read_text(encoding="utf-8")).get("expected", {})
    html = fictional(read(case).html)
    told = [line for line in said.get("text", "").split("\n\n") if line.endswith("다.")]
    assert all(line not in html for line in [*told, said.get("headline") or "—"])
    for author in said.get("authors", []):
        assert author["name"] not in html
        assert not author["email"] or author["email"] not in html


def test_the_same_word_is_always_the_same_and_notices_stay() -> None:
    assert words("나루터 다리") == words("나루터 다리") != "나루터 다리"
    assert words("입력 2026. 9. 27. 오전 9:54") == "입력 2026. 9. 27. 오전 9:54"
    assert words("무단 전재 및 재배포 금지") == "무단 전재 및 재배포 금지"
    assert words("전화 02-123-4567").endswith("00-000-0000")
    assert words("hong@hani.example").endswith("@press.example")
    assert words("Korean GDP").istitle() is False
    assert [len(word) for word in words("Korean GDP fell").split()] == [6, 3, 4]
