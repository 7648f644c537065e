"""Turns at a host: the gap, its jitter, one at a time, patience, and waits that hosts ask for."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RateLimited, Unreachable
from pipeline.fetch.politeness import LONGEST_WAIT, parse_retry_after
from pipeline.store import open_store

PAGE = b"<p>page</p>"
NOON = datetime(2026, 9, 27, 12, tzinfo=UTC)


def pages(fetching, url: str, times: int, **limits) -> None:
    async def some() -> None:
        async with fetching.fetcher(**limits) as fetcher:
            for _ in range(times):
                await fetcher.page(url)

    asyncio.run(some())


def test_a_gap_with_jitter_lies_between_requests(fetching, server, reply, clock) -> None:
    server.routes["/a"] = reply(200, PAGE)
    pages(fetching, f"{server.url}/a", 20, delay=timedelta(seconds=2))
    assert len(clock.slept) == 20  # robots.txt came first
    assert all(2 <= slept <= 2.6 for slept in clock.slept)
    assert len(set(clock.slept)) > 10


def test_the_gap_of_a_host_and_of_all_others(fetching, server, other_server, reply, clock) -> None:
    server.routes["/a"] = other_server.routes["/a"] = reply(200, PAGE)
    own = {server.authority: (timedelta(seconds=10), None)}
    pages(fetching, f"{server.url}/a", 1, hosts=own)
    assert all(10 <= slept <= 13 for slept in clock.slept)
    clock.slept.clear()
    pages(fetching, f"{other_server.url}/a", 1, hosts=own)
    assert all(1 <= slept <= 1.3 for slept in clock.slept)


@pytest.mark.parametrize(("most", "own"), [(1, None), (2, None), (4, 1), (1, 3)])
def test_no_more_requests_at_once_than_allowed(fetching, server, reply, most, own) -> None:
    expected = own or most
    lock, under_way, counted = threading.Lock(), [], []
    full = threading.Barrier(expected)

    def slow(exchange) -> None:
        with lock:
            under_way.append(exchange)
            counted.append(len(under_way))
        full.wait(5)  # nobody is answered before as many are here as may be
        with lock:
            under_way.remove(exchange)
        exchange.send(reply(200, PAGE))

    server.routes["/a"] = slow
    hosts = {server.authority: (None, own)} if own else {}

    async def many() -> None:
        async with fetching.fetcher(concurrency=most, hosts=hosts, delay=timedelta(0)) as fetcher:
            assert fetcher.concurrency(f"{server.url}/a") == expected
            pages = [fetcher.page(f"{server.url}/a") for _ in range(4 * expected)]
            await asyncio.gather(*pages)

    asyncio.run(many())
    assert max(counted) == expected
    assert len(counted) == 4 * expected


def test_a_turn_beyond_our_patience_is_not_taken(fetching, server, reply, clock) -> None:
    server.routes["/a"] = reply(200, PAGE)
    server.routes["/robots.txt"] = reply(404)
    fetching.page(f"{server.url}/a")
    until = clock.now + timedelta(minutes=10)
    fetching.store.hosts.wait_until(server.authority, until.timestamp())
    before = fetching.store.hosts.all()
    asked = len(server.seen)
    with pytest.raises(RateLimited) as caught:
        fetching.page(f"{server.url}/a")
    assert caught.value.retry_at == until
    assert fetching.store.hosts.all() == before
    assert len(server.seen) == asked
    clock.now = until
    assert fetching.page(f"{server.url}/a")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(seconds=120)), ("0", timedelta(0)), ("9" * 400, LONGEST_WAIT),
        ("172800", LONGEST_WAIT), ("soon", timedelta(minutes=1)), ("-5", timedelta(minutes=1)),
        ("1.5", timedelta(minutes=1)), (None, timedelta(minutes=1)), ("١٢", timedelta(minutes=1)),
    ],
)  # fmt: skip
def test_waits_that_a_host_asks_for(fetching, server, reply, clock, status, said, wait) -> None:
    header = [f"Retry-After: {said}".encode().decode("latin-1")] if said else []
    server.routes["/a"] = reply(status, b"", *header)
    with pytest.raises(RateLimited) as caught:
        fetching.page(f"{server.url}/a")
    assert caught.value.retry_at == clock.now + wait


def test_a_wait_until_a_date(fetching, server, reply, clock) -> None:
    until = clock.now.replace(microsecond=0) + timedelta(minutes=90)
    header = f"Retry-After: {format_datetime(until, usegmt=True)}"
    server.routes["/a"] = reply(429, b"", header)
    with pytest.raises(RateLimited) as caught:
        fetching.page(f"{server.url}/a")
    assert caught.value.retry_at == until


def test_a_wait_is_told_in_utc_whatever_the_clock(fetching, server, reply, clock) -> None:
    clock.now = clock.now.astimezone(timezone(timedelta(hours=9)))
    server.routes["/a"] = reply(429, b"", "Retry-After: 60")
    with pytest.raises(RateLimited, match=r"after 2026-09-27 03:01:\d\dZ"):
        fetching.page(f"{server.url}/a")


def test_back_off_grows_and_a_good_answer_forgets_it(fetching, server, reply, clock) -> None:
    server.routes["/a"] = reply(503)
    waits = []
    for _ in range(12):
        with pytest.raises(RateLimited) as caught:
            fetching.page(f"{server.url}/a")
        waits.append((caught.value.retry_at - clock.now) / timedelta(minutes=1))
        clock.now = caught.value.retry_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1024]
    server.routes["/a"] = reply(200, PAGE)
    fetching.page(f"{server.url}/a")
    server.routes["/a"] = reply(503)
    with pytest.raises(RateLimited) as caught:
        fetching.page(f"{server.url}/a")
    assert caught.value.retry_at - clock.now == timedelta(minutes=1)


def test_a_wait_holds_for_every_process(fetching, server, reply, clock) -> None:
    """Another fetcher on another connection to the same database, as a cron job beside the daemon."""
    from dataclasses import replace

    server.routes["/a"] = reply(429, b"", "Retry-After: 600")
    with pytest.raises(RateLimited):
        fetching.page(f"{server.url}/a")
    asked = len(server.seen)
    with open_store(fetching.store.path) as theirs:
        neighbour = replace(fetching, store=theirs)
        with pytest.raises(RateLimited, match="left alone"):
            neighbour.page(f"{server.url}/a")
        assert len(server.seen) == asked
        clock.now += timedelta(seconds=600)
        server.routes["/a"] = reply(200, PAGE)
        assert neighbour.page(f"{server.url}/a")


@given(st.text() | st.from_regex(r"\w{3}, \d{1,4} \w{3} \d{1,5} \d\d:\d\d:\d\d [+-]?\w{1,5}"))
def test_retry_after_never_raises_and_is_never_negative(text: str) -> None:
    wait = parse_retry_after(text, NOON)
    assert wait is None or wait >= timedelta(0)


def test_an_outage_is_known_to_every_process_and_grows(fetching, server, reply, clock) -> None:
    server.routes["/a"] = reply(200, b"<p>page</p>")
    fetching.page(f"{server.url}/a")  # robots.txt is kept from here on
    server.routes["/a"] = lambda exchange: exchange.closing.wait(30)

    async def three_failures() -> None:
        async with fetching.fetcher(deadline=timedelta(seconds=0.05)) as fetcher:
            for _ in range(3):
                with pytest.raises(Unreachable):
                    await fetcher.page(f"{server.url}/a")

    waits = []
    for _ in range(3):
        asyncio.run(three_failures())
        asked = len(server.paths())
        with pytest.raises(RateLimited) as caught:  # another process: it remembers nothing itself
            fetching.page(f"{server.url}/a", limits={"patience": timedelta(0)})
        assert len(server.paths()) == asked
        waits.append(caught.value.retry_at - clock.now)
        clock.now = caught.value.retry_at + timedelta(seconds=2)
    assert [round(wait / timedelta(minutes=1)) for wait in waits] == [1, 2, 4]


def test_a_wait_that_another_process_was_told_while_we_slept(
    fetching, server, reply, clock
) -> None:
    server.routes["/a"] = reply(200, PAGE)
    fetching.page(f"{server.url}/a")
    sleep = clock.sleep

    async def told_meanwhile(seconds: float) -> None:
        await sleep(seconds)
        fetching.store.hosts.wait_until(server.authority, clock.now.timestamp() + 600)

    clock.sleep = told_meanwhile
    with pytest.raises(RateLimited) as caught:
        fetching.page(f"{server.url}/a")
    assert caught.value.retry_at == clock.now + timedelta(seconds=600)
    assert server.paths().count("/a") == 1
