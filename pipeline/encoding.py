"""Bytes of a page to text, in WHATWG order, with Korean labels read as browsers read them.

A browser reads `euc-kr` and its kin as CP949 (UHC, 8,822 more syllables than EUC-KR proper), so do we:
https://encoding.spec.whatwg.org/#names-and-labels
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

import webencodings

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=[\s\"']*([\w.:-]+)", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(rb"<meta[\s/]([^>]{0,500})", re.IGNORECASE)
_META_CHARSET = re.compile(rb"charset\s*=[\s\"']*([\w.:-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(
    rb"\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE
)
_META_NAMED = re.compile(rb"\b(?:name|property|itemprop)\s*=", re.IGNORECASE)  # a description
_PRESCAN = 4096
"""Bytes looked at for a meta tag. The standard says 1,024; Korean CMSs put 3 kB of comments before it."""

_LONGEST_HEADER = 500  # characters of a Content-Type that are looked at
_REPLACEMENT = "\ufffd"

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
_UTF_16 = {"utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}
_REFUSED = frozenset({"replacement", "x-user-defined", *_UTF_16})


class Decoded(NamedTuple):
    """Text, the codec that made it, and what was odd about the bytes."""

    text: str
    encoding: str
    warnings: tuple[str, ...]


NO_TEXT = Decoded("", "utf-8", ())
"""Of bytes that are not decoded."""


@lru_cache(maxsize=256)
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
    """Decode a page by BOM, then header, then meta or XML declaration, then what the bytes themselves prove.

    A declared encoding that the bytes contradict is overruled and noted. Never raises.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _lenient(body[len(mark) :], name)
    if wide := _wide(body, content_type):
        return _lenient(body, wide)
    declared = _declared(body, content_type)
    text = _strictly(body, "utf-8")
    if text is not None:
        at_odds = declared not in (None, "utf-8") and not text.isascii()
        return Decoded(text, "utf-8", _note(declared, "utf-8") if at_odds else ())
    if declared == "windows-1252":
        # what servers say of every page unless told otherwise; no Latin text is valid CP949 throughout
        text = _strictly(body, "cp949")
        if text is not None:
            return Decoded(text, "cp949", _note(declared, "cp949"))
    return _least_broken(body, declared)


def _least_broken(body: bytes, declared: str | None) -> Decoded:
    """One bad byte must not turn a page to noise: what reads with the fewest faults holds."""
    guesses = ("utf-8", "cp949") if declared in (None, "utf-8", "cp949") else ("utf-8",)
    candidates = dict.fromkeys((declared or "utf-8", *guesses))
    read = [_lenient(body, codec) for codec in candidates]
    best = min(read, key=lambda found: found.text.count(_REPLACEMENT))
    if declared is None or best.encoding == declared:
        return best
    return best._replace(warnings=(*_note(declared, best.encoding), *best.warnings))


def _wide(body: bytes, content_type: str | None) -> str | None:
    """UTF-16 as the header declares it. In a meta tag that the bytes let us read, it is a lie."""
    if b"\0" not in body[:_PRESCAN]:
        return None
    label = _header_label(content_type)
    found = webencodings.lookup(label) if label else None
    return _UTF_16.get(str(found.name)) if found else None


def _header_label(content_type: str | None) -> str | None:
    match = _CHARSET.search((content_type or "")[:_LONGEST_HEADER])
    return match.group(1) if match else None


def _declared(body: bytes, content_type: str | None) -> str | None:
    codec = codec_for(_header_label(content_type))
    if codec:
        return codec
    for tag in _META.finditer(_COMMENT.sub(b"", body[:_PRESCAN])):
        meta = _META_CHARSET.search(tag.group(1))
        if meta and not _META_NAMED.search(tag.group(1)):
            label = meta.group(1).decode("ascii", "replace")
            return "utf-8" if label.lower().startswith("utf-16") else codec_for(label)
    xml = _XML_ENCODING.match(body[:_PRESCAN])
    return codec_for(xml.group(1).decode("ascii", "replace")) if xml else None


def _strictly(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except UnicodeDecodeError:
        return None


def _note(declared: str | None, found: str) -> tuple[str]:
    return (f"declared {declared}, is {found}",)


def _lenient(body: bytes, codec: str) -> Decoded:
    text = body.decode(codec, "replace")
    broken = text.count(_REPLACEMENT)
    warning = f"{broken} characters could not be decoded as {codec}"
    return Decoded(text, codec, (warning,) if broken else ())
