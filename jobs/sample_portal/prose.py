"""Writes fictional Korean sentences, headlines and names, with the right particles."""

import random
import re
from collections.abc import Callable
from typing import Final

from jobs.sample_portal import words
from jobs.sample_portal.section_words import BY_SECTION, SectionWords

PARTICLES: Final = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
}
_SLOT: Final = re.compile(r"\{(\w+)(?:\|(\w+))?\}")
_FIRST_SYLLABLE: Final = ord("가")
_LAST_SYLLABLE: Final = ord("힣")
# Letters and digits whose Korean reading ends in a consonant: 엘, 엠, 엔, 알; 영, 일, 삼 …
_READ_WITH_FINAL: Final = frozenset("LMNRlmnr013678")


def ends_in_consonant(word: str) -> bool:
    """Tell whether the word, read aloud in Korean, ends in a consonant."""
    last = word.rstrip("”’)」> ")[-1:]
    if last and _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE:
        return (ord(last) - _FIRST_SYLLABLE) % 28 != 0
    return last in _READ_WITH_FINAL


def with_particle(word: str, particle: str) -> str:
    """정부 + 은 -> 정부는; a particle of one form only (에, 의) is set as it is."""
    after_consonant, after_vowel = PARTICLES.get(particle, (particle, particle))
    return word + (after_consonant if ends_in_consonant(word) else after_vowel)


class Writer:
    """One article's pen: it keeps to a main actor, topic and town, and all its chance is `rng`."""

    def __init__(self, rng: random.Random, section: str) -> None:
        self.rng = rng
        self.vocabulary: SectionWords = BY_SECTION[section]
        self.actor = rng.choice(self.vocabulary.actors)
        self.topic = rng.choice(self.vocabulary.topics)
        self.town = rng.choice(words.TOWNS)
        self._used: set[str] = set()
        self._slots: dict[str, Callable[[], str]] = {
            "actor": lambda: self.actor,
            "topic": lambda: self.topic,
            "town": lambda: self.town,
            "actor2": lambda: self._other(self.vocabulary.actors, self.actor),
            "topic2": lambda: self._other(self.vocabulary.topics, self.topic),
            "town2": lambda: self._other(words.TOWNS, self.town),
            "person": self.person,
            "title": lambda: rng.choice(words.TITLES),
            "act": lambda: rng.choice(words.ACTS),
            "day": lambda: str(rng.randint(1, 28)),
            "num": lambda: str(rng.randint(2, 980)),
            "num2": lambda: str(rng.randint(2, 24)),
            "digit": lambda: str(rng.randint(1, 9)),
            "pct": lambda: f"{rng.randint(1, 89)}.{rng.randint(1, 9)}",
            "money": self._money,
            "quote": lambda: self.fill(rng.choice(words.QUOTES)),
            "quote2": lambda: self.fill(rng.choice(words.QUOTES)),
        }

    def fill(self, template: str) -> str:
        """Replace the slots of a template; `{topic|은}` takes the particle that fits the word."""

        def slot(match: re.Match[str]) -> str:
            word = self._slots[match[1]]()
            return with_particle(word, match[2]) if match[2] else word

        return _SLOT.sub(slot, template)

    def person(self) -> str:
        """Return the name of someone who does not exist."""
        return self.rng.choice(words.SURNAMES) + self.rng.choice(words.GIVEN_NAMES)

    def sentence(self) -> str:
        """Return a sentence in a form this article has not used yet, as long as there is one."""
        shared = self.rng.random() < 0.6
        forms = words.SENTENCES if shared else self.vocabulary.sentences
        fresh = [form for form in forms if form not in self._used]
        form = self.rng.choice(fresh or forms)
        self._used.add(form)
        return self.fill(form)

    def paragraph(self) -> str:
        """Return one to three sentences."""
        return " ".join(self.sentence() for _ in range(self.rng.choice((1, 2, 2, 3))))

    def lead(self) -> str:
        """Return an opening paragraph: who, when, where, what."""
        self._used.add(words.SENTENCES[0])
        return f"{self.fill(words.SENTENCES[0])} {self.sentence()}"

    def headline(self) -> str:
        """Return an opening and an ending, parted by an ellipsis."""
        opening = self.rng.choice(
            (
                "{actor}, {town} {topic} {act}…",
                "{topic} {act} 나선 {actor}…",
                "{town} {topic} {num}일 만에 {act}…",
                "“{topic|을} 다시 본다” {actor}…",
                "{actor|이} 꺼낸 {topic} {act}안…",
                "前 {title} {person} “{topic} {act}해야”…",
            )
        )
        return self.fill(opening) + " " + self.ending()

    def ending(self) -> str:
        """Return the second half of a headline."""
        return self.fill(self.rng.choice(words.ENDINGS))

    def subhead(self) -> str:
        """Return a line for between paragraphs."""
        return self.fill(
            self.rng.choice(
                (
                    "{town}의 선택은 {act}",
                    "{topic|과} {topic2} 사이",
                    "{num}일의 기록",
                    "남은 과제는 {topic2}",
                )
            )
        )

    def caption(self) -> str:
        """Return what stands below a picture."""
        return self.fill(self.rng.choice(words.CAPTIONS))

    def _other(self, choices: tuple[str, ...], not_this: str) -> str:
        return self.rng.choice([choice for choice in choices if choice != not_this])

    def _money(self) -> str:
        unit = self.rng.choice(("만 원", "억 원"))
        return f"{self.rng.randint(1, 9)},{self.rng.randint(100, 999)}{unit}"
