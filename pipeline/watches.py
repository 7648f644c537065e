"""Which watches an article fits. Korean has no spaces around particles, so a term is found inside words.

A term fits where the text has it, whatever the case, however wide the blanks; one of several words also
where they are written together: "독자 모델" finds "독자모델은". Latin letters and digits are looked for at the
start of a word: "robot" finds "robots" and "로봇robot은", never "microrobot". A Latin term of up to three
characters must be the whole word: "AI" finds "AI는", neither "AIDS" nor "MAIL".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.text import clean

_SHORT = 3
# a word character of a script that puts spaces between words: not Hangul, Han, Kana
_SPACED = "[^\\W_\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f]"
_STARTS_SPACED = re.compile(_SPACED)
_SHORT_LATIN = re.compile(f"{_SPACED}{{1,{_SHORT}}}")


@dataclass(frozen=True, slots=True)
class Watch:
    """What an article must and must not have."""

    name: str
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    fields: tuple[str, ...] = ("headline", "text")
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matcher:
    """All watches at once: each term is looked for once a text, however many watches have it.

    One pattern of all terms tells quickly that an article has none of them, which is the usual case. It could
    not tell which ones there are, since it hides a term within another: these are looked for one by one.
    """

    watches: Sequence[Watch]

    def matches(self, source: str, texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """Return the names of the watches that an article fits, each with the terms that were found.

        Args:
            source: the source that found the article.
            texts: its fields by name; one that is missing counts as empty.
        """
        wanted = [w for w in self.watches if not w.sources or source in w.sources]
        found = {fields: self._found(fields, texts) for fields in {w.fields for w in wanted}}
        return {w.name: terms for w in wanted if (terms := _fitting(w, found[w.fields]))}

    def _found(self, fields: tuple[str, ...], texts: Mapping[str, str]) -> set[str]:
        text = folded("\n".join(texts.get(name) or "" for name in fields))
        if not self._gates[fields].search(text):
            return set()
        return {term for term in self._terms[fields] if self._looks[term].is_in(text)}

    @cached_property
    def _terms(self) -> dict[tuple[str, ...], list[str]]:
        terms: dict[tuple[str, ...], list[str]] = {}
        for watch in self.watches:
            terms.setdefault(watch.fields, []).extend(_terms_of(watch))
        return {fields: list(dict.fromkeys(some)) for fields, some in terms.items()}

    @cached_property
    def _gates(self) -> dict[tuple[str, ...], re.Pattern[str]]:
        return {
            fields: re.compile("|".join(re.escape(p) for t in some for p in self._looks[t].pieces))
            for fields, some in self._terms.items()
        }

    @cached_property
    def _looks(self) -> dict[str, _Look]:
        return {term: _Look(term) for term in {t for some in self._terms.values() for t in some}}


def folded(text: str) -> str:
    """Return a text as terms are looked for in it: NFC, no case, blanks of a line one space."""
    lines = (clean(line).casefold() for line in text.split("\n"))
    return unicodedata.normalize("NFC", "\n".join(lines))


def _terms_of(watch: Watch) -> Iterable[str]:
    return (*watch.any, *watch.all, *watch.none)


def _fitting(watch: Watch, found: set[str]) -> tuple[str, ...]:
    any_of = [term for term in watch.any if term in found]
    if (watch.any and not any_of) or not found.issuperset(watch.all):
        return ()
    if not found.isdisjoint(watch.none):
        return ()
    return tuple(dict.fromkeys((*any_of, *watch.all)))


class _Look:
    """How one term is looked for."""

    __slots__ = ("_border", "pieces")

    def __init__(self, term: str) -> None:
        plain = folded(term)
        self.pieces = tuple(dict.fromkeys((plain, plain.replace(" ", ""))))
        before = f"(?<!{_SPACED})" if _STARTS_SPACED.match(plain) else ""
        after = f"(?!{_SPACED})" if _SHORT_LATIN.fullmatch(plain) else ""
        either = "|".join(map(re.escape, self.pieces))
        self._border = re.compile(f"{before}(?:{either}){after}") if before or after else None

    def is_in(self, text: str) -> bool:
        if not any(piece in text for piece in self.pieces):
            return False
        return self._border is None or self._border.search(text) is not None
