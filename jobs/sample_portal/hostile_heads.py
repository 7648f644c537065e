"""Hostile cases of the head: what is not HTTP, floods of headers, odd media types, hostile validators."""

from typing import Final

from jobs.sample_portal.hostile_case import (
    HTML,
    PAGE,
    SMUGGLED,
    TEXT,
    Act,
    Case,
    answer,
    either,
    good,
    hangs_up,
    pours,
    refused,
    sends,
)

_BODY: Final = PAGE.encode()
_LENGTH: Final = f"Content-Length: {len(_BODY)}\r\n\r\n".encode()
_KIND: Final = HTML.encode() + b"\r\n"
_FIELDS: Final = _KIND + _LENGTH
_BROKEN: Final = ("truncated", "server_error")


def _begins(status_line: bytes) -> Act:
    return hangs_up(status_line + b"\r\n" + _FIELDS + _BODY)


def _with_field(field: bytes) -> Act:
    return hangs_up(b"HTTP/1.1 200 OK\r\n" + field + _FIELDS + _BODY)


def _called(kind: str) -> Act:
    return sends(answer(PAGE, f"Content-Type: {kind}"))


_NOT_HTTP: Final = (
    refused("not-http", hangs_up(b"this is not HTTP\r\n\r\n"), "truncated"),
    refused("ssh-banner", hangs_up(b"SSH-2.0-Sample_1.0\r\n"), "truncated"),
    refused("smtp-banner", hangs_up(b"220 mail.invalid ESMTP\r\n"), "truncated"),
    refused("tls-alert", hangs_up(b"\x15\x03\x01\x00\x02\x02\x28"), "truncated"),
    refused("http-0.9", hangs_up(_BODY), "truncated"),
    either("http-2.0", _begins(b"HTTP/2.0 200 OK"), "truncated"),
    refused("http-9.9", _begins(b"HTTP/9.9 200 OK"), "truncated"),
    refused("http-2-preface", hangs_up(b"\x00\x00\x12\x04\x00" + bytes(22)), "truncated"),
    refused("icy", _begins(b"ICY 200 OK"), "truncated"),
    refused("nul-bytes", hangs_up(bytes(500)), "truncated"),
    refused("blank-lines", pours(b"", b"\r\n" * 2000), "truncated", "timeout"),
    refused("status-999", _begins(b"HTTP/1.1 999 Denied"), "server_error", "blocked"),
    refused("status-000", _begins(b"HTTP/1.1 000 None"), *_BROKEN),
    refused("status-42", _begins(b"HTTP/1.1 42 Short"), *_BROKEN),
    refused("status-1000", _begins(b"HTTP/1.1 1000 Long"), *_BROKEN),
    refused("status-negative", _begins(b"HTTP/1.1 -200 OK"), *_BROKEN),
    refused("status-plus", _begins(b"HTTP/1.1 +200 OK"), *_BROKEN),
    refused("status-words", _begins(b"HTTP/1.1 OK 200"), *_BROKEN),
    refused("status-full-width", _begins("HTTP/1.1 ２００ OK".encode()), *_BROKEN),
    refused("status-101", _begins(b"HTTP/1.1 101 Switching Protocols"), *_BROKEN, "timeout"),
    good("status-without-words", _begins(b"HTTP/1.1 200")),
    good("http-1.0", hangs_up(b"HTTP/1.0 200 OK\r\n" + _KIND + b"\r\n" + _BODY)),
    good("hints-then-page", sends(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + answer())),
    either(
        "bare-line-feeds", hangs_up((b"HTTP/1.1 200 OK\n" + _FIELDS).replace(b"\r", b"") + _BODY), "truncated"
    ),
)  # fmt: skip

_FIELD_FAULTS: Final = (
    refused("header-flood", _with_field(b"X: y\r\n" * 20_000), "truncated", "too_large"),
    refused("header-flood-endless", pours(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 500), "truncated"),
    refused("header-huge", _with_field(b"X: " + b"y" * 300_000 + b"\r\n"), "truncated"),
    refused("header-endless", pours(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 4096), "truncated"),
    refused("header-name-endless", pours(b"HTTP/1.1 200 OK\r\n", b"y" * 4096), "truncated"),
    refused("status-line-endless", pours(b"HTTP/1.1 200 ", b"y" * 4096), "truncated"),
    either("header-30-kb", _with_field(b"X: " + b"y" * 30_000 + b"\r\n"), "truncated"),
    either("header-without-colon", _with_field(b"nonsense\r\n"), "truncated"),
    either("header-without-name", _with_field(b": nonsense\r\n"), "truncated"),
    either("header-blank-before-colon", _with_field(b"X : y\r\n"), "truncated"),
    either("header-folded", _with_field(b"X: y\r\n  z\r\n"), "truncated"),
    either("header-nul", _with_field(b"X: a\x00b\r\n"), "truncated"),
    either("header-bare-cr", _with_field(b"X: a\rSet-Cookie: b=c\r\n"), "truncated"),
    good("header-utf-8", _with_field("X-Press: 한빛신문\r\n".encode())),
    good("header-cp949", _with_field("X-Press: 한빛신문\r\n".encode("cp949"))),
    good("header-latin-1", _with_field(b"X-Press: \xe9\xff\r\n")),
    good("cookies", _with_field(b"Set-Cookie: id=1; Domain=.invalid\r\n" * 50)),
    either("cookie-flood", _with_field((b"Set-Cookie: a=" + b"b" * 4000 + b"\r\n") * 100), "truncated"),
    good("robots-tag-flood", _with_field(b"X-Robots-Tag: noai, noarchive\r\n" * 60)),
    good("refresh", _with_field(b"Refresh: 0; url=http://127.1/inside\r\n")),
    good("links", _with_field(b'Link: </inside>; rel=preload\r\nAlt-Svc: h3=":443"; ma=9\r\n')),
    good("attachment", _with_field(b"Content-Disposition: attachment; filename=../../etc/passwd\r\n")),
)  # fmt: skip

_VALIDATORS: Final = (
    good("etag-weak", _with_field(b'ETag: W/"1"\r\n')),
    good("etag-20-kb", _with_field(b'ETag: "' + b"e" * 20_000 + b'"\r\n')),
    good("etag-utf-8", _with_field('ETag: "기사"\r\n'.encode())),
    good("etag-bytes", _with_field(b'ETag: "\xff\xfe"\r\n')),
    either("etag-control", _with_field(b'ETag: "\x01\x7f"\r\n'), "truncated"),
    good("etag-list", _with_field(b'ETag: "a", *\r\nETag: "b"\r\n')),
    good("etag-empty", _with_field(b"ETag: \r\nLast-Modified: \r\n")),
    good("last-modified-words", _with_field(b"Last-Modified: yesterday, about noon\r\n")),
    good("last-modified-year-0", _with_field(b"Last-Modified: Mon, 01 Jan 0000 00:00:00 GMT\r\n")),
)

_KINDS: Final = {
    "pdf": "application/pdf",
    "image": "image/jpeg",
    "bytes": "application/octet-stream",
    "video": "video/mp4",
    "json": "application/json",
    "script": "text/javascript",
    "style": "text/css",
    "archive": "application/zip",
    "parts": "multipart/x-mixed-replace; boundary=x",
    "feed": "application/rss+xml",
    "nonsense": "nonsense",
    "path": "text/html/../../etc",
    "prefix": "text/htmlx",
    "long": "a/" + "b" * 10_000,
}

_MEDIA: Final = (
    *(refused(f"kind-{name}", _called(kind), "not_html") for name, kind in _KINDS.items()),
    good("kind-capitals", _called("TEXT/HTML; CHARSET=UTF-8")),
    good("kind-none", hangs_up(b"HTTP/1.1 200 OK\r\n" + _LENGTH + _BODY)),
    either("kind-twice", _with_field(b"Content-Type: application/pdf\r\n"), "not_html"),
)

_EMPTY: Final = (
    good("empty-page", sends(answer("")), ""),
    good("blank-page", sends(answer(" \r\n\t" * 1000)), ""),
    good("empty-page-no-length", hangs_up(b"HTTP/1.1 200 OK\r\n\r\n"), ""),
    good("empty-page-then-more", sends(answer("") + answer(SMUGGLED)), ""),
    good("script-only", sends(answer("<script>render()</script>")), "render()"),
    good("login-page", sends(answer(f"<form>로그인<input type=password></form><!--{TEXT}-->"))),
)

HEADS: Final[tuple[Case, ...]] = (*_NOT_HTTP, *_FIELD_FAULTS, *_VALIDATORS, *_MEDIA, *_EMPTY)
