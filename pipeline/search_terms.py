"""Text to the terms of the search index: overlapping pairs of syllables, and words of other scripts.

Korean words carry their particles (정부는) and are written together (대한민국정부), so a word of the query
stands anywhere inside a word of the text. Hangul, Han and the other scripts that are written close become all
the pairs that stand in them, and their single characters: 정부는 is 정부, 부는, 정, 부, 는. Words of letters
with room between them stay whole, digits are words of their own: `GPT-5는` is gpt, 5, 는. Numbers with a point
between them are a term together, too, since 14 and 7 are in most articles and 14.7 is not.

The index knows which terms an article has, not where: what pairs let through is looked up in the text (see
`search_query.py`). **A change of the terms needs a schema step that fills the index anew**, since an entry is
taken out of it by saying its terms again.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from operator import add

# Hangul with its letters, Han, Kana; Thai, Lao, Burmese and Khmer, which put no room between words either
CLOSE = (
    "\u0e01-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17d3\u3005\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U000323af"
)
# vowel signs of Hebrew, Arabic and the scripts of India: no letters to Python
_SIGNS = "\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0963\u0981-\u0dff"
LETTER = f"[^\\W\\d_{CLOSE}]"
RUN = re.compile(f"[{CLOSE}]+|\\d+|{LETTER}+(?:[{_SIGNS}]+{LETTER}*)*")
"""A run of one kind: close script, digits, or letters."""

HEADLINE, PUBLISHER = "¦", "§"
"""Marks before a term: it is of the headline; it is the whole name of the publisher."""

_LONGEST = 64
"""Characters of a word that the index looks at; the rest is compared in the text."""
_CLOSE_ONE = re.compile(f"[{CLOSE}]")
_PAIR = re.compile(f"(?s)([{CLOSE}]{{2}})|..")
_WORD = re.compile(RUN.pattern.split("|", 1)[1])
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u052f\u1e00-\u1fff]+")
_ACCENT = re.compile("[\u0300-\u036f]")
_DECIMAL = re.compile(r"(\d{1,3})[.·](?=(\d+))")
_BLANK_OR_NOT = re.compile(r"\s+|\S+")
_CHANGING = re.compile("[^\x00-\x7f가-힣一-鿿“”‘’·…]")
_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Return text as it is compared: NFKC, without case, Latin, Greek and Cyrillic without accents."""
    if text.isascii():
        return text.lower()
    # NFKC takes this point for a vowel; and of this sign, which is in every other headline, it makes three
    text = text.replace("ㆍ", "·").replace("…", "⋯")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _ACCENTED.sub(_without_accents, folded)


def _without_accents(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", found[0])))


def is_close(run: str) -> bool:
    """Is this a run of a script that is written without room between words?"""
    return _CLOSE_ONE.match(run) is not None


def terms_of_run(run: str) -> list[str]:
    """Return what the index has of a folded run, with no more than is needed to find it."""
    if not is_close(run):
        return [run[:_LONGEST]]
    return list(map(add, run, run[1:])) or [run]


def decimal_term(before: str, after: str) -> str:
    """Return the term of two numbers with a point between them; of the first its last three digits."""
    return f"{before[-3:]}·{after[:_LONGEST]}"


def publisher_term(publisher: str) -> str:
    """Return the one term that stands for a publisher's whole name."""
    return PUBLISHER + _NOT_WORD.sub("", fold(publisher))[:_LONGEST]


def document_terms(headline: str, text: str, authors: Sequence[str], publisher: str | None) -> str:
    """Return all terms of an article, each once, parted by spaces."""
    in_headline = _all_terms(fold(headline))
    terms = _all_terms(fold("\n".join((headline, text, *authors, publisher or ""))))
    marked = [HEADLINE + term for term in in_headline]
    whole = [publisher_term(publisher)] if publisher else []
    return " ".join([*terms, *marked, *whole])


def _all_terms(folded: str) -> list[str]:
    singles = _CLOSE_ONE.findall("".join(set(folded)))
    words = {word[:_LONGEST] for word in _WORD.findall(folded)}
    decimals = {decimal_term(*found) for found in _DECIMAL.findall(folded)}
    return [*_pairs(folded), *singles, *words, *decimals]


def _pairs(folded: str) -> list[str]:
    """Return the different pairs of close characters.

    With four bytes a character, a pair is one number of eight: the different ones are found before any is
    made a string, which takes half the time.
    """
    raw = folded.encode("utf-32-le", "surrogatepass")
    numbers: set[int] = set()
    for offset in (0, 4):
        whole = len(raw) - (len(raw) - offset) % 8
        numbers.update(memoryview(raw)[offset:whole].cast("Q"))
    found = _PAIR.findall(array("Q", numbers).tobytes().decode("utf-32-le", "surrogatepass"))
    return list(filter(None, found))


def spread(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the folded form of a text in pieces, each with its place in the text: (folded, start, end).

    A piece with start = end begins there and is as long as its folded form. Elsewhere folding may change
    lengths (㈜ is three characters, an accent none): then each character is a piece, or where characters fold
    only together, the word.
    """
    plain_from = 0
    for found in _BLANK_OR_NOT.finditer(text):
        word, start = found[0], found.start()
        if not _CHANGING.search(word):
            continue
        yield fold(text[plain_from:start]), plain_from, plain_from
        plain_from = found.end()
        folded, pieces = fold(word), [fold(each) for each in word]
        if "".join(pieces) == folded:
            for at, piece in enumerate(pieces, start):
                yield piece, at, at + 1
        else:
            yield folded, start, plain_from
    yield fold(text[plain_from:]), plain_from, plain_from
