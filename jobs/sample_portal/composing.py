"""Writes one article from its seat; the same seed and seat always give the same article."""

import random
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jobs.sample_portal import words
from jobs.sample_portal.article import (
    Kind,
    Piece,
    PieceKind,
    RelatedLink,
    SampleArticle,
    SampleImage,
)
from jobs.sample_portal.bylines import authors_of, byline_of, dateline_of, tail_of
from jobs.sample_portal.press import CREATORS, PRESSES, Press
from jobs.sample_portal.prose import Writer

# What stands in a body, in order. The lengths of PLANS (13) and PRESSES (11) have no common divisor
# with a usual number of sections, so that every section meets every plan and every publisher.
_LETTERS: Final[dict[str, PieceKind]] = {
    "P": "paragraph",
    "H": "subhead",
    "Q": "quote",
    "L": "list",
    "D": "table",
    "F": "figure",
    "f": "figure",  # without a caption
    "T": "image_table",
    "E": "embed",
    "K": "kakaotv",
    "R": "line",
    "X": "empty",
}
PLANS: Final = (
    "FPPPPP",
    "FPPHPPHPPRP",
    "QFPPPP",
    "fPPPFPP",
    "PPTPPP",
    "EPPPP",
    "KPPXPP",
    "PPLPP",
    "PDPPP",
    "FPPPRPP",
    "FFPPPPPP",
    "PPP",
    "XFPHPLPPEP",
)
_GALLERY_PLAN: Final = "FFFFFF"
_VIDEO_PLANS: Final = ("E", "K")
_IMAGE_HOST: Final = "https://img.daon.example"


@dataclass(frozen=True, slots=True)
class Seat:
    """All that the newsroom keeps of an article; the rest is written anew when asked for."""

    number: int
    id: str
    section: str
    kind: Kind
    is_creator_post: bool
    published_at: datetime
    modified_at: datetime | None


def headline_of(seed: int, seat: Seat) -> str:
    """Return the article's first headline without writing its body."""
    return _writer(seed, seat).headline()


def compose(seed: int, seat: Seat, related: tuple[RelatedLink, ...]) -> SampleArticle:
    """Write the article as it was first published."""
    writer = _writer(seed, seat)
    headline = writer.headline()
    press = press_of(seat)
    authors = authors_of(press, seat.section, seat.kind, writer)
    pieces = _pieces(seat, press, writer)
    is_text = seat.kind == "article"
    lead = next((piece.text for piece in pieces if piece.kind == "paragraph"), "")
    return SampleArticle(
        id=seat.id,
        section=seat.section,
        kind=seat.kind,
        headline=headline,
        labels=_labels(seat.number),
        subheadline_lines=_subheadline(seat, writer) if is_text else (),
        summary=f"{lead} {writer.sentence()}" if is_text and seat.number % 3 else None,
        publisher=press.name,
        authors=authors,
        published_at=seat.published_at,
        modified_at=seat.modified_at,
        pieces=pieces,
        related=related,
        notice=press.notice.format(press.name),
        original_url=f"https://www.{press.domain}/news/articleView.html?idxno={seat.number + 7001}",
        byline_as_printed=byline_of(press, authors, writer.town),
        dateline=dateline_of(press, authors, writer.town) if is_text else None,
        tail=tail_of(press, authors, related) if is_text else (),
        wrapping=press.wrapping,
        publisher_slug=press.slug,
    )


def edited(seed: int, seat: Seat, article: SampleArticle, edit: int) -> SampleArticle:
    """Return the article after one more change: headline, a paragraph, an added paragraph."""
    rng = random.Random(f"{seed}:{seat.number}:edit:{edit}")
    writer = Writer(rng, seat.section)
    opening = article.headline.rpartition("… ")[0]
    headline = article.headline
    while headline == article.headline:
        headline = f"{opening}… {writer.ending()}"
    pieces = list(article.pieces)
    where = [place for place, piece in enumerate(pieces) if piece.kind == "paragraph"]
    if where:
        pieces[rng.choice(where)] = Piece("paragraph", writer.paragraph())
        pieces.insert(where[-1] + 1, Piece("paragraph", writer.paragraph()))
    return replace(article, headline=headline, pieces=tuple(pieces))


def press_of(seat: Seat) -> Press:
    """Return the publisher whose turn this seat is."""
    presses = CREATORS if seat.is_creator_post else PRESSES
    return presses[seat.number % len(presses)]


def _writer(seed: int, seat: Seat) -> Writer:
    return Writer(random.Random(f"{seed}:{seat.number}"), seat.section)


def _plan(seat: Seat) -> str:
    if seat.kind == "gallery":
        return _GALLERY_PLAN
    if seat.kind == "video":
        return _VIDEO_PLANS[seat.number // 17 % 2]
    return PLANS[seat.number % len(PLANS)]


def _pieces(seat: Seat, press: Press, writer: Writer) -> tuple[Piece, ...]:
    plan = _plan(seat)
    pieces = [_piece(letter, seat, press, writer) for letter in plan]
    if "P" in plan:
        pieces[plan.index("P")] = Piece("paragraph", writer.lead())
    return tuple(pieces)


def _piece(letter: str, seat: Seat, press: Press, writer: Writer) -> Piece:
    kind = _LETTERS[letter]
    match kind:
        case "paragraph":
            return Piece(kind, writer.paragraph())
        case "subhead":
            return Piece(kind, writer.subhead())
        case "quote":
            note = writer.fill(writer.rng.choice(words.EDITOR_NOTES))
            return Piece(kind, rows=(("편집자주",), (note,)))
        case "list":
            return Piece(kind, rows=tuple((writer.sentence(),) for _ in range(3)))
        case "table":
            towns = writer.rng.sample(words.TOWNS, 3)
            counts = [(town, writer.fill("{num}"), writer.fill("{pct}%")) for town in towns]
            return Piece(kind, rows=(("지역", "건수", "증감"), *counts))
        case "figure" | "image_table":
            return Piece(kind, image=_image(seat, press, None if letter == "f" else writer))
    return Piece(kind)


def _image(seat: Seat, press: Press, writer: Writer | None) -> SampleImage:
    caption = writer.caption() if writer else None
    if writer and caption and writer.rng.random() < 0.3:
        caption += f" 사진={press.name} 제공"
    folder = f"{seat.published_at:%Y%m/%d}/{press.slug}"
    name = "".join(
        (writer.rng if writer else random.Random(seat.id)).choices("abcdefghijkmnop", k=4)
    )
    return SampleImage(
        f"{_IMAGE_HOST}/news/{folder}/{seat.published_at:%Y%m%d%H%M%S}{name}.jpg", caption
    )


def _labels(number: int) -> tuple[str, ...]:
    if number % 5 != 1:
        return ()
    first = number // 5 % len(words.LABELS)
    count = 2 if number % 25 == 16 else 1
    return tuple(words.LABELS[(first + step) % len(words.LABELS)] for step in range(count))


def _subheadline(seat: Seat, writer: Writer) -> tuple[str, ...]:
    if seat.number % 4:
        return ()
    return tuple(writer.subhead() for _ in range(1 + seat.number // 4 % 2))
