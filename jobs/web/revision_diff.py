"""What differs between two states of an article, field by field: what the publisher wrote, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jobs.web.language import Translate
from jobs.web.wording import word
from pipeline.diffs import Change, Unit, around, bounded_diff
from pipeline.text import clean

Record = dict[str, Any]
At = Callable[[str | None], str]

CHARACTERS_MOST = 200_000
CHANGES_MOST = 2000
_NOT_IN_TEXT = ("caption", "table")
_USES = ("redistribute", "tdm", "ai_train")


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """What changed in one field; `unit` is what was compared. `is_folded` says that unchanged text is left out,
    `is_cut` that there is more than a page may hold.
    """

    name: str
    changes: tuple[Change, ...]
    unit: Unit
    is_folded: bool
    is_cut: bool

    @property
    def is_blank(self) -> bool:
        """Only blanks and line breaks differ."""
        return all(change.kind == "same" for change in self.changes)


@dataclass(frozen=True, slots=True)
class Differences:
    """Fields that differ: of what the publisher wrote, and of what the portal adds and gisa reads."""

    written: tuple[FieldDiff, ...]
    others: tuple[FieldDiff, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """How values are put into words: texts, times, and whether authors' addresses are among them."""

    t: Translate
    at: At
    emails: bool


def differences(before: Record, after: Record, how: Telling, *, whole: bool) -> Differences:
    """Compare two states.

    Args:
        before: the record of the one state, as revisions keep it.
        after: that of the other.
        how: the words for values.
        whole: show unchanged text, too.
    """
    old, new = _written(before, how), _written(after, how)
    if old == new:  # a paragraph became a subhead, a quote an editor's note
        old["blocks"], new["blocks"] = (_blocks(state, how.t) for state in (before, after))
    return Differences(
        tuple(_differing(old, new, whole=whole)),
        tuple(_differing(_others(before, how), _others(after, how), whole=whole)),
    )


def _differing(
    old: dict[str, str], new: dict[str, str], *, whole: bool = False
) -> Iterator[FieldDiff]:
    for name, before in old.items():
        if before != new[name]:
            yield field_diff(name, before, new[name], whole=whole)


def field_diff(name: str, before: str, after: str, *, whole: bool = False) -> FieldDiff:
    """Return what differs between two texts, for a page: harmless, folded unless `whole`, and bounded."""
    diff = bounded_diff(before, after)
    folded = diff.changes if whole else around(diff.changes, 12)
    shown, room = list[Change](), CHARACTERS_MOST
    for change in folded[:CHANGES_MOST]:
        shown.append(Change(change.kind, _visible(change.text[:room])))
        room -= len(change.text)
        if room <= 0:
            break
    is_cut = room < 0 or len(shown) < len(folded)
    return FieldDiff(name, tuple(shown), diff.unit, folded != diff.changes, is_cut)


def _written(state: Record, how: Telling) -> dict[str, str]:
    it = state
    authors = (
        " ".join(filter(None, (a["name"], a["role"], a["email"] if how.emails else None)))
        for a in it.get("authors") or ()
    )
    images = (
        " · ".join(filter(None, (i["caption"], i["credit"], i["url"])))
        for i in it.get("images") or ()
    )
    parts = [b for b in it.get("body") or () if b["type"] in _NOT_IN_TEXT]
    return {
        "headline": str(it.get("headline") or ""),
        "labels": _lines(it.get("labels")),
        "subheadline": str(it.get("subheadline") or ""),
        "text": str(it.get("text") or ""),
        "blocks": _blocks({"body": parts}, how.t),
        "authors": _lines(authors),
        "images": _lines(images),
        "published_at": how.at(it.get("published_at")),
        "modified_at": how.at(it.get("modified_at")),
        "publisher": str(it.get("publisher") or ""),
        "notice": str((it.get("rights") or {}).get("notice") or ""),
    }


def _others(state: Record, how: Telling) -> dict[str, str]:
    it, rights = state, state.get("rights") or {}
    uses = rights.get("uses") or {}
    signals = rights.get("signals") or ()
    return {
        "summary": str((it.get("summary") or {}).get("text") or ""),
        "section": str(it.get("section") or ""),
        "keywords": _lines(it.get("keywords")),
        "language": str(it.get("language") or ""),
        "uses": _lines(
            f"{how.t(f'article.use.{use}')}: {word(how.t, 'article.allowed', uses.get(use))}"
            for use in _USES
        ),
        "signals": _lines(
            f"{word(how.t, 'article.signal', s['type'])}: {s['value']}" for s in signals
        ),
        "holder": _lines(filter(None, (rights.get("holder"), rights.get("license_url")))),
        "canonical_url": str(it.get("canonical_url") or ""),
        "original_url": str(it.get("original_url") or ""),
        "published_at_source": word(how.t, "article.from", it.get("published_at_source")),
        "related": _lines(f"{r['headline']} {r['url']}" for r in it.get("related") or ()),
        "parser": str(it.get("parser") or ""),
        "warnings": _lines(it.get("warnings")),
    }


def _blocks(state: Record, t: Translate) -> str:
    return "\n\n".join(
        f"[{word(t, 'article.block', b['type'])}] {b['text']}" for b in state.get("body") or ()
    )


def _lines(values: Iterable[str] | None) -> str:
    return "\n".join(values or ())


def _visible(text: str) -> str:
    """Return text with its line breaks and without what cannot be seen; a blank at its end stays one."""
    lines = "\n".join(clean(line) for line in text.split("\n"))
    return lines + " " if text[-1:] == " " else lines
