"""What a search found, shown with numbers, and which of it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from jobs.adding.config_file import NewSource, rendered
from jobs.adding.ranking import Tried
from jobs.adding.searching import Search
from jobs.checking import as_json, print_checked
from pipeline.discover.autodiscovery import Candidate
from pipeline.text import one_line

_SHOWN = 3
_HOW = {
    "given": "the address itself",
    "announced": "announced by the page",
    "linked": "linked from the page",
    "robots.txt": "named by robots.txt",
    "guessed": "nothing names it; it was tried since many sites have it there",
}
_FOUND_IN_VAIN = "RSS", "ATOM", "XML", "FEED", ""


def comment_of(candidate: Candidate) -> str:
    """Return what its link says of a candidate, where that is more than that it is a feed."""
    title = one_line(candidate.title)
    return "" if title.upper() in _FOUND_IN_VAIN or "://" in title else title


def show(search: Search, entries: Sequence[NewSource]) -> None:
    """Print what was found: what can be added with its number and its entry, then the rest."""
    for number, (it, entry) in enumerate(zip(search.offered, entries, strict=True), 1):
        candidate = it.candidate
        kind = candidate.portal if candidate.kind == "portal" else candidate.kind
        print(one_line(f"{number}. {kind} {candidate.url}"))
        said = comment_of(candidate)
        print(f"  {_HOW[candidate.found]}{f': {said}' if said else ''}")
        assert it.checked is not None, "offered is what was tried"
        if it.doubt:
            print(f"  {len(it.checked.entries)} entries; comes last: {one_line(it.doubt)}\n")
            continue
        print_checked(it.checked, entries=_SHOWN)
        print("".join(f"    {line}\n" for line in rendered(entry).splitlines()))
    _show_rest(search)


def _show_rest(search: Search) -> None:
    for it in search.tried:
        if it.known_as:
            print(one_line(f"configured already, as {it.known_as}: {it.candidate.url}"))
        elif it.problem and it.candidate.found != "guessed":
            print(one_line(f"not usable: {it.candidate.kind} {it.candidate.url}: {it.problem}"))
    if search.untried:
        first = search.untried[0].url
        print(
            one_line(
                f"not tried: {len(search.untried)} more, such as {first} (gisa add its address)"
            )
        )


def found_json(search: Search, entries: Sequence[NewSource]) -> dict[str, Any]:
    """Return what was found, for `--format json`: `candidates` are numbered from 1, the rest has no number."""
    offered = [
        {"number": number, **_candidate_json(it), "entry": rendered(entry)}
        for number, (it, entry) in enumerate(zip(search.offered, entries, strict=True), 1)
    ]
    rest = [_candidate_json(it) for it in search.tried if not it.can_be_added]
    return {
        "url": search.url,
        "asked": search.asked,
        "candidates": offered,
        "configured": [it for it in rest if it["configured_as"]],
        "not_usable": [it for it in rest if not it["configured_as"]],
        "not_tried": [it.url for it in search.untried],
    }


def _candidate_json(it: Tried) -> dict[str, Any]:
    candidate = it.candidate
    checked = as_json(it.checked) if it.checked else {}
    checked.pop("source", None)
    return {
        "kind": candidate.kind,
        "portal": candidate.portal,
        "url": candidate.url,
        "title": candidate.title,
        "found": candidate.found,
        "doubt": it.doubt,
        "configured_as": it.known_as,
        **{key: value for key, value in checked.items() if key != "kind"},
    }


def asked(most: int, ask: Callable[[str], str]) -> list[int]:
    """Ask which numbers are wanted, until the answer can be understood; an empty one is the first."""
    question = (
        f"Add which? [1, or several of 1 to {most}; q for none] "
        if most > 1
        else "Add it? [1; q for none] "
    )
    while True:
        try:
            said = ask(question).strip().lower()
        except EOFError:
            return []
        if said in ("q", "n", "no", "none", "0"):
            return []
        numbers = said.replace(",", " ").split() or ["1"]
        if all(
            each.isascii() and each.isdigit() and 1 <= int(each[:9]) <= most for each in numbers
        ):
            return list(dict.fromkeys(map(int, numbers)))
