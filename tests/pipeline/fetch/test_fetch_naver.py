"""Calls of the search API over real sockets: where the keys go, what is counted, what a refusal means."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jobs.sample_portal import Answer, SamplePortal
from jobs.sample_portal.naver_api import CLIENT_ID, CLIENT_SECRET, HUB
from pipeline.discover.naver_query import search_url
from pipeline.errors import BadAnswer, Blocked, PageError, RateLimited, Unreachable
from pipeline.fetch import Fetcher, Limits, NaverKeys
from pipeline.records import Page
from pipeline.store import Store, open_store
from pipeline.tally import Meter
from pipeline.urls import authority

NOW = datetime(2026, 9, 27, 3, 0, tzinfo=UTC)  # noon in Korea
MIDNIGHT = datetime(2026, 9, 27, 15, 0, tzinfo=UTC)
NAMES = ("x-ncp-apigw-api-key-id", "x-ncp-apigw-api-key")


@dataclass
class Desk:
    portal: SamplePortal
    store: Store
    now: datetime = NOW
    meter: Meter = field(default_factory=Meter)

    def __post_init__(self) -> None:
        headers = dict(zip(NAMES, (CLIENT_ID, CLIENT_SECRET), strict=True))
        self.keys: NaverKeys | None = NaverKeys(f"{self.portal.base_url}{HUB}", headers, 25_000)

    def call(self, query: str = "온새", url: str = "") -> Page:
        async def sleep(seconds: float) -> None:
            self.now += timedelta(seconds=seconds)

        async def once() -> Page:
            async with Fetcher(
                Limits(patience=timedelta(seconds=9), private={authority(self.portal.base_url)}),
                self.store.hosts, contact="", clock=lambda: self.now, sleep=sleep, naver=self.keys,
            ) as fetcher:  # fmt: skip
                asked = url or search_url(f"{self.portal.base_url}{HUB}", query)
                return await fetcher.naver_search(asked, meter=self.meter)

        return asyncio.run(once())

    def refused(self, status: int, body: Any = "", **headers: str) -> PageError:
        text = body if isinstance(body, str) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.portal.answer(HUB, Answer(status=status, body=text, headers=named, times=1))
        with pytest.raises(PageError) as refused:
            self.call()
        assert CLIENT_SECRET not in str(refused.value)
        return refused.value


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with SamplePortal(articles=12) as portal, open_store(tmp_path / "gisa.db") as store:
        yield Desk(portal, store)


def test_the_keys_are_in_the_headers_and_nowhere_else(desk: Desk) -> None:
    page = desk.call()
    (seen,) = desk.portal.requests  # no robots.txt: it is no page
    assert [seen.headers[name] for name in NAMES] == [CLIENT_ID, CLIENT_SECRET]
    assert seen.path.startswith(f"{HUB}?query=%EC%98%A8%EC%83%88&display=100&start=1&sort=date")
    assert json.loads(page.html)["total"] >= 0
    assert desk.meter.requests == 1
    for secret in (CLIENT_ID, CLIENT_SECRET):
        assert secret not in f"{desk.keys!r}{page}{desk.store.hosts.all()}"


def test_an_answer_that_repeats_the_keys_is_cleaned(desk: Desk) -> None:
    desk.portal.answer(HUB, Answer(body=f"items of {CLIENT_ID}, {CLIENT_SECRET}"))
    page = desk.call()
    assert (page.html, page.raw) == ("items of ***, ***", b"items of ***, ***")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_the_keys_do_not_follow_a_redirect(desk: Desk, status: int) -> None:
    error = desk.refused(status, Location=f"{desk.portal.base_url}{HUB}?query=x")
    assert isinstance(error, BadAnswer)
    assert len(desk.portal.requests) == 1


def test_the_keys_are_for_their_address_only(desk: Desk) -> None:
    for url in (f"{desk.portal.base_url}/paper", f"{desk.portal.base_url}{HUB}/x?query=y"):
        with pytest.raises(BadAnswer, match="not the address"):
            desk.call(url=url)
    assert desk.portal.requests == []


def test_pages_of_the_same_host_are_asked_for_without_keys_and_by_robots_txt(desk: Desk) -> None:
    async def once() -> None:
        async with Fetcher(
            Limits(delay=timedelta(0), private={authority(desk.portal.base_url)}), desk.store.hosts,
            contact="", clock=lambda: NOW, naver=desk.keys,
        ) as fetcher:  # fmt: skip
            await fetcher.page(f"{desk.portal.base_url}/paper")

    asyncio.run(once())
    assert [request.path for request in desk.portal.requests] == ["/robots.txt", "/paper"]
    assert not any(name in request.headers for request in desk.portal.requests for name in NAMES)


def test_without_keys_nothing_is_asked(desk: Desk) -> None:
    desk.keys = None
    with pytest.raises(Blocked, match="keys"):
        desk.call()
    assert desk.portal.requests == []


def test_calls_take_turns_like_pages(desk: Desk) -> None:
    desk.call()
    desk.call()
    assert desk.now - NOW >= timedelta(seconds=1)


HUB_SAYS = {"error": {"errorCode": "200", "message": "Authentication Failed"}}
CENTER_SAYS = {"errorMessage": "Not Exist Client ID", "errorCode": "024"}


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (401, HUB_SAYS, Blocked, "401, code 200: are the keys right"),
        (401, CENTER_SAYS, Blocked, "401, code 024: are the keys right"),
        (403, "<html>", Blocked, "403: are the keys right"),
        (400, {"errorCode": "SE01"}, BadAnswer, "code SE01: it does not take this query"),
        (404, {"errorCode": "SE05"}, BadAnswer, "is [naver] api right"),
        (500, {"errorCode": "SE99"}, Unreachable, "answered 500, code SE99"),
        (418, "", BadAnswer, "answered 418"),
    ],
)
def test_a_refusal_says_what_to_do(
    desk: Desk, status: int, body: Any, kind: type[PageError], said: str
) -> None:
    error = desk.refused(status, body)
    assert type(error) is kind
    assert said in error.detail
    assert desk.meter.requests == 1


def test_a_refusal_that_repeats_the_keys_does_not_hand_them_on(desk: Desk) -> None:
    desk.refused(401, {"errorCode": CLIENT_SECRET, "errorMessage": CLIENT_SECRET})


@pytest.mark.parametrize(
    ("body", "retry_after", "until"),
    [
        ({"errorCode": "010"}, None, MIDNIGHT),
        ({"error": {"errorCode": "400"}}, None, MIDNIGHT),
        ({"errorCode": "010"}, "600", NOW + timedelta(minutes=10)),
        ({"errorCode": "012"}, None, NOW + timedelta(minutes=1)),
        ({"error": {"errorCode": "420"}}, None, NOW + timedelta(minutes=1)),
        ("", None, NOW + timedelta(minutes=1)),
    ],
)
def test_too_many_and_too_fast_are_two_things(
    desk: Desk, body: Any, retry_after: str | None, until: datetime
) -> None:
    headers = {"Retry_After": retry_after} if retry_after else {}
    error = desk.refused(429, body, **headers)
    assert isinstance(error, RateLimited)
    assert error.retry_at is not None
    assert timedelta(0) <= error.retry_at - until <= timedelta(seconds=1)
    desk.portal.forget_requests()
    with pytest.raises(RateLimited, match="left alone"):
        desk.call()
    assert desk.portal.requests == []


def test_the_quota_of_a_day_is_kept_across_processes_and_ends_at_midnight(
    desk: Desk, tmp_path: Path
) -> None:
    assert desk.keys
    desk.keys = replace(desk.keys, daily_calls=3)
    for _ in range(2):
        desk.call()
    with open_store(tmp_path / "gisa.db") as other:
        assert other.hosts.take_call(authority(desk.portal.base_url), "2026-09-27", 3)
    with pytest.raises(RateLimited, match="3 calls of today are used up until 2026-09-28 00:00"):
        desk.call()
    assert len(desk.portal.requests) == 2
    desk.now = MIDNIGHT
    desk.call()
    assert desk.store.hosts.calls(authority(desk.portal.base_url), "2026-09-28") == 1
    assert desk.store.hosts.calls(authority(desk.portal.base_url), "2026-09-27") == 0


def test_a_refusal_without_end_is_read_as_far_as_it_matters(desk: Desk) -> None:
    error = desk.refused(401, '{"errorCode": "024"}' + " " * 200_000)
    assert "code 024" in error.detail
