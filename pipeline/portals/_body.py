"""What a body holds, whatever portal it stands on, and what of it is the text."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.boilerplate import joined_text, trim
from pipeline.errors import NotAnArticle
from pipeline.records import Block, BlockType, Image, Page, Related

_TRIMMED: frozenset[BlockType] = frozenset({"paragraph", "subhead", "list"})


@dataclass(slots=True)
class Body:
    """What a body holds, before and after its lines are trimmed."""

    blocks: list[Block] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)
    related: list[Related] = field(default_factory=list)
    signoffs: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    has_video: bool = False


def text_or_refuse(body: Body, page: Page) -> str:
    """Return the running text.

    Raises:
        NotAnArticle: there is none.
    """
    text = joined_text(body.blocks)
    if not text:
        what = "video" if body.has_video else "pictures" if body.images else "nothing"
        # [속보] comes as a bare headline, and its text some minutes later
        is_flash = what == "nothing"
        raise NotAnArticle(page.url, f"no text in the body, only {what}", may_become=is_flash)
    return text


def is_text(line: str) -> bool:
    """Would this line stay in a body, were it alone there?"""
    return bool(trim([line]).text)


def tidy(body: Body, publisher: str | None) -> None:
    """Drop the lines that are no text, and join the items of a list."""
    lines = [(i, b.text) for i, b in enumerate(body.blocks) if b.type in _TRIMMED]
    trimmed = trim([text for _, text in lines], publisher=publisher)
    kept = {lines[k][0]: text for k, text in zip(trimmed.kept, trimmed.text, strict=True)}
    body.signoffs, body.notices = trimmed.signoffs, trimmed.notices
    body.blocks = [
        Block(b.type, kept[i]) if i in kept else b
        for i, b in enumerate(body.blocks)
        if i in kept or b.type not in _TRIMMED
    ]
    body.blocks = _joined_lists(body.blocks)


def _joined_lists(blocks: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        if block.type == "list" and joined and joined[-1].type == "list":
            joined[-1] = Block("list", f"{joined[-1].text}\n{block.text}")
        else:
            joined.append(block)
    return joined
