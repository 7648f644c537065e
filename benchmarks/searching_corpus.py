"""Fictional news for `searching.py`: words as frequent and as rare as those of a real newspaper.

The sentences of the sample portal have a dozen towns and topics; in a corpus of them every posting list would
be as long as the corpus. Here a vocabulary of some ten thousand made-up nouns, names and compounds is drawn
from by Zipf's law, with particles, verbs, numbers, Latin and Han between them.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice

from jobs.sample_portal import words
from jobs.sample_portal.prose import Writer, with_particle


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


_SINO = (
    "정부경제사회국가시장기업금융감독원은행회의장관위원법안전문대통령선거당론조사수출입물가성장"
    "산업기술개발연구교육학생활동주민지역도시공단체육문화예방역병의료보건환경에너지방자치행검찰"
    "판결심신고소송청구재난대책임협력외교군무통상관세율인구노동임금융채권증권투자본예산결세제주"
    "택건설토목교항철차량운전기상해양수농림축식품질량표준화학원소"
)
_NATIVE = (
    "가나다라마바사아자차하고노도로모보소오조구누두루무부수우주그느드르므브스으즈기니디리미비시"
    "이지한울빛솔별샘들녘"
)
_PARTICLES = _words("은 이 을 의 에 에서 과 으로 도 만 까지 부터 에게 보다")
_PARTICLE_WEIGHTS = (14, 14, 16, 12, 10, 6, 4, 5, 3, 1, 1, 1, 1, 1)
_VERBS = _words(
    "있다 했다 밝혔다 말했다 것으로 한다고 위해 대해 따르면 지난 이날 올해 됐다 있는 "
    "없는 하는 통해 함께 가운데 이후 오는 앞서 다만 그러나 또한 특히 전했다 설명했다 "
    "강조했다 나타났다 보인다 예정이다 계획이다 늘었다 줄었다 올랐다 내렸다 밝혀졌다 "
    "덧붙였다 이라고 라며 수 등 및 더 이 그 약 총 각 한 두 세 또 것 때"
)
_ENDINGS = _words("했다 한다 하는 하고 하기로 됐다 되는 될 하며 해야 할 하지")
_LATIN = _words(
    "AI IT GPT-5 KTX GDP SNS CEO PC LED ESG IoT K팝 "
    "5G EV LNG CCTV OTT Nuri Solbit Café Haneul HBM "
    "SMR R&D M&A IPO ETF UAM NFT DNA PCR ICT"
)
_STRANGE = range(ord("가"), ord("힣"), 13)
"""Syllables of all kinds, as in names of other tongues."""
_HAN = _words("美 中 日 北 與 野 前 新 故 社說 對話 經濟")


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of the corpus."""

    headline: str
    text: str
    author: str
    publisher: str


class Zipf:
    """Draws from words: the first most often, the n-th one n times as rarely."""

    def __init__(self, ranked: list[str], rng: random.Random, flat: float = 170.0) -> None:
        self.ranked, self._rng = ranked, rng
        self._sums = list(accumulate(1 / (rank + flat) for rank in range(len(ranked))))

    def draw(self) -> str:
        """Return one word."""
        return self.ranked[bisect(self._sums, self._rng.random() * self._sums[-1])]


class Corpus:
    """All articles of a seed; the same ones every time."""

    def __init__(self, seed: int = 1) -> None:
        self._rng = rng = random.Random(seed)
        sino, native = list(dict.fromkeys(_SINO)), list(dict.fromkeys(_NATIVE))
        first, second = sino[:], sino[:]
        rng.shuffle(second)
        one, two = Zipf(first, rng, 20), Zipf(second, rng, 20)
        nouns = dict.fromkeys(["정부", "서울", "경제", "시장"])
        while len(nouns) < 9_000:
            nouns[one.draw() + two.draw()] = None
        self.nouns = list(nouns)
        folk = Zipf(native, rng, 20)
        made = ("".join(folk.draw() for _ in range(rng.choice((2, 3, 3, 4)))) for _ in range(6_000))
        self._noun = Zipf(_mixed(self.nouns, list(dict.fromkeys(made))), rng)
        compounds = {self._noun.draw() + self._noun.draw() for _ in range(15_000)}
        compounds |= {self._noun.draw() + rng.choice(sino) for _ in range(8_000)}
        self.compounds = sorted(compounds)
        rng.shuffle(self.compounds)
        self._compound = Zipf(self.compounds, rng, 30)
        self.names = sorted(
            {rng.choice(words.SURNAMES) + folk.draw() + folk.draw() for _ in range(4_000)}
        )
        self.names += [
            "".join(map(chr, rng.choices(_STRANGE, k=rng.randint(2, 5)))) for _ in range(6_000)
        ]
        rng.shuffle(self.names)
        self._name = Zipf(self.names, rng, 30)
        self._verb = Zipf(list(_VERBS), rng, 2)
        self._publishers = Zipf(
            [self._noun.draw() + tail for tail in ("일보", "신문", "방송", "뉴스") * 8], rng, 5
        )
        self._latin = Zipf(list(_LATIN), rng, 3)
        self._writers = [Writer(rng, section) for section in words.SECTION_NAMES for _ in range(20)]

    def pieces(self, count: int) -> Iterator[Piece]:
        """Yield articles of about 4 kB of UTF-8."""
        return islice(iter(self._piece, None), count)

    def _piece(self) -> Piece:
        about = [self._noun.draw() for _ in range(4)] + [self._compound.draw(), self._name.draw()]
        wanted, paragraphs, size = self._rng.gauss(1_580, 420), [], 0
        while size < max(wanted, 300):
            paragraph = " ".join(self._sentence(about) for _ in range(self._rng.randint(2, 4)))
            paragraphs.append(paragraph)
            size += len(paragraph)
        text = "\n\n".join(paragraphs)
        return Piece(self._headline(about), text, self._name.draw(), self._publishers.draw())

    def _headline(self, about: list[str]) -> str:
        rng = self._rng
        said = [
            rng.choice(about),
            self._word(about),
            f"{self._noun.draw()} {self._noun.draw()}…",
            self._noun.draw(),
        ]
        if rng.random() < 0.2:
            said.insert(0, rng.choice(_HAN))
        if rng.random() < 0.1:
            said[0] = rng.choice(_HAN) + said[0]
        return " ".join([*said, rng.choice(_ENDINGS)])

    def _sentence(self, about: list[str]) -> str:
        if self._rng.random() < 0.06:  # and prose as the sample portal has it
            writer = self._rng.choice(self._writers)
            return writer.sentence()
        said = [self._word(about) for _ in range(self._rng.randint(7, 15))]
        return " ".join([*said, self._noun.draw() + self._rng.choice(_ENDINGS[:6])]) + "."

    def _word(self, about: list[str]) -> str:
        chance, rng = self._rng.random(), self._rng
        if chance < 0.30:
            return self._verb.draw()
        if chance < 0.34:
            return self._number()
        if chance < 0.36:
            return self._declined(self._latin.draw())
        if chance < 0.38:
            return f"{self._name.draw()} {rng.choice(words.TITLES)}" + rng.choice(("은", "이", ""))
        if chance < 0.46:
            return self._declined(rng.choice(about))
        if chance < 0.60:
            return self._declined(self._compound.draw())
        if chance < 0.68:
            return self._noun.draw() + rng.choice(_ENDINGS)
        return self._declined(self._noun.draw())

    def _declined(self, word: str) -> str:
        if self._rng.random() < 0.3:
            return word
        (particle,) = self._rng.choices(_PARTICLES, _PARTICLE_WEIGHTS)
        return with_particle(word, particle)

    def _number(self) -> str:
        rng = self._rng
        made = (
            f"{rng.randint(1, 31)}일",
            f"{rng.randint(1, 12)}월",
            f"{rng.randint(2019, 2027)}년",
            f"{rng.randint(2, 99)}명",
            f"{rng.randint(0, 60)}.{rng.randint(1, 9)}%",
            f"{rng.randint(1, 9)},{rng.randint(100, 999)}억",
            f"{rng.randint(2, 999)}만",
            f"{rng.randint(2, 9)}차",
            f"{rng.randint(1, 60)}.{rng.randint(10, 99)}%",
        )
        return rng.choice(made)


def _mixed(one: list[str], other: list[str]) -> list[str]:
    """Two ranked lists as one: three of the first to one of the other."""
    rest = iter(other)
    mixed = [
        word
        for at, each in enumerate(one)
        for word in ((each, next(rest, "")) if at % 3 == 2 else (each,))
    ]
    return list(dict.fromkeys(word for word in mixed if word))
