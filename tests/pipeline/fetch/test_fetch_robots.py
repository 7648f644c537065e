"""robots.txt: obeyed in every form it comes in, asked once, kept, and shared."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta

import pytest

from pipeline.errors import BadAnswer, Blocked, Unreachable
from pipeline.fetch import described

PAGE = b"<p>page</p>"
TEXT = "Content-Type: text/plain"


def allowed(fetching, server, url: str = "/v/1") -> bool:
    try:
        return fetching.page(server.url + url) is not None
    except Blocked as error:
        return error.reason != "robots" or "/v/1" in server.paths()


@pytest.fixture(autouse=True)
def article(server, reply) -> None:
    server.routes["/v/1"] = reply(200, PAGE)


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("", True), ("User-agent: *\nAllow: /", True), ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow:", True), ("User-agent: *\nDisallow: /v/", False),
        ("User-agent: *\nDisallow: /V/", True), ("User-agent: *\nDisallow: /v/\nAllow: /v/1", True),
        ("User-agent: *\nDisallow: /*/1$", False), ("User-agent: *\nDisallow: /v$", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: gisa\nAllow: /", True),
        ("User-agent: gisa\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: GISA\nDisallow: /", False), ("user-agent:gisa\ndisallow:/", False),
        ("User-agent: gisa/1.0\nDisallow: /", False),
        ("User-agent: gisa # us\nDisallow: / # all", False),
        ("User-agent: other\nUser-agent: gisa\nDisallow: /", False),
        ("User-agent: gisa\nAllow: /\n\nUser-agent: gisa\nDisallow: /v/", False),
        # only our own token is us, and its group alone counts
        ("User-agent: gisabot\nDisallow: /", True), ("User-agent: gis\nDisallow: /", True),
        ("User-agent: g\nAllow: /\n\nUser-agent: *\nDisallow: /", False),
        ("User-agent: gisa-news\nAllow: /\n\nUser-agent: *\nDisallow: /", False),
        ("\ufeffUser-agent: *\nDisallow: /", False), ("User-agent: *\r\nDisallow: /\r\n", False),
        ("User-agent: *\rDisallow: /\r", False), ("User-agent: *\nDisallow: /\0", True),
        ("<!doctype html><html><body>Disallow: /</body></html>", True),
        ("User-agent: *\nDisallow: /%76/", False), ("User-agent: *\nDisallow: /한글", True),
    ],
)  # fmt: skip
def test_what_it_says(fetching, server, reply, text: str, may: bool) -> None:
    server.routes["/robots.txt"] = reply(200, text.encode(), TEXT)
    assert allowed(fetching, server) is may


def test_a_page_of_another_rule(fetching, server, reply) -> None:
    server.routes["/robots.txt"] = reply(200, b"User-agent: *\nDisallow: /v/1?print", TEXT)
    server.routes["/v/1?print"] = server.routes["/v/1"]
    assert allowed(fetching, server)
    with pytest.raises(Blocked):
        fetching.page(f"{server.url}/v/1?print")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_none_means_no_restrictions(fetching, server, reply, status: int) -> None:
    server.routes["/robots.txt"] = reply(status, b"User-agent: *\nDisallow: /")
    assert allowed(fetching, server)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_an_error_closes_the_site_until_it_answers_again(
    fetching, server, reply, clock, status: int
) -> None:
    server.routes["/robots.txt"] = reply(status)
    for _ in range(2):
        with pytest.raises(Unreachable) as caught:
            fetching.page(f"{server.url}/v/1")
        assert caught.value.reason == "robots"
    assert server.paths() == ["/robots.txt"]
    server.routes["/robots.txt"] = reply(200, b"User-agent: *\nAllow: /", TEXT)
    clock.now += timedelta(minutes=11)
    assert allowed(fetching, server)


def test_a_wait_that_robots_txt_asks_for_is_honoured(fetching, server, reply, clock) -> None:
    server.routes["/robots.txt"] = reply(429, b"", "Retry-After: 7200")
    with pytest.raises(Unreachable):
        fetching.page(f"{server.url}/v/1")
    clock.now += timedelta(minutes=30)
    server.routes["/robots.txt"] = reply(404)
    with pytest.raises(Exception, match="left alone"):
        fetching.page(f"{server.url}/v/1")
    assert server.paths() == ["/robots.txt"]
    clock.now += timedelta(minutes=91)
    assert allowed(fetching, server)


def test_a_cut_or_unreadable_robots_txt_allows_nothing(fetching, server, reply) -> None:
    whole = gzip.compress(b"User-agent: *\nDisallow: /" + b"\n# x" * 500)
    for broken in (
        reply(200, whole[:-12], TEXT, "Content-Encoding: gzip"),
        reply(200, whole, TEXT, "Content-Encoding: br"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nUser-agent: *\n",
    ):
        server.routes["/robots.txt"] = lambda exchange, broken=broken: (
            exchange.send(broken), exchange.hang_up())  # fmt: skip
        with pytest.raises(Unreachable):
            fetching.page(f"{server.url}/v/1")
    assert "/v/1" not in server.paths()


@pytest.mark.parametrize("packed", [False, True])
def test_the_first_500_kib_of_a_long_one_count(fetching, server, reply, packed: bool) -> None:
    text = b"User-agent: *\nDisallow: /v/\n" + b"# filler\n" * 100_000
    body = gzip.compress(text) if packed else text
    encoding = "Content-Encoding: gzip" if packed else "X-Plain: yes"
    server.routes["/robots.txt"] = reply(200, body, TEXT, encoding)
    assert not allowed(fetching, server)


def test_one_without_end_is_cut_off(fetching, server) -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /v/\n"
    filler = b"# filler\n" * 5000
    server.routes["/robots.txt"] = lambda exchange: exchange.drip(before=head, drop=filler)
    assert not allowed(fetching, server)


def test_redirects_are_followed(fetching, server, other_server, reply) -> None:
    server.routes["/robots.txt"] = reply(301, b"", f"Location: {other_server.url}/r.txt")
    other_server.routes["/r.txt"] = reply(200, b"User-agent: *\nDisallow: /v/", TEXT)
    assert not allowed(fetching, server)


@pytest.mark.parametrize(
    "location", ["/robots.txt", "data:text/plain,x", "http://[::1", "http://h\x7f/"]
)
def test_redirects_that_lead_nowhere_are_as_good_as_none(
    fetching, server, reply, location: str
) -> None:
    server.routes["/robots.txt"] = reply(301, b"", f"Location: {location}")
    assert allowed(fetching, server)


def test_asked_once_and_shared_through_the_database(fetching, server, reply, clock) -> None:
    server.routes["/robots.txt"] = reply(200, b"User-agent: *\nAllow: /", TEXT)
    for hours in (0, 23):
        clock.now += timedelta(hours=hours)
        assert allowed(fetching, server)
    assert server.paths().count("/robots.txt") == 1
    clock.now += timedelta(hours=2)
    server.routes["/robots.txt"] = reply(200, b"User-agent: *\nDisallow: /", TEXT)
    with pytest.raises(Blocked):
        fetching.page(f"{server.url}/v/1")
    assert server.paths().count("/robots.txt") == 2


def test_a_long_lived_fetcher_asks_again_after_a_day(fetching, server, reply, clock) -> None:
    server.routes["/robots.txt"] = reply(200, b"User-agent: *\nAllow: /", TEXT)

    async def two_days() -> None:
        async with fetching.fetcher() as fetcher:
            await fetcher.page(f"{server.url}/v/1")
            server.routes["/robots.txt"] = reply(200, b"User-agent: *\nDisallow: /", TEXT)
            await fetcher.page(f"{server.url}/v/1")
            clock.now += timedelta(hours=25)
            await fetcher.page(f"{server.url}/v/1")

    with pytest.raises(Blocked):
        asyncio.run(two_days())


def test_many_sources_at_once_ask_once(fetching, server) -> None:
    async def at_once() -> None:
        async with fetching.fetcher(concurrency=8) as fetcher:
            await asyncio.gather(*[fetcher.page(f"{server.url}/v/1") for _ in range(8)])

    asyncio.run(at_once())
    assert server.paths().count("/robots.txt") == 1
    assert server.paths().count("/v/1") == 8


def test_many_sources_of_a_dead_host_wait_once(fetching, server, reply, clock) -> None:
    server.routes["/robots.txt"] = lambda exchange: exchange.drip(before=b"", drop=b"")

    async def at_once() -> None:
        async with fetching.fetcher(deadline=timedelta(seconds=0.5)) as fetcher:
            pages = [fetcher.page(f"{server.url}/v/1") for _ in range(8)]
            errors = await asyncio.gather(*pages, return_exceptions=True)
            assert {(type(e), getattr(e, "reason", "")) for e in errors} == {
                (Unreachable, "timeout")
            }
            assert server.paths() == ["/robots.txt"]
            clock.now += timedelta(minutes=2)
            server.routes["/robots.txt"] = reply(404)
            assert await fetcher.page(f"{server.url}/v/1")

    asyncio.run(at_once())


@pytest.mark.parametrize(
    ("delay", "gap"),
    [("3", 3), ("0.5", 1), ("-5", 1), ("nan", 1), ("inf", 1), ("x", 1), ("90", 90)],
)
def test_crawl_delay_raises_the_gap(fetching, server, reply, clock, delay: str, gap: float) -> None:
    text = f"User-agent: *\nCrawl-delay: {delay}\n"
    server.routes["/robots.txt"] = reply(200, text.encode(), TEXT)

    async def thrice() -> None:
        async with fetching.fetcher() as fetcher:
            for _ in range(3):
                await fetcher.page(f"{server.url}/v/1")

    asyncio.run(thrice())
    for slept in clock.slept[1:]:
        assert gap <= slept <= gap * 1.3


@pytest.mark.parametrize("delay", ["301", "86400", "1e300", "9" * 300])
def test_a_crawl_delay_beyond_reason_is_as_good_as_a_disallow(
    fetching, server, reply, delay: str
) -> None:
    text = f"User-agent: *\nCrawl-delay: {delay}\n"
    server.routes["/robots.txt"] = reply(200, text.encode(), TEXT)
    with pytest.raises(Blocked, match="Crawl-delay") as caught:
        fetching.page(f"{server.url}/v/1")
    assert caught.value.reason == "robots"
    assert server.paths() == ["/robots.txt"]


def test_a_redirect_to_a_disallowed_page_is_not_followed(fetching, server, reply) -> None:
    server.routes["/robots.txt"] = reply(200, b"User-agent: *\nDisallow: /private", TEXT)
    server.routes["/v/1"] = reply(302, b"", "Location: /private/1")
    with pytest.raises(Blocked):
        fetching.page(f"{server.url}/v/1")
    assert server.paths() == ["/robots.txt", "/v/1"]


def test_a_url_that_is_none_asks_for_no_robots(fetching) -> None:
    with pytest.raises(BadAnswer):
        fetching.page("http:///v/1")


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (404, "", "none (answered 404): all is allowed"),
        (503, "", "answered 503: nothing is fetched"),
        (429, "", "answered 429: nothing is fetched"),
        (200, "", "names neither us nor all robots: all is allowed"),
        (200, "User-agent: Yeti\nDisallow: /", "names neither us nor all robots: all is allowed"),
        (200, "User-agent: *\nDisallow: /a\nAllow: /b", "group *: 2 rules"),
        (200, "User-agent: *\nDisallow: /a\n\nUser-agent: Gisa\nCrawl-delay: 2.5\nDisallow: /b",
         "group gisa: 1 rule, Crawl-delay 2.5 s"),
        (200, "User-agent: gisa\nUser-agent: *\n# both\nDisallow: /a\nDisallow: /b", "group gisa: 2 rules"),
        (200, "User-agent: gisa\nDisallow: /a\nUser-agent: gisa\nDisallow: /b", "group gisa: 2 rules"),
        (200, "<html>no robots here</html>", "names neither us nor all robots: all is allowed"),
    ],
)  # fmt: skip
def test_the_rule_in_a_few_words(status: int, text: str, said: str) -> None:
    assert described(status, text) == said


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("", ()),
        ("User-agent: *\nDisallow: /x", ()),
        ("User-agent: *\nDisallow: /x\n\nUser-agent: GPTBot\nUser-agent: CCBot\nDisallow: /",
         (("robots", "keeps out GPTBot, CCBot"),)),
        ("User-agent: GPTBot\nDisallow: /members/", ()),
        ("User-agent: gptbot\nDisallow: /v/", (("robots", "keeps out GPTBot"),)),
        ("# GPTBot is welcome\nUser-agent: *\nAllow: /", ()),
        ("User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /",
         (("content-signal", "search=yes, ai-train=no"),)),
        ("License: https://news.example/license.xml\nUser-agent: *\nAllow: /",
         (("rsl", "https://news.example/license.xml"),)),
    ],
)  # fmt: skip
def test_what_it_says_of_rights_is_on_every_page(
    fetching, server, reply, text: str, signals
) -> None:
    server.routes["/robots.txt"] = reply(200, text.encode(), TEXT)
    page = fetching.page(f"{server.url}/v/1")
    assert page.site_signals == signals
