"""Markup that would cost the parser far more than its size, told before it is parsed.

Lexbor cannot be interrupted, and its time is quadratic in nesting, in the attributes of a tag, in
distinct names, options and formatting left open: 1 MB can take minutes. Nearly all pages are told by a
few looks, most others by counting; what is left is read tag by tag.
"""

from __future__ import annotations

import re

from pipeline.errors import BadAnswer
from pipeline.markup_gate import WRITTEN_BY_TAGS, has_many_attributes, is_surely_harmless
from pipeline.markup_scan import ATTRIBUTE, NAMES, STEPS_MOST, WS, Scan

# A page with no more than this of everything cannot cost more than about a second, whatever it holds.
_SHORT, _FEW_TAGS, _SOME_TAGS, _FEW_OPTIONS = 12_000, 3_000, 12_000, 2_000
_FEW_NODES = 3_000_000  # what formatting left open may become: built anew at every tag, by starts and by ends
_FEW_ATTRIBUTES, _WRITTEN_MOST = 13_000, 40_000  # of one tag; bytes, of formatting and bodies
_PLAIN_MOST = 400
_PLAIN = rf"""/?[a-zA-Z][^{WS}"'<>=/]*+
    (?:[{WS}]++[^{WS}"'<>=/]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^{WS}"'<>=]++))?+){{0,{_PLAIN_MOST}}}+
    [{WS}]*+/?>"""  # a tag that ends where it seems to, whatever stands around it
_NOT_PLAIN = re.compile(rf"<(?=/?[a-zA-Z])(?!{_PLAIN})".encode(), re.VERBOSE)
_TAG_AT = re.compile(
    rf"</?[a-zA-Z][^{WS}/>]*+((?:[{WS}/]++|{ATTRIBUTE.replace('(', '(?:', 1)})*+)".encode(),
    re.VERBOSE,
)
_ATTRIBUTES = re.compile(NAMES.pattern.encode(), re.VERBOSE)
_COSTLY_IN_NUMBERS = re.compile(
    rf"<(?:(option)|/?(?:b|big|body|code|em|font|html|i|nobr|s|small|strike|strong|tt|u))[{WS}/>]".encode(),
    re.IGNORECASE,
)  # options, and formatting but for `a`, which ends the one before; a stray end tag builds all anew


def refuse_costly(utf8: bytes, url: str) -> None:
    """Let pass what the parser reads in the time that its size lets expect.

    Raises:
        BadAnswer: too deep, too many attributes, options or formatting left open.
    """
    if len(utf8) <= _SHORT or is_surely_harmless(utf8) or _is_harmless(utf8):
        return
    scan = Scan(utf8.decode("utf-8", "replace"))
    scan.run()
    if scan.steps > STEPS_MOST:
        told = f"{scan.tags:,} tags nested {scan.deepest:,} deep, up to {scan.most:,} attributes"
        raise BadAnswer(url, "too_large", f"markup too costly to parse: {told}")


def _is_harmless(utf8: bytes) -> bool:
    """Tell by counting: about twice the time of the parse, where the scan takes ten times that."""
    tags = utf8.count(b"<")
    if tags > _FEW_TAGS:
        costly = _COSTLY_IN_NUMBERS.findall(utf8)
        options = len(costly) - costly.count(b"")
        is_much = tags * (len(costly) - options) > _FEW_NODES
        if tags > _SOME_TAGS or options > _FEW_OPTIONS or is_much:
            return False
    if not _formatting_is_plain(utf8, min(_WRITTEN_MOST, WRITTEN_BY_TAGS // (tags + 1))):
        return False
    if has_many_attributes(utf8):
        return False
    return not _has_long_tag(utf8)


def _has_long_tag(utf8: bytes) -> bool:
    """Does a tag have thousands of attributes? Plain ones are passed over, the others read."""
    budget = 10 * len(utf8)
    for start in _NOT_PLAIN.finditer(utf8):
        found = _TAG_AT.match(utf8, start.start())
        written = found[1] if found else b""
        budget -= len(written) + 1
        is_long = len(written) > 2 * _FEW_ATTRIBUTES
        if budget < 0 or (is_long and len(_ATTRIBUTES.findall(written)) > _FEW_ATTRIBUTES):
            return True
    return False


def _formatting_is_plain(utf8: bytes, most: int) -> bool:
    """Have formatting tags few attributes? Those left open are compared with each other, and copied."""
    written = 0
    for start in _COSTLY_IN_NUMBERS.finditer(utf8):
        found = None if start[1] else _TAG_AT.match(utf8, start.start())
        written += len(found[1]) if found else 0
        if written > most:
            return False
    return True
