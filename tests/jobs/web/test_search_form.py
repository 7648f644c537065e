"""Addresses of the search: whatever is asked, one sound search comes out, written in one way."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.web.search_form import PAGES, Form
from jobs.web.search_hints import simpler

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 9, 27, 12, 0, tzinfo=SEOUL)
FULL = (
    "q=%EC%A0%95%EB%B6%80&source=politics&publisher=A%26B&section=%EC%A0%95%EC%B9%98&author=%EA%B9%80"
    "&rights=redistribute%3Aunknown&rights=tdm%3Areserved&day=2026-09-26&within=7d&since=2026-09-01"
    "&until=2026-09-27&sort=newest&page=3"
)


def test_a_full_address_comes_out_as_it_went_in() -> None:
    form = Form.read(FULL)
    assert form.url(page=form.page) == f"/search?{FULL}"
    assert form.is_written_so(FULL)
    assert form.is_written_so(f"{FULL}&_trace=1")
    backwards = "&".join(reversed(FULL.split("&")))
    assert Form.read(backwards) == form
    assert not form.is_written_so(backwards)


def test_parts_without_a_meaning_are_passed_over() -> None:
    for query in (
        "q=&source=&page=1", "page=-1", "page=x", "page=", "page=0", "sort=newest", "day=gestern",
        "day=2026-02-30", "since=0001-01-01", "until=9999-12-31", "within=1y", "rights=tdm",
        "rights=id:unknown", "rights=tdm:everything", "rights=:", "day=2026-W01-1", "other=1", "q=%00",
    ):  # fmt: skip
        assert Form.read(query) == Form(), query
    assert Form.read("page=" + "9" * 100).page == PAGES
    assert len(Form.read("q=" + "x" * 100_000).q) == 1_000
    assert Form.read("q=%E1%84%80%E1%85%A1").q == "가"  # NFD


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["q", "source", "author", "rights", "day", "since", "page", "sort", "x"]),
            st.text() | st.sampled_from(["tdm:unknown", "2026-09-27", "7", "newest", "%ff", "a b"]),
        )
    )
)  # fmt: skip
def test_what_is_shared_is_read_as_the_same(pairs: list[tuple[str, str]]) -> None:
    form = Form.read("&".join(f"{name}={value}" for name, value in pairs))
    query = urlsplit(form.url(page=form.page)).query
    assert Form.read(query) == form
    assert form.is_written_so(query)


def test_times_narrow_down_together() -> None:
    only = Form.read("day=2026-09-27").only(NOW)
    assert (only.since, only.until) == (
        datetime(2026, 9, 27, tzinfo=SEOUL),
        datetime(2026, 9, 28, tzinfo=SEOUL),
    )
    only = Form.read("since=2026-09-01&within=24h&until=2026-09-27&day=2026-09-26").only(NOW)
    assert (only.since, only.until) == (
        NOW - timedelta(hours=24),
        datetime(2026, 9, 27, tzinfo=SEOUL),
    )
    assert Form().only(NOW).since is None


def test_feeds_are_of_the_same_search_without_order_and_page() -> None:
    url = Form.read(FULL).feed("/feed.atom")
    assert url.startswith("/feed.atom?")
    ours = [pair for pair in parse_qsl(FULL) if pair[0] not in ("sort", "page")]
    assert parse_qsl(urlsplit(url).query) == ours
    assert Form().feed("/feed.json") == "/feed.json"


@pytest.mark.parametrize(
    ("query", "tries"),
    [
        ("정부는", ["정부"]),
        ("정부에서 예산을", ["정부 예산", "정부에서 예산을", "정부", "예산"]),
        ('"금융 감독원" -은행', ['"금융 감독원"', "금융 감독원", "금융", "감독원"]),
        ("나는", []),
        ("AI 예산", ["AI", "예산"]),
        ("가가 나나 다다 라라 마마", []),
        ('"', []),
        ("", []),
    ],
)
def test_simpler_queries_lead_from_the_nearest_to_the_single_words(
    query: str, tries: list[str]
) -> None:
    assert simpler(query) == [each for each in tries if each != query]
