"""Hostile cases of redirects: without an end, to other schemes, into our own network by every spelling."""

from typing import Final

from jobs.sample_portal.hostile_case import (
    HTML,
    PAGE,
    SMUGGLED,
    TEXT,
    Act,
    Case,
    Exchange,
    answer,
    chunk,
    drips,
    either,
    good,
    head,
    refused,
    sends,
)

_FOUND: Final = "302 Found"
_HOP_SECONDS: Final = 0.3
_NO_PAGE: Final = "forbidden_address"


def _to(location: str) -> Act:
    """Redirect; `{port}` in the location is our own, where /inside would answer."""

    def act(exchange: Exchange) -> None:
        port = exchange.base_url.rpartition(":")[2]
        location_here = "Location: " + location.replace("{port}", port)
        exchange.send(answer("", location_here, status=_FOUND))

    return act


def _onwards(exchange: Exchange) -> None:
    """Always to a new address."""
    home = "/".join(exchange.path.split("/")[:4])
    exchange.send(answer("", f"Location: {home}/{int(exchange.step or 0) + 1}", status=_FOUND))


def _slowly_onwards(exchange: Exchange) -> None:
    exchange.closing.wait(_HOP_SECONDS)
    _onwards(exchange)


def _to_itself(exchange: Exchange) -> None:
    exchange.send(answer("", f"Location: {exchange.path}", status=_FOUND))


def _to_and_fro(exchange: Exchange) -> None:
    other = exchange.path.removesuffix("/fro") if exchange.step else f"{exchange.path}/fro"
    exchange.send(answer("", f"Location: {other}", status=_FOUND))


def _growing(exchange: Exchange) -> None:
    exchange.send(answer("", f"Location: {exchange.path}?next={exchange.path}", status=_FOUND))


def _once(first: bytes, *, hang_up: bool = False) -> Act:
    """Answer like this the first time; the page is at the second step."""

    def act(exchange: Exchange) -> None:
        if exchange.step:
            exchange.send(answer(PAGE))
            return
        exchange.send(first.replace(b"{next}", f"{exchange.path}/page".encode()))
        if hang_up:
            exchange.hang_up()

    return act


def _drips_after_location(exchange: Exchange) -> None:
    if exchange.step:
        exchange.send(answer(PAGE))
    else:
        begun = head(HTML, f"Location: {exchange.path}/page", status=_FOUND)
        drips(begun, b"x")(exchange)


_WAYS: Final = (
    good("redirect", _once(answer("", "Location: {next}", status=_FOUND))),
    good("redirect-korean", _once(answer("", "Location: {next}/기사?면=1", status=_FOUND))),
    good("redirect-blank", _once(answer("", "Location: {next}/a b", status=_FOUND))),
    good("redirect-fragment", _once(answer("", "Location: {next}#@169.254.169.254", status=_FOUND))),
    good("redirect-with-page", _once(answer(SMUGGLED, "Location: {next}", status=_FOUND))),
    good(
        "redirect-with-megabyte",
        _once(answer(b"x" * 1_000_000, "Location: {next}", status=_FOUND), hang_up=True),
    ),
    good(
        "redirect-cut",
        _once(head("Location: {next}", "Content-Length: 900", status=_FOUND), hang_up=True),
    ),
    good(
        "redirect-bad-encoding",
        _once(answer("x", "Location: {next}", "Content-Encoding: br", status=_FOUND)),
    ),
    either("redirect-and-drip", _drips_after_location, "timeout"),
    either(
        "redirect-two-places",
        _once(answer("", "Location: {next}", "Location: {next}/2", status=_FOUND)),
        _NO_PAGE, "gone",
    ),
    refused("redirect-empty", _to(""), _NO_PAGE, "redirect_loop"),
    refused("redirect-to-itself", _to_itself, "redirect_loop"),
    refused("redirect-in-a-circle", _to_and_fro, "redirect_loop"),
    refused("redirect-endless", _onwards, "redirect_loop"),
    refused("redirect-slow", _slowly_onwards, "timeout"),
    refused("redirect-growing", _growing, "redirect_loop", _NO_PAGE),
    refused("redirect-nowhere", sends(answer("", status=_FOUND)), _NO_PAGE),
    refused("redirect-chunked-nowhere", sends(
        head("Transfer-Encoding: chunked", status="301 Moved"), chunk(TEXT.encode()), b"0\r\n\r\n"
    ), _NO_PAGE),
    refused("redirect-nul", _to("http://127.1\x00.news.invalid/"), _NO_PAGE, "truncated"),
    refused("redirect-to-tls", _to("https://127.0.0.1:{port}/inside"), "tls", "truncated", "connect"),
)  # fmt: skip

_SCHEMES: Final = (
    f"data:text/html,{SMUGGLED}", "javascript:alert(1)", "file:///etc/passwd", "file:/etc/passwd",
    "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1:{port}/_GET", "about:blank",
    "mailto:desk@news.invalid", "ws://127.0.0.1:{port}/inside", "blob:http://127.0.0.1/1",
    "view-source:http://127.1:{port}/inside", "jar:http://127.1:{port}/inside!/", "s3://bucket/key",
    "httpx://127.1/inside", "HTTP+UNIX://%2Fvar%2Frun/inside",
)  # fmt: skip

_EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - to be refused, not to be bound to
_HOSTS: Final = (
    "127.1", "127.0.1", "2130706433", "017700000001", "0177.0.0.1", "0x7f000001", "0x7f.0.0.1", "0x7f.1",
    "00000177.0.0.1", "127.0.0.2", "127.255.255.254", "0", _EVERYWHERE, "localhost", "LOCALHOST",
    "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "2852039166", "0xa9fea9fe",
    "0251.0376.0251.0376", "169.254.43518", "100.100.100.200", "198.18.0.1", "192.0.0.192", "224.0.0.1",
    "255.255.255.255",
    "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]",
    "[::127.0.0.1]", "[::a9fe:a9fe]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]", "[2001:0:808:808:0:0:80ff:fffe]", "[fe80::1]", "[fe80::1%25lo]", "[fd00:ec2::254]",
    "[fec0::1]", "[ff02::1]",
    "１２７.0.0.1", "127。0。0。1", "⑯⑨.254.169.254", "①②⑦.1", "127.0.0.1%00", "%31%32%37.0.0.1",
    "127.0.0.1%2f@x",
)  # fmt: skip

_PUZZLES: Final = {
    "user": "http://user:word@127.0.0.1:{port}/inside",
    "user-only": "http://user@127.0.0.1:{port}/inside",
    "user-like-host": "http://news.invalid@127.0.0.1:{port}/inside",
    "user-with-colon": "http://news.invalid:80@127.1:{port}/inside",
    "two-users": "http://a@news.invalid@127.1:{port}/inside",
    "user-empty": "http://@127.1:{port}/inside",
    "backslash-user": "http://127.1:{port}\\@news.invalid/inside",
    "backslash-host": "http://news.invalid\\@127.1:{port}/inside",
    "no-scheme": "//127.1:{port}/inside",
    "tab-in-scheme": "ht\ttp://127.1:{port}/inside",
    "blanks-before": "   http://127.1:{port}/inside",
    "capital-scheme": "HTTP://127.1:{port}/inside",
    "port-ssh": "http://127.0.0.1:22/",
    "port-smtp": "http://127.0.0.1:25/",
    "port-0": "http://127.0.0.1:0/",
    "port-99999": "http://127.0.0.1:99999/",
    "port-negative": "http://127.0.0.1:-1/",
    "port-words": "http://127.0.0.1:http/",
    "port-full-width": "http://127.0.0.1:８０/",
    "bracket": "http://[::1/",
    "bracket-words": "http://[inside]/",
    "zone": "http://[::1%25]/",
    "no-host": "http://:{port}/inside",
    "overlong": "/" + "a" * 3000,
    "overlong-host": "http://" + "a" * 3000 + ".invalid/",
    "overlong-8-kb": "http://127.0.0.1/?" + "a" * 8000,
}
_LOOKED_UP: Final = {
    "dot": "http://127.0.0.1.:{port}/inside",
    "dot-name": "http://localhost.:{port}/inside",
    "dots": "http://.../",
}
"""Some resolvers know these, others ask a name server that does not."""
_AS_A_PATH: Final = {
    "slash-backslash": "/\\127.1:{port}/inside",
    "double-backslash": "\\\\127.1:{port}/inside",
    "scheme-without-slashes": "http:127.1:{port}/inside",
    "one-slash": "http:/127.1:{port}/inside",
    "three-slashes": "///127.1:{port}/inside",
    "backslashes": "http:\\\\127.1:{port}\\inside",
    "scheme-only": "http:",
    "scheme-and-slashes": "http://",
    "scheme-and-three-slashes": "http:///inside",
}
"""A browser reads a host here, RFC 3986 a path on the same server, where nothing is, or this very page."""

REDIRECTS: Final[tuple[Case, ...]] = (
    *_WAYS,
    *(refused(f"scheme-{n}", _to(url), _NO_PAGE) for n, url in enumerate(_SCHEMES)),
    *(refused(f"host-{n}", _to(f"http://{host}:{{port}}/inside"), _NO_PAGE) for n, host in enumerate(_HOSTS)),
    *(refused(f"url-{name}", _to(url), _NO_PAGE) for name, url in _PUZZLES.items()),
    *(refused(f"url-{n}", _to(url), _NO_PAGE, "dns", "timeout") for n, url in _LOOKED_UP.items()),
    *(refused(f"url-{n}", _to(url), _NO_PAGE, "gone", "redirect_loop") for n, url in _AS_A_PATH.items()),
)  # fmt: skip
