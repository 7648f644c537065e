"""The text of an article as it is shown: captions beside links to pictures, tables as tables, bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.records import Article, Block, Image
from pipeline.text import clean

CHARACTERS_MOST = 200_000
BLOCKS_MOST = 2000
CELLS_MOST = 50
_CELL = " | "

Kind = Literal["paragraph", "subhead", "quote", "list", "table", "figure"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of the page: lines of text, rows of a table, or a picture with its caption in `lines`."""

    kind: Kind
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """What is shown of an article; `rest` characters of its text are not."""

    pieces: tuple[Shown, ...]
    images: tuple[Image, ...]
    rest: int


def body_of(article: Article) -> Body:
    """Return the text of an article in pieces, and the pictures whose captions do not stand in it."""
    images = {clean(it.caption): it for it in reversed(article.images) if it.caption}
    pieces, shown, used = list[Shown](), 0, set[int]()
    for block in article.body[:BLOCKS_MOST]:
        if shown >= CHARACTERS_MOST:
            break
        text = block.text[: CHARACTERS_MOST - shown]
        shown += len(text)
        piece = _piece(block, [clean(line) for line in text.split("\n")], images)
        if piece.image:
            used.add(id(piece.image))
        pieces.append(piece)
    return Body(
        tuple(pieces),
        tuple(it for it in article.images if id(it) not in used),
        sum(len(block.text) for block in article.body) - shown,
    )


def _piece(block: Block, lines: Sequence[str], images: dict[str, Image]) -> Shown:
    if block.type == "caption":
        return Shown("figure", tuple(lines), image=images.pop(" ".join(lines).strip(), None))
    if block.type == "table":
        rows = [tuple(line.split(_CELL)[:CELLS_MOST]) for line in lines]
        width = max(map(len, rows))
        if width > 1:
            return Shown("table", rows=tuple(row + ("",) * (width - len(row)) for row in rows))
        return Shown("paragraph", tuple(lines))
    return Shown(block.type, tuple(lines))
