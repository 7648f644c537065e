"""URLs: only http(s), nothing invisible in them, tracking off, what is needed kept as written."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.urls import MAX_LENGTH, absolute, authority, origin, redacted, without_tracking

BASE = "https://v.daum.net/v/20260927095437316"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("//a.example/가", "https://a.example/가"),
        ("/v/1?a=b", "https://v.daum.net/v/1?a=b"),
        ("x", "https://v.daum.net/v/x"),
        ("?p=2", BASE + "?p=2"),
        ("#c", BASE + "#c"),
        ("  https://a.example/x\n", "https://a.example/x"),
        ("\x00\x1fhttps://a.example/x", "https://a.example/x"),
        ("https://a.exa\nmple/x\ty", "https://a.example/xy"),
        ("https://a.example/사진 1.jpg", "https://a.example/사진%201.jpg"),
        ("https://a.example/사진\u30001\U00018d09", "https://a.example/사진%E3%80%801%F0%98%B4%89"),
        ("https://a.example:8443/", "https://a.example:8443/"),
        ("https://a.example/x/../y?q=1,2", "https://a.example/x/../y?q=1,2"),
        ("https://a.example/x;?#", "https://a.example/x"),
        ("https://[::1]:80/", "https://[::1]:80/"),
    ],
)
def test_absolute(href: str, url: str) -> None:
    assert absolute(BASE, href) == url


@pytest.mark.parametrize(
    "href",
    [
        None, "", "javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "mailto:a@b.example",
        "ftp://a.example/", "file:///etc/passwd", "http://", "http:///x", "https://[::1", "http://a:b/",
        "http://a.example:99999/", "https://a b.example/", "https://a.example/\x00x",
        "https://a.example/\x1b[31m", "https://a.example/\u200bx", "https://a.example/\u202egpj.exe",
        "https://a.example/\ud800", "/" + "x" * MAX_LENGTH,
    ],
)  # fmt: skip
def test_absolute_refuses(href: str | None) -> None:
    assert absolute(BASE, href) is None


def test_absolute_bounds_the_result_too() -> None:
    assert absolute("https://a.example/" + "y" * 100 + "/", "x" * (MAX_LENGTH - 50)) is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://A.Example/x", "a.example"),
        ("https://a.example:443/", "a.example"),
        ("http://a.example:80/", "a.example"),
        ("http://a.example:443/", "a.example:443"),
        ("https://u:p@a.example:8443/", "a.example:8443"),
        ("https://[::1]:8443/", "[::1]:8443"),
    ],
)
def test_authority(url: str, said: str) -> None:
    assert authority(url) == said
    assert origin(url) == f"{url.partition(':')[0]}://{said}"


@pytest.mark.parametrize("url", ["", "/v/1", "http:///x", "http://a:b/", "http://[::1"])
def test_authority_needs_a_host(url: str) -> None:
    with pytest.raises(ValueError):
        authority(url)


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://A.example/x?utm_source=a&b=1&fbclid=z#top", "https://a.example/x?b=1"),
        ("https://a.example?gclid=1", "https://a.example/"),
        ("https://a.example/?a=&b&c=1", "https://a.example/?a=&b&c=1"),
        ("https://a.example/?q=%B1%E2%BB%E7&utm_medium=x", "https://a.example/?q=%B1%E2%BB%E7"),
        ("https://a.example/?b=2&a=1&a=3", "https://a.example/?b=2&a=1&a=3"),
        ("https://a.example/?q=a+b&r=a%20b", "https://a.example/?q=a+b&r=a%20b"),
        ("https://a.example/?utm%5Fsource=x&ref=y&reference=z", "https://a.example/?reference=z"),
    ],
)
def test_without_tracking(url: str, bare: str) -> None:
    assert without_tracking(url) == bare
    assert without_tracking(bare) == bare


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://user:secret@a.example/x", "https://…@a.example/x"),
        ("https://user:se@cret@a.example/x", "https://…@a.example/x"),
        ("http://user:secret@[bad/x", "http://…@[bad/x"),
        ("//user:secret@a.example/", "//…@a.example/"),
        ("https://a.example/x@y?z=@", "https://a.example/x@y?z=@"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("", ""),
    ],
)
def test_redacted(url: str, safe: str) -> None:
    assert redacted(url) == safe


@given(st.text(max_size=60), st.text(max_size=60))
@settings(deadline=None, max_examples=150)
def test_never_raises(base: str, href: str) -> None:
    for url in (absolute(BASE, href), absolute(base, href)):
        assert url is None or (url.startswith(("http://", "https://")) and url.isprintable())
    redacted(href)


@given(
    base=st.sampled_from(
        ["https://a.example", "http://a.example:8080/x/y?q#z", "http://127.0.0.1:50123/v/1", BASE]
    ),
    href=st.text(alphabet="/.:?%&=@v1-", min_size=1, max_size=12),
)
@settings(max_examples=300, deadline=None)
def test_plain_links_are_resolved_as_all_others(base: str, href: str) -> None:
    found = absolute(base, f"/{href}")
    assert found is None or found == urljoin(base, f"/{href}")
    if not href.startswith("/"):  # else it names another host, or none
        assert found is not None
