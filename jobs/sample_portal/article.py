"""The truth about one article of the sample portal: what a parser of its page should find."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Kind = Literal["article", "video", "gallery"]
BodyType = Literal["paragraph", "subhead", "quote", "list", "table", "caption"]
PieceKind = Literal[
    "paragraph",
    "subhead",
    "quote",
    "list",
    "table",
    "figure",
    "image_table",
    "embed",
    "kakaotv",
    "line",
    "empty",
]
# How a publisher's system wraps its paragraphs: each in a p; all in one div, parted by <br><br>;
# in a div with p elements of its own; the first half one way and the rest another.
Wrapping = Literal["p", "div_br", "div_p", "mixed"]
_IN_TEXT = ("paragraph", "subhead", "quote", "list")


class SampleAuthor(NamedTuple):
    """A reporter, with what the page prints of them."""

    name: str
    email: str | None = None
    role: str | None = None


class SampleImage(NamedTuple):
    """A picture at its original address."""

    url: str
    caption: str | None = None


class RelatedLink(NamedTuple):
    """Another article that the page links under 관련기사."""

    headline: str
    id: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One element of the body as printed; `rows` are list items, quote lines or table rows."""

    kind: PieceKind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    image: SampleImage | None = None

    def blocks(self) -> tuple[tuple[BodyType, str], ...]:
        """Return what a record's body should hold for this element."""
        match self.kind:
            case "paragraph" | "subhead":
                return ((self.kind, self.text),)
            case "quote" | "list" | "table":
                return ((self.kind, "\n".join(" | ".join(row) for row in self.rows)),)
            case "figure" | "image_table" if self.image and self.image.caption:
                return (("caption", self.image.caption),)
        return ()


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """One article: first what a record of it should say, then how its page prints it."""

    id: str
    section: str
    kind: Kind
    headline: str
    labels: tuple[str, ...]
    subheadline_lines: tuple[str, ...]
    summary: str | None
    publisher: str
    authors: tuple[SampleAuthor, ...]
    published_at: datetime
    modified_at: datetime | None
    pieces: tuple[Piece, ...]
    related: tuple[RelatedLink, ...]
    notice: str
    original_url: str
    byline_as_printed: str | None
    dateline: str | None
    tail: tuple[str, ...]
    wrapping: Wrapping
    publisher_slug: str

    @property
    def headline_as_printed(self) -> str:
        """Return the headline behind its labels in square brackets."""
        return "".join(f"[{label}] " for label in self.labels) + self.headline

    @property
    def subheadline(self) -> str | None:
        """Return the publisher's subheadline, line by line."""
        return "\n".join(self.subheadline_lines) or None

    @property
    def body(self) -> tuple[tuple[BodyType, str], ...]:
        """Return (type, text) of every block in document order, without dateline and tail."""
        return tuple(block for piece in self.pieces for block in piece.blocks())

    @property
    def body_as_printed(self) -> tuple[tuple[BodyType, str], ...]:
        """Return the body with the dateline where the page has it: before the first paragraph."""
        blocks = list(self.body)
        for place, (kind, text) in enumerate(blocks):
            if self.dateline and kind == "paragraph":
                blocks[place] = (kind, f"{self.dateline} {text}")
                break
        return tuple(blocks)

    @property
    def text(self) -> str:
        """Return the running text: no captions, no tables."""
        return "\n\n".join(text for kind, text in self.body if kind in _IN_TEXT)

    @property
    def images(self) -> tuple[SampleImage, ...]:
        """Return the pictures in document order."""
        return tuple(piece.image for piece in self.pieces if piece.image)

    @property
    def lead(self) -> str:
        """Return the first paragraph, or the first caption of a page without text."""
        blocks = self.body
        paragraphs = [text for kind, text in blocks if kind == "paragraph"]
        return paragraphs[0] if paragraphs else blocks[0][1] if blocks else ""
