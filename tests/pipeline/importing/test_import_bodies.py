"""Bodies of archived answers: as servers sent them, as browsers left them, and cut."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import brotli
import pytest

from pipeline.errors import PageError
from pipeline.importing.bodies import body_of
from pipeline.importing.found import Found

AT = datetime(2026, 9, 27, tzinfo=UTC)
HTML = b"<p>" + "기사".encode() * 1000
MOST = 100_000


def found(body: bytes, **headers: str) -> Found:
    said = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Found("response", 0, 1, body, AT, "https://p.example/", tuple(said))


def chunked(body: bytes, size: int = 700) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;x=1\r\n%b\r\n" % (len(it), it) for it in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        found(HTML),
        found(gzip.compress(HTML), Content_Encoding="gzip"),
        found(brotli.compress(HTML), Content_Encoding="BR"),
        found(chunked(HTML), Transfer_Encoding="chunked"),
        found(chunked(gzip.compress(HTML)), Transfer_Encoding="chunked", Content_Encoding="gzip"),
        found(HTML, Transfer_Encoding="chunked", Content_Encoding="gzip"),  # a browser's own
        found(HTML, Content_Encoding="br", Content_Length="100"),
    ],
)
def test_the_page_itself(answer: Found) -> None:
    assert body_of(answer, MOST) == HTML


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (found(gzip.compress(bytes(10**7)), Content_Encoding="gzip"), "too_large"),
        (found(bytes(MOST + 1)), "too_large"),
        (found(b"1\r\n \r\n" * 100_001, Transfer_Encoding="chunked"), "too_large"),
        (found(gzip.compress(HTML)[:-30], Content_Encoding="gzip"), "truncated"),
        (found(b"\x1f\x8b\x08garbage", Content_Encoding="gzip"), "truncated"),
        (found(chunked(HTML)[:-300], Transfer_Encoding="chunked"), "truncated"),
        (found(HTML, Content_Length=str(len(HTML) + 1)), "truncated"),
        (found(HTML, Content_Encoding="rot13"), "bad_encoding"),
    ],
)
def test_what_is_no_whole_page(answer: Found, reason: str) -> None:
    with pytest.raises(PageError) as raised:
        body_of(answer, MOST)
    assert raised.value.reason == reason
