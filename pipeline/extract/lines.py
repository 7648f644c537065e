"""Drops the lines of a body that are not its text, by their form, their place and their wording."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline import boilerplate
from pipeline.extract import wording
from pipeline.extract.blocks import Line
from pipeline.extract.survey import size, squeezed
from pipeline.extract.wording import ends_sentence

_WORD = re.compile(r"\w")
_HANGUL = re.compile(r"[가-힣]")
_RUNNING, _REMARK = 80, 160
_SHORT_HEAD, _DECK, _SHORT_TAIL, _REPEATED = 60, 240, 70, 40
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FORM_SHARE, _FORMS_SHARE = 0.15, 0.8
_MOSTLY_LINKS = 0.5
_KOREAN = 0.3
_KEPT_IN_TAIL = frozenset({"quote", "list", "subhead", "table", "caption"})
_TRIMMED = frozenset({"paragraph", "subhead", "list"})


@dataclass(slots=True)
class Trimmed:
    """The lines that are text, and what was dropped and is worth keeping elsewhere."""

    lines: list[Line] = field(default_factory=list)
    links: list[Line] = field(default_factory=list)
    signoffs: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def said(self) -> int:
        """How much text was kept."""
        return sum(size(line.text) for line in self.lines if line.kind != "caption")


def trim(lines: list[Line], headline: str | None, publisher: str | None) -> Trimmed:
    """Tell text from the rest; captions stay where they are."""
    result = Trimmed()
    kept = [line for line in _without_linked_lists(lines, result) if _is_text(line, result)]
    kept = _once(kept, headline)
    main = _main_forms(kept)
    kept = _without_tail(_unannounced(kept, main, result), main)
    if _is_korean(kept):
        kept = _trimmed_korean(kept, publisher, result)
    result.lines = _between_ends(kept, result)
    return result


def _is_text(line: Line, result: Trimmed) -> bool:
    if line.kind == "caption":
        return True
    text = line.text
    if line.tag == "h1" or not _WORD.search(text):
        return False
    if line.is_link:
        result.links.append(line)
        return False
    if wording.is_notice(text):
        result.notices.append(text)
        return False
    if wording.is_signed(text) and not _HANGUL.search(text):
        result.signoffs.append(text)
        return False
    return not (wording.is_insert(text) or (line.kind != "subhead" and wording.is_stamp(text)))


def _without_linked_lists(lines: list[Line], result: Trimmed) -> list[Line]:
    """Drop lists in which most of the text is links."""
    said: dict[int, int] = {}
    linked: dict[int, int] = {}
    for line in lines:
        if line.kind == "list":
            said[line.group] = said.get(line.group, 0) + line.said
            linked[line.group] = linked.get(line.group, 0) + line.linked
    off = {group for group in said if linked[group] > _MOSTLY_LINKS * said[group]}
    dropped = [line for line in lines if line.kind == "list" and line.group in off]
    result.links += [line for line in dropped if line.href]
    return [line for line in lines if line.kind != "list" or line.group not in off]


def _once(lines: list[Line], headline: str | None) -> list[Line]:
    """Drop what was said before: the headline, a pull quote, a paragraph that the page shows twice."""
    seen = {squeezed(headline)} if headline else set()
    kept = []
    for line in lines:
        key = squeezed(line.text)
        if key in seen and (
            size(line.text) >= _REPEATED or (headline and key == squeezed(headline))
        ):
            continue
        seen.add(key)
        kept.append(line)
    return kept


def _is_running(line: Line) -> bool:
    """Is this a full sentence of its own, as the paragraphs of an article are?"""
    if line.kind not in ("paragraph", "quote"):
        return False
    return size(line.text) >= _RUNNING and ends_sentence(line.text)


def _main_forms(lines: list[Line]) -> set[tuple[str, str]]:
    """Return the forms that most of the running text is in; none where it has no form."""
    forms: dict[tuple[str, str], int] = {}
    for line in lines:
        if _is_running(line):
            forms[line.form] = forms.get(line.form, 0) + size(line.text)
    whole = sum(forms.values())
    main = {form for form, said in forms.items() if said >= _FORM_SHARE * whole}
    return main if sum(forms[form] for form in main) >= _FORMS_SHARE * whole else set()


def _unannounced(lines: list[Line], main: set[tuple[str, str]], result: Trimmed) -> list[Line]:
    """Drop labels such as "Read more", with the short lines and list items that they announce."""
    kept = []
    announced = False
    for line in lines:
        if wording.is_label(line.text) and line.kind != "caption":
            announced = True
            continue
        is_text = ends_sentence(line.text) and (not main or line.form in main)
        if (
            announced
            and line.kind not in ("subhead", "caption")
            and not (is_text and line.kind != "list")
        ):
            if line.href:
                result.links.append(line)
            continue
        announced = announced and line.kind == "caption"
        kept.append(line)
    return kept


def _without_tail(lines: list[Line], main: set[tuple[str, str]]) -> list[Line]:
    """Drop what stands in another form after the last line in the form of the body."""
    last = max(
        (i for i, line in enumerate(lines) if line.form in main and _is_running(line)), default=-1
    )
    if last < 0:
        return lines
    tags = {tag for tag, _ in main}
    tail = [
        line
        for line in lines[last + 1 :]
        if line.form in main
        or (line.kind in _KEPT_IN_TAIL and line.tag not in ("dt", "dd"))
        or (line.tag in tags and _is_running(line) and size(line.text) >= _REMARK)
    ]
    return lines[: last + 1] + tail


def _is_korean(lines: list[Line]) -> bool:
    text = "".join(line.text for line in lines[:40])
    return len(_HANGUL.findall(text)) > _KOREAN * len(text)


def _trimmed_korean(lines: list[Line], publisher: str | None, result: Trimmed) -> list[Line]:
    """Sign-offs, notices and appeals of the Korean press have wordings of their own."""
    at = [i for i, line in enumerate(lines) if line.kind in _TRIMMED]
    trimmed = boilerplate.trim([lines[i].text for i in at], publisher=publisher)
    result.signoffs += trimmed.signoffs
    result.notices += trimmed.notices
    kept = {at[k]: text for k, text in zip(trimmed.kept, trimmed.text, strict=True)}
    for i, text in kept.items():
        lines[i].text = text
    return [line for i, line in enumerate(lines) if i in kept or line.kind not in _TRIMMED]


def _between_ends(lines: list[Line], result: Trimmed) -> list[Line]:
    """Cut short lines off both ends: kickers, bylines and dates; labels, names and headings of nothing."""
    texts = [i for i, line in enumerate(lines) if line.kind != "caption"]
    while texts and _may_head(lines[texts[0]]):
        _note(lines[texts.pop(0)], result)
    while texts and _may_tail(lines[texts[-1]]):
        _note(lines[texts.pop()], result)
    kept = set(texts)
    return [line for i, line in enumerate(lines) if i in kept or line.kind == "caption"]


def _note(line: Line, result: Trimmed) -> None:
    if line.kind == "paragraph" and len(line.text) <= 100 and not wording.is_stamp(line.text):
        result.signoffs.append(line.text)


def _may_head(line: Line) -> bool:
    if line.kind in ("quote", "table"):
        return False
    if line.kind != "subhead" and wording.is_dateline(line.text):
        return True
    if line.tag in _HEADINGS:
        return size(line.text) < _DECK
    return size(line.text) < _SHORT_HEAD and not ends_sentence(line.text)


def _may_tail(line: Line) -> bool:
    if line.kind in ("quote", "table", "list"):
        return False
    return line.kind == "subhead" or (
        size(line.text) < _SHORT_TAIL and not ends_sentence(line.text)
    )
