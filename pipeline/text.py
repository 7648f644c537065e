"""Cleaning of text that came from a page: one canonical form, no invisible characters."""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 controls, soft hyphen, zero-width characters, bidi controls, BOM, lone surrogates, tags and
# noncharacters: none of them is text of an article, each of them breaks search, terminals or feeds.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f\U0010fffe\U0010ffff]"
)
# Hangul fillers and the Braille blank are letters to Python and nothing but room to a reader.
_BLANKS = re.compile(r"[\s\u3164\uffa0\u2800]+")


def clean(text: str) -> str:
    """Return one line of NFC text: blanks folded to one space, nothing invisible, ends stripped."""
    plain = text
    if not text.isprintable() or "  " in text:
        if "\x1c" in text or "\x1d" in text or "\x1e" in text or "\x1f" in text:
            return _cleaned(text)  # controls, which `split` takes for blanks
        plain = " ".join(text.split())
        if not plain.isprintable():
            return _cleaned(text)
    if plain.isascii():
        return plain.strip()
    if "\u3164" in plain or "\uffa0" in plain or "\u2800" in plain:
        return _cleaned(text)
    return unicodedata.normalize("NFC", plain).strip()


def _cleaned(text: str) -> str:
    """Clean any text: what `clean` does for the few that have more than plain blanks to fold."""
    visible = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _BLANKS.sub(" ", visible).strip()


def one_line(text: str, width: int = 0) -> str:
    """Return text that is safe in a terminal or a log: one line, no escapes, cut to `width`."""
    line = clean(text)
    return line if not width or len(line) <= width else line[: width - 1] + "…"
