"""Bytes of a page to text, in WHATWG order, with Korean labels read as browsers read them.

A browser reads `euc-kr` and its kin as CP949 (UHC, 8,822 more syllables than EUC-KR proper), so do we:
https://encoding.spec.whatwg.org/#names-and-labels
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

import webencodings

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_META = re.compile(rb"<meta\s[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_PRESCAN = 4096
"""Bytes looked at for a meta tag. The standard says 1,024; Korean CMSs put 3 kB of comments before it."""

_KOREAN_ALIASES = frozenset({"ms949", "cp949", "uhc", "x-windows-949", "euckr", "ksc_5601"})
# WHATWG names whose Python codec has another name or covers less than browsers decode.
_PYTHON_CODECS = {
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac-cyrillic",
    "macintosh": "mac-roman",
    "iso-8859-8-i": "iso-8859-8",
}
_REFUSED = frozenset({"replacement", "x-user-defined", "utf-16le", "utf-16be"})


class Decoded(NamedTuple):
    """Text, the codec that made it, and what was odd about the bytes."""

    text: str
    encoding: str
    warnings: tuple[str, ...]


def codec_for(label: str | None) -> str | None:
    """Return the Python codec a browser would use for a label, or None for unknown and abusive ones."""
    if not label:
        return None
    name = label.strip().lower()
    if name in _KOREAN_ALIASES:
        return "cp949"
    found = webencodings.lookup(name)
    if found is None or found.name in _REFUSED:
        return None
    return _PYTHON_CODECS.get(str(found.name), str(found.name))


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page by BOM, then header, then meta, then what the bytes themselves prove.

    A declared encoding that the bytes contradict is overruled and noted. Never raises.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(name, "replace"), name, ())
    declared = _declared(body, content_type)
    if _is_utf8(body):
        if declared in (None, "utf-8") or body.isascii():
            return Decoded(body.decode("utf-8"), "utf-8", ())
        return Decoded(body.decode("utf-8"), "utf-8", (f"declared {declared}, is utf-8",))
    if declared and declared != "utf-8":
        return _lenient(body, declared, ())
    if _looks_like(body, "cp949"):
        note = () if declared is None else ("declared utf-8, is cp949",)
        return Decoded(body.decode("cp949"), "cp949", note)
    return _lenient(body, "utf-8", ())


def _declared(body: bytes, content_type: str | None) -> str | None:
    header = _CHARSET.search(content_type or "")
    codec = codec_for(header.group(1)) if header else None
    if codec:
        return codec
    meta = _META.search(_COMMENT.sub(b"", body[:_PRESCAN]))
    return codec_for(meta.group(1).decode("ascii", "replace")) if meta else None


def _is_utf8(body: bytes) -> bool:
    return _looks_like(body, "utf-8")


def _looks_like(body: bytes, codec: str) -> bool:
    try:
        body.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _lenient(body: bytes, codec: str, warnings: tuple[str, ...]) -> Decoded:
    text = body.decode(codec, "replace")
    broken = text.count("\ufffd")
    if broken:
        warnings = (*warnings, f"{broken} characters could not be decoded as {codec}")
    return Decoded(text, codec, warnings)
