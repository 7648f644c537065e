"""What a person typed, as what the index is asked and as what a text is compared with.

The index tells which articles have all pairs and words of the query; whether they stand together there,
as in 금융감독원, is looked up in the text. So a query has two sides. Any text makes a valid one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from pipeline.search_terms import HEADLINE, LETTER, RUN, decimal_term, fold, is_close, terms_of_run

_MOST_CHARACTERS, _MOST_NEEDLES, _MOST_TERMS = 1_000, 24, 24
"""What a query may have; the rest of a longer one is left out. Terms are those of one word or phrase."""
_QUOTES = '"“”„‟«»「」『』'
_PIECE = re.compile(
    rf"(?P<minus>(?<!\S)[-−])?(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<word>[^\s{_QUOTES}]+))"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PREFIX = "*"
_PART_OF_WORD = 0.25
"""How much a word counts that only begins as it was typed: AI finds AIDS, after all that have AI."""

Alternatives = tuple[tuple[str, ...], ...]
"""Terms of which all must be there, or all of the next …"""


@dataclass(frozen=True, slots=True)
class Needle:
    """One word or phrase of a query."""

    terms: tuple[Alternatives, ...]
    pattern: re.Pattern[str]
    whole: re.Pattern[str]
    """As `pattern`, ending where a word of letters ends."""
    is_exact: bool
    """Does the index alone tell whether an article has it?"""

    def expression(self, mark: str = "") -> str:
        """Return the FTS5 expression: all its terms, with a mark before each."""
        return " AND ".join(
            "(" + " OR ".join(_all_of(terms, mark) for terms in either) + ")"
            for either in self.terms
        )

    def weigh(self, folded: str) -> float:
        """Return how often it stands in a folded text; words that only begin so count less."""
        found = sum(1 for _ in self.pattern.finditer(folded))
        if not found or self.whole is self.pattern:
            return found
        whole = sum(1 for _ in self.whole.finditer(folded))
        return whole + _PART_OF_WORD * (found - whole)

    def is_in(self, fields: Sequence[str]) -> bool:
        """Does one of these folded texts have it?"""
        return any(self.pattern.search(field) for field in fields)


@dataclass(frozen=True, slots=True)
class Query:
    """All of `wanted` must be there, of each one of its alternatives; none of `unwanted` may."""

    wanted: tuple[tuple[Needle, ...], ...]
    unwanted: tuple[Needle, ...] = ()

    @property
    def needles(self) -> tuple[Needle, ...]:
        """Everything that is looked for."""
        return tuple(chain.from_iterable(self.wanted))

    def expression(self) -> str:
        """Return the FTS5 MATCH expression; empty where nothing is asked for."""
        asked = " AND ".join(_either(needles) for needles in self.wanted)
        without = [needle.expression() for needle in self.unwanted if needle.is_exact]
        if asked and without:
            return f"({asked}) NOT ({' OR '.join(f'({each})' for each in without)})"
        return asked

    def headline_expressions(self) -> Iterator[str]:
        """Yield expressions for what promises most: everything in the headline, then anything."""
        all_there = self.expression()
        marked = [_either(needles, HEADLINE) for needles in self.wanted]
        yield f"({all_there}) AND {' AND '.join(marked)}"
        if len(marked) > 1:
            yield f"({all_there}) AND ({' OR '.join(marked)})"

    def is_met(self, fields: Sequence[str]) -> bool:
        """Does an article with these folded texts answer the query?"""
        return all(
            any(needle.is_in(fields) for needle in needles) for needles in self.wanted
        ) and not any(needle.is_in(fields) for needle in self.unwanted)


def parse(query: str) -> Query:
    """Return what a typed text asks for; any text will do, and one without a word asks for nothing.

    Words are all wanted, in any order. `"in quotes"` stands together as typed, `-word` must not be there, `OR`
    between two words wants either.
    """
    wanted: list[tuple[Needle, ...]] = []
    unwanted: list[Needle] = []
    either, taken = False, 0
    for found in _PIECE.finditer(query[:_MOST_CHARACTERS]):
        if found[0] == "OR":
            either = bool(wanted)
            continue
        quoted = found["phrase"] is not None
        needle = _needle(found["phrase"] if quoted else found["word"], quoted=quoted)
        if needle is None or taken >= _MOST_NEEDLES:
            continue
        taken += 1
        if found["minus"]:
            unwanted.append(needle)
        elif either:
            wanted[-1] += (needle,)
        else:
            wanted.append((needle,))
        either = False
    return Query(tuple(wanted), tuple(unwanted))


def _all_of(terms: Sequence[str], mark: str) -> str:
    said = [
        f'"{mark}{term.removesuffix(_PREFIX)}"{_PREFIX if term.endswith(_PREFIX) else ""}'
        for term in terms
    ]
    return said[0] if len(said) == 1 else f"({' AND '.join(said)})"


def _either(needles: Sequence[Needle], mark: str = "") -> str:
    return "(" + " OR ".join(f"({needle.expression(mark)})" for needle in needles) + ")"


def _needle(piece: str, *, quoted: bool) -> Needle | None:
    """Return what a word or phrase asks for; None where it has neither letter nor digit."""
    folded = _THOUSANDS.sub("", fold(piece))
    runs = list(RUN.finditer(folded))
    if not runs:
        return None
    last = runs[-1][0]
    open_end = not quoted and not is_close(last) and not last[0].isdigit()
    terms = [either for run in runs for either in _terms(run[0])]
    if open_end:
        terms[-1] = ((terms[-1][0][0] + _PREFIX,),)
    terms += _decimals(folded, runs)
    every = -(-len(terms) // _MOST_TERMS)
    source = _pattern(folded, runs, quoted=quoted)
    whole = re.compile(f"{source}(?!{LETTER})" if open_end or _is_word(last) else source)
    exact = len(terms) == 1 and len(terms[0]) == 1 and len(runs) == 1
    pattern = re.compile(source) if open_end else whole
    return Needle(tuple(terms[::every]), pattern, whole, exact)


def _is_word(run: str) -> bool:
    return not is_close(run) and not run[0].isdigit()


def _terms(run: str) -> list[Alternatives]:
    """Return the terms of a run; a large number may stand with commas in the text."""
    if run[0].isdigit() and len(run) > 3:
        return [((run,), tuple(_thousands(run)))]
    return [((term,),) for term in terms_of_run(run)]


def _decimals(folded: str, runs: Sequence[re.Match[str]]) -> Iterator[Alternatives]:
    for before, after in pairwise(runs):
        both_digits = before[0][0].isdigit() and after[0][0].isdigit()
        if both_digits and folded[before.end() : after.start()] in (".", "·"):
            yield ((decimal_term(before[0], after[0]),),)


def _thousands(number: str) -> list[str]:
    first = len(number) % 3 or 3
    return [number[:first], *(number[at : at + 3] for at in range(first, len(number), 3))]


def _pattern(folded: str, runs: Sequence[re.Match[str]], *, quoted: bool) -> str:
    parts, before = [], None
    for run in runs:
        if before is not None:
            parts.append(_between(before[0], folded[before.end() : run.start()], run[0], quoted))
        parts.append(_run_pattern(run[0], is_first=before is None, is_last=run is runs[-1]))
        before = run
    return "".join(parts)


def _between(before: str, said: str, after: str, quoted: bool) -> str:  # noqa: FBT001
    """Return what may stand between two runs: GPT-5 is also written GPT 5 and GPT5, 3.5 is not 35."""
    if before[0][0].isdigit() and after[0].isdigit():
        return "".join("[.·]" if each in ".·" else re.escape(each) for each in said)
    if quoted:
        return r"[\W_]+" if said else ""
    return r"[\W_]{0,3}"


def _run_pattern(run: str, *, is_first: bool, is_last: bool) -> str:
    if is_close(run):
        return re.escape(run)
    # what must not stand before it is asked after its first character: that one is found quickly
    head = re.escape(run[0])
    if run[0].isdigit():
        rest = ",?".join(_thousands(run))[1:]
        return rf"{head}(?<!\d{head}){rest}(?!\d)"
    begins = f"{head}(?<!{LETTER}{head})" if is_first else head
    return begins + re.escape(run[1:]) + ("" if is_last else f"(?!{LETTER})")
