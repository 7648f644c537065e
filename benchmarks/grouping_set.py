"""The labelled set: pairs of articles with what is true of them, a few thousand, the same from every seed.

`same`: one article, at two portals or at its publisher. `copy`: a text that came from the other one. `none`:
two stories, however alike they look.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from benchmarks.grouping_prose import FORMS, WideWriter, prose, same_event
from jobs.sample_portal.press import PRESSES
from jobs.sample_portal.prose import Writer
from pipeline.records import Article, Block

Truth = Literal["same", "copy", "none"]
START = datetime(2026, 9, 21, 6, tzinfo=UTC)
NAMES = tuple(press.name for press in PRESSES)
_AGENCY = "다온통신"


@dataclass(frozen=True)
class Draft:
    """An article before it has a number."""

    headline: str
    paragraphs: list[str]
    publisher: str
    portal: str = "daum"
    original_url: str | None = None
    after: timedelta = timedelta()

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True)
class Pair:
    kind: str
    truth: Truth
    first: Article
    second: Article


Made = tuple[Draft, Draft]
Maker = Callable[[random.Random], Made]


def pairs(seed: str, of_each: int) -> Iterator[Pair]:
    """Yield so many pairs of each kind, kinds taking turns, a minute apart."""
    number = 0
    for turn in range(of_each):
        for kind, (truth, make) in KINDS.items():
            rng = random.Random(f"{seed}:{kind}:{turn}")
            at = START + timedelta(minutes=number // 8)
            one, other = make(rng)
            yield Pair(kind, truth, _article(one, number, at), _article(other, number + 1, at))
            number += 2


def _article(draft: Draft, number: int, at: datetime) -> Article:
    identity = {
        "daum": f"daum:{number}",
        "naver": f"naver:001:{number:010}",
        "web": f"web:{number}",
    }
    at += draft.after
    address = draft.original_url if draft.portal == "web" else None
    url = address or f"https://{draft.portal}.example/v/{number:08}"
    return Article(
        id=identity[draft.portal],
        portal=draft.portal,
        publisher=draft.publisher,
        url=url,
        canonical_url=url,
        original_url=None if address else draft.original_url,
        headline=draft.headline,
        body=(Block("paragraph", draft.text),),
        text=draft.text,
        fetched_at=at,
        published_at=at,
        parser="bench/1",
    )


def _draft(rng: random.Random, least: int = 5, most: int = 14) -> Draft:
    headline, paragraphs = prose(rng, least, most)
    return Draft(headline, paragraphs, rng.choice(NAMES))


def _other_press(rng: random.Random, draft: Draft) -> str:
    return rng.choice([name for name in NAMES if name != draft.publisher])


def _dressed(rng: random.Random, draft: Draft, agency: str) -> Draft:
    """Put on another lead and another sign-off."""
    who = Writer(rng, "society").person()
    lead = rng.choice(
        (f"({'한빛'}={agency}) {who} 기자 = ", f"[{draft.publisher} {who} 기자] ", "")
    )
    tail = rng.choice(([f"{who} 기자 {rng.randint(10, 99)}@press.example"], [f"/{who} 기자"], []))
    first, *rest = draft.paragraphs
    return replace(draft, paragraphs=[lead + first, *rest, *tail])


def _elsewhere(rng: random.Random, draft: Draft) -> Draft:
    late = timedelta(minutes=rng.randint(0, 90))
    return _dressed(rng, replace(draft, portal="naver", after=late), draft.publisher)


def _link(rng: random.Random) -> str:
    return f"https://www.press.example/news/articleView.html?idxno={rng.randrange(10**7, 10**9)}"


def _linked(rng: random.Random) -> Made:
    one = replace(_draft(rng), original_url=_link(rng))
    return one, replace(_elsewhere(rng, one), portal=rng.choice(("naver", "web")))


def _unlinked(rng: random.Random) -> Made:
    one = _draft(rng)
    return one, _elsewhere(rng, one)


def _name_spelt_otherwise(rng: random.Random) -> Made:
    one = replace(_draft(rng), publisher="너울가람")
    return one, replace(_elsewhere(rng, one), publisher="너울가람신문")


def _headline_changed(rng: random.Random) -> Made:
    one = _draft(rng)
    return one, replace(_elsewhere(rng, one), headline=WideWriter(rng).headline())


def _corrected(rng: random.Random) -> Made:
    one = _draft(rng)
    where = rng.randrange(len(one.paragraphs))
    words = one.paragraphs[where].split(" ")
    words[rng.randrange(len(words))] = f"{rng.randint(1000, 9999)}명이"
    changed = [*one.paragraphs]
    changed[where] = " ".join(words)
    return one, replace(_elsewhere(rng, one), paragraphs=changed)


def _grown_with_link(rng: random.Random) -> Made:
    one = replace(_draft(rng, 3, 5), original_url=_link(rng))
    more = prose(rng, 5, 7)[1]
    return one, replace(one, portal="web", paragraphs=[*one.paragraphs, *more])


def _caption(rng: random.Random) -> Draft:
    writer = Writer(rng, "society")
    return Draft(f"[포토] {writer.headline()}", [writer.caption()], rng.choice(NAMES))


def _short_unlinked(rng: random.Random) -> Made:
    one = _caption(rng)
    return one, replace(one, portal="naver", after=timedelta(minutes=rng.randint(0, 60)))


def _short_linked(rng: random.Random) -> Made:
    one = replace(_caption(rng), original_url=_link(rng))
    return one, replace(one, portal="naver", publisher=one.publisher.lower())


def _copied(rng: random.Random, change: Callable[[random.Random, list[str]], list[str]]) -> Made:
    one = replace(_draft(rng), publisher=_AGENCY)
    other = replace(
        one,
        paragraphs=change(rng, [*one.paragraphs]),
        headline=WideWriter(rng).headline() if rng.random() < 0.7 else one.headline,
        publisher=_other_press(rng, one),
        after=timedelta(minutes=rng.randint(5, 1500)),
        portal=rng.choice(("daum", "naver")),
    )
    return _dressed(rng, one, _AGENCY), _dressed(rng, other, _AGENCY)


def _as_it_is(_rng: random.Random, text: list[str]) -> list[str]:
    return text


def _one_added(rng: random.Random, text: list[str]) -> list[str]:
    text.insert(rng.randint(0, len(text)), " ".join(prose(rng, 2, 2)[1]))
    return text


def _one_cut(rng: random.Random, text: list[str]) -> list[str]:
    del text[rng.randrange(len(text))]
    return text


def _half(_rng: random.Random, text: list[str]) -> list[str]:
    size = sum(map(len, text)) / 2
    kept: list[str] = []
    while text and sum(map(len, kept)) < size:
        kept.append(text.pop(0))
    return kept


def _reordered(rng: random.Random, text: list[str]) -> list[str]:
    return rng.sample(text, len(text))


def _with_other_words(share: float) -> Callable[[random.Random, list[str]], list[str]]:
    def change(rng: random.Random, text: list[str]) -> list[str]:
        writer = WideWriter(rng)
        return [
            " ".join(writer.word() if rng.random() < share else w for w in t.split()) for t in text
        ]

    return change


def _grown(rng: random.Random, text: list[str]) -> list[str]:
    return [*text, *prose(rng, len(text) // 2, len(text) // 2 + 1)[1]]


def _grown_at_its_press(rng: random.Random) -> Made:
    one = _draft(rng, 4, 8)
    return one, replace(one, paragraphs=_grown(rng, [*one.paragraphs]), after=timedelta(hours=1))


def _grown_to(times: int) -> Callable[[random.Random, list[str]], list[str]]:
    def change(rng: random.Random, text: list[str]) -> list[str]:
        more = (times - 1) * len(text)
        return [*text, *prose(rng, more, more)[1]]

    return change


def _follow_up(share: float, *, one_press: bool) -> Maker:
    """The next report on a matter, with its background said again in the same words."""

    def make(rng: random.Random) -> Made:
        one = _draft(rng, 10, 10)
        again = one.paragraphs[-round(share * 10) :]
        headline, new = prose(rng, 10 - len(again), 10 - len(again))
        other = replace(one, headline=headline, paragraphs=[*new, *again], after=timedelta(days=1))
        return one, other if one_press else replace(other, publisher=_other_press(rng, one))

    return make


def _opening_and_close(rng: random.Random) -> Made:
    day, press = rng.randint(1, 28), rng.choice(NAMES)
    one, other = (Draft(*FORMS["market report of another day"](rng, day), press) for _ in range(2))
    return one, replace(other, publisher=_other_press(rng, one), after=timedelta(hours=6))


def _unrelated(rng: random.Random) -> Made:
    section, draft = rng.choice(("politics", "economic")), _draft(rng)
    two = [Writer(rng, section) for _ in range(2)]
    texts = [(w.headline(), [w.lead(), *(w.paragraph() for _ in range(8))]) for w in two]
    one, other = (Draft(headline, text, draft.publisher) for headline, text in texts)
    return one, replace(other, publisher=_other_press(rng, draft))


def _event(rng: random.Random) -> Made:
    one, other = (Draft(headline, text, rng.choice(NAMES)) for headline, text in same_event(rng))
    return one, replace(other, publisher=_other_press(rng, one))


def _form(name: str) -> Maker:
    def make(rng: random.Random) -> Made:
        day, press = rng.randint(1, 26), rng.choice(NAMES)
        days = rng.randint(1, 5)
        one = Draft(*FORMS[name](rng, day), press)
        other = Draft(*FORMS[name](rng, day + 1), rng.choice((press, rng.choice(NAMES))))
        return one, replace(
            other, portal=rng.choice(("daum", "naver")), after=timedelta(hours=24 * days)
        )

    return make


def _flash(rng: random.Random) -> Made:
    one, other = (Draft("[속보] 정부 발표", prose(rng, 2, 2)[1][:1], "다온통신") for _ in range(2))
    return one, replace(other, portal="naver", after=timedelta(minutes=rng.randint(5, 600)))


def _captions(rng: random.Random) -> Made:
    one = _caption(rng)
    writer = Writer(rng, "society")
    other = replace(_caption(rng), paragraphs=[writer.caption()], publisher=one.publisher)
    return one, replace(other, portal="naver")


def _translated(rng: random.Random) -> Made:
    one = _draft(rng)
    words = ("the", "city", "council", "said", "on", "Monday", "budget", "would", "be", "reviewed")
    figures = [w for w in one.text.split() if any(c.isdigit() for c in w)]
    text = " ".join(rng.choice(words) for _ in range(200)) + " " + " ".join(figures)
    return one, replace(one, portal="naver", headline="City council to review", paragraphs=[text])


def _round_up(rng: random.Random) -> Made:
    briefs = [prose(rng, 2, 2)[1] for _ in range(8)]
    one = Draft("짧은 소식", briefs[0], rng.choice(NAMES))
    return one, Draft(
        "오늘의 주요 뉴스", [text for brief in briefs for text in brief], _other_press(rng, one)
    )


def _placeholder_link(rng: random.Random) -> Made:
    link = rng.choice(("https://press.example/", "https://www.press.example/news"))
    one, other = (replace(_draft(rng), original_url=link) for _ in range(2))
    return one, replace(other, portal="naver")


def _column(rng: random.Random) -> Made:
    one, other = (replace(_draft(rng), headline="기자수첩") for _ in range(2))
    return one, replace(other, portal="naver", publisher=one.publisher)


KINDS: dict[str, tuple[Truth, Maker]] = {
    "same link, other lead and sign-off": ("same", _linked),
    "no link, other lead and sign-off": ("same", _unlinked),
    "publisher's name spelt otherwise": ("same", _name_spelt_otherwise),
    "headline changed": ("same", _headline_changed),
    "figure or word corrected": ("same", _corrected),
    "same link, grown to twice its length": ("same", _grown_with_link),
    "caption, same link": ("same", _short_linked),
    "caption, same headline and text": ("same", _short_unlinked),
    "wire copy": ("copy", lambda rng: _copied(rng, _as_it_is)),
    "paragraph added": ("copy", lambda rng: _copied(rng, _one_added)),
    "paragraph cut": ("copy", lambda rng: _copied(rng, _one_cut)),
    "cut to half": ("copy", lambda rng: _copied(rng, _half)),
    "paragraphs reordered": ("copy", lambda rng: _copied(rng, _reordered)),
    "one word of ten replaced": ("copy", lambda rng: _copied(rng, _with_other_words(0.1))),
    "one word of five replaced": ("copy", lambda rng: _copied(rng, _with_other_words(0.2))),
    "grown by half, another press": ("copy", lambda rng: _copied(rng, _grown)),
    "grown by half, same press, new number": ("copy", _grown_at_its_press),
    "one word of three replaced": ("copy", lambda rng: _copied(rng, _with_other_words(0.33))),
    "grown to three times its length": ("copy", lambda rng: _copied(rng, _grown_to(3))),
    "grown to six times its length": ("copy", lambda rng: _copied(rng, _grown_to(6))),
    "unrelated, same section": ("none", _unrelated),
    "same event, written independently": ("none", _event),
    "follow-up, half said again, same press": ("none", _follow_up(0.5, one_press=True)),
    "follow-up, 4 of 10 said again, another": ("none", _follow_up(0.4, one_press=False)),
    "opening and close of one day": ("none", _opening_and_close),
    **{name: ("none", _form(name)) for name in FORMS},
    "flash under one headline": ("none", _flash),
    "captions of the same form": ("none", _captions),
    "translation": ("none", _translated),
    "round-up that quotes a brief whole": ("none", _round_up),
    "link of the publisher's front page": ("none", _placeholder_link),
    "column under one headline": ("none", _column),
}
