"""Fictional Korean texts to group: the sample portal's prose, prose of a wide vocabulary, and forms.

The sample portal has some twenty forms of sentences a section, so that unrelated articles of it share half of
their syllables: harder than any newspaper. The wide prose has a vocabulary of its own, drawn by rank as words
are in real texts. Forms are what a newsroom fills in every day: the same words, other figures or names.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from itertools import accumulate

from jobs.sample_portal import words
from jobs.sample_portal.prose import Writer, with_particle

SECTIONS = tuple(words.SECTION_NAMES)
_ONSETS, _VOWELS, _FINALS = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ", 21, (0, 0, 0, 1, 4, 8, 16, 17, 21)
_ONSET_NUMBERS = (0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18)
_ENDINGS = (
    "했다.", "한다고 밝혔다.", "할 예정이다.", "하기로 했다.", "하고 있다.", "했다고 설명했다.",
    "할 수 있다고 전했다.", "하지 않았다.", "해야 한다고 말했다.", "한 것으로 나타났다.",
)  # fmt: skip
_BETWEEN = ("그러나", "이에 따라", "한편", "특히", "다만", "또", "앞서", "")
_PARTICLES = ("은", "이", "을", "과", "에서", "의", "에", "으로", "도", "까지")


@cache
def _lexicon() -> tuple[list[str], list[float]]:
    rng = random.Random("lexicon")

    def syllable() -> str:
        onset, vowel = rng.choice(_ONSET_NUMBERS), rng.choice((0, 4, 8, 13, 18, 20, 1, 5))
        return chr(0xAC00 + (onset * _VOWELS + vowel) * 28 + rng.choice(_FINALS))

    found = ["".join(syllable() for _ in range(rng.choice((2, 2, 2, 3)))) for _ in range(6000)]
    return found, list(accumulate(1 / (rank + 30) for rank in range(len(found))))


class WideWriter:
    """Prose about a few things of its own among all the words there are."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._about = rng.choices(_lexicon()[0], k=14)

    def word(self) -> str:
        if self.rng.random() < 0.3:
            return self.rng.choice(self._about)
        known, by_rank = _lexicon()
        return self.rng.choices(known, cum_weights=by_rank)[0]

    def sentence(self) -> str:
        said = [self.rng.choice(_BETWEEN)]
        for _ in range(self.rng.randint(4, 9)):
            if self.rng.random() < 0.12:
                said.append(f"{self.rng.randint(2, 999)}{self.rng.choice('명건곳일개')}")
            else:
                said.append(with_particle(self.word(), self.rng.choice(_PARTICLES)))
        return " ".join([*filter(None, said), self.word() + self.rng.choice(_ENDINGS)])

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.rng.choice((1, 2, 2, 3))))

    def headline(self) -> str:
        return f"{self.word()} {self.word()}, {self.word()} {self.rng.randint(2, 99)}{self.word()}"


def prose(rng: random.Random, least: int = 5, most: int = 14) -> tuple[str, list[str]]:
    """Return headline and paragraphs, from one of the two proses."""
    count = rng.randint(least, most)
    if rng.random() < 0.5:
        wide = WideWriter(rng)
        return wide.headline(), [wide.paragraph() for _ in range(count)]
    writer = Writer(rng, rng.choice(SECTIONS))
    return writer.headline(), [writer.lead(), *(writer.paragraph() for _ in range(count - 1))]


def same_event(rng: random.Random) -> tuple[tuple[str, list[str]], tuple[str, list[str]]]:
    """Return two reports of one event: the same people, figures and two quotes, each in its own words."""
    one, other = WideWriter(rng), WideWriter(rng)
    other._about = one._about
    person, place = Writer(rng, "society").person(), rng.choice(words.TOWNS)
    figures = [f"{rng.randint(2, 999)}{unit}" for unit in ("명", "억 원", "곳", "건")]
    quotes = [" ".join(one.word() + "을" for _ in range(6)) + " 하겠다" for _ in range(2)]

    def report(writer: WideWriter) -> tuple[str, list[str]]:
        body = [writer.paragraph() for _ in range(rng.randint(5, 9))]
        body.insert(1, f"{person} 위원장은 “{quotes[0]}”며 {writer.sentence()}")
        body.insert(3, f"{writer.sentence()} “{quotes[1]}”고 {person} 위원장은 덧붙였다.")
        body[0] = f"{place}에서 {figures[0]}이 {writer.sentence()} {figures[1]} {writer.sentence()}"
        body[2] += f" {figures[2]}과 {figures[3]}에 대해 {writer.sentence()}"
        return f"{place}, {writer.word()} {figures[0]}… {writer.word()}", body

    return report(one), report(other)


def market(rng: random.Random, day: int) -> tuple[str, list[str]]:
    """Return the report of one day at the exchange: the same words every day."""

    def n(low: float, high: float) -> str:
        return f"{rng.uniform(low, high):,.2f}"

    up = rng.choice(("오른", "오른", "내린"))
    return f"코스피, {n(1, 40)}포인트 {up} {n(2000, 3000)} 마감", [
        f"코스피가 {day}일 전 거래일보다 {n(1, 40)}포인트({n(0, 2)}%) {up} {n(2000, 3000)}에 거래를 마쳤다.",
        f"지수는 전장보다 {n(1, 20)}포인트 {up} {n(2000, 3000)}로 출발해 장중 등락을 거듭했다.",
        f"유가증권시장에서 외국인은 {n(100, 9000)}억원, 기관은 {n(100, 9000)}억원을 순매수했고 개인은 "
        f"{n(100, 9000)}억원을 순매도했다.",
        f"코스닥지수는 전 거래일보다 {n(1, 20)}포인트({n(0, 2)}%) {up} {n(600, 900)}로 마감했다.",
        f"서울 외환시장에서 원/달러 환율은 전 거래일보다 {n(1, 9)}원 {up} {n(1300, 1500)}원에 거래를 마쳤다.",
    ]


def weather(rng: random.Random, day: int) -> tuple[str, list[str]]:
    """Return a day's weather, under the same headline every day."""
    sky = rng.choice(("대체로 맑겠다", "가끔 구름이 많겠다", "차차 흐려지겠다"))
    cities = "·".join(f"{town} {rng.randint(-9, 30)}도" for town in words.TOWNS[:8])
    return "오늘의 날씨", [
        f"{day}일 전국은 {sky}. 아침 최저기온은 {rng.randint(-9, 20)}도에서 {rng.randint(0, 25)}도, 낮 "
        f"최고기온은 {rng.randint(5, 30)}도에서 {rng.randint(9, 36)}도로 예상된다.",
        f"이날 아침 기온은 {cities}다.",
        f"미세먼지 농도는 원활한 대기 확산으로 전 권역이 ‘{rng.choice(('좋음', '보통'))}’ 수준을 보이겠다.",
        f"바다의 물결은 동해 앞바다에서 {n1(rng)}∼{n1(rng)}m, 서해 앞바다에서 {n1(rng)}∼{n1(rng)}m로 일겠다.",
    ]


def n1(rng: random.Random) -> str:
    return f"{rng.uniform(0.5, 4):.1f}"


def obituary(rng: random.Random, day: int) -> tuple[str, list[str]]:
    """Return notices of deaths: the same form, other names."""
    who = Writer(rng, "society").person
    return "[부고] " + f"{who()}씨 부친상", [
        f"▲ {who()}씨 별세, {who()}({rng.choice(words.TITLES)})·{who()}·{who()}씨 부친상, {who()}씨 장인상 = "
        f"{day}일 {rng.choice(words.TOWNS)} 시민장례식장 {rng.randint(1, 20)}호실, 발인 {day + 2}일 "
        f"{rng.randint(5, 11)}시, 장지 {rng.choice(words.TOWNS)} 추모공원. ☎ 02-{rng.randint(1000, 9999)}-"
        f"{rng.randint(1000, 9999)}"
        for _ in range(rng.randint(1, 4))
    ]


def appointments(rng: random.Random, _day: int) -> tuple[str, list[str]]:
    """Return a list of appointments: the same offices, other names, no figure."""
    who = Writer(rng, "society").person
    offices = (
        "기획조정실장",
        "감사담당관",
        "운영지원과장",
        "예산총괄과장",
        "시민안전과장",
        "정보화담당관",
    )
    town = rng.choice(words.TOWNS)
    return f"[인사] {town}", [
        "◇ 과장급 전보 " + " ".join(f"▲ {office} {who()}" for office in offices),
        "◇ 팀장급 승진 " + " ".join(f"▲ {o.replace('장', '팀장')} {who()}" for o in offices),
    ]


def horoscope(rng: random.Random, day: int) -> tuple[str, list[str]]:
    """Return a day's horoscope, under the same headline every day."""
    lines = []
    for animal in ("쥐띠", "소띠", "범띠", "토끼띠", "용띠", "뱀띠", "말띠", "양띠"):
        said = rng.sample(_FORTUNES, 3)
        lines.append(f"{animal}: " + " ".join(f"{48 + 12 * i}년생 {s}" for i, s in enumerate(said)))
    return "오늘의 운세", [f"{day}일 오늘의 운세", *lines]


_FORTUNES = tuple(
    f"{a} {b} {c}"
    for a in ("뜻밖의", "오래 미룬", "가까운 사람의", "작은", "서두르던", "지나간", "반가운")
    for b in ("소식이", "일이", "이익이", "약속이", "말이", "걱정이", "만남이")
    for c in (
        "길을 열어 준다.",
        "마음을 쓰게 한다.",
        "자리를 잡는다.",
        "뒤로 밀린다.",
        "기쁨이 된다.",
    )
)

FORMS: dict[str, Callable[[random.Random, int], tuple[str, list[str]]]] = {
    "market report of another day": market,
    "weather of another day": weather,
    "obituaries": obituary,
    "appointments": appointments,
    "horoscope of another day": horoscope,
}
