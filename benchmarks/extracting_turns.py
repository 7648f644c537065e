"""The contestants of `extracting.py`, each a process of its own, and what a turn of theirs gave."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.extracting_scores import Row
from benchmarks.extracting_sets import PageSet

ROOT = Path(__file__).parent.parent
PARSE, TRAFILATURA, GISA = "parse", "trafilatura", "gisa"
CONTESTANTS = {
    PARSE: "bare parse (selectolax)",
    TRAFILATURA: "trafilatura",
    "trafilatura-fast": "trafilatura, fast, body",
    "newspaper4k": "newspaper4k",
    "readability": "readability-lxml",
    GISA: "gisa",
}
FLAT_MARKS = (1_000, 10_000)
_PORTALS_FIRST = {"korean"}
"""Sets whose pages go to the portals' parsers first, as `gisa parse` does; others to the generic one."""
_SECONDS_A_PAGE = 3.0


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds of CPU time by page id, the most memory, and the answers by page id."""

    seconds: dict[str, float]
    peak_kilobytes: int
    answers: dict[str, Row]


def take_turn(name: str, pages: PageSet, others: Path) -> Turn:
    """Let a contestant read every page of a set."""
    parser = "portals" if pages.name in _PORTALS_FIRST else "generic"
    command = [*_command(name, others, parser), str(pages.pages)]
    *answers, last = map(json.loads, _said(command, len(pages.known)))
    seconds = {answer["page_id"]: answer.pop("seconds") for answer in answers}
    if list(seconds) != [row["id"] for row in pages.known]:
        raise SystemExit(f"{name} did not answer the pages of the set {pages.name}")
    return Turn(seconds, last["peak_kilobytes"], {each["page_id"]: each for each in answers})


def memory_after(name: str, sets: Sequence[PageSet], others: Path) -> list[int]:
    """Return a contestant's memory in kilobytes after so many pages, those of the sets over and over."""
    files = [str(pages.pages) for pages in sets]
    marks = [str(mark) for mark in FLAT_MARKS]
    command = [*_command(name, others, "generic"), *files, "--flat", *marks]
    said: dict[str, Any] = json.loads(_said(command, max(FLAT_MARKS))[-1])
    return [said[mark] for mark in marks]


def _command(name: str, others: Path, parser: str) -> list[str]:
    if name == GISA:
        return [sys.executable, "-m", "benchmarks.extracting_gisa", parser]
    return [str(others), "-m", "benchmarks.extracting_others", name]


def _said(command: list[str], pages: int) -> list[bytes]:
    seconds = 60 + _SECONDS_A_PAGE * pages
    ended = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, timeout=seconds, check=True
    )  # fmt: skip
    return ended.stdout.splitlines()
