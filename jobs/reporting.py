"""How a run is told: exit code, summary line, one line a source, JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pipeline.records import CrawlReport
from pipeline.text import one_line

_OUTCOMES = ("ok", "failed", "drift", "blocked", "locked")
_COUNTERS = ("new", "revised", "unchanged", "removed", "errors")
_CODES = {"failed": 1, "drift": 4, "blocked": 5, "locked": 75}
PARTIAL = 3


def exit_code(reports: Sequence[CrawlReport]) -> int:
    """Return 0 if all went well; 1 if all failed, 3 if some did; else 4 drift, 5 blocked, 75 locked."""
    outcomes = {report.outcome for report in reports}
    if "failed" in outcomes:
        return _CODES["failed"] if outcomes == {"failed"} else PARTIAL
    return next((_CODES[o] for o in ("drift", "blocked", "locked") if o in outcomes), 0)


def totals(reports: Sequence[CrawlReport]) -> dict[str, int]:
    """Return the sums that the summary line prints, in its order."""
    sums = {"sources": len(reports)}
    for outcome in _OUTCOMES:
        count = sum(report.outcome == outcome for report in reports)
        if count or outcome == "ok":
            sums[outcome] = count
    for name in _COUNTERS:
        sums[name] = sum(getattr(report, name) for report in reports)
    for name in ("skipped", "quarantined", "open"):
        if count := sum(getattr(report, name) for report in reports):
            sums[name] = count
    return sums


def summary(reports: Sequence[CrawlReport]) -> str:
    """Return the last line of a run: `sources=4 ok=3 drift=1 new=120 …`."""
    return " ".join(f"{name}={count}" for name, count in totals(reports).items())


def source_line(report: CrawlReport, width: int) -> str:
    """Return one line about one source: counts where it went well, else the reason."""
    counts = ", ".join(
        f"{getattr(report, name)} {name}"
        for name in ("listed", *_COUNTERS, "skipped", "quarantined")
        if getattr(report, name)
    )
    reason = one_line(report.detail, 300)
    if not reason and report.problems:
        first = report.problems[0]
        reason = one_line(f"{first.reason}: {first.detail}", 200)
    said = "; ".join(part for part in (reason, counts) if part)
    return f"{report.source:<{width}}  {report.outcome:<7}  {said}".rstrip()


def as_json(reports: Sequence[CrawlReport]) -> dict[str, Any]:
    """Return the run as one JSON document."""
    sources = [
        {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(report).items()}
        for report in reports
    ]
    return {"exit_code": exit_code(reports), "totals": totals(reports), "sources": sources}
