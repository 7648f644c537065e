"""Hostile cases of content: other formats called HTML, and markup meant to exhaust who reads it.

The fetcher hands such markup on as a page: what it would cost a parser is judged later.
"""

import random
from collections.abc import Callable
from typing import Final

from jobs.sample_portal.hostile_case import TEXT, Act, Case, answer, good, made, refused, sends

_MANY: Final = 100_000
_NOISE: Final = random.Random(7).randbytes(3000)
_BINARIES: Final = {
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "gif": b"GIF89a\x01\x00\x01\x00",
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "avif": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "zip": b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
    "rar": b"Rar!\x1a\x07\x01\x00",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "bzip2": b"BZh91AY&SY",
    "xz": b"\xfd7zXZ\x00",
    "mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00",
    "mp3": b"\xff\xfb\x90\x64\x00",
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "elf": b"\x7fELF\x02\x01\x01\x00",
    "exe": b"MZ\x90\x00\x03\x00",
    "wasm": b"\x00asm\x01\x00\x00\x00",
    "sqlite": b"SQLite format 3\x00",
    "font": b"wOF2\x00\x01\x00\x00",
}


def _closed(name: str) -> bytes:
    return f"<{name}>".encode() * _MANY + TEXT.encode() + f"</{name}>".encode() * _MANY


def _opened(piece: bytes) -> Callable[[], bytes]:
    return lambda: b"<p>" + TEXT.encode() + piece * _MANY


def _page(before: str, after: str = "") -> Act:
    return sends(answer(f"<!doctype html>{before}{TEXT}{after}"))


def _attributes() -> bytes:
    names = b" ".join(b"a%d=1" % n for n in range(_MANY))
    return b"<p " + names + b">" + TEXT.encode()


def _options() -> bytes:
    return b"<select>" + b"<option>" * 30_000 + b"</select>" + TEXT.encode()


def _long_title() -> bytes:
    return b"<title>" + TEXT.encode() * 45_000 + b"</title>"


def _long_links() -> bytes:
    link = b'<a href="/v/?' + b"q=1&" * 2000 + b'">x</a>'
    return TEXT.encode() + link * 100


_BINARY: Final = (
    *(
        refused(f"html-is-{name}", sends(answer(magic + _NOISE)), "not_html")
        for name, magic in _BINARIES.items()
    ),
    refused("html-is-tar", sends(answer(b"photo.jpg" + bytes(600) + _NOISE)), "not_html"),
    *(
        refused(f"html-is-noise-{n}", sends(answer(random.Random(n).randbytes(3000))), "not_html")
        for n in range(6)
    ),
)

_COSTLY: Final = (
    good("nested-div", made(lambda: _closed("div"))),
    good("nested-b", made(lambda: _closed("b"))),
    good("nested-table", made(_opened(b"<table><tr><td>"))),
    good("nested-svg", made(_opened(b"<svg><g>"))),
    good("unclosed-a", made(_opened(b"<a href=/v/1>"))),
    good("attributes", made(_attributes)),
    good("options", made(_options)),
    good("title-5-mb", made(_long_title)),
    good("links-8-kb", made(_long_links)),
    good("entities", made(_opened(b"&amp;&#x41;&notanentity;"))),
    good("comments", made(_opened(b"<!--"))),
    good("blanks", made(_opened(b"          "))),
    good("open-tags", made(_opened(b"<"))),
)

_BROKEN: Final = (
    good("unclosed-comment", _page("", "<!-- " + "x" * 5000)),
    good("unclosed-script", _page("", "<script>let a = '")),
    good("unclosed-title", _page("<title>")),
    good("unclosed-attribute", _page("", '<a href="')),
    good("frameset", _page("<frameset><frame src=/inside></frameset><noframes>")),
    good("base-elsewhere", _page('<base href="http://169.254.169.254/">')),
    good("meta-refresh", _page('<meta http-equiv=refresh content="0;url=http://127.1/inside">')),
    good("plaintext", _page("<plaintext>")),
    good("script-in-text", _page("<script>alert(1)</script><img src=x onerror=alert(1)>")),
    good("json-ld-deep", _page(f"<script type='application/ld+json'>{'[' * _MANY}</script>")),
    good("json-ld-nan", _page("<script type='application/ld+json'>{\"@id\": NaN}</script>")),
    good("json-ld-number", _page(f"<script type='application/ld+json'>{'9' * 5000}</script>")),
)

_LAUGHS: Final = "".join(
    f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12)
)  # ten times ten times ten ...
_XML: Final = '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "하">{}]><html>{}{}</html>'


def _xml(entities: str, used: str) -> Act:
    return sends(answer(_XML.format(entities, TEXT, used), "Content-Type: application/xhtml+xml"))


_ENTITIES: Final = (
    good("xml-laughs", _xml(_LAUGHS, "&l12;")),
    good("xml-external", _xml('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"), "&x;"),
    good("xml-parameter", _xml('<!ENTITY % x SYSTEM "http://127.1/inside"> %x;', "&l0;"), "&l0;"),
)

CONTENT: Final[tuple[Case, ...]] = (*_BINARY, *_COSTLY, *_BROKEN, *_ENTITIES)
