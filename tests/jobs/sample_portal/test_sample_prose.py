"""The fictional Korean reads right: particles fit their words, sections differ."""

import random

import pytest

from jobs.sample_portal.newsroom import SECTIONS
from jobs.sample_portal.prose import Writer, with_particle
from jobs.sample_portal.section_words import BY_SECTION


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        ("정부", "은", "정부는"),
        ("한빛시의회", "이", "한빛시의회가"),
        ("가온은행", "을", "가온은행을"),
        ("통신", "과", "통신과"),
        ("AI", "은", "AI는"),
        ("GDP 성장률", "이", "GDP 성장률이"),
        ("HTML", "을", "HTML을"),
        ("3", "이", "3이"),
        ("4", "이", "4가"),
        ("‘속도’", "을", "‘속도’를"),
        ("물가", "에", "물가에"),
    ],
)
def test_particle_fits_the_word(word: str, particle: str, expected: str) -> None:
    assert with_particle(word, particle) == expected


@pytest.mark.parametrize("section", SECTIONS)
def test_every_template_can_be_filled(section: str) -> None:
    writer = Writer(random.Random(0), section)
    for _ in range(200):
        text = " ".join((writer.headline(), writer.lead(), writer.sentence(), writer.caption()))
        assert "{" not in text
        assert "}" not in text


def test_sections_have_their_own_words() -> None:
    topics = [set(words.topics) for words in BY_SECTION.values()]
    assert len(set.union(*topics)) == sum(len(each) for each in topics)
