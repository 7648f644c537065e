"""What the web wrote into the database stays text on the pages of sources, runs and news."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from jobs import wiring
from pipeline.history import Sign
from pipeline.measures import Count, Measures
from pipeline.records import Page, Problem, Source
from pipeline.store import Store
from tests.jobs.lived import drifted, ran
from tests.pipeline.store.conftest import ARTICLE

NOW = datetime(2026, 9, 27, 5, 30, tzinfo=UTC)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u202e\u2066\u200fcod\u2069.exe",
    "</textarea></svg></style><svg onload=alert(1)>",
    "가" * 100_000,
]
_IDS = ["script", "img", "javascript", "title", "attribute", "template", "bidi", "svg", "long"]
_SCHEMES = ("/", "#", "http://", "https://")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "now", lambda: NOW)


def filled(store: Store, evil: str) -> tuple[int, int]:
    """Put it into everything that these pages show; return the numbers of a run and of a saved page."""
    source = Source("politics", evil[:40], (evil, "https://h/" + evil[:200]))
    hurt = Source(evil[:150], "daum", (evil,))
    for one in (source, hurt):
        ran(store, one, NOW - timedelta(minutes=20))
        problem = Problem(evil, evil, evil)
        run = ran(store, one, NOW - timedelta(minutes=10), "failed", evil, problems=(problem,))
        signs = (Sign(f"field:{evil}", 0.9, 1, 20), Sign(f"selector:{evil}", 0.9, 1, 20),
                 Sign(f"listing:{evil}", 20, 1, 0), Sign(f"{evil}:x", 20, 1, 0))  # fmt: skip
        drifted(store, one, NOW - timedelta(minutes=5), *signs)
        with store.writing() as db:
            counts = {f"field:{evil}": Count(1, 2), "field:authors": Count(1, 2)}
            store.health.learn(one.name, run, Measures(counts=counts), set(), NOW)
            db.conn.execute("UPDATE runs SET holder = ?", [evil])
    article = replace(
        ARTICLE,
        id="daum:1",
        headline=evil,
        labels=(evil, evil),
        publisher=evil,
        url=evil,
        fetched_at=NOW,
    )
    store.articles.save(article, "politics")
    store.articles.save(replace(article, headline=f"{evil} 둘째"), "politics")
    store.articles.mark_removed("daum:1", NOW)
    store.hosts.keep_robots("https://h", 200, evil, NOW)
    store.hosts.reserve("h", NOW.timestamp(), 1, 1, url=evil)
    with store.writing() as db:
        store.quarantine.keep(Page(evil, evil, NOW), source.name, _error(evil))
        db.conn.execute("UPDATE quarantine SET reason = ?, content_type = ?", [evil, evil])
    return run, int(store.quarantine.all(1)[0]["id"])


def _error(evil: str) -> Exception:
    from pipeline.errors import BadAnswer

    return BadAnswer(evil, "layout_changed", evil)  # type: ignore[arg-type]


@pytest.mark.parametrize("evil", HOSTILE, ids=_IDS)
def test_text_from_outside_is_never_markup(page: httpx.Client, store: Store, evil: str) -> None:
    run, saved = filled(store, evil)
    name = httpx.URL("http://h", path=f"/sources/{evil[:150]}").raw_path.decode()
    urls = [
        "/",
        "/sources",
        "/sources/politics",
        f"/runs/{run}",
        "/quarantine",
        f"/quarantine/{saved}",
    ]
    if "/" not in evil:
        urls.append(name)
    for url in urls:
        answer = page.get(url)
        assert answer.status_code == 200, url
        tree = LexborHTMLParser(answer.text)
        assert not tree.css(
            "script, img, style, iframe, object, [onerror], [onload], [onmouseover]"
        )
        assert not [char for char in answer.text if char in "\u202e\u2066\u200f\u2069"], url
        assert "49" not in (tree.css_first("title").text() if "7 * 7" in evil else "")
        for link in tree.css("a"):
            assert (link.attributes["href"] or "").startswith(_SCHEMES), url
        assert len(answer.content) < 1_000_000, url
        assert tree.css_first("footer"), "no end tag of theirs ended our page"


def test_half_a_surrogate_and_odd_json_break_no_page(page: httpx.Client, store: Store) -> None:
    source = Source("politics", "daum", ("https://h",))
    run = ran(store, source, NOW, "failed", problems=(Problem("https://h/\ud800", "x", "\0"),))
    assert page.get(f"/runs/{run}").status_code == 200
    assert json.loads(store.runs.get(run)["problems"])  # type: ignore[index]
