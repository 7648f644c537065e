"""The fast look at markup: what proves a page harmless in a fraction of the time of its parse.

To read every byte, if only to count, costs a third of the parse. So it leaps from `<` to `<`, reads some tags
only, and shows what those between can hold at most. Where in doubt it says no, and the page is counted.
"""

from __future__ import annotations

import re
from itertools import chain

from pipeline.markup_scan import ATTRIBUTE, NAMES, WS

_WINDOW_MOST, _REACH, _SOON = 16_384, 2_048, 512
_BYTES_OF_NAME = 3  # of an attribute and what is before it; few names have one letter
_SIZE_BY_WINDOW = 5_000_000_000
"""The attributes of a tag are compared with each other: pages of 500 kB full of tags of 10 kB take 0.6 s."""
_TRIES, _BACK = 4, 200
_FEW_TAGS, _SOME_TAGS, _FEW_OF_FORMATTING = 3_000, 7_000, 400
WRITTEN_BY_TAGS = 36_000_000
"""Formatting left open is built anew, with its attributes, in every block: 1,500 tags of 25 bytes take 5 s."""
_MASS_OF_FEW_NAMES = 320_000  # bytes of tags; 80,000 names take about a second
_SEPARATORS, _ATTRIBUTES_MOST = b" \n\t\r\f/=", 100_000
_BLANKS, _BEFORE_QUOTE = b" \t\n\r\f", b"= \t\n\r\f"
_BLANKS_MOST = 50  # between `=` and a quote; if more, it is taken for one that opens

_ALL = rf"(?:[{WS}/]++|{ATTRIBUTE.replace('(', '(?:', 1)})*+"
_NAMES = re.compile(NAMES.pattern.encode(), re.VERBOSE)
# Formatting; `body` and `html`, all of which give their attributes to one element; and some that are neither.
_FORMATTING_NAME = "[bcefhinstuBCEFHINSTU](?i:ig|ody|ode|m|ont|tml|obr|mall|trike|trong|t)?+"


def _compiled(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode(), re.VERBOSE)


# A tag that begins, or a `<` in a name or in a bare value: all the same as long as no value can be quoted.
_ALIKE = rf"""<(?:/?[^{WS}=/>]++(?:=[^{WS}"'/>][^{WS}/>]*+)?+)?+(?=[{WS}]++[^=]|/?>)"""
_ENDS_SOON = _compiled(f"{_ALIKE}{_ALL}>")
_HOWEVER_ALIKE = _compiled(f"{_ALIKE}({_ALL})")
_HOWEVER_IT_BEGAN = (
    _compiled(f"({_ALL})"),  # the `<` is in a tag, where names are
    _compiled(rf"[^{WS}>]*+({_ALL})"),  # in a bare value
    _compiled(rf"</?[^{WS}/>]*+({_ALL})"),  # begins a tag
)
_QUOTED = {quote.encode(): _compiled(f"[^{quote}]*+{quote}({_ALL})") for quote in "\"'"}
# Nothing is passed over: what looks like the attributes of a tag in a comment may hold tags.
_WITH_ATTRIBUTES = _compiled(rf"<{_FORMATTING_NAME}(?=[{WS}/]({_ALL}))")
_FORMATTING = _compiled(rf"</?{_FORMATTING_NAME}(?:>|(?=[{WS}/]({_ALL})))")


def is_surely_harmless(utf8: bytes) -> bool:
    """Can the page not cost more than about a second, as shown by a few looks at it?"""
    are_few = _has_at_most(utf8, _FEW_TAGS)
    if not (are_few or _has_at_most(utf8, _SOME_TAGS)):
        return False
    windows = _Windows(utf8)
    if not windows.have_no_long_tag():
        return False
    if windows.mass > _MASS_OF_FEW_NAMES and has_many_attributes(utf8):
        return False
    if are_few:
        return windows.have_little(_WITH_ATTRIBUTES, WRITTEN_BY_TAGS // _FEW_TAGS)
    return windows.have_little(_FORMATTING, WRITTEN_BY_TAGS // _SOME_TAGS)


def has_many_attributes(utf8: bytes) -> bool:
    """Could there be more than so many? Each follows blanks, a slash or a quoted value."""
    if len(utf8) - len(utf8.translate(None, _SEPARATORS)) <= _ATTRIBUTES_MOST:
        return False
    return len(utf8.split()) + utf8.count(b"/") + utf8.count(b"=") > _ATTRIBUTES_MOST


def _has_at_most(utf8: bytes, tags: int) -> bool:
    """Are there no more `<`? `replace` leaps from one to the next where `count` walks: a quarter of it."""
    return b"<" not in utf8.replace(b"<", b">", tags)


class _Windows:
    """A bound on the attributes of any one tag, and on the bytes that attributes can be in.

    The page is cut at some `<`, the last of each window or one of the last. A tag that begins in the window
    ends in it or is still open at that `<`: in a name, in a bare value, or in quotes if the last quote before
    can have opened there. Each is followed. If each ends within reach, or soon after the quotes do, then no
    tag has attributes in more than a window and a reach. It need not be known where scripts and comments are:
    there, too, every `<` is taken for what may begin a tag.
    """

    def __init__(self, utf8: bytes) -> None:
        self.utf8 = utf8
        self.spans: list[tuple[int, int]] = []
        self.window = min(_WINDOW_MOST, _SIZE_BY_WINDOW // len(utf8))
        self.mass = 0
        self.budget = 4 * len(utf8)
        self.looked = 0
        self.is_open = dict.fromkeys(_QUOTED, False)

    def have_no_long_tag(self) -> bool:
        at = 0
        while (first := self.utf8.find(b"<", at)) >= 0:
            last = self._cut(first)
            if last < 0 or not self._quotes_are_short(last):
                return False
            self.spans.append((first, last))
            self.mass += last - first + _SOON
            at = last + 1
        return True

    def _cut(self, first: int) -> int:
        """Return the end of the window: where a tag ends soon, or else has few attributes."""
        at = last = self.utf8.rfind(b"<", first, first + self.window)
        for _ in range(_TRIES):
            if _ENDS_SOON.match(self.utf8, at, at + _SOON):
                return at
            if (at := self.utf8.rfind(b"<", first, max(first, at - _BACK))) < 0:
                break
        is_alike = _HOWEVER_ALIKE.match(self.utf8, last, last + _SOON)
        patterns = (_HOWEVER_ALIKE,) if is_alike else _HOWEVER_IT_BEGAN
        return last if all(self._has_few(last, pattern) for pattern in patterns) else -1

    def _quotes_are_short(self, at: int) -> bool:
        for quote, pattern in _QUOTED.items():
            last = self.utf8.rfind(quote, self.looked, at)
            if last >= 0:
                self.is_open[quote] = self._may_open(last)
            if self.is_open[quote] and not self._has_few(at, pattern):
                return False
        self.looked = at
        return True

    def _may_open(self, at: int) -> bool:
        if self.utf8[at - 1] not in _BEFORE_QUOTE:
            return False
        before = self.utf8[max(0, at - _BLANKS_MOST) : at].rstrip(_BLANKS)
        return before.endswith(b"=") or not before

    def _has_few(self, at: int, pattern: re.Pattern[bytes]) -> bool:
        """Are the attributes few, whatever is in quotes? Reads as far as it goes, but not for ever."""
        found = pattern.match(self.utf8, at)
        self.budget -= (found.end() if found else len(self.utf8)) - at
        if not found:  # quotes that are never closed
            return self.budget > 0
        self.mass += _REACH
        is_short = len(found[1]) <= _REACH
        return self.budget > 0 and (
            is_short or len(_NAMES.findall(found[1])) <= _REACH // _BYTES_OF_NAME
        )

    def have_little(self, formatting: re.Pattern[bytes], most: int) -> bool:
        """Are tags of formatting few, and are their attributes no more than so many bytes?"""
        count = written = 0
        for first, last in self.spans:
            found = formatting.finditer(self.utf8, first, last)
            for tag in chain(found, (formatting.match(self.utf8, last, last + _REACH),)):
                if tag:
                    count += 1
                    written += len(tag[1] or b"")
                    if count > _FEW_OF_FORMATTING or written > most:
                        return False
        return True
