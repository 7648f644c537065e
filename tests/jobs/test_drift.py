"""Drift on the sample portal: noticed in the first run that meets it, told so that one can mend it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest

from jobs import wiring
from jobs.sample_portal import Answer
from tests.jobs.desk import Desk, Ended

CONSENT = (
    "<!doctype html><html lang=ko><title>쿠키 사용 동의</title><body><h1>쿠키 사용 동의</h1>"
    "<p>계속하려면 개인정보 처리에 동의해야 합니다.</p><form><button>동의</button></form></body></html>"
)


def page_at(desk: Desk, path: str) -> str:
    return desk.portal.respond("GET", path, {}).body.decode()


def publish(desk: Desk, count: int, change: Callable[[str], str] | None = None) -> list[str]:
    """Publish articles whose pages are changed on their way out; return their paths."""
    paths = []
    for _ in range(count):
        path = f"/v/{desk.portal.newsroom.publish('politics').id}"
        if change:
            html = page_at(desk, path)
            changed = change(html)
            assert changed != html
            desk.portal.answer(path, Answer(body=changed))
        paths.append(path)
    return paths


def good_runs(desk: Desk) -> None:
    """Some runs of ordinary articles."""
    for _ in range(3):
        publish(desk, 12)
        assert desk.gisa("run").code == 0


def drifted(desk: Desk) -> tuple[Ended, dict[str, Any]]:
    done = desk.gisa("run")
    assert (done.code, done.summary["drift"]) == (4, 1), done.out
    told = desk.gisa("drift", "--format", "json")
    assert told.code == 4
    (report,) = told.json["sources"]
    return done, report


def named(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in report["drifts"]}


def ends(desk: Desk) -> None:
    """A good run afterwards is ok again."""
    desk.portal.heal()
    desk.portal.heal_layout()
    publish(desk, 12)
    done = desk.gisa("run")
    assert done.code == 0, done.out
    after = desk.gisa("drift")
    assert (after.code, after.out) == (0, "no source is in drift\n")


def test_a_class_renamed_though_other_witnesses_stand_in(desk: Desk) -> None:
    good_runs(desk)
    publish(desk, 12, lambda html: html.replace("txt_info", "info_item"))
    done, report = drifted(desk)
    assert "'.info_view .txt_info' matched on 0 of 12 articles, usual are" in done.out
    assert "see `gisa drift politics`" in done.out
    (selector,) = report["selectors"]
    assert selector["selector"] == ".info_view .txt_info"
    before, since = selector["before"], selector["since"]
    assert before["matched"] == before["of"] > 40
    assert (since["matched"], since["of"]) == (0, 12)
    candidates = [it for it in report["page"]["candidates"] if it["for"] == selector["selector"]]
    assert "span.info_item" in [it["selector"] for it in candidates]
    text = desk.gisa("drift").out
    assert re.search(r"'\.info_view \.txt_info' \(article\) matched (\d+) of \1 until", text)
    assert ", 0 of 12 since" in text
    ends(desk)
    assert re.search(r"politics: .*, ended: .*txt_info", desk.gisa("drift", "--all").out)


def test_a_whole_layout_renamed_shows_the_page_and_what_its_head_still_says(desk: Desk) -> None:
    good_runs(desk)
    desk.portal.break_layout("article")
    publish(desk, 12)
    done, report = drifted(desk)
    assert "of 12 articles could not be read" in done.out
    selectors = [row["selector"] for row in report["selectors"]]
    assert "h3.tit_view" in selectors
    page = report["page"]
    assert list(page["stated"]["headline"]) == ["meta og:title"]
    held = {(it["for"], it["selector"]) for it in page["candidates"]}
    assert ("headline", "h3.headline_main") in held
    shown = desk.gisa(*page["see"].removeprefix("gisa ").split())
    assert shown.code == 0
    assert "headline_main" in (desk.folder / "page.html").read_text()
    assert page["fixture"].startswith("gisa fixture --quarantine ")
    ends(desk)


def test_a_date_format_changed(desk: Desk) -> None:
    def other(html: str) -> str:
        html = re.sub(r'("og:regDate" content=")(\d{4})(\d\d)(\d\d)\d+', r"\1\4/\3/\2 kl", html)
        return re.sub(r"(num_date\">)(\d+)\. (\d+)\. (\d+)\. ", r"\1\4/\3 ", html)

    good_runs(desk)
    publish(desk, 12, other)
    done, report = drifted(desk)
    drift = named(report)["field:published_at:meta"]
    assert (drift["found"], drift["of"]) == (0, 12)
    assert "published_at:meta on 0 of 12 articles" in done.out
    assert "meta og:regdate" in report["page"]["stated"]["published_at"]
    ends(desk)


def test_a_consent_page_is_a_wall(desk: Desk) -> None:
    good_runs(desk)
    for path in publish(desk, 12):
        desk.portal.answer(path, Answer(body=CONSENT))
    done = desk.gisa("run")
    assert (done.code, done.summary["blocked"]) == (5, 1), done.out
    assert "consent page" in done.out
    ends_after_wall(desk)


def ends_after_wall(desk: Desk) -> None:
    desk.portal.heal()
    publish(desk, 3)
    assert desk.gisa("run").code == 0


def test_a_section_that_leads_to_the_front_page(desk: Desk) -> None:
    good_runs(desk)
    desk.portal.answer("/politics", Answer(status=302, headers={"Location": "/"}))
    _, report = drifted(desk)
    assert report["drifts"] == []
    assert "leads to /, not /politics" in report["detail"]
    assert report["page"]["url"].endswith("/")
    ends(desk)


@pytest.mark.parametrize("silent", [False, True], ids=["redirect", "same address"])
def test_articles_that_are_all_one_other_article(desk: Desk, silent: bool) -> None:
    good_runs(desk)
    other = f"/v/{desk.portal.newsroom.ids('politics')[3]}"
    body = page_at(desk, other)
    for path in publish(desk, 12):
        answer = Answer(body=body) if silent else Answer(status=302, headers={"Location": other})
        desk.portal.answer(path, answer)
    done, report = drifted(desk)
    if silent:
        assert named(report)["field:own_text"]["found"] == 1
    else:
        assert "12 of 12 articles could not be read" in done.out
    ends(desk)


def clock(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let the command's time be the newsroom's."""
    now, fetcher = [desk.portal.newsroom.now.astimezone(UTC)], wiring.fetcher
    monkeypatch.setattr(wiring, "now", lambda: now[0])
    monkeypatch.setattr(wiring, "fetcher", lambda *args: fetcher(*args, lambda: now[0]))

    def advance(by: timedelta) -> None:
        now[0] = desk.portal.newsroom.advance(by).astimezone(UTC)

    return advance


def test_half_of_the_bodies_empty(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    advance = clock(desk, monkeypatch)
    for _ in range(15):
        publish(desk, 8)
        assert desk.gisa("run").code == 0
        advance(timedelta(days=1))
    publish(desk, 10)
    publish(desk, 10, empty)
    done, report = drifted(desk)
    drift = named(report)["field:text"]
    # where there was a picture it is no flash without text, but another kind of page
    assert drift["found"] == 10 < drift["of"] <= 20
    assert f"text on 10 of {drift['of']:.0f} articles" in done.out
    advance(timedelta(days=1))
    ends(desk)


def empty(html: str) -> str:
    """The page with all elements of its body and nothing in them."""
    before, body, after = re.split(r"(<section dmcf-sid.*?</section>)", html, flags=re.DOTALL)
    return before + re.sub(r"<img[^>]*>", "", re.sub(r">[^<]+<", "><", body)) + after


def test_what_is_accepted_is_the_new_normal(desk: Desk) -> None:
    good_runs(desk)
    rename = lambda html: html.replace("txt_info", "info_item")  # noqa: E731
    publish(desk, 12, rename)
    drifted(desk)
    # a drift stands while nothing has shown that it is over
    assert desk.gisa("run").code == 4
    refused = desk.gisa("drift", "--accept")
    assert (refused.code, refused.out) == (1, "")
    done = desk.gisa("drift", "politics", "--accept")
    assert done.code == 0
    assert "counts anew from now on" in done.out
    assert desk.gisa("drift").code == 0
    for _ in range(2):
        publish(desk, 12, rename)
        assert desk.gisa("run").code == 0
    assert "accepted:" in desk.gisa("drift", "--all").out


def test_a_single_odd_article_is_no_drift(desk: Desk) -> None:
    good_runs(desk)
    publish(desk, 11)
    publish(desk, 1, lambda html: html.replace("txt_info", "info_item"))
    assert desk.gisa("run").code == 0
    assert desk.rows("SELECT count(*) FROM drifts") == [(0,)]
