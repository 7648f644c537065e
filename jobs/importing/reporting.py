"""How an import is told: a line a file, what became of its pages, the summary line, JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from jobs.importing.job import SAVED, Imported, exit_code
from pipeline.text import one_line

_FILES = {"ok": "done", "damaged": "damaged", "failed": "failed", "stopped": "stopped", "locked": "locked",
          "done_before": "done_before"}  # fmt: skip
_DAMAGE_SHOWN = 3


def lines(report: Imported) -> Iterator[str]:
    """Yield what one file came to, and an example of each thing that went wrong in it."""
    counts = ", ".join(f"{n} {name}" for name, n in _ordered(report.counts).items())
    said = "; ".join(filter(None, (one_line(report.detail, 300), counts)))
    yield f"{one_line(report.path, 300)}  {_FILES[report.outcome]}  {said}".rstrip()
    for said in report.damage[:_DAMAGE_SHOWN]:
        yield f"  damaged: {one_line(said, 300)}"
    for name, said in sorted(report.examples.items()):
        yield f"  {name}: such as {one_line(said, 300)}"


def totals(reports: Sequence[Imported]) -> dict[str, int]:
    """Return what the summary line prints, in its order: files by outcome, pages, pages by outcome."""
    files = Counter(_FILES[report.outcome] for report in reports)
    counts = sum((report.counts for report in reports), Counter[str]())
    sums = {"files": len(reports), "done": files.pop("done", 0), **files}
    sums["pages"] = sum(report.pages for report in reports)
    pages = {
        f"pages_{name}" if name in _FILES.values() else name: n
        for name, n in _ordered(counts).items()
    }
    return sums | dict.fromkeys(("new", "revised", "unchanged"), 0) | pages


def summary(reports: Sequence[Imported]) -> str:
    """Return the last line: `files=2 done=2 pages=5210 new=4980 …`."""
    return " ".join(f"{name}={count}" for name, count in totals(reports).items())


def as_json(reports: Sequence[Imported], *, dry_run: bool) -> dict[str, Any]:
    """Return the import as one JSON document."""
    return {
        "exit_code": exit_code(reports),
        "dry_run": dry_run,
        "totals": totals(reports),
        "files": [asdict(report) | {"counts": _ordered(report.counts)} for report in reports],
    }


def _ordered(counts: Counter[str]) -> dict[str, int]:
    """What was stored first, then the rest, the most frequent first."""
    stored = {name: counts[name] for name in SAVED if counts[name]}
    return stored | {name: n for name, n in counts.most_common() if n and name not in stored}
