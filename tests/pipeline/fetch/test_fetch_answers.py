"""What a server may answer, and which error a crawl is told: status, headers, encodings, redirects."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from datetime import timedelta

import brotli
import pytest
import zstandard

from pipeline.errors import BadAnswer, Blocked, Gone, PageError, RateLimited, Unreachable

PAGE = "<html><body>정부는 27일 새 예산안을 발표했다.</body></html>"


def refused(fetching, url: str, kind: type[PageError], reason: str, **more) -> PageError:
    with pytest.raises(kind) as caught:
        fetching.page(url, **more)
    assert type(caught.value) is kind
    assert caught.value.reason == reason
    assert caught.value.detail
    return caught.value


def test_a_page_as_it_was_served(fetching, server, reply, clock) -> None:
    headers = ('ETag: W/"1"', "Last-Modified: Sun, 27 Sep 2026 01:00:00 GMT",
               "X-Robots-Tag: noai", "X-Robots-Tag: gisa: noarchive")  # fmt: skip
    server.routes["/a"] = reply(200, PAGE.encode(), *headers)
    page = fetching.page(f"{server.url}/a")
    assert page.url == f"{server.url}/a"
    assert page.html == PAGE
    assert page.fetched_at == clock.now
    assert page.robots_tags == ("noai", "gisa: noarchive")
    assert (page.etag, page.last_modified) == ('W/"1"', "Sun, 27 Sep 2026 01:00:00 GMT")
    assert page.warnings == ()


def test_says_who_we_are_and_what_we_read(fetching, server, reply, monkeypatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.routes["/a"] = reply(200, PAGE.encode(), "Set-Cookie: id=1; Path=/")
    fetching.page(f"{server.url}/a")
    for exchange in server.seen:
        assert exchange.headers["user-agent"].startswith("gisa/")
        assert exchange.headers["user-agent"].endswith(" (+mailto:desk@news.example)")
        assert exchange.headers["accept-encoding"] == "gzip, deflate, br, zstd"
        assert exchange.headers["accept-language"].startswith("ko")


def test_cookies_are_not_kept(fetching, server, reply) -> None:
    server.routes["/a"] = reply(302, b"", "Location: /b", "Set-Cookie: id=1; Path=/")
    server.routes["/b"] = reply(200, PAGE.encode(), "Set-Cookie: id=2")

    async def twice() -> None:
        async with fetching.fetcher() as fetcher:
            await fetcher.page(f"{server.url}/a")
            await fetcher.page(f"{server.url}/a")

    asyncio.run(twice())
    assert server.paths() == ["/robots.txt", "/a", "/b", "/a", "/b"]
    assert not [e for e in server.seen if "cookie" in e.headers]


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (401, Blocked, "blocked"), (403, Blocked, "blocked"), (451, Blocked, "blocked"),
        (404, Gone, "gone"), (410, Gone, "gone"),
        (429, RateLimited, "rate_limited"), (503, RateLimited, "rate_limited"),
        (500, Unreachable, "server_error"), (502, Unreachable, "server_error"),
        (504, Unreachable, "server_error"), (999, Unreachable, "server_error"),
        (418, BadAnswer, "server_error"), (400, BadAnswer, "server_error"),
        (204, BadAnswer, "server_error"), (206, BadAnswer, "server_error"),
        (300, BadAnswer, "server_error"), (304, BadAnswer, "server_error"),
    ],
)  # fmt: skip
def test_status(fetching, server, reply, status: int, kind: type[PageError], reason: str) -> None:
    body = b"" if status in (204, 304) else PAGE.encode()  # article-like, and no article
    server.routes["/a"] = reply(status, body)
    error = refused(fetching, f"{server.url}/a", kind, reason)
    assert str(status) in error.detail
    assert error.url == f"{server.url}/a"


@pytest.mark.parametrize("status", [404, 403, 429])
def test_a_status_counts_though_its_body_is_broken(fetching, server, status: int) -> None:
    head = f"HTTP/1.1 {status} No\r\nContent-Length: 1000\r\nContent-Encoding: br\r\n\r\n".encode()

    def cut(exchange) -> None:
        exchange.send(head, b"<htm")
        exchange.hang_up()

    server.routes["/cut"] = cut
    server.routes["/drip"] = lambda exchange: exchange.drip(before=head, drop=b"")
    kind = {404: Gone, 403: Blocked, 429: RateLimited}[status]
    with pytest.raises(kind):
        fetching.page(f"{server.url}/cut")
    if status != 429:  # that one is now to be left alone
        with pytest.raises(kind):
            fetching.page(f"{server.url}/drip", limits={"deadline": timedelta(seconds=0.3)})


def test_304_when_asked_for_and_only_then(fetching, server, reply) -> None:
    def conditional(exchange) -> None:
        known = exchange.headers.get("if-none-match") == '"1"'
        exchange.send(reply(304) if known else reply(200, PAGE.encode(), 'ETag: "1"'))

    server.routes["/a"] = conditional
    page = fetching.page(f"{server.url}/a")
    assert page.etag == '"1"'
    since = "Sun, 27 Sep 2026 01:00:00 GMT"
    assert fetching.page(f"{server.url}/a", etag=page.etag, last_modified=since) is None
    assert server.seen[-1].headers["if-modified-since"] == since
    assert fetching.html(f"{server.url}/a", etag='"old"') == PAGE


@pytest.mark.parametrize(
    "odd", [b'"\xea\xb0\x80"', b'"\xff"', b'"\x01"', b'"' + b"x" * 5000 + b'"', b"\t"]
)
def test_validators_that_cannot_be_sent_back_are_dropped(fetching, server, odd: bytes) -> None:
    server.routes["/a"] = (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: " + odd + b"\r\nLast-Modified: " + odd
        + b"\r\n\r\nab"
    )  # fmt: skip
    page = fetching.page(f"{server.url}/a")
    assert (page.etag, page.last_modified) == (None, None)


@pytest.mark.parametrize("etag", ['"가"', '"\x01"', '"a\nb"', '"\udfff"'])
def test_validators_of_an_older_database_do_no_harm(fetching, server, reply, etag: str) -> None:
    server.routes["/a"] = reply(200, PAGE.encode())
    assert fetching.html(f"{server.url}/a", etag=etag, last_modified=etag) == PAGE
    assert "if-none-match" not in server.seen[-1].headers


@pytest.mark.parametrize(
    ("kind", "good"),
    [
        ("text/html", True), ("TEXT/HTML; Charset=UTF-8", True), ("application/xhtml+xml", True),
        ("text/plain", True), ("application/pdf", False), ("image/jpeg", False),
        ("application/octet-stream", False), ("application/json", False), ("", False),
    ],
)  # fmt: skip
def test_content_types(fetching, server, reply, kind: str, good: bool) -> None:
    server.routes["/a"] = reply(200, PAGE.encode(), f"Content-Type: {kind}")
    if good:
        assert fetching.html(f"{server.url}/a") == PAGE
    else:
        refused(fetching, f"{server.url}/a", BadAnswer, "not_html")


def test_no_content_type_is_read_as_html_and_empty_is_empty(fetching, server) -> None:
    server.routes["/a"] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"
    server.routes["/empty"] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    assert fetching.html(f"{server.url}/a") == "ab"
    assert fetching.html(f"{server.url}/empty") == ""


@pytest.mark.parametrize("where", ["header", "meta"])
def test_korean_pages_of_the_old_kind(fetching, server, reply, where: str) -> None:
    text = '<meta charset="euc-kr"><p>똠방각하 펲시콜라 뷁</p>'  # syllables beyond EUC-KR
    kind = "text/html; charset=euc-kr" if where == "header" else "text/html"
    text = text if where == "meta" else text.replace('<meta charset="euc-kr">', "")
    server.routes["/a"] = reply(200, text.encode("cp949"), f"Content-Type: {kind}")
    assert fetching.html(f"{server.url}/a") == text


def deflated(data: bytes, wbits: int) -> bytes:
    packer = zlib.compressobj(wbits=wbits)
    return packer.compress(data) + packer.flush()


BODY = PAGE.encode()
ACCEPTED = {
    "gzip": ("gzip", gzip.compress(BODY)),
    "x-gzip": ("x-gzip", gzip.compress(BODY)),
    "capitals": ("GZip", gzip.compress(BODY)),
    "identity": ("identity", BODY),
    "members": ("gzip", gzip.compress(BODY[:9]) + gzip.compress(BODY[9:])),
    "padded": ("gzip", gzip.compress(BODY) + bytes(100)),
    "zlib": ("deflate", deflated(BODY, 15)),
    "raw": ("deflate", deflated(BODY, -15)),
    "br": ("br", brotli.compress(BODY)),
    "zstd": ("zstd", zstandard.compress(BODY)),
    "frames": ("zstd", zstandard.compress(BODY[:9]) + zstandard.compress(BODY[9:])),
    "long": ("zstd", zstandard.compress(BODY, 1) + zstandard.compress(b" " * 90_000)),
}


@pytest.mark.parametrize("form", ACCEPTED)
@pytest.mark.parametrize("pieces", [1, 10_000])
def test_encodings_that_we_accept(fetching, server, form: str, pieces: int) -> None:
    name, packed = ACCEPTED[form]

    def piecewise(exchange) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {name}\r\nTransfer-Encoding: chunked\r\n\r\n"
        size = max(1, len(packed) // pieces)
        exchange.send(head.encode())
        parts = [packed[at : at + size] for at in range(0, len(packed), size)]
        exchange.send(*[b"%x\r\n%s\r\n" % (len(part), part) for part in parts], b"0\r\n\r\n")

    server.routes["/a"] = piecewise
    assert fetching.html(f"{server.url}/a").rstrip() == PAGE.rstrip()


@pytest.mark.parametrize("name", ["lzma", "compress", "gzip, gzip", "rot13", "가"])
def test_encodings_that_we_did_not_ask_for(fetching, server, reply, name: str) -> None:
    head = f"Content-Encoding: {name}".encode().decode("latin-1")
    server.routes["/a"] = reply(200, gzip.compress(gzip.compress(PAGE.encode())), head)
    refused(fetching, f"{server.url}/a", BadAnswer, "bad_encoding")


def test_redirects_are_followed_to_where_the_page_is(fetching, server, other_server, reply) -> None:
    server.routes["/a/1"] = reply(301, b"gone there", "Location: ../b?x=%EA%B0%80#end")
    server.routes["/b?x=%EA%B0%80"] = reply(302, b"", f"Location: //{server.authority}/c")
    server.routes["/c"] = reply(303, b"", "Location: /d")
    server.routes["/d"] = reply(307, b"", "Location: /e")
    server.routes["/e"] = reply(308, b"", f"Location: {other_server.url}/f")
    other_server.routes["/f"] = reply(200, PAGE.encode())
    page = fetching.page(f"{server.url}/a/1")
    assert page.url == f"{other_server.url}/f"
    assert page.html == PAGE
    assert other_server.paths() == ["/robots.txt", "/f"]
    assert server.connections <= 2


def test_redirects_in_a_circle_end(fetching, server, reply) -> None:
    server.routes["/a"] = reply(302, b"", "Location: /b")
    server.routes["/b"] = reply(302, b"", "Location: /a")
    error = refused(fetching, f"{server.url}/a", BadAnswer, "redirect_loop")
    assert error.url == f"{server.url}/a"
    assert len(server.seen) == 12


@pytest.mark.parametrize(
    "location",
    ["data:text/html,hello", "file:///etc/passwd", "javascript:alert(1)", "ftp://h/", "mailto:a@b",
     "http://[::1", "http://h:99999999/", "http://h:port/", "",
     "https://" + "a" * 3000],
)  # fmt: skip
def test_redirects_to_what_is_no_page(fetching, server, reply, location: str) -> None:
    server.routes["/a"] = reply(302, b"", f"Location: {location}")
    refused(fetching, f"{server.url}/a", BadAnswer, "forbidden_address")


@pytest.mark.parametrize(
    "location", ["http://a\x7fb/", f"http://{'a' * 70}.invalid/", "http://a b/"]
)
def test_redirects_to_broken_hosts(fetching, server, reply, location: str) -> None:
    server.routes["/a"] = reply(302, b"", f"Location: {location}")
    with pytest.raises((BadAnswer, Unreachable)):
        fetching.page(f"{server.url}/a")


def test_a_redirect_without_an_address(fetching, server, reply) -> None:
    server.routes["/a"] = reply(302)
    refused(fetching, f"{server.url}/a", BadAnswer, "forbidden_address")


@pytest.mark.parametrize(
    "url",
    ["", "/v/1", "ftp://h/", "file:///etc/passwd", "http://", "http://[::1", "http://h:99999/",
     "http://h/\udfff", "javascript:1", "http://h/" + "a" * 5000, "http://a b/"],
)  # fmt: skip
def test_what_is_no_url_is_refused_before_any_request(fetching, url: str) -> None:
    refused(fetching, url, BadAnswer, "forbidden_address")
    assert fetching.store.hosts.all() == []


def test_what_headers_say_of_rights(fetching, server, reply) -> None:
    server.routes["/a"] = reply(
        200, b"<p>page</p>", "TDM-Reservation: 1", "TDM-Policy: https://news.example/tdm.json",
        "Link: </style.css>; rel=preload",
        'Link: <https://creativecommons.org/licenses/by/4.0/>; rel="license"',
        'Link: <https://news.example/license.xml>; rel="license"; type="application/rsl+xml"',
    )  # fmt: skip
    assert fetching.page(f"{server.url}/a").site_signals == (
        ("tdmrep", "1 (policy https://news.example/tdm.json)"),
        ("license", "https://creativecommons.org/licenses/by/4.0/"),
        ("rsl", "https://news.example/license.xml"),
    )
