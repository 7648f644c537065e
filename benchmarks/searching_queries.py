"""200 queries for `searching.py`, and which articles a reader would say have what was asked for."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.searching_corpus import Corpus, Piece

KINDS = {
    "noun": 60,
    "compound": 40,
    "name": 25,
    "two words": 25,
    "inside a word": 15,
    "Latin": 15,
    "number": 10,
    "one syllable": 5,
    "Han": 5,
}
_LATIN = "AI IT GPT-5 KTX GDP SNS CEO LED ESG 5G LNG CCTV Nuri Solbit Haneul".split()  # noqa: SIM905
_HAN = ("美", "北", "社說", "對話", "經濟")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the numbers of the articles that have it."""

    text: str
    kind: str
    truth: frozenset[int]


def queries(corpus: Corpus, pieces: Sequence[Piece]) -> list[Asked]:
    """Return queries, each with at least one article that has it."""
    folded = [_searched(piece) for piece in pieces]
    rng = random.Random(2)
    asked: dict[str, Asked] = {}
    for kind, wanted in KINDS.items():
        drawn = _drawn(kind, corpus, pieces, rng)
        while wanted:
            text = next(drawn)
            truth = frozenset(n for n, said in enumerate(folded, 1) if _has(said, text))
            if truth and text not in asked:
                asked[text] = Asked(text, kind, truth)
                wanted -= 1
    return list(asked.values())


def _searched(piece: Piece) -> str:
    return "\n".join((piece.headline, piece.text, piece.author, piece.publisher)).casefold()


def _has(folded: str, query: str) -> bool:
    return all(_has_word(folded, word) for word in query.casefold().split())


def _has_word(folded: str, word: str) -> bool:
    """Korean and Han anywhere in a word, Latin where a word begins, numbers whole."""
    if not word[0].isascii():
        return word in folded
    before = r"(?<![a-z])" if word[0].isalpha() else r"(?<!\d)(?<!\d[.,])"
    after = r"(?!\d)(?![.,]\d)" if word[-1].isdigit() else ""
    return word in folded and re.search(before + re.escape(word) + after, folded) is not None


def _drawn(kind: str, corpus: Corpus, pieces: Sequence[Piece], rng: random.Random) -> Iterator[str]:
    fixed = {"Latin": iter(_LATIN), "Han": iter(_HAN), "one syllable": iter("쌀독힘빛품뗧정담꿈국")}
    if kind in fixed:
        yield from fixed[kind]
    while True:
        yield _one(kind, corpus, rng.choice(pieces), rng)


def _one(kind: str, corpus: Corpus, piece: Piece, rng: random.Random) -> str:
    if kind == "noun":  # readers look for rare words as often as for common ones
        return corpus.nouns[int(len(corpus.nouns) ** rng.random()) - 1]
    if kind == "compound":
        return rng.choice(corpus.compounds)
    if kind == "name":
        return piece.author
    if kind == "two words":
        return f"{rng.choice(corpus.nouns[:2000])} {rng.choice(corpus.compounds[:2000])}"
    if kind == "number":
        return rng.choice(re.findall(r"\d[\d.,]*\d", piece.text) or ["1"])
    long = re.findall(r"[가-힣]{5,}", piece.text) or ["대한민국정부"]
    word = rng.choice(long)
    return word[1:4]
